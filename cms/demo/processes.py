"""How are the demo's processes started, watched and ended?"""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle, islice
from pathlib import Path
from types import TracebackType
from typing import Any

from cms.places import CHECKOUT

# Below those that systems give to outgoing connections: what is free here stays free until its server has started. This
# process tries each once before it tries one again, and one started elsewhere has another order.
_QUIET = range(20_000, 32_768)
_in_turn = cycle(random.SystemRandom().sample(_QUIET, len(_QUIET)))


class Trouble(Exception):
    """Something the person at the terminal must mend; the message is the whole sentence shown."""


class Processes:
    """A group of processes that lives no longer than this object, however its owner dies."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self._warden = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("warden.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def __enter__(self) -> "Processes":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _order(self, **order: Any) -> Any:
        assert self._warden.stdin is not None
        assert self._warden.stdout is not None
        self._warden.stdin.write(json.dumps(order) + "\n")
        self._warden.stdin.flush()
        answer = json.loads(self._warden.stdout.readline())
        if "error" in answer:
            raise Trouble(f"A process could not be started: {answer['error']}.")
        return answer["ok"]

    def start(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        user: str | None = None,
        stop: signal.Signals = signal.SIGTERM,
    ) -> int:
        """Starts `argv` with `env` added to this process's environment; returns the process id."""
        whole = {**os.environ, "PYTHONUNBUFFERED": "1", **(env or {})}
        return int(
            self._order(
                do="start",
                name=name,
                argv=[str(part) for part in argv],
                env=whole,
                cwd=str(CHECKOUT),
                user=user,
                signal=int(stop),
                log=str(self.log(name)),
            )
        )

    def python(self, name: str, *arguments: str | Path, env: Mapping[str, str] | None = None) -> int:
        return self.start(name, [sys.executable, *arguments], env=env)

    def stop(self, name: str) -> int:
        return int(self._order(do="stop", name=name))

    def ended(self) -> dict[str, int]:
        """Exit codes of those that ended without being asked."""
        return dict(self._order(do="ended"))

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    def wait(self, name: str, ready: Callable[[], object], *, seconds: float = 60) -> None:
        """Returns once `ready()` is true. Raises Trouble with the end of the log when `name` ends or time runs out."""
        deadline = time.monotonic() + seconds
        while not ready():
            if name in self.ended():
                raise Trouble(f"{name} ended at once. The end of {self.log(name)}:\n{self._tail(name)}")
            if time.monotonic() > deadline:
                raise Trouble(
                    f"{name} was not ready in {seconds:.0f} s. The end of {self.log(name)}:\n{self._tail(name)}"
                )
            time.sleep(0.1)

    def _tail(self, name: str) -> str:
        return "\n".join(self.log(name).read_text(encoding="utf-8", errors="replace").splitlines()[-15:])

    def close(self) -> None:
        """Ends every process, last started first, and waits for it."""
        if self._warden.poll() is None and self._warden.stdin:
            self._warden.stdin.close()
            self._warden.wait()
        if self._warden.stdout:
            self._warden.stdout.close()


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port(wanted: int, *, taken: Callable[[int, int], None] = lambda wanted, got: None) -> int:
    """`wanted` or the next free port above it; 0 asks for any. `taken(wanted, got)` is told of a difference."""
    for port in range(wanted, wanted + 100) if wanted else islice(_in_turn, 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if wanted and port != wanted:
            taken(wanted, port)
        return port
    if not wanted:
        raise Trouble(f"Of a hundred ports between {_QUIET[0]} and {_QUIET[-1]} none is free. Stop something.")
    raise Trouble(f"No free port between {wanted} and {wanted + 99}. Stop something, or choose others (see --help).")
