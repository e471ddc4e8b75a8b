"""Where can a visitor go from here? The menu of a site in a language, and the way up from a page."""

from typing import NamedTuple

from django.utils.translation import get_language
from wagtail.models import Page, Site

from consent.memory import Fresh


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


def menu(site: Site | None) -> Menu:
    """The home page in the language that is active, and the pages below it that editors put into menus, as they were
    at most a few seconds ago."""
    return _menus.get((site.pk, get_language()), lambda _old: _read(site)) if site else Menu()


def forget() -> None:
    _menus.forget()


def _read(site: Site) -> Menu:
    root = site.root_page.localized
    below = root.get_children().live().in_menu()
    return Menu(_entry(root), tuple(map(_entry, below)), site.site_name)


def _entry(page: Page) -> Entry:
    return Entry(page.pk, page.title, page.url or "/", page.depth)


def trail(page: Page, home: Entry | None) -> list[Entry]:
    """From the home page down to the page above this one; none for the home page and what stands right below it, which
    cost no question."""
    if home is None or page.depth <= home.depth + 1:
        return []
    above = page.get_ancestors().live().filter(depth__gt=home.depth).order_by("depth")
    return [home, *map(_entry, above)]
