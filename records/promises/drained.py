"""Does what visitors do reach the action log, and with it its end?"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from records.action_log import backlog
from records.models import StreamPosition
from records.promises.shapes import Promise, State, later

WITHIN = timedelta(hours=1)


def in_time(now: datetime) -> Iterator[Promise]:
    """Raises redis.RedisError while the stream does not answer."""
    waiting_since = backlog.waiting_since()
    late = waiting_since is not None and waiting_since < now - WITHIN
    known = StreamPosition.objects.exists() or waiting_since is not None
    verdict = State.BROKEN if late else State.KEPT
    yield Promise(
        key="records.drain",
        title=_title(),
        promised=_promised(),
        stated_by="",
        state=verdict if known else State.UNSHOWN,
        evidence=_evidence(waiting_since if late else None, known=known),
        measured={"waiting_since": waiting_since if late else None},
    )


@later
def _title() -> str:
    return _("Actions of visitors on their way to the log")


@later
def _promised() -> str:
    return _("Each is written there within an hour, where its period counts")


@later
def _evidence(since: datetime | None, *, known: bool) -> str:
    if since:
        return _("Some have waited since %(at)s UTC.") % {"at": f"{since:%Y-%m-%d %H:%M}"}
    return _("None has waited for longer.") if known else _("None was written yet.")
