"""Which promotions fit a page, before anybody knows who reads it? What a browser needs to choose goes along."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from wagtail.images import get_image_model
from wagtail.images.models import SourceImageIOError
from wagtail.models import Page

from home.models import ArticlePage, Promotion
from home.models.promotions import State
from records.memory import Fresh

MOST = 6  # beside the one that shows without scripts
PICTURE = "fill-480x320"
_AHEAD = timedelta(minutes=1)  # by which clocks may differ, and what a process remembers may be old


@dataclass(frozen=True)
class Picture:
    url: str
    width: int
    height: int
    description: str


@dataclass(frozen=True)
class Candidate:
    """A promotion as pages read it. `rules` is what the browser judges; `below` the path of the page it keeps to."""

    pk: int
    slot: str
    title: str
    text: str
    label: str
    url: str
    picture: Picture | None
    starts_at: datetime | None
    ends_at: datetime | None
    weight: int
    below: str = ""
    rules: Mapping[str, Any] = field(default_factory=dict)

    def is_on(self, now: datetime) -> bool:
        return (self.starts_at is None or self.starts_at <= now) and (self.ends_at is None or self.ends_at > now)

    @property
    def asks_nothing(self) -> bool:
        """May it be shown to somebody of whom nothing is known?"""
        return not self.rules or bool(self.rules.get("place"))


@dataclass(frozen=True)
class _Known:
    """All promotions in one language that are not over, and the paths of the pages that their rules name, by id."""

    candidates: tuple[Candidate, ...] = ()
    paths: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """What reading a page says that some promotion asks about; nothing else is told to the browser."""

    names: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


_fresh: Fresh[str, _Known] = Fresh()
forget = _fresh.forget


def is_used(language: str, now: datetime) -> bool:
    """Is there any promotion in that language which is not over?"""
    return bool(_known(language, now).candidates)


def candidates(slot: str, *, page: Page | None, language: str, now: datetime) -> list[Candidate]:
    """Those for a place of a page, the one to show without scripts first if there is one.

    Promotions that begin while caches may keep the page are among them: the browser looks at its clock.
    """
    soon = now + timedelta(seconds=settings.PAGE_CACHE_SECONDS) + _AHEAD
    path = page.path or "" if page else ""
    fitting = [each for each in _known(language, now).candidates if each.slot == slot and path.startswith(each.below)]
    there = [each for each in fitting if each.is_on(now) or (each.starts_at and now < each.starts_at <= soon)]
    first = next((each for each in there if each.asks_nothing and each.is_on(now)), None)
    others = [each for each in there if each is not first]
    return [first, *others[:MOST]] if first else others[:MOST]


def reading(page: Page | None, *, language: str, now: datetime) -> Reading:
    """Asks the database once for an article of which some promotion may ask the topics, else nothing."""
    known = _known(language, now)
    asked = {name for each in known.candidates for name, _times in each.rules.get("read", [])}
    sources = {each.rules["source"] for each in known.candidates if "source" in each.rules}
    names = asked & {*_sections(page, known), *(_topics(page) if any(map(_is_topic, asked)) else ())}
    return Reading(tuple(sorted(names)), tuple(sorted(sources)))


def _is_topic(name: str) -> bool:
    return name.startswith("t:")


def _sections(page: Page | None, known: _Known) -> Iterator[str]:
    if page and page.path:
        yield from (f"s:{pk}" for pk, path in known.paths.items() if page.path.startswith(path))


def _topics(page: Page | None) -> list[str]:
    return [f"t:{topic.name}" for topic in page.topics.all()] if isinstance(page, ArticlePage) else []


def as_shown(promotion: Promotion) -> Candidate:
    """As it stands in its editor, whatever it leads to and wherever it may be shown."""
    page = promotion.link_page
    return _shown(promotion, promotion.link_url or (page.url if page else "") or "#")


def _known(language: str, now: datetime) -> _Known:
    return _fresh.get(language, lambda _old: _read(language, now))


def _read(language: str, now: datetime) -> _Known:
    images = get_image_model().objects.prefetch_renditions(PICTURE)
    rows = Promotion.objects.exclude(pk__in=Promotion.objects.in_state(State.OVER, now)).filter(language=language)
    promotions = list(
        rows.select_related("link_page").prefetch_related(Prefetch("image", images)).order_by("-weight", "pk")
    )
    said = {promotion.pk: list(promotion.rules.raw_data) for promotion in promotions}
    named = {pk for rules in said.values() for pk in _pages(rules)}
    paths = dict(Page.objects.filter(pk__in=named).values_list("pk", "path")) if named else {}
    found = (_candidate(promotion, said[promotion.pk], paths) for promotion in promotions)
    return _Known(tuple(each for each in found if each), paths)


def _pages(rules: Iterable[Mapping[str, Any]]) -> Iterator[int]:
    for rule in rules:
        if rule["type"] == "section":
            yield rule["value"]
        elif rule["type"] == "read":
            yield rule["value"]["page"]


def _candidate(promotion: Promotion, rules: list[Any], paths: Mapping[int, str]) -> Candidate | None:
    """None for one that leads nowhere now, or keeps to a page that is gone."""
    page = promotion.link_page
    url = promotion.link_url or (page.url if page and page.live else "")
    sections = [rule["value"] for rule in rules if rule["type"] == "section"]
    if not url or not all(pk in paths for pk in sections):
        return None
    below = max((paths[pk] for pk in sections), key=len, default="")
    return _shown(promotion, url, below=below, rules=_judged_there(promotion, rules))


def _shown(promotion: Promotion, url: str, **judged: Any) -> Candidate:
    same = ("pk", "slot", "title", "text", "label", "starts_at", "ends_at", "weight")
    values = {name: getattr(promotion, name) for name in same}
    return Candidate(**values, url=url, picture=_picture(promotion.image), **judged)


def _picture(image: Any) -> Picture | None:
    """None for a file that cannot be read: the words stand without it."""
    if image is None:
        return None
    try:
        made = image.get_rendition(PICTURE)
    except SourceImageIOError:
        return None
    return Picture(made.url, made.width, made.height, image.description)


def _judged_there(promotion: Promotion, rules: list[Any]) -> dict[str, Any]:
    """What the browser judges: the place was judged here."""
    read = [
        (f"t:{value['topic']}" if kind == "topic" else f"s:{value['page']}", value["times"])
        for kind, value in ((rule["type"], rule["value"]) for rule in rules)
        if kind in {"topic", "read"}
    ]
    source = next((rule["value"].lower() for rule in rules if rule["type"] == "source"), "")
    returning = any(rule["type"] == "returning" for rule in rules)
    judged = {"source": source, "returning": returning, "read": read, "cap": promotion.cap, "place": promotion.by_place}
    return {name: value for name, value in judged.items() if value}
