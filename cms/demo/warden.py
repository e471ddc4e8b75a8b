"""Starts processes on request and ends them all when whoever asked for them is gone, even by SIGKILL.

Orders come as JSON lines on standard input; its end, for whatever reason, is the order to stop. Imports nothing of
the site: it must be the last to fall.
"""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import Any

PATIENCE = 12  # seconds a process has to end after being asked


def start(order: dict[str, Any]) -> subprocess.Popen[bytes]:
    with open(order["log"], "ab") as log:
        return subprocess.Popen(
            order["argv"],
            env=order["env"],
            cwd=order["cwd"],
            user=order["user"],
            extra_groups=[] if order["user"] else None,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def end(child: subprocess.Popen[bytes], stop_signal: int) -> int:
    """Asks, waits, then kills the whole session, so that no grandchild stays either."""
    if child.poll() is None:
        child.send_signal(stop_signal)
        with suppress(subprocess.TimeoutExpired):
            child.wait(PATIENCE)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    return child.wait()


def obey(order: dict[str, Any], children: dict[str, tuple[subprocess.Popen[bytes], int]]) -> Any:
    if order["do"] == "start":
        child = start(order)
        children[order["name"]] = (child, order["signal"])
        return child.pid
    if order["do"] == "stop":
        return end(*children.pop(order["name"]))
    return {name: child.returncode for name, (child, _) in children.items() if child.poll() is not None}


def main() -> None:
    for deaf in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(deaf, lambda *_: None)  # not SIG_IGN, which every child would inherit
    children: dict[str, tuple[subprocess.Popen[bytes], int]] = {}
    try:
        for line in sys.stdin:
            try:
                answer: Any = {"ok": obey(json.loads(line), children)}
            except OSError as error:
                answer = {"error": str(error)}
            sys.stdout.write(json.dumps(answer) + "\n")
            sys.stdout.flush()
    finally:
        for child, stop_signal in reversed(children.values()):
            end(child, stop_signal)


if __name__ == "__main__":
    main()
