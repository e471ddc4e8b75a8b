"""How do messages leave over SMTP? One after the other over one connection, the next envelope in the packet that ends
the last message (RFC 2920), and never twice."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from django.conf import settings

from mailing.transport.envelope import Sealed, Unsendable, seal
from mailing.transport.line import CLOSING, GO_AHEAD, HungUp, Line, Reply, Step, packet
from mailing.transport.shapes import Answer, Closed, Journal, Parcel, Stage, always

_REFUSES = range(400, 600)
_CLOSING = "the mail server is closing the connection"
_OUT_OF_STEP = "the mail server answered what no answer to our command can be"


class SmtpTransport:
    """The server of Django's EMAIL_* settings: connected when there is something to send, and anew after
    settings.MAIL_PER_CONNECTION messages. For one thread."""

    def __init__(self) -> None:
        self._line: Line | None = None

    def send(self, parcels: Iterable[Parcel], journal: Journal, go_on: Callable[[], bool] = always) -> None:
        """See Transport. What may have been accepted is not sent again. Raises another OSError than Closed where the
        server cannot be reached or lets nobody in."""
        if self._line and self._line.is_stale():
            self._cut()
        try:
            if go_on():
                self._send_all(self._sealed(parcels, journal), journal, go_on)
        except BaseException:
            self._cut()
            raise

    def close(self) -> None:
        """Says goodbye where there is a connection."""
        if self._line:
            self._line.say_goodbye()
        self._line = None

    def _send_all(self, sealed: Iterator[Sealed], journal: Journal, go_on: Callable[[], bool]) -> None:
        one, under_way = next(sealed, None), False
        while one:
            line = self._agreed(one, journal, under_way)
            if line is None:
                one, under_way = next(sealed, None), False
                continue
            following = None if _is_full(line) else next(sealed, None)
            if not go_on():
                self._cut()  # after 354 nothing else ends DATA without a message
                return
            under_way = _hand_over(line, one, following, journal)
            one = following or next(sealed, None)

    def _sealed(self, parcels: Iterable[Parcel], journal: Journal) -> Iterator[Sealed]:
        for parcel in parcels:
            line = self._ready()
            try:
                sealed = seal(parcel, line.offers)
            except Unsendable as refusal:
                journal.answer(refusal.answer(parcel.number))
            else:
                yield sealed

    def _ready(self) -> Line:
        """A connection that takes another envelope."""
        if self._line and _is_full(self._line):
            self.close()
        self._line = self._line or Line()
        return self._line

    def _agreed(self, one: Sealed, journal: Journal, under_way: bool) -> Line | None:
        """The connection that waits for the body, or None after a refusal."""
        line = self._line or self._ready()
        try:
            return line if _is_agreed(line, one, journal, under_way) else None
        except HungUp:
            if one.is_answered or not line.proven:
                raise
        # No body has left: nothing can have been accepted. Once more, over a connection that has yet to prove itself.
        self._cut()
        line = self._ready()
        return line if _is_agreed(line, one, journal, under_way=False) else None

    def _cut(self) -> None:
        if self._line:
            self._line.cut()
        self._line = None


def _is_full(line: Line) -> bool:
    return 0 < settings.MAIL_PER_CONNECTION <= line.envelopes


def _is_agreed(line: Line, one: Sealed, journal: Journal, under_way: bool) -> bool:
    """Says the envelope, unless it is under way, and reads what the server says to it. True: it waits for the body."""
    steps: Sequence[Step] = one.commands if under_way else line.envelope(one.commands)
    if line.pipelines and not under_way:
        line.write(packet(steps))
    has_recipient = False
    for stage, command in steps:
        if not line.pipelines:
            line.write(command)
        reply = line.read()
        is_agreed = reply.code == GO_AHEAD if stage is Stage.MESSAGE else 200 <= reply.code < 300
        has_recipient |= is_agreed and stage is Stage.RECIPIENT
        if stage and not is_agreed and not one.is_answered:
            _refused(line, one, stage, reply, journal)
        if reply.code == CLOSING:
            raise Closed(_CLOSING)
        if one.is_answered and not line.pipelines:
            return False
    if one.is_answered and reply.code == GO_AHEAD:
        _send_nothing(line, has_recipient)
    return not one.is_answered


def _send_nothing(line: Line, has_recipient: bool) -> None:
    """The server waits for a message that it has refused. To no recipient it is an empty one (RFC 2920, 3.1)."""
    if has_recipient:
        raise Closed(_OUT_OF_STEP)
    line.write(b".\r\n")
    if line.read().code == CLOSING:
        raise Closed(_CLOSING)


def _refused(line: Line, one: Sealed, stage: Stage, reply: Reply, journal: Journal) -> None:
    if reply.code not in _REFUSES:
        raise Closed(_OUT_OF_STEP)
    one.is_answered = line.proven = line.wants_reset = True
    journal.answer(Answer(one.number, reply.code, stage, reply.text))


def _hand_over(line: Line, one: Sealed, following: Sealed | None, journal: Journal) -> bool:
    """Sends the body and reads what becomes of it. True: the envelope of `following` went along."""
    goes_along = following is not None and line.pipelines
    commands = packet(line.envelope(following.commands)) if following and goes_along else b""
    journal.intent(one.number)
    line.write(one.body + commands)
    reply = line.read()
    if not 200 <= reply.code < 300 and reply.code not in _REFUSES:
        raise Closed(_OUT_OF_STEP)
    line.proven = True
    journal.answer(Answer(one.number, reply.code, Stage.MESSAGE, reply.text))
    if reply.code == CLOSING:
        raise Closed(_CLOSING)
    return goes_along
