"""What were the demo's visitors like? Sixty invented days of sums, and a log of today that is summed up like any."""

import hashlib
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from wagtail.models import Page

from home import statistics
from home.models import Tally
from home.statistics import OTHER
from policies.models import PolicyPage
from records.action_log import Event, partitions
from records.models import Action

DAYS = 60
# Shares of a hundred visitors; what is left is with the others.
SHARES: dict[str, dict[str, int]] = {
    "source": {"": 46, "search.example": 31, "freight-news.example": 12, "port-forum.example": 6},
    "campaign": {"": 84, "newsletter/winter-times": 11},
    "device": {"computer": 52, "phone": 41, "tablet": 7},
    "browser": {"Chrome": 47, "Firefox": 23, "Safari": 19, "Edge": 11},
    "system": {"Windows": 39, "Android": 27, "iOS": 16, "Mac OS X": 12, "Linux": 6},
    "language": {"en": 58, "ru": 21, "de": 13, "nl": 8},
}
AGENTS = (
    ("Firefox 140", "Linux", "computer"),
    ("Mobile Safari 18", "iOS 18", "phone"),
    ("Chrome 131", "Windows 11", "computer"),
)


def add(now: datetime) -> None:
    """For an empty site; the same visitors whenever it is made."""
    chance, today = Random(7), now.astimezone(UTC).date()
    paths, policies = _paths(), _of_policies()
    rows = [row for ago in range(1, DAYS + 1) for row in _day(today, ago, paths, policies, chance)]
    Tally.objects.bulk_create(rows)
    partitions.ensure(now=now)
    Action.objects.bulk_create(Action(**event._asdict()) for event in _actions(now, paths, chance))
    statistics.tally(now=now)


def _paths() -> list[str]:
    """Of the pages that everybody may read, those above first."""
    parts = (page.get_url_parts() for page in Page.objects.live().public().filter(depth__gt=1).order_by("path"))
    return [each[2] for each in parts if each]


def _of_policies() -> dict[str, int]:
    """What is read beside the version in force."""
    bases = [page.get_url_parts()[2] for page in PolicyPage.objects.live()]
    return {f"{base}{below}": rate for base in bases for below, rate in (("", 8), ("history/", 4), ("v/1/", 3))}


def _day(today: date, ago: int, paths: list[str], policies: dict[str, int], chance: Random) -> Iterator[Tally]:
    """Fewer come on Sundays and Saturdays, and somewhat more each week."""
    day = today - timedelta(days=ago)
    busy = 0.45 if day.weekday() >= 5 else 1.0
    visitors = round((150 - ago) * busy * chance.uniform(0.85, 1.15))
    views = visitors * chance.randint(20, 28) // 10
    yield _row(day, "all", "", visitors, views)
    for of, shares in SHARES.items():
        yield from _shared(day, of, shares, visitors, views)
    rates = {path: max(30 // (place + 1), 2) for place, path in enumerate(paths[:12])}
    yield from _shared(day, "entry", rates, visitors, views)
    for path, rate in (rates | policies).items():
        readers = visitors * min(rate * 2, 70) // 100
        if readers >= statistics.FEW:
            yield _row(day, "page", path, _fives(readers), readers + readers // 4)


def _shared(day: date, of: str, shares: dict[str, int], visitors: int, views: int) -> Iterator[Tally]:
    """Each value that five share; the rest together, as the site itself would tell it."""
    counts = {value: visitors * share // 100 for value, share in shares.items()}
    if sum(shares.values()) == 100:
        counts[next(iter(counts))] += visitors - sum(counts.values())
    named = {value: count for value, count in counts.items() if count >= statistics.FEW}
    if 0 < visitors - sum(named.values()) < statistics.FEW and named:
        named.pop(min(named, key=lambda value: (named[value], value)))
    rest = visitors - sum(named.values())
    for value, count in {**named, **({OTHER: rest} if rest else {})}.items():
        yield _row(day, of, value, count, views * count // max(visitors, 1))


def _row(day: date, of: str, value: str, visitors: int, views: int) -> Tally:
    return Tally(day=day, of=of, value=value, visitors=visitors, views=max(_fives(views), statistics.FEW), final=True)


def _fives(number: int) -> int:
    return (number + 2) // 5 * 5


def _actions(now: datetime, paths: list[str], chance: Random) -> Iterator[Event]:
    """Of today so far, and of nobody: their pseudonyms are of a salt that never was."""
    midnight = datetime.combine(now.astimezone(UTC).date(), time(), UTC)
    seconds = max((now - midnight).total_seconds(), 1)
    for number in range(120):
        browser, system, device = AGENTS[number % len(AGENTS)]
        visitor = hashlib.sha256(f"demo {number}".encode()).digest()[:16]
        for _view in range(chance.randint(1, 3)):
            yield Event(
                midnight + timedelta(seconds=chance.uniform(0, seconds)),
                uuid.UUID(int=chance.getrandbits(128), version=4),
                "page",
                "GET",
                chance.choice(paths[:8]),
                status=200,
                source=chance.choice(["", "https://search.example/", "https://freight-news.example/today/"]),
                visitor=visitor,
                address="198.51.100.0",
                browser=browser,
                system=system,
                device=device,
                language=chance.choice(["en", "en", "ru", "de"]),
            )
