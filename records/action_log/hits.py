"""Which pages did nginx give out by itself, from what it keeps? It writes each into a file of its minute."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote_plus

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import translation

from records.action_log import minimal
from records.action_log.events import Event
from records.action_log.recording import Sender, note

STILL = timedelta(seconds=75)  # a file that nobody has written to for so long is of a minute that is over


def take(*, now: datetime) -> list[Path]:
    """Files that nginx writes to no more, each under a name of its own; those that an earlier worker did not finish
    come first."""
    if not settings.ACTION_HITS:
        return []
    folder = Path(settings.ACTION_HITS)
    left = sorted(folder.glob("*.taken"))
    over = [path for path in sorted(folder.glob("*.hits")) if _written_at(path) < now - STILL]
    return left + [taken for path in over if (taken := _take(path))]


def _written_at(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:  # another worker was quicker
        return datetime.max.replace(tzinfo=UTC)


def _take(path: Path) -> Path | None:
    try:
        return path.rename(path.with_name(f"{uuid.uuid4().hex}.taken"))
    except FileNotFoundError:
        return None


def read(raw: bytes, *, now: datetime) -> Event:
    """The entry for one line. Raises ValueError for what nginx did not write."""
    said = json.loads(raw.decode())
    if not isinstance(said, dict):
        raise ValueError("not a line of nginx")
    try:
        return note(
            _sender(said),
            at=datetime.fromtimestamp(float(said["at"]), UTC),
            now=now,
            kind=_kind(said),
            path=shown(said["path"]),
            method=said["method"],
            query=[(name, unquote_plus(said[name])) for name in minimal.PARAMETERS if said[name]],
            status=int(said["status"]),
        )
    except (KeyError, TypeError, AttributeError, OverflowError, OSError) as error:
        raise ValueError("not a line of nginx") from error


def _sender(said: dict[str, str]) -> Sender:
    return Sender(
        host=said["host"],
        address=said["address"],
        agent=said["agent"],
        languages=said["languages"],
        says_mobile=said["mobile"] == "?1",
        referrer=said["referrer"],
        gpc="gpc" in said["signal"],
        dnt="dnt" in said["signal"],
    )


def _kind(said: dict[str, str]) -> str:
    if said["purpose"].startswith("prefetch"):
        return "prefetch"
    return "page" if said["type"].startswith("text/html") else "file"


@lru_cache(maxsize=1024)
def shown(path: str) -> str:
    """A page's own path; the pattern of any other address. As the site itself would have noted it."""
    with translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE):
        try:
            match = resolve(path)
        except Resolver404:
            return minimal.ELSEWHERE
    return minimal.path(path, name=match.view_name, route=match.route, has_values=bool(match.kwargs or match.args))
