"""What was about to leave, and what was answered? A file for each connection, written before either matters.

The file outlives a killed process, for its bytes are the kernel's. Its lock does not: whoever gets the lock knows that
the connection's owner is gone. After a power cut the bytes may be missing, so a file of an earlier start of the machine
proves only what it says was answered.
"""

import fcntl
import os
import struct
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from mailing.transport import answers
from mailing.transport.shapes import Answer, Stage

_HEADER = struct.Struct(">32s36s")
_RECORD = struct.Struct(">qHBBBHx")  # delivery, reply code (0: about to leave), stage, status in three numbers
_INTENT = 0
_STAGES = set(Stage)
UNKNOWN = "unknown"


@dataclass
class Said:
    """What a journal holds: of whom, of which start of the machine, and the words on each delivery."""

    owner: str
    boot: str
    intents: set[int] = field(default_factory=set)
    answers: dict[int, Answer] = field(default_factory=dict)
    answered_at: dict[int, float] = field(default_factory=dict)  # Unix seconds; of a living connection alone

    @property
    def in_doubt(self) -> set[int]:
        return self.intents - self.answers.keys()

    @property
    def is_whole(self) -> bool:
        """Was it written since this machine was started? Else what it does not say may have happened."""
        return self.boot == boot_id() != UNKNOWN


class Slot:
    """One of the machine's connections to the mail server: its lock and its journal."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.said = Said(uuid.uuid4().hex, boot_id())

    @property
    def owner(self) -> str:
        return self.said.owner

    def begin(self) -> None:
        """Forgets what was settled."""
        self.said = Said(self.owner, self.said.boot)
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, _HEADER.pack(self.said.owner.encode(), self.said.boot.encode()))

    def intent(self, number: int) -> None:
        os.write(self._descriptor, _RECORD.pack(number, _INTENT, 0, 0, 0, 0))
        self.said.intents.add(number)

    def answer(self, answer: Answer) -> None:
        os.write(self._descriptor, _RECORD.pack(answer.number, answer.code, answer.stage, *_status(answer.text)))
        self.said.answers[answer.number] = answer
        self.said.answered_at[answer.number] = time.time()

    def left(self) -> Said | None:
        """What an owner that is gone has left in the file; None where it left nothing."""
        return parse(os.pread(self._descriptor, os.fstat(self._descriptor).st_size, 0))

    def clear(self) -> None:
        os.ftruncate(self._descriptor, 0)


def parse(content: bytes) -> Said | None:
    """A record cut short was not finished: what it would have announced has not happened."""
    if len(content) < _HEADER.size:
        return None
    owner, boot = (part.rstrip(b"\0").decode("ascii", "replace") for part in _HEADER.unpack_from(content))
    said = Said(owner, boot)
    whole = _HEADER.size + (len(content) - _HEADER.size) // _RECORD.size * _RECORD.size
    for number, code, stage, *status in _RECORD.iter_unpack(content[_HEADER.size : whole]):
        if code == _INTENT:
            said.intents.add(number)
        elif stage in _STAGES:
            said.answers[number] = Answer(number, code, Stage(stage), ".".join(map(str, status)) if status[0] else "")
    return said


def _status(text: str) -> tuple[int, int, int]:
    """The enhanced status of an answer (RFC 3463), for the rules need it; its words are not worth a write."""
    found = answers.status(text)
    first, second, third = (int(part) for part in found.split(".")) if found else (0, 0, 0)
    return first, min(second, 255), third


@contextmanager
def slot(folder: Path, count: int) -> Iterator[Slot | None]:
    """The first of `count` slots that nobody holds, until the block ends; None when all are taken."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        with _locked(folder / f"{number}.journal") as taken:
            if taken is not None:
                yield taken
                return
    yield None


def abandoned(folder: Path) -> Iterator[Slot]:
    """The journals whose owner is gone and that are not empty, each locked while it is looked at."""
    for path in sorted(folder.glob("*.journal")):
        with _locked(path) as taken:
            if taken is not None and taken.left() is not None:
                yield taken


def alive(folder: Path) -> set[str]:
    """Owners whose journals are locked by somebody else: they are at work, or stand still."""
    owners = set()
    for path in folder.glob("*.journal"):
        with suppress(OSError), _locked(path) as taken:
            said = parse(path.read_bytes()) if taken is None else None
            owners |= {said.owner} if said else set()
    return owners


@contextmanager
def _locked(path: Path) -> Iterator[Slot | None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield Slot(descriptor)
    finally:
        os.close(descriptor)


def boot_id() -> str:
    """Changes with each start of the machine."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()[:36]
    except OSError:  # no Linux: whatever is left there is treated as of an earlier start
        return UNKNOWN
