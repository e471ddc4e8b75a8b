"""What is the site without its cache? The same, but for limits on rates: a silent cache is an empty one."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError, TimeoutError

logger = logging.getLogger(__name__)

PAUSE = 5  # seconds until a silent cache is asked again: a page asks it several times, and each would wait
_asked_again_at: dict[str, float] = {}  # by server, on the monotonic clock


class ForgivingCache(RedisCache):
    """Django's cache in Valkey or Redis; each method answers as if empty while the server is away."""

    def _or(self, instead: Any, call: Callable[..., Any], *args: Any, **options: Any) -> Any:
        server: str = self._servers[0]  # type: ignore[attr-defined]
        if time.monotonic() < _asked_again_at.get(server, 0.0):
            return instead
        try:
            return call(*args, **options)
        except (ConnectionError, TimeoutError) as error:
            _asked_again_at[server] = time.monotonic() + PAUSE
            logger.warning("the cache does not answer (%s): going on without it", type(error).__name__)
            return instead

    def add(self, *args: Any, **options: Any) -> Any:
        return self._or(False, super().add, *args, **options)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._or(default, super().get, key, default, version)

    def set(self, *args: Any, **options: Any) -> None:
        self._or(None, super().set, *args, **options)

    def touch(self, *args: Any, **options: Any) -> Any:
        return self._or(False, super().touch, *args, **options)

    def delete(self, *args: Any, **options: Any) -> Any:
        return self._or(False, super().delete, *args, **options)

    def get_many(self, *args: Any, **options: Any) -> Any:
        return self._or({}, super().get_many, *args, **options)

    def has_key(self, *args: Any, **options: Any) -> Any:
        return self._or(False, super().has_key, *args, **options)

    def incr(self, key: str, *args: Any, **options: Any) -> Any:
        value = self._or(None, super().incr, key, *args, **options)
        if value is None:
            raise ValueError(f"Key '{key}' not found.")  # what Django's caches raise for a key that is not there
        return value

    def set_many(self, *args: Any, **options: Any) -> Any:
        return self._or([], super().set_many, *args, **options)

    def delete_many(self, *args: Any, **options: Any) -> None:
        self._or(None, super().delete_many, *args, **options)

    def clear(self) -> Any:
        return self._or(False, super().clear)
