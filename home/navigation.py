"""Where can a visitor go from here? The menu of a site in a language, the languages it speaks, and the way up from a
page."""

from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import get_language
from wagtail.models import Page, Site

from records.memory import Fresh


class Entry(NamedTuple):
    pk: int
    title: str
    url: str
    depth: int  # in the tree of pages


class Menu(NamedTuple):
    home: Entry | None = None
    entries: tuple[Entry, ...] = ()
    site_name: str = ""


_menus: Fresh[tuple[int, str | None], Menu] = Fresh()
_trails: Fresh[tuple[int, str], list[Entry]] = Fresh()  # by the home page and where in the tree the trail ends
_languages: Fresh[int, list[str]] = Fresh()


def menu(site: Site | None) -> Menu:
    """The home page in the language that is active, and the pages below it that editors put into menus, as they were
    at most a few seconds ago."""
    return _menus.get((site.pk, get_language()), lambda _old: _read(site)) if site else Menu()


def languages(site: Site) -> list[str]:
    """The languages that have a home page visitors can read, as they were at most a few seconds ago."""
    return _languages.get(site.pk, lambda _old: _spoken(site))


def forget() -> None:
    _menus.forget()
    _trails.forget()
    _languages.forget()


def _spoken(site: Site) -> list[str]:
    homes = site.root_page.get_translations(inclusive=True).live()
    return sorted(homes.values_list("locale__language_code", flat=True))


def _read(site: Site) -> Menu:
    root = site.root_page.localized
    below = root.get_children().live().in_menu()
    return Menu(_entry(root), tuple(map(_entry, below)), site.site_name)


def _entry(page: Page) -> Entry:
    return Entry(page.pk, page.title, page.url or "/", page.depth)


def trail(page: Page, home: Entry | None) -> list[Entry]:
    """From the home page down to the page above this one; none for the home page and what stands right below it."""
    if home is None or page.depth <= home.depth + 1:
        return []
    return _trails.get((home.pk, page.path[: -page.steplen]), lambda _old: [home, *_above(page, home)])


def _above(page: Page, home: Entry) -> Iterator[Entry]:
    return map(_entry, page.get_ancestors().live().filter(depth__gt=home.depth).order_by("depth"))
