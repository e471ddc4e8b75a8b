"""Which pages are scanned: those that are named, those of a sitemap, or every live page that the public may read?"""

import html
import re
import urllib.request
from collections.abc import Iterable
from urllib.error import URLError
from urllib.parse import urljoin, urlsplit

from django.urls import NoReverseMatch, reverse
from django.utils import translation
from wagtail.models import Page, Site

from consent import findings, origins

_MOST = 5_000_000  # bytes of a sitemap
_MAPS = 20  # sitemaps that one of them may lead to
_PLACE = re.compile(r"<loc>\s*([^<]*?)\s*</loc>")
_FORMS = ("consent:preferences", "mailing:join")  # pages that are in no tree


class NoPage(Exception):
    """There is nothing to scan; the message says why."""


def given(addresses: Iterable[str]) -> list[str]:
    """Each once, in their order, all of one origin. Raises NoPage."""
    found = list(dict.fromkeys(addresses))
    for address in found:
        if urlsplit_scheme(address) not in {"http", "https"} or not origins.of(address):
            raise NoPage(f"{address} is no address of a page: give http:// or https:// and a host.")
    if len({origins.of(address) for address in found}) > 1:
        raise NoPage("The pages lie at more than one origin. Scan one site at a time.")
    return found


def urlsplit_scheme(address: str) -> str:
    try:
        return urlsplit(address).scheme
    except ValueError:
        return ""


def site_at(origin: str, named: str = "") -> Site | None:
    """The site that the CMS has at an origin, or the one that is `named` (a host, with its port where there are
    several). Raises NoPage for a name that no site has."""
    sites = list(Site.objects.order_by("-is_default_site", "pk"))
    if not named:
        return next((site for site in sites if origin in findings.own_origins(site.pk)), None)
    for site in sites:
        if named in {site.hostname, f"{site.hostname}:{site.port}"}:
            return site
    known = ", ".join(f"{site.hostname}:{site.port}" for site in sites)
    raise NoPage(f"The CMS has no site {named}. It has: {known}.")


def in_sitemap(origin: str, timeout: float) -> list[str]:
    """The pages that the sitemap of an origin names, and those it leads to; none where there is no sitemap."""
    found: dict[str, None] = {}
    waiting, read = [f"{origin}/sitemap.xml"], 0
    while waiting and read < _MAPS:
        read += 1
        text = _fetched(waiting.pop(0), timeout)
        places = [html.unescape(place) for place in _PLACE.findall(text)]
        here = [place for place in places if origins.of(place) == origin]
        if "<sitemapindex" in text:
            waiting += here
        else:
            found |= dict.fromkeys(here)
    return list(found)


def _fetched(address: str, timeout: float) -> str:
    try:
        with urllib.request.urlopen(address, timeout=timeout) as answer:  # noqa: S310 - `given` allows http(s) alone
            text: str = answer.read(_MOST).decode(errors="replace")
    except (URLError, OSError, ValueError):
        return ""
    return text


def of_tree(site: Site, origin: str) -> list[str]:
    """Every live page that the public may read, in each language, and the forms beside them; at `origin`, which may be
    another than the CMS knows."""
    roots = [site.root_page, *site.root_page.get_translations()]
    paths: dict[str, None] = {}
    for root in roots:
        for page in Page.objects.live().public().descendant_of(root, inclusive=True).order_by("path"):
            place = page.get_url_parts()
            if place and place[0] == site.pk and place[2]:
                paths[place[2]] = None
    return [urljoin(origin, path) for path in (*paths, *_forms())]


def preferences(origin: str) -> str:
    """The form that stands in for a banner."""
    return urljoin(origin, _form("consent:preferences"))


def _forms() -> list[str]:
    return [path for name in _FORMS if (path := _form(name))]


def _form(name: str) -> str:
    from django.conf import settings

    with translation.override(settings.LANGUAGE_CODE):
        try:
            return reverse(name)
        except NoReverseMatch:
            return ""
