"""What does a site have once its owner is named: a home page and a contact form, in each language it speaks?"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log
from wagtail.models import Locale, Page, Site

from home import asking
from home.models import Appearance, FormPage, HomePage
from records.models import Controller

UNTOUCHED = ("localhost", 80)  # as Wagtail makes a site
_PORTS = {"http": 80, "https": 443}


class AlreadyThere(Exception):
    """The site has a home page of ours and an owner; nothing was changed."""


@transaction.atomic
def set_up(
    *,
    site: Site,
    owner: dict[str, str],
    tagline: str = "",
    languages: Iterable[str] = (),
    time_zone: str = "",
    by: AbstractBaseUser,
) -> Page:
    """Names the owner (`name`, `address`, `phone`, `email`), and puts a home page with a contact form at the site's
    root where none of ours stands; `languages` are codes of further ones it speaks. All or nothing, and on record as
    done `by` somebody. Raises AlreadyThere when there was nothing to set up.
    """
    site = Site.objects.select_for_update().get(pk=site.pk)
    controller = Controller.for_site(site)
    home = Page.objects.type(HomePage).filter(pk=site.root_page_id).first()
    if home and controller.name:
        raise AlreadyThere
    _keep(controller, by, **owner)
    if time_zone:
        _keep(Appearance.for_site(site), by, time_zone=time_zone)
    return home or _put_home(site, owner["name"], tagline, languages, by)


def _keep(row: Any, by: AbstractBaseUser, **values: str) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    log(row, "wagtail.edit", user=by)


def _put_home(site: Site, name: str, tagline: str, languages: Iterable[str], by: AbstractBaseUser) -> Page:
    before = site.root_page
    own = Locale.get_default()
    with override(own.language_code):
        home = _home(name, tagline, own, by)
        Page.objects.get(depth=1).add_child(instance=home)
        _publish(home, by)
        contact = _contact(by)
        home.add_child(instance=contact)
        _publish(contact, by)
    _lead_to(site, home, name, by)
    if _is_welcome(before):
        before.delete(user=by)
    for code in languages:
        _translate([home, contact], code, tagline, by)
    return home


def _home(name: str, tagline: str, own: Locale, by: AbstractBaseUser) -> HomePage:
    used = set(Page.objects.filter(depth=2).values_list("slug", flat=True))
    wanted = slugify(name) or "home"
    free = next(slug for slug in (wanted, *(f"{wanted}-{number}" for number in range(2, 1000))) if slug not in used)
    return HomePage(title=name, slug=free, tagline=tagline or _welcome(), locale=own, owner=by)


def _welcome() -> str:
    return _("This is our new site. Write to us: we read everything and answer.")


def _contact(by: AbstractBaseUser) -> FormPage:
    page = FormPage(slug="contact", show_in_menus=True, owner=by, **_words_of_contact())
    asking.usual(page)
    return page


def _words_of_contact() -> dict[str, str]:
    above = _("Ask us anything. Fields that must be filled in say so.")
    return {
        "title": _("Contact"),
        "introduction": f"<p>{above}</p>",
        "thanks": _("Thank you. Your message has arrived, and we will answer it."),
    }


def _publish(page: Page, by: AbstractBaseUser) -> None:
    page.save_revision(user=by, log_action=True).publish(user=by)


def _lead_to(site: Site, home: Page, name: str, by: AbstractBaseUser) -> None:
    """The address is taken from SITE_URL where nobody has chosen another."""
    if (site.hostname, site.port) == UNTOUCHED:
        address = urlsplit(settings.SITE_URL)
        site.hostname = address.hostname or site.hostname
        site.port = address.port or _PORTS.get(address.scheme, site.port)
    site.root_page, site.site_name = home, name
    site.full_clean()
    site.save()  # not update(): saving also clears Wagtail's cache of site roots
    log(site, "wagtail.edit", user=by)


def _is_welcome(page: Page) -> bool:
    """Wagtail's own first page, as it came: of no kind, never edited, with nothing below it."""
    untouched = page.specific_class is Page and page.latest_revision_id is None and page.numchild == 0
    return bool(untouched and not Site.objects.filter(root_page=page).exists())


def _translate(pages: list[Page], code: str, tagline: str, by: AbstractBaseUser) -> None:
    """As the CMS's own “Translate” makes it. The owner's own words stay as they are until somebody translates them."""
    locale, _new = Locale.objects.get_or_create(language_code=code)
    with override(code):
        for page in pages:
            translation = page.copy_for_translation(locale)
            if isinstance(translation, FormPage):
                for field, text in _words_of_contact().items():
                    setattr(translation, field, text)
                asking.usual(translation)
            else:
                translation.tagline = tagline or _welcome()
            _publish(translation, by)
