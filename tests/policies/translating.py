"""A translator at the CMS: Russian is a language of the site, and “Translate” is pressed on a policy."""

from django.test import Client
from django.urls import reverse
from wagtail.models import Locale

from policies.models import PolicyPage


def translate(cms: Client, page: PolicyPage) -> PolicyPage:
    """The Russian page that the CMS makes of it, with the home page above it."""
    russian, _new = Locale.objects.get_or_create(language_code="ru")
    above = page.get_parent()
    if not above.has_translation(russian):
        above.copy_for_translation(russian)
    address = reverse("simple_translation:submit_page_translation", args=(page.pk,))
    response = cms.post(address, {"locales": [russian.pk]})
    assert response.status_code == 302, response.text
    found: PolicyPage = page.get_translation(russian)
    return found
