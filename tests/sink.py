"""Which messages did the other side take? A mail server that only counts: fast, far or faulty as it is told.

    python -m tests.sink --port 2525 --log accepted.txt --delay 20 --script '{"to": {"ana": "rcpt:550 5.1.1 nobody"}}'

A fault is "stage:act". Stages: mail, rcpt, data (before 354), dot (after the message). Acts: an SMTP code with or
without words (421 also hangs up), "drop" (hangs up), "stall" (never answers again); after the dot also "drop-logged"
and "stall-logged", for which the message counts as accepted. A script has any of
    "to": {local part: fault}, "at": {number of the message, from 1: fault}, "every": {fault: number},
    "random": {"seed": 1, "rate": 0.01, "faults": [fault, …]}, "hide": ["PIPELINING", …], "size": bytes
"""

import argparse
import asyncio
import gc
import json
import os
import random
import re
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

CHECKOUT = Path(__file__).resolve().parents[1]
OFFERS = ("PIPELINING", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")
END = b"\r\n.\r\n"
WORDS = {
    "250": b"250 2.0.0 Ok\r\n",
    "354": b"354 End with a line that is a dot\r\n",
    "421": b"421 4.3.2 Closing\r\n",
    "450": b"450 4.2.0 Come again later\r\n",
    "550": b"550 5.1.1 No such mailbox\r\n",
}
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>\r\n]*>)", re.IGNORECASE | re.MULTILINE)


class Accepted(NamedTuple):
    recipient: str
    message_id: str
    at: float  # seconds, monotonic


class Faults:
    """What goes wrong, by a script."""

    def __init__(self, script: Mapping[str, Any]) -> None:
        self._to = {name.encode(): _parsed(fault) for name, fault in script.get("to", {}).items()}
        self._at = {int(number): _parsed(fault) for number, fault in script.get("at", {}).items()}
        self._every = [(int(number), _parsed(fault)) for fault, number in script.get("every", {}).items()]
        by_chance = script.get("random", {})
        self._dice = random.Random(by_chance.get("seed", 0))
        self._rate = by_chance.get("rate", 0.0)
        self._chances = [_parsed(fault) for fault in by_chance.get("faults", [])]
        self.offers = [each for each in OFFERS if each not in script.get("hide", [])]
        self.offers += [f"SIZE {script['size']}"] if "size" in script else []
        self.count = 0

    def of_next(self) -> tuple[str, str] | None:
        """Of one more message, before its recipient is known."""
        self.count += 1
        by_number = [self._at.get(self.count), *(fault for number, fault in self._every if self.count % number == 0)]
        by_chance = self._chances and self._dice.random() < self._rate
        return next(filter(None, by_number), None) or (self._dice.choice(self._chances) if by_chance else None)

    def of(self, recipient: bytes) -> tuple[str, str] | None:
        return self._to.get(recipient.partition(b"@")[0]) if self._to else None


def _parsed(fault: str) -> tuple[str, str]:
    stage, _sign, act = fault.partition(":")
    return stage, act


class Office:
    """What all connections share."""

    def __init__(self, log: int, delay: float = 0.0, script: Mapping[str, Any] | None = None) -> None:
        self.log, self.delay = log, delay  # a file descriptor; seconds
        self.faults = Faults(script or {})
        self.buffer = memoryview(bytearray(1 << 18))

    def accept(self, recipient: bytes, message_id: bytes) -> None:
        os.write(self.log, b"%s %s %.6f\n" % (recipient, message_id, time.monotonic()))


