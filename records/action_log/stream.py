"""Where do entries wait for a worker? In a stream in Valkey, so long as it answers at once and has room."""

import os
import threading
import time
from collections import deque
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.connection import ConnectionPool
from redis.exceptions import RedisError
from redis.retry import Retry

KEY = "candor:actions"
PAUSE = 2.0  # seconds until a Valkey that failed is asked again
WAIT = 0.05  # seconds that a page waits for it, once in that time
# Valkey writes to its disk once a second and may be late by two (appendfsync everysec): what it acknowledged is kept
# here until it has answered again after that.
UNSURE = 3.0
_MOST = 20_000  # entries kept so, a few megabytes
# Trimming would drop what waits longest and tell nobody: a full stream refuses.
_ADD = """
if redis.call('XLEN', KEYS[1]) >= tonumber(ARGV[1]) then return 0 end
redis.call('XADD', KEYS[1], '*', 'e', ARGV[2])
return 1
"""
# Flat, for Python reads deep answers slowly.
_FIRST = """
local found = {}
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', ARGV[1])) do
    found[#found + 1] = entry[1]
    found[#found + 1] = entry[2][2]
end
return found
"""
Entries = list[tuple[str, bytes]]  # by id


class Away(Exception):
    """Valkey failed. `unsure` is what it may have or not have: this entry, and those it acknowledged last."""

    def __init__(self, unsure: Sequence[bytes]) -> None:
        super().__init__(f"{len(unsure)} entries")
        self.unsure = unsure


class Stream:
    """This process's way to it: one connection for each thread that is writing."""

    def __init__(self) -> None:
        self._idle: list[Any] = []
        self._recent: deque[tuple[float, bytes]] = deque(maxlen=_MOST)
        self._lock = threading.Lock()
        self._asked_again_at = 0.0

    def put(self, raw: bytes) -> bool:
        """True when Valkey acknowledged it. False where it is full, or failed a moment ago. Raises Away when it fails:
        then all that it may have lost is written elsewhere."""
        if time.monotonic() < self._asked_again_at:
            return False
        try:
            has_room = self._send(raw)
        except (RedisError, OSError) as error:
            self._asked_again_at = time.monotonic() + PAUSE
            raise Away([*self._take_recent(), raw]) from error
        if has_room:
            self._remember(raw)
        return has_room

    def _send(self, raw: bytes) -> bool:
        # Of a connection that a pool checks first nobody would learn that Valkey was started anew.
        try:
            connection = self._idle.pop()
        except IndexError:
            connection = _pool().make_connection()
        connection.send_command("EVAL", _ADD, 1, KEY, settings.ACTION_STREAM_MOST, raw)
        has_room = bool(connection.read_response())
        self._idle.append(connection)
        return has_room

    def _remember(self, raw: bytes) -> None:
        now = time.monotonic()
        with self._lock:
            while self._recent and self._recent[0][0] < now - UNSURE:
                self._recent.popleft()
            self._recent.append((now, raw))

    def _take_recent(self) -> list[bytes]:
        """Each entry once, whichever thread learns first."""
        with self._lock:
            recent, self._recent = self._recent, deque(maxlen=_MOST)
            self._idle = []
        return [raw for _at, raw in recent]


_here = Stream()


def put(raw: bytes) -> bool:
    """See Stream.put."""
    return _here.put(raw)


def forget() -> None:
    """Makes this process begin anew: after a fork, a connection is the parent's."""
    global _here
    _here = Stream()


os.register_at_fork(after_in_child=forget)


def _pool() -> ConnectionPool:
    return ConnectionPool.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=WAIT,
        socket_timeout=WAIT,
        retry=Retry(NoBackoff(), 0),
        health_check_interval=0,
    )


class Reader:
    """The worker's end. Its methods raise RedisError while Valkey is away."""

    def __init__(self) -> None:
        self._client: redis.Redis = redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=10
        )

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()

    def first(self, count: int) -> Entries:
        """The entries that wait longest."""
        found: Any = self._client.eval(_FIRST, 1, KEY, count)
        return [(key.decode(), raw) for key, raw in zip(found[::2], found[1::2], strict=True)]

    def delete(self, keys: Sequence[str]) -> None:
        """By their ids: after a flush others may be smaller and new."""
        if keys:
            self._client.xdel(KEY, *keys)

    def __len__(self) -> int:
        return int(self._client.xlen(KEY))


def place(key: str) -> tuple[int, int]:
    """An entry's id as numbers: Unix time in milliseconds and a number within it. The smallest for none."""
    milliseconds, _dash, number = key.partition("-")
    return int(milliseconds or 0), int(number or 0)


def drained(entries: Entries, position: str) -> int:
    """How many of the first entries are not after `position`: they were written already, unless Valkey was emptied
    and its clock went back."""
    last = place(position)
    return sum(1 for _ in takewhile(lambda entry: place(entry[0]) <= last, entries))
