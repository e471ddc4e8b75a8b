"""What do a mail server and we say to each other, word for word? One connection, opened as Django's settings say."""

import select
import smtplib
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import BufferedReader
from typing import NamedTuple

from django.core.mail.backends.smtp import EmailBackend

from mailing.transport.shapes import Closed, Stage

CLOSING = 421  # the server says so and hangs up, in answer to whatever came last (RFC 5321, 3.8)
GO_AHEAD = 354
LONGEST_LINE = 4096  # bytes; RFC 5321, 4.5.3.1.5 allows 512
MOST_LINES = 100  # of one reply
SECONDS_TO_PART = 3


class Reply(NamedTuple):
    code: int
    lines: list[bytes]

    @property
    def text(self) -> str:
        """Without the codes."""
        return "\n".join(line[4:].decode("utf-8", "replace").strip() for line in self.lines)


_AFTER_CODE = {b" ", b"\r", b"\n"}

Step = tuple[Stage | None, bytes]  # a command, with what its answer is about


def packet(steps: Sequence[Step]) -> bytes:
    return b"".join(command for _stage, command in steps)


class HungUp(Closed):
    """The other side ended the connection without a word."""


class Line:
    """Commands go out in bytes, replies come in one by one. Opening it raises OSError (smtplib's errors are), the rest
    Closed."""

    def __init__(self) -> None:
        smtp = _connected()
        self.offers: Mapping[str, str] = smtp.esmtp_features if smtp.does_esmtp else {}
        self.pipelines = "pipelining" in self.offers
        self.envelopes = 0  # opened so far
        self.proven = False  # has it answered anything about a message?
        self.wants_reset = False
        assert smtp.sock is not None
        assert smtp.file is not None
        self._socket: socket.socket = smtp.sock
        self._replies: BufferedReader = smtp.file
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def envelope(self, commands: Sequence[Step]) -> Sequence[Step]:
        """What opens one more message: after a refusal, what is left of the last one goes first."""
        self.envelopes += 1
        steps = [(None, b"RSET\r\n"), *commands] if self.wants_reset else commands
        self.wants_reset = False
        return steps

    def write(self, octets: bytes) -> None:
        try:
            self._socket.sendall(octets)
        except OSError as error:
            raise _lost(error) from error

    def read(self) -> Reply:
        """The next reply; of a long one (RFC 5321, 4.2.1) all lines, and the code of the last."""
        lines = self._lines()
        line = lines[-1]
        if not line.endswith(b"\n"):
            raise HungUp("the mail server hung up") if len(line) < LONGEST_LINE else Closed(_NOT_SMTP)
        if not line[:3].isdigit() or line[3:4] not in _AFTER_CODE:
            raise Closed(_NOT_SMTP)
        return Reply(int(line[:3]), lines)

    def _lines(self) -> list[bytes]:
        try:
            lines = [self._replies.readline(LONGEST_LINE)]
            while lines[-1][3:4] == b"-" and len(lines) < MOST_LINES:
                lines.append(self._replies.readline(LONGEST_LINE))
        except OSError as error:
            raise _lost(error) from error
        return lines

    def is_stale(self) -> bool:
        """Has the server said something, or gone, while nobody asked it anything?"""
        waiting = select.poll()
        waiting.register(self._socket, select.POLLIN)
        return bool(waiting.poll(0)) or self._has_read_on()

    def _has_read_on(self) -> bool:
        """Did more come along with the last reply?"""
        timeout = self._socket.gettimeout()
        self._socket.settimeout(0)
        try:
            return bool(self._replies.peek(1))  # what is read already, or what comes without waiting
        except OSError:  # under TLS: nothing is there
            return False
        finally:
            self._socket.settimeout(timeout)

    def say_goodbye(self) -> None:
        """Ends the connection as RFC 5321, 4.1.1.10 asks, and waits a little for the answer."""
        with suppress(OSError):
            self._socket.settimeout(SECONDS_TO_PART)
            self.write(b"QUIT\r\n")
            self.read()
        self.cut()

    def cut(self) -> None:
        """Ends the connection without a word: whatever DATA has begun comes to nothing."""
        with suppress(OSError):
            self._replies.close()
        with suppress(OSError):
            self._socket.close()


_NOT_SMTP = "the mail server answered something that is no SMTP reply"


def _lost(error: OSError) -> Closed:
    kind = HungUp if isinstance(error, ConnectionError) else Closed
    return kind(f"the connection to the mail server broke ({type(error).__name__})")


def _connected() -> smtplib.SMTP:
    """Greeted, under TLS and logged in where the settings say so. Raises OSError (smtplib's errors are)."""
    backend = EmailBackend()
    try:
        backend.open()
        smtp = backend.connection
        assert smtp is not None
        smtp.ehlo_or_helo_if_needed()
    except BaseException:
        with suppress(OSError):
            backend.close()
        raise
    return smtp
