"""Which cookies that a browser sent have lost their permission, and what deletes each of them?"""

import re
from collections.abc import Collection, Iterator
from http.cookies import CookieError, Morsel, SimpleCookie
from itertools import product

from cookie_consent import conf

from consent import cookie
from consent.catalogue import Content, Published
from consent.decide import Choice
from consent.models import Decision
from consent.vocabulary import Match, Party, Storage

MOST = 30  # lines of one response; more than 4 kB of headers is what some proxies refuse
_PAST = "Thu, 01 Jan 1970 00:00:00 GMT"
_GUARDED = ("__Secure-", "__Host-")  # RFC 6265bis, 4.1.3: browsers change these only with Secure


def delete(
    answer: SimpleCookie,
    *,
    sent: Collection[str],
    host: str,
    published: Published,
    decision: Decision,
) -> None:
    """Adds to the cookies of `answer` what deletes those `sent` that nothing permits any more.

    A name may be in use for the host alone and for each domain above it, which are different cookies (RFC 6265, 5.3):
    each is deleted. Another origin's cookies are out of reach, and so are partitioned ones, until Python can write
    that attribute.
    """
    lines = 0
    for name in sorted(set(sent) - own_names()):
        for domain, path in _places(name, host, published, decision):
            if lines < MOST and (line := _deletion(name, domain, path)):
                answer[name if name not in answer else f"{name};{domain};{path}"] = line
                lines += 1


def own_names() -> set[str]:
    """What no pattern in the catalogue takes away: without these a visitor would be asked again, or logged out."""
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME", "COOKIE_CONSENT_NAME")
    return {cookie.NAME, "messages", *(getattr(conf.settings, name) for name in names)}


def _places(name: str, host: str, published: Published, decision: Decision) -> list[tuple[str, str]]:
    """Where the cookie of this name may lie: domain ("": the host alone) and path. Nowhere if something permits it."""
    known = [(group, row) for group in published.groups for row in own(group) if covers(row, name)]
    choice = Choice(decision.choices, decision.services)
    if any(permitted(group, row, choice) for group, row in known):
        return []
    domains = {domain: None for _group, row in known for domain in _domains(row["domain"], host)}
    paths = {_path(row["path"]): None for _group, row in known}
    return list(product(domains, paths))


def own(group: Content) -> Iterator[Content]:
    """The cookies of a group that lie in this site's own name."""
    for row in group["cookies"]:
        if row["party"] == Party.FIRST and row["storage"] == Storage.COOKIE:
            yield row


def covers(row: Content, name: str) -> bool:
    """Does a row of the catalogue speak of a cookie of this name?"""
    if row["match"] == Match.PREFIX:
        return name.startswith(row["name"])
    if row["match"] == Match.REGEX:
        return _fits(row["name"], name)
    return bool(name == row["name"])


def _fits(pattern: str, name: str) -> bool:
    try:
        return re.fullmatch(pattern, name) is not None
    except re.error:  # written past the form that checks it
        return False


def permitted(group: Content, row: Content, choice: Choice) -> bool:
    """May a cookie be there? A service's goes with the service, any other with its group."""
    if group["required"]:
        return True
    return choice.services.get(row["service"], choice.groups.get(group["key"], False))


def _domains(stored: str, host: str) -> list[str]:
    levels = _levels(host)
    domain = stored.removeprefix("*").removeprefix(".").lower()
    return ["", domain] if domain in levels else ["", *levels]


def _levels(host: str) -> list[str]:
    """Of "www.shop.example": that and "shop.example". An address of numbers has none, nor has a name of one word."""
    parts = host.rstrip(".").lower().split(".")
    if parts[-1].isdigit() or ":" in host:
        return []
    return [".".join(parts[place:]) for place in range(len(parts) - 1)]


def _path(stored: str) -> str:
    """As the catalogue has it, where a header can carry it."""
    is_one = stored.startswith("/") and stored.isascii() and stored.isprintable() and ";" not in stored
    return stored if is_one else "/"


def _deletion(name: str, domain: str, path: str) -> "Morsel[str] | None":
    """None for a name that no server could have written."""
    line: Morsel[str] = Morsel()
    try:
        line.set(name, "", "")
    except CookieError:
        return None
    line.update({"expires": _PAST, "path": path, "domain": domain})
    line["max-age"] = 0
    if name.startswith(_GUARDED):
        line["secure"] = True
    return line
