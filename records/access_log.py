"""Who read whose data in the CMS? On which screens can that happen, and what did one answer show?"""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.db.models import Q

from records.models import AccessEntry

Act = AccessEntry.Act
MOST_KEYS = 1000  # of one reading; the count goes on where the keys stop
ASKED = {Act.INSPECT, Act.EXPORT, Act.ANSWER, Act.EDIT}  # where reasons are asked: not to be refused a look at a list
REMEMBERED = timedelta(minutes=15)  # one reason stands for what is read in that time
_WHY = "readings_why"
_TABLE = "records_accessentry"


@dataclass(frozen=True, kw_only=True)
class Screen:
    """An address of the CMS that shows rows of one data set. `key` names the part of the address that names the row;
    `where` narrows an address that many data sets share to those parts of it."""

    name: str  # with its name-space: "inquiries:inspect"
    holding: str
    act: Act
    key: str = "pk"
    where: Mapping[str, str] = field(default_factory=dict)

    def is_meant(self, parts: Mapping[str, Any]) -> bool:
        return all(str(parts.get(name)) == value for name, value in self.where.items())


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one answer showed of one data set. `count` is None where nobody counted: a file of Wagtail's own."""

    holding: str
    act: Act
    keys: Sequence[str] = ()
    count: int | None = None
    why: str = ""


_screens: dict[str, list[Screen]] = {}
_by_view: set[str] = set()
_noted: ContextVar[list[Reading] | None] = ContextVar("noted", default=None)


def declare(*names: str, holding: str, act: Act, key: str = "pk", where: Mapping[str, str] | None = None) -> None:
    """Says that these addresses (by their url names) show rows of `holding`. One address may show several data sets.
    Said again, it replaces."""
    for name in names:
        said = Screen(name=name, holding=holding, act=act, key=key, where=dict(where or {}))
        others = [each for each in _screens.get(name, []) if (each.holding, each.where) != (holding, said.where)]
        _screens[name] = [*others, said]


def by_view(*names: str) -> None:
    """Says that the views at these addresses note themselves what they show, or show nothing of anybody."""
    _by_view.update(names)


def is_by_view(name: str) -> bool:
    return name in _by_view


def screens() -> dict[str, list[Screen]]:
    """All that is declared, by url name."""
    return {name: list(shown) for name, shown in _screens.items()}


def shown_by(name: str, parts: Mapping[str, Any]) -> list[Screen]:
    """The data sets that an address shows; `parts` are those that its pattern found in it."""
    return [each for each in _screens.get(name, []) if each.is_meant(parts)]


def screen_of(holding: str) -> Screen | None:
    """Where one row of a data set is read."""
    found = (each for shown in _screens.values() for each in shown if each.holding == holding)
    return next((each for each in found if each.act == Act.INSPECT and not each.where), None)


def readers() -> Q:
    """Which accounts may read personal data: superusers, and whoever has a right on a data set that a screen shows."""
    shown = {each.holding.lower() for named in _screens.values() for each in named}
    models = [label.split(".") for label in sorted(shown)]
    kinds = [Q(content_type__app_label=app, content_type__model=model) for app, model in models]
    rights = Permission.objects.filter(reduce(or_, kinds, Q(pk__in=[]))).values("pk")
    return Q(is_superuser=True) | Q(user_permissions__in=rights) | Q(groups__permissions__in=rights)


def may_read(user: Any) -> bool:
    return bool(user.is_superuser or get_user_model()._base_manager.filter(readers(), pk=user.pk).exists())


@contextmanager
def noting() -> Iterator[list[Reading]]:
    """Collects what is noted while one request is answered."""
    found: list[Reading] = []
    token = _noted.set(found)
    try:
        yield found
    finally:
        _noted.reset(token)


def note(*, holding: str, act: Act, keys: Iterable[Any] = (), count: int | None = None, why: str = "") -> None:
    """For a view that knows better than its address what it shows: a file, a search, rows of a second data set. Takes
    the place of what is declared for the same data set. Outside a request it does nothing: a command reads, no person.
    """
    named, noted = [str(key) for key in keys], _noted.get()
    if noted is not None:
        counted = len(named) if count is None else count
        noted.append(Reading(holding=holding, act=act, keys=named, count=counted, why=why))


def record(
    readings: Iterable[Reading], *, user: int, username: str, screen: str, at: datetime, why: str = ""
) -> list[AccessEntry]:
    """Writes one entry for each data set, all in one INSERT. Raises DatabaseError: then nothing may be shown."""
    return AccessEntry.objects.bulk_create(
        AccessEntry(
            user_id=user,
            username=username,
            holding=each.holding,
            act=each.act,
            keys=list(each.keys[:MOST_KEYS]),
            count=each.count,
            screen=screen,
            why=each.why or why,
            at=at,
        )
        for each in readings
    )


def remember(session: MutableMapping[str, Any], why: str, now: datetime) -> None:
    """Keeps a reason in the session of whoever gave it."""
    session[_WHY] = {"why": why, "until": (now + REMEMBERED).isoformat()}


def remembered(session: MutableMapping[str, Any], now: datetime) -> str:
    """The reason that still stands at `now`, or ""."""
    kept = session.get(_WHY)
    return str(kept["why"]) if kept and datetime.fromisoformat(kept["until"]) > now else ""


def forget(keys: Sequence[Any], now: datetime) -> int:
    """What `records.retention` calls for entries whose period is over. The table lets go of rows only where the
    transaction says so, and only for this one statement."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL candor.redacts = '{_TABLE}'")
        cursor.execute(f"DELETE FROM {_TABLE} WHERE id = ANY(%s)", [list(keys)])  # noqa: S608 - a constant
        gone = int(cursor.rowcount)
        cursor.execute("SET LOCAL candor.redacts = ''")
    return gone
