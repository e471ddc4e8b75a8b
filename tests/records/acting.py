"""What tests of the action log need: it is switched on, its spool is their own, and visitors who ask for pages."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.test import Client, override_settings

from records.action_log import Event, pseudonym, stream
from records.action_log.events import packed
from records.models import Action
from tests import make

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Mobile/15E148 Safari/604.1"
)
BEN = {"HTTP_USER_AGENT": FIREFOX, "HTTP_ACCEPT_LANGUAGE": "de-AT,en;q=0.5", "REMOTE_ADDR": "203.0.113.77"}
NOWHERE = "redis://127.0.0.1:9/0"  # the port of the discard protocol: nobody listens


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """The log is on; returns its spool."""
    folder = tmp_path / "spool"
    forget()
    with override_settings(ACTION_LOG=True, ACTION_SPOOL=folder):
        yield folder
    forget()


def forget() -> None:
    stream.forget()
    pseudonym.forget()


def ben(**headers: str) -> Client:
    return Client(**(BEN | headers))


def event(at: datetime = make.NOW, **values: Any) -> Event:
    return Event(at, values.pop("event", None) or uuid.uuid4(), values.pop("kind", "page"), **values)


def waiting() -> list[bytes]:
    """What stands in the stream, as it stands there."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        return [fields[b"e"] for _key, fields in client.xrange(stream.KEY)]  # type: ignore[union-attr]


def fill(*events: Event) -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        for each in events:
            client.xadd(stream.KEY, {"e": packed(each)})


def written() -> list[Action]:
    return list(Action.objects.order_by("at", "id"))
