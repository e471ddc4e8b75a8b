"""Which checks are there, and what does each answer? One that fails answers too, and harms no other."""

import logging
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from records.promises.shapes import Promise, State, later

GRACE = timedelta(days=1)  # a worker expires every hour; one day late is a promise broken
LONGEST = 60  # seconds that one statement of a check may take
logger = logging.getLogger(__name__)
Check = Callable[[datetime], Iterable[Promise]]


@dataclass(frozen=True)
class Registered:
    """`heavy` ones are never run because a visitor looks."""

    name: str
    check: Check
    heavy: bool


@dataclass(frozen=True)
class Answered:
    """What one check found, and how many seconds it took."""

    name: str
    promises: list[Promise]
    seconds: float
    failed: bool = False


_checks: dict[str, Registered] = {}


def register(name: str, check: Check, *, heavy: bool = False) -> None:
    """Adds the promises that `check` answers for an instant. Called from an app's ready(); the same `name` again
    replaces."""
    _checks[name] = Registered(name, check, heavy)


def registered() -> list[Registered]:
    return list(_checks.values())


def examine(now: datetime) -> list[Promise]:
    """Every promise at `now` (UTC), everything looked at anew: data sets first, then those of the floors above."""
    return [promise for check in registered() for promise in answers(check, now).promises]


def answers(check: Registered, now: datetime) -> Answered:
    """What a check finds at `now`. Whatever it raises is itself a promise broken: nobody knows what holds."""
    started = time.monotonic()
    try:
        found, failed = _ask(check, now), False
    except Exception as error:  # noqa: BLE001 - one that fails must not hide the others
        # Without its message, which may repeat a row.
        logger.warning("check %s failed: %s in %s", check.name, type(error).__name__, _place(error))
        found, failed = [_unknown(check.name, type(error).__name__)], True
    return Answered(check.name, found, time.monotonic() - started, failed)


def _ask(check: Registered, now: datetime) -> list[Promise]:
    """At one moment, so that what is written meanwhile is not compared with what was; within a limit of its own."""
    alone = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if alone:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(f"SET LOCAL statement_timeout = '{LONGEST}s'")
        found = list(check.check(now))
        cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    return found


def _place(error: Exception) -> str:
    """The last lines of this site's own code that led there."""
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if "site-packages" not in frame.filename]
    return " > ".join(f"{frame.filename}:{frame.lineno}" for frame in own[-3:])


def _unknown(name: str, error: str) -> Promise:
    return Promise(
        key=f"check:{name}",
        title=_title(name),
        promised=_promised(),
        stated_by="",
        state=State.BROKEN,
        evidence=_failed(error),
        measured={"error": error},
    )


@later
def _title(name: str) -> str:
    return _("The check “%(name)s”") % {"name": name}


@later
def _promised() -> str:
    return _("Each promise is checked every hour")


@later
def _failed(error: str) -> str:
    return _("It could not be checked: %(error)s.") % {"error": error}
