"""Are the frozen texts as they were frozen, and does every kind of page lead to the policy?"""

import io
import warnings
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from html.parser import HTMLParser
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.urls import LocalePrefixPattern, URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from policies import chain, effective
from policies.models import PolicyPage, PolicyVersion
from records.promises import Promise, State, later, listed

OK = 200
MOST = 10  # named to those who mend them


def unaltered(now: datetime) -> Iterator[Promise]:
    faults = [f"{fault.row}: {fault.what}" for fault in chain.faults()]
    faults += [f"{sheet}: its version is gone" for sheet in chain.cut_off()]
    there = PolicyVersion.objects.exists()
    yield Promise(
        key="policies.chain",
        title=_chain_title(),
        promised=_chain_promised(),
        stated_by="",
        state=State.BROKEN if faults else State.KEPT if there else State.UNSHOWN,
        evidence=_chained(bool(faults), there=there),
        measured={"altered": bool(faults)},
        details=listed(*faults[:MOST]),
        mend="policy_versions:index",
    )


def linked(now: datetime) -> Iterator[Promise]:
    """Fetches one page of each kind and language, and each address with nothing to fill in, as a visitor does."""
    read, without, policies, handler = 0, list[str](), 0, _handler()
    for site in Site.objects.select_related("root_page"):
        if policy := effective.policy_of(site):
            policies += 1
            goals = _goals(policy)
            for address in addresses(site):
                found = _leads_to(_fetch(handler, address, site), address, goals)
                read += found is not None
                without += [] if found is not False else [address]
    yield Promise(
        key="policies.linked",
        title=_linked_title(),
        promised=_linked_promised(),
        stated_by="",
        state=State.BROKEN if without else State.KEPT if policies else State.UNCOVERED,
        evidence=_linked(bool(without), read),
        measured={"read": read, "without": len(without)},
        details=listed(*without[:MOST]),
    )


def _goals(policy: PolicyPage) -> set[str]:
    """The paths of the policy in every language."""
    pages = policy.get_translations(inclusive=True).select_related("locale")
    return {urlsplit(page.get_url() or "").path for page in pages} - {""}


def addresses(site: Site) -> list[str]:
    """Paths of a site: the newest page of each kind in each language, and what is no page and has a fixed address."""
    pages = Page.objects.none()
    for root in site.root_page.get_translations(inclusive=True):
        pages |= Page.objects.descendant_of(root, inclusive=True)
    of_each = pages.live().public().order_by("content_type_id", "locale_id", "-last_published_at", "pk")
    found = [page.get_url() for page in of_each.distinct("content_type_id", "locale_id").specific()]
    return [*(urlsplit(url).path for url in found if url), *_fixed()]


@cache
def _fixed() -> list[str]:
    places = (entry for entry in get_resolver().url_patterns if isinstance(entry, URLResolver))
    spoken = [place for place in places if isinstance(place.pattern, LocalePrefixPattern)]
    return [f"/{route}" for place in spoken for route in _routes(place, "")]


def _routes(place: URLResolver, before: str) -> Iterator[str]:
    for entry in place.url_patterns:
        pattern = entry.pattern
        if not isinstance(pattern, RoutePattern) or pattern.regex.groupindex:
            continue
        route = f"{before}{pattern}"
        if isinstance(entry, URLResolver):
            yield from _routes(entry, route)
        elif (
            isinstance(entry, URLPattern) and "GET" in getattr(entry.callback, "methods", ["GET"]) and route[:1] != "_"
        ):
            yield route


def _handler() -> BaseHandler:
    """Every middleware and all addresses of the site."""
    handler = BaseHandler()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a worker has no static files
        handler.load_middleware()
    return handler


def _fetch(handler: BaseHandler, path: str, site: Site) -> Any:
    """As nobody in particular."""
    with translation.override(settings.LANGUAGE_CODE):
        return handler.get_response(WSGIRequest(_environ(path, site)))


def _leads_to(response: Any, path: str, goals: set[str]) -> bool | None:
    """Does the page at `path` link to one of `goals`? None for what is no page for a visitor."""
    if response.status_code != OK or not response.get("Content-Type", "").startswith("text/html"):
        return None
    links = _Links()
    links.feed(response.content.decode())
    return any(urlsplit(urljoin(path, link)).path in goals for link in links.found)


def _environ(path: str, site: Site) -> dict[str, Any]:
    place: SplitResult = urlsplit(settings.SITE_URL if site.is_default_site else site.root_url)
    port = place.port or (443 if place.scheme == "https" else 80)
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": path,
        "SERVER_NAME": place.hostname or site.hostname,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_X_REAL_IP": "127.0.0.1",
        "HTTP_X_FORWARDED_PROTO": place.scheme,
        "HTTP_USER_AGENT": "Candor reads itself (bot)",
        "wsgi.url_scheme": place.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "candor.reads_itself": True,  # records.middleware passes it over: no visitor did anything
    }


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


@later
def _chain_title() -> str:
    return _("Versions of policies")


@later
def _chain_promised() -> str:
    return _("No version is altered, removed or slipped in after it was frozen, and the site acts on what it says")


@later
def _chained(altered: bool, *, there: bool) -> str:
    if altered:
        return _("The hashes do not follow from one another: something was altered.")
    return _("Every hash follows from the one before.") if there else _("No version was frozen yet.")


@later
def _linked_title() -> str:
    return _("The way to the policy")


@later
def _linked_promised() -> str:
    return _("Every page leads to the policy in force")


@later
def _linked(without: bool, read: int) -> str:
    said = _("Read were a page of each kind in each language, and every other address: %(number)d in all.")
    found = _("Some do not lead there.") if without else _("All lead there.")
    return f"{said % {'number': read}} {found}" if read else _("There is no policy to lead to.")
