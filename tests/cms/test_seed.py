"""Is what the demo holds of one piece when it starts?"""

import gc

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from wagtail.models import Page, Site

from cms.demo import seed
from consent import catalogue
from policies import expansion
from policies.models import PolicyPage

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning"),  # Wagtail's, of pictures kept in memory
]


def test_a_fresh_demo_says_nothing_of_a_changed_configuration() -> None:
    now = timezone.now()
    assert seed.seed(site_url="http://localhost:8000", vendor_url="http://127.0.0.1:8001", now=now)
    catalogue.forget()
    page = PolicyPage.objects.get(locale__language_code="en")
    version = page.versions.effective_by(timezone.now()).first()
    assert version
    assert expansion.changed(version.used, site=Site.objects.get(is_default_site=True), language="en") == []
    gc.collect()  # while its warnings are not looked at


def test_an_empty_demo_has_an_account_and_nothing_else() -> None:
    seed.first_account(site_url="http://localhost:8000")
    seed.first_account(site_url="http://localhost:9000")
    assert User.objects.get().is_superuser
    assert Page.objects.count() == 2
    assert Site.objects.get().port == 9000
