"""Which addresses does the public site have, in which ways can each be asked, and what does it answer to each?"""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.models import Page

from consent.models import Snapshot
from policies.models import PolicyPage

# For each part of an address: what a stranger would try, and what is public.
TRIED: dict[str, Callable[[], Iterable[Any]]] = {
    "token": lambda: ["x", "A" * 43, "0" * 64],
    "pk": lambda: [0, 1, 2, UUID(int=7)],
    "provider": lambda: ["postmark", "nobody"],
    "sha256": lambda: ["0" * 64, *Snapshot.objects.values_list("sha256", flat=True)],
    "key": lambda: ["tally", "none"],
    "path": lambda: ["x.png"],
    "restriction_id": lambda: [1],
    "page_view_restriction_id": lambda: [1],
    "page_id": lambda: [1],
}
UNNAMED = {"documents/": ("documents/1/x.txt", "documents/2/rates.txt")}
QUERIES = ("", "?page=2", "?page=x", "?asked", "?p=1", "?sent", "?on=2030-01-01", "?q=a&utm_source=a")
OF_POLICIES = ("history/", "upcoming/", "feed/", "timemap/", "v/1/", "v/1/text/", "v/1/json/", "v/9/", "compare/1-2/")
USUAL = (
    *("robots.txt", "sitemap.xml", "favicon.ico", "feed/", "rss/", "api/v2/pages/", "nothing/here/", "a b", "%00"),
    *(".well-known/security.txt", ".git/config", "en/", "cms", "admin/", "users/", "author/colleague/"),
)
NOT_OURS = ("/static/", "/cms/", "//")
_LINKS = re.compile(r"""(?:href|src)=["'](?:https?://testserver)?(/[^"'#]*)""")
HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}
_strangers = itertools.count()


@dataclass(frozen=True)
class Heard:
    """One answer: to what, and all of it, headers and body."""

    asked: str
    status: int
    text: str


def paths() -> list[str]:
    """Every address that somebody without a link from a mail, and without an account, can come to."""
    found = [*_patterns(), *_pages(), *(f"/{path}" for path in USUAL)]
    return list(dict.fromkeys(found))


def _patterns() -> Iterator[str]:
    for pattern, names in _walk(get_resolver().url_patterns):
        if not names:
            yield from _unnamed(pattern)
            continue
        for values in itertools.product(*(TRIED.get(name, lambda: ["x", 1])() for name in sorted(names))):
            said = dict(zip(sorted(names), map(str, values), strict=True))
            yield f"/{_filled(pattern, said)}"


def _unnamed(pattern: str) -> Iterator[str]:
    for start, tried in UNNAMED.items():
        if pattern.startswith(start) and "(" in pattern:
            yield from (f"/{each}" for each in tried)
            return
    if "(" not in pattern:  # pages of the tree are asked one by one
        for language, query in itertools.product(("", "/ru"), QUERIES[:4]):
            yield f"{language}/{pattern}{query}"


def _filled(pattern: str, said: dict[str, str]) -> str:
    plain = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: said[found[1]], re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", pattern))
    return re.sub(r"[\\^$]", "", plain)


def _walk(patterns: Iterable[Any], above: str = "") -> Iterator[tuple[str, set[str]]]:
    for each in patterns:
        below = above + str(each.pattern)
        if below.startswith("cms/"):
            continue
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, below)
        elif isinstance(each, URLPattern):
            groups = getattr(each.pattern, "regex", re.compile("")).groupindex
            yield below, {*groups, *re.findall(r"<(?:\w+:)?(\w+)>", below)}


def _pages() -> Iterator[str]:
    for page in Page.objects.live().specific():
        path = page.get_url() or ""
        if not path:
            continue
        below = ("", *OF_POLICIES) if isinstance(page, PolicyPage) else ("", "feed/")
        for part, query in itertools.product(below, QUERIES):
            yield f"{re.sub(r'^https?://[^/]+', '', path)}{part}{query}"


def answers(paths: Iterable[str], *, follow: bool = True) -> Iterator[Heard]:
    """What each answers to a look, and to whatever else a stranger may send: errors are pages, too. What a page leads
    to is looked at as well, unless `follow` is false."""
    left = list(paths)
    asked, known = set(left), set(left)
    while left:
        path = left.pop(0)
        seen = heard("GET", path)
        yield seen
        found = set(_LINKS.findall(seen.text)) if follow else set()
        new = {each for each in found if not each.startswith(NOT_OURS)} - asked
        asked |= new
        left += sorted(new)
        if path in known and "?" not in path and not path.startswith("/ru/"):
            yield heard("HEAD", path)
            yield from (heard(method, path, **options) for method, options in WAYS)


WAYS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("POST", {}),  # from another site: 403
    ("POST", HERE),
    ("POST", {**HERE, "data": b"{", "content_type": "application/json"}),
    ("POST", {**HERE, "data": b"{}", "content_type": "application/json"}),
    ("POST", {**HERE, "data": b"a=" + b"b" * 70_000, "content_type": "application/x-www-form-urlencoded"}),
    ("PUT", HERE),
    ("OPTIONS", HERE),
    ("GET", {"HTTP_ACCEPT": "application/json"}),
)


def heard(method: str, path: str, client: Client | None = None, **options: Any) -> Heard:
    """Each time from an address that nobody had: no limit on rates turns the crawler away."""
    number = next(_strangers)
    by = {"REMOTE_ADDR": f"100.{64 + number // 62_500}.{number // 250 % 250}.{number % 250 + 1}"}
    asker = client or Client(raise_request_exception=False)
    answer: Any = asker.generic(method, path, **(by | options))
    body = b"".join(answer.streaming_content) if getattr(answer, "streaming", False) else answer.content
    head = "\n".join(f"{name}: {value}" for name, value in answer.items()) + answer.cookies.output()
    told = f"{method} {path} {sorted(options) or ''}".strip()
    return Heard(told, answer.status_code, f"{head}\n\n{body.decode(errors='replace')}")


def leaks(heards: Iterable[Heard], marks: dict[str, str], allowed: Callable[[str, str], bool]) -> list[str]:
    """Which mark stands in which answer, where `allowed(mark, asked)` does not say that it may."""
    sought = re.compile("|".join(sorted(map(re.escape, marks), key=len, reverse=True)))
    return [
        f"{each.asked} ({each.status}) shows {marks[mark]}: {mark}"
        for each in heards
        for mark in sorted(set(sought.findall(each.text)))
        if not allowed(mark, each.asked)
    ]
