"""What is found on a site and declared nowhere: is it written down, what may it be, and who has set it aside?"""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.urls import Resolver404, resolve
from django.utils import translation
from wagtail.models import Site

from consent import catalogue, cleaning, origins, presets
from consent.catalogue import Content
from consent.models import Finding
from consent.models.findings import NAME
from consent.presets import Preset
from consent.vocabulary import Match, Storage
from records.memory import Fresh

MOST = 500  # open ones of a site: whoever invents names fills no table
EVERY = timedelta(minutes=1)  # one name is counted at most so often
Kind = Finding.Kind
_REMEMBERED = 2_000  # names a process knows it has told of; a page view then asks the database nothing
_ORIGIN = re.compile(r"(?:https?|wss?)://(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
_PORTS = {80, 443}
_STORED = {Kind.COOKIE: Storage.COOKIE, Kind.LOCAL: Storage.LOCAL, Kind.SESSION: Storage.SESSION}
_FRAMES = ("frame-src", "child-src")
_STATEMENT = """
INSERT INTO {table} (site_id, kind, name, source, detail, page, first_seen_at, last_seen_at, count, dismissed_by)
SELECT %(site)s, %(kind)s, %(name)s, %(source)s, %(detail)s, %(page)s, %(now)s, %(now)s, 1, ''
WHERE (SELECT count(*) FROM {table} WHERE site_id = %(site)s AND dismissed_at IS NULL) < %(most)s
    OR EXISTS (SELECT 1 FROM {table} WHERE site_id = %(site)s AND kind = %(kind)s AND name = %(name)s)
ON CONFLICT (site_id, kind, name) DO UPDATE SET count = {table}.count + 1, last_seen_at = EXCLUDED.last_seen_at
WHERE {table}.last_seen_at <= EXCLUDED.last_seen_at - %(every)s
""".replace("{table}", Finding._meta.db_table)

_told: dict[tuple[int, str, str], datetime] = {}
_own: Fresh[int, frozenset[str]] = Fresh()


def record(*, site_id: int, kind: str, name: str, source: str, page: str, now: datetime, detail: str = "") -> bool:
    """Writes down what was met on `page`, unless it is declared or the site's own, or was counted within EVERY. True
    when a row was written. Query strings, and what a page's address holds beside its name, are not kept."""
    name = _cut(name, NAME)
    key = (site_id, kind, name)
    if not name or _is_remembered(key, now) or is_known(site_id, kind, name):
        return False
    if len(_told) >= _REMEMBERED:
        _told.clear()
    _told[key] = now
    values: dict[str, Any] = {
        "site": site_id,
        "kind": kind,
        "name": name,
        "source": source,
        "now": now,
        "most": MOST,
        "every": EVERY,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, values | {"detail": _cut(detail, 100), "page": _cut(page_name(page), NAME)})
        return cursor.rowcount > 0


def _is_remembered(key: tuple[int, str, str], now: datetime) -> bool:
    told = _told.get(key)
    return told is not None and timedelta() <= now - told < EVERY


def _cut(text: str, length: int) -> str:
    """Without what no database takes or no screen shows."""
    return "".join(sign for sign in text if sign.isprintable()).strip()[:length]


def page_name(address: str) -> str:
    """The path of a page, or the pattern of its address where that holds more than a page's name, such as the token of
    a mail's link; "" where this site has no such page."""
    path = address.split("?")[0].split("#")[0]
    if origins.of(path):
        path = "/" + path.split("/", 3)[3] if path.count("/") > 2 else "/"
    with translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            match = resolve(path)
        except (Resolver404, ValueError):
            return ""
    return f"/{match.route}" if match.kwargs else path


def is_known(site_id: int, kind: str, name: str) -> bool:
    """Is it the site's own, or named in the published configuration?"""
    published = catalogue.current(site_id)
    if kind not in _STORED and name.lower() in own_origins(site_id):
        return True
    return declares(published.content if published else {"groups": []}, kind, name)


def declares(content: Content, kind: str, name: str) -> bool:
    """Does a configuration speak of it, in any group? What no visitor can be without needs no words."""
    return is_own_cookie(kind, name) or bool(declaring(content, kind, name))


def is_own_cookie(kind: str, name: str) -> bool:
    return kind == Kind.COOKIE and name in cleaning.own_names()


def declaring(content: Content, kind: str, name: str) -> list[tuple[Content, Content]]:
    """Each group that speaks of it, with its cookie or its service. A host counts whatever it is used for."""
    if kind in _STORED:
        stored = _STORED[Kind(kind)]
        rows = [(group, row) for group in content["groups"] for row in group["cookies"] if row["storage"] == stored]
        return [(group, row) for group, row in rows if cleaning.covers(row, name)]
    services = [(group, service) for group in content["groups"] for service in group["services"]]
    return [(group, service) for group, service in services if origins.declares(service, name)]


def own_origins(site_id: int) -> frozenset[str]:
    """Under which a site answers by itself. Asked of the database at most every few seconds."""
    return _own.get(site_id, lambda _known: _origins_of(site_id))


def _origins_of(site_id: int) -> frozenset[str]:
    found = Site.objects.filter(pk=site_id).values_list("hostname", "port").first()
    if found is None:
        return frozenset()
    place = found[0] if found[1] in _PORTS else f"{found[0]}:{found[1]}"
    return frozenset(f"{scheme}://{place}".lower() for scheme in ("http", "https", "ws", "wss"))


def forget() -> None:
    """Makes this process tell the database of everything anew."""
    _told.clear()
    _own.forget()


def blocked_uri(text: str, directive: str = "") -> tuple[str, str] | None:
    """What a browser's report about its Content-Security-Policy names: the kind of the finding and an origin. None for
    what is no host of the network: words such as "inline", a browser's extensions, data, what is malformed."""
    origin = origins.of(text)
    if len(origin) > NAME or not _ORIGIN.fullmatch(origin):
        return None
    return (Kind.FRAME if directive.startswith(_FRAMES) else Kind.HOST), origin


def open_findings(site: Site) -> list[Finding]:
    """The newest first; without those that the published configuration names by now."""
    rows = Finding.objects.filter(site=site, dismissed_at=None).order_by("-last_seen_at", "kind", "name")
    return [row for row in rows if not is_known(site.pk, row.kind, row.name)]


def is_full(site: Site) -> bool:
    """Are there so many that no further one is written down?"""
    return Finding.objects.filter(site=site, dismissed_at=None).count() >= MOST


def dismiss(rows: QuerySet[Finding], *, by: str, now: datetime) -> int:
    """Sets findings aside; they stay so when they are met again. Returns how many."""
    return rows.filter(dismissed_at=None).update(dismissed_at=now, dismissed_by=by)


def restore(rows: QuerySet[Finding]) -> int:
    return rows.exclude(dismissed_at=None).update(dismissed_at=None, dismissed_by="")


def suggestions(found: Iterable[Finding]) -> dict[Finding, Preset]:
    """Which of the services that ship each finding looks like."""
    rows = list(found)
    looks = looks_like([(row.kind, row.name) for row in rows])
    return {row: looks[row.kind, row.name] for row in rows if (row.kind, row.name) in looks}


def looks_like(met: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Preset]:
    """Kinds and names with the service they look like. Of several: the one that names it most exactly, then the one
    that more of them look like."""
    fits = {each: scores for each in met if (scores := _fitting(*each))}
    explained = Counter(key for scores in fits.values() for key in scores)
    best = {each: max((score, explained[key], key) for key, score in scores.items()) for each, scores in fits.items()}
    return {each: presets.find(key) for each, (_score, _explained, key) in best.items()}


def _fitting(kind: str, name: str) -> dict[str, int]:
    scored: Callable[[Preset], int] = _by_cookie(kind, name) if kind in _STORED else _by_origin(name)
    return {shipped.key: score for shipped in presets.load() if (score := scored(shipped))}


def _by_cookie(kind: str, name: str) -> Callable[[Preset], int]:
    exact = {Match.EXACT: 3, Match.PREFIX: 2, Match.REGEX: 1}

    def score(shipped: Preset) -> int:
        rows = [cookie for cookie in shipped.cookies if cookie.kind == _STORED[Kind(kind)]]
        fits = [
            exact[Match(row.match)] for row in rows if cleaning.covers({"name": row.name, "match": row.match}, name)
        ]
        return max(fits, default=0)

    return score


def _by_origin(address: str) -> Callable[[Preset], int]:
    def score(shipped: Preset) -> int:
        fits = [2 - origin.count("*") for origin in _origins_in(shipped) if origins.covers(origin, address)]
        return max(fits, default=0)

    return score


def _origins_in(shipped: Preset) -> list[str]:
    """A number with the vendor may be any label of a host, but no whole one."""
    named: list[Any] = [*vars(shipped.origins).values(), [f"https://{host}" for host in shipped.embeds]]
    named.append(filter(None, [origins.of(shipped.script_url)]))
    found = [origin.replace("{account}", "*") for kind in named for origin in kind]
    return [origin for origin in found if origin != "https://*"]
