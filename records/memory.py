"""What did the database say a moment ago? Each process keeps answers for a few seconds, so that pages ask nothing."""

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

FRESH_FOR = 5.0  # seconds; a published change reaches every page within them
_MOST = 200  # answers kept; more keys than a site has mean that somebody makes them up


class Fresh(Generic[K, T]):
    """Answers of one question by key, asked again when older than FRESH_FOR."""

    def __init__(self) -> None:
        self._known: dict[K, tuple[float, T]] = {}

    def get(self, key: K, ask: Callable[[T | None], T], *, still: Callable[[T], bool] | None = None) -> T:
        """The answer for `key`; `ask` gets the one that has grown too old, if any. Where seconds are too long, `still`
        says of an answer that is fresh whether it holds."""
        read_at, answer = self._known.get(key, (float("-inf"), None))
        is_old = answer is None or time.monotonic() - read_at > FRESH_FOR
        if answer is None or is_old or not (still is None or still(answer)):
            answer = ask(answer)
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[key] = (time.monotonic(), answer)
        return answer

    def forget(self) -> None:
        self._known.clear()
