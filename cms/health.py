"""Which parts of the site answer right now?"""

import logging
import time
from collections.abc import Callable

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connection

logger = logging.getLogger(__name__)

HEARTBEAT = "candor:heartbeat"
HEARTBEAT_SECONDS = 60  # a worker silent for longer counts as absent; beat sends one every 10 seconds


def beat() -> None:
    """Called by a worker: says that beat, broker and worker all passed a task on."""
    cache.set(HEARTBEAT, int(time.time()), timeout=HEARTBEAT_SECONDS)


def readiness() -> dict[str, str]:
    """One line per part: "ok", or what is wrong with it. No addresses, no credentials."""
    return {"database": _line(_database), "broker": _line(_broker), "worker": _line(_worker)}


def _line(probe: Callable[[], str]) -> str:
    try:
        return probe()
    except Exception as error:  # noqa: BLE001 - a probe reports every failure, whatever the driver raises
        logger.warning("readiness probe %s failed: %s", probe.__name__.strip("_"), type(error).__name__)
        return f"does not answer ({type(error).__name__})"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def _broker() -> str:
    # Asked directly: to the cache, a broker that is away is an empty one.
    with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=2) as broker:
        broker.ping()
    return "ok"


def _worker() -> str:
    if cache.get(HEARTBEAT) is None:
        return f"no sign of life for {HEARTBEAT_SECONDS} seconds: start a worker and beat"
    return "ok"