class Session(asyncio.BufferedProtocol):
    """One connection. Bodies are looked through by bytes.find, never line by line."""

    transport: asyncio.Transport

    def __init__(self, office: Office) -> None:
        self.office = office
        self.rest = b""
        self.in_data = self.has_sender = self.is_over = self.is_closing = False
        self.recipient = b""
        self.fault: tuple[str, str] | None = None
        self.replies: list[bytes] = []
        self.waiting: deque[tuple[bytes, bool]] = deque()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]
        self.replies.append(b"220 sink.example ESMTP\r\n")
        self._flush()

    def get_buffer(self, sizehint: int) -> memoryview:
        return self.office.buffer

    def buffer_updated(self, nbytes: int) -> None:
        if self.is_over:
            return
        data = self.rest + self.office.buffer[:nbytes] if self.rest else bytes(self.office.buffer[:nbytes])
        at = 0
        while not self.is_over:
            following = self._message(data, at) if self.in_data else self._command(data, at)
            if following is None:
                break
            at = following
        self.rest = data[at:]
        self._flush()

    def _message(self, data: bytes, at: int) -> int | None:
        """Where the message that begins at `at` is over; None while it is not."""
        if data.startswith(b".\r\n", at):
            end, over = at, at + 3
        else:
            end = data.find(END, at)
            if end < 0:
                return None
            over = end + len(END)
        self.in_data = False
        self._end_of_message(data, at, end)
        return over

    def _end_of_message(self, data: bytes, start: int, end: int) -> None:
        if not self.recipient:
            self.replies.append(b"554 5.5.1 No valid recipients\r\n")
            return
        act = self._act("dot")
        if not act or act.endswith("-logged"):
            self.office.accept(self.recipient, _message_id(data, start, end))
        self._answer(act, b"250 2.0.0 Ok: taken\r\n")
        self.recipient, self.fault = b"", None

    def _command(self, data: bytes, at: int) -> int | None:
        end = data.find(b"\r\n", at)
        if end < 0:
            return None
        verb = data[at : at + 4].upper()
        if verb == b"MAIL":
            self.recipient, self.fault = b"", self.office.faults.of_next()
            act = self._act("mail")
            self.has_sender = not act
            self._answer(act, WORDS["250"])
        elif verb == b"RCPT":
            self._rcpt(data[at:end])
        elif verb == b"DATA":
            self._data()
        else:
            self._other(verb)
        return end + 2

    def _rcpt(self, line: bytes) -> None:
        if not self.has_sender:
            self.replies.append(b"503 5.5.1 MAIL first\r\n")
            return
        recipient = line[line.find(b"<") + 1 : line.rfind(b">")]
        self.fault = self.office.faults.of(recipient) or self.fault
        act = self._act("rcpt")
        if not act:
            self.recipient = recipient
        self._answer(act, WORDS["250"])

    def _data(self) -> None:
        if not self.recipient:
            self.replies.append(b"554 5.5.1 No valid recipients\r\n")
            return
        act = self._act("data")
        self.in_data = not act
        self._answer(act, WORDS["354"])

    def _other(self, verb: bytes) -> None:
        if verb == b"EHLO":
            offers = ["sink.example", *self.office.faults.offers]
            signs = ["-"] * (len(offers) - 1) + [" "]
            self.replies += [f"250{sign}{offer}\r\n".encode() for sign, offer in zip(signs, offers, strict=True)]
        elif verb == b"QUIT":
            self.replies.append(b"221 2.0.0 Bye\r\n")
            self.is_over = self.is_closing = True
        elif verb in {b"RSET", b"NOOP", b"HELO"}:
            self.recipient, self.fault = b"", None
            self.replies.append(WORDS["250"])
        else:
            self.replies.append(b"502 5.5.2 Not known here\r\n")

    def _act(self, stage: str) -> str:
        return self.fault[1] if self.fault and self.fault[0] == stage else ""

    def _answer(self, act: str, agreed: bytes) -> None:
        if not act:
            self.replies.append(agreed)
            return
        if act[0].isdigit():
            self.replies.append(WORDS.get(act) or f"{act}\r\n".encode())
        self.is_closing = act.startswith(("421", "drop"))
        self.is_over = self.is_closing or act.startswith("stall")

    def _flush(self) -> None:
        """One write for whatever one read gave rise to."""
        if not self.replies and not self.is_closing:
            return
        octets, self.replies = b"".join(self.replies), []
        if not self.office.delay:
            self._write(octets, self.is_closing)
            return
        self.waiting.append((octets, self.is_closing))
        asyncio.get_running_loop().call_later(self.office.delay, self._write_waiting)

    def _write_waiting(self) -> None:
        self._write(*self.waiting.popleft())

    def _write(self, octets: bytes, is_last: bool) -> None:
        self.transport.write(octets)
        if is_last:
            self.transport.close()


def _message_id(data: bytes, start: int, end: int) -> bytes:
    head = data[start : max(start, data.find(b"\r\n\r\n", start, end))]
    found = _MESSAGE_ID.search(head)
    return found[1] if found else b"<>"


async def _serve(office: Office, port: int, is_tied: bool) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Session(office), "127.0.0.1", port, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - whoever started it waits for this line
    if is_tied:
        loop.add_reader(sys.stdin.fileno(), os._exit, 0)
    await server.serve_forever()


class Sink:
    """The same as a process of its own, on a free port of the loopback; it ends with the process that started it.

    with Sink(tmp_path / "accepted.txt", delay=20) as sink:
        … sink.port … sink.accepted()
    """

    def __init__(self, log: Path, *, delay: int = 0, script: Mapping[str, Any] | None = None) -> None:
        self.log, self.delay, self.script = log, delay, script or {}  # milliseconds
        self.port = self.pid = 0

    def __enter__(self) -> "Sink":
        options = ["--port", "0", "--tied", "--log", str(self.log), "--delay", str(self.delay)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.sink", *options, "--script", json.dumps(self.script)],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout
        self.port, self.pid = int(self._process.stdout.readline()), self._process.pid
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.communicate()

    def accepted(self) -> list[Accepted]:
        """In the order in which they were taken; nothing that was answered with 250 is missing."""
        return read(self.log)


def read(log: Path) -> list[Accepted]:
    lines = (line.split(" ") for line in log.read_text(encoding="utf-8").splitlines())
    return [Accepted(recipient, message_id, float(at)) for recipient, message_id, at in lines]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.sink", description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, required=True, help="0: any; the one it got is the first line it prints")
    parser.add_argument("--log", default=os.devnull, help="one line for each message it takes")
    parser.add_argument("--delay", type=float, default=0.0, help="milliseconds before each group of answers")
    parser.add_argument("--script", type=json.loads, default={}, help="what goes wrong, as JSON")
    parser.add_argument("--tied", action="store_true", help="end when standard input does")
    given = parser.parse_args()
    log = os.open(given.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    gc.disable()
    asyncio.run(_serve(Office(log, given.delay / 1000, given.script), given.port, given.tied))


if __name__ == "__main__":
    main()
