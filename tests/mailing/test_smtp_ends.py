"""What if a mail server hangs up, falls silent or talks nonsense? Each parcel is answered, in doubt or untouched."""

import threading
import time

import pytest
from pytest_django import Settings

from mailing.transport import Closed, Stage
from mailing.transport.smtp import SmtpTransport
from tests.mailing.parcels import Kept, parcels
from tests.mailing.scripted import AGREED, TAKEN, Script, Talk, serving


def send(count: int, journal: Kept) -> None:
    transport = SmtpTransport()
    try:
        transport.send(parcels(count), journal)
    finally:
        transport.close()


def ends_after(*replies: bytes) -> Script:
    """Answers the envelope of the first message with these, then hangs up."""

    def script(talk: Talk) -> None:
        talk.greet()
        talk.envelope()
        talk.say(b"".join(replies))

    return script


@pytest.mark.parametrize("replies", [(), (b"250 ok\r\n",), (b"250 ok\r\n250 ok\r\n",), (b"25",), (b"250-ok\r\n",)])
def test_hung_up_before_the_message_leaves_it_untouched(settings: Settings, replies: tuple[bytes, ...]) -> None:
    journal = Kept()
    with serving(settings, ends_after(*replies)), pytest.raises(Closed):
        send(2, journal)
    assert journal.lines == []


@pytest.mark.parametrize("last", [b"", b"2", b"250 2.0.0 Tak", b"250-2.0.0 Taken\r\n", b"hello\r\n", b"354 more\r\n"])
def test_hung_up_or_nonsense_after_the_message_leaves_it_in_doubt(settings: Settings, last: bytes) -> None:
    def script(talk: Talk) -> None:
        talk.greet()
        talk.envelope()
        talk.say(AGREED)
        talk.message()
        talk.say(last)

    journal = Kept()
    with serving(settings, script), pytest.raises(Closed):
        send(2, journal)
    assert journal.in_doubt == [1]
    assert journal.untouched([1, 2]) == [2]


@pytest.mark.parametrize(
    "reply", [b"what?\r\n", b"250\r\n250 Ok\r\n199 ok\r\n", b"\xff\xfe\r\n", b"2" * 9000, b"250-x\r\n" * 200]
)
def test_what_is_no_smtp_ends_the_connection(settings: Settings, reply: bytes) -> None:
    journal = Kept()
    with serving(settings, ends_after(reply)), pytest.raises(Closed):
        send(1, journal)
    assert journal.lines == []


@pytest.mark.parametrize(
    ("before", "stage"),
    [(b"", Stage.SENDER), (b"250 ok\r\n", Stage.RECIPIENT), (b"250 ok\r\n250 ok\r\n", Stage.MESSAGE)],
)
def test_421_answers_what_it_came_for_and_ends_the_connection(settings: Settings, before: bytes, stage: Stage) -> None:
    journal = Kept()
    with serving(settings, ends_after(before, b"421 4.3.2 closing\r\n")), pytest.raises(Closed):
        send(2, journal)
    assert journal.said() == {1: (421, stage)}
    assert journal.intents == []


def test_421_after_the_message_answers_it_and_leaves_the_next_untouched(settings: Settings) -> None:
    def script(talk: Talk) -> None:
        talk.greet()
        talk.envelope()
        talk.say(AGREED)
        talk.message()
        talk.say(b"421 4.7.0 not now\r\n")

    journal = Kept()
    with serving(settings, script), pytest.raises(Closed):
        send(2, journal)
    assert journal.said() == {1: (421, Stage.MESSAGE)}
    assert journal.untouched([1, 2]) == [2]


def test_421_instead_of_an_answer_to_reset_answers_nobody(settings: Settings) -> None:
    def script(talk: Talk) -> None:
        talk.greet()
        talk.envelope()
        talk.say(b"250 ok\r\n550 no\r\n554 no\r\n")
        talk.hear()
        talk.say(b"421 enough of this\r\n")

    journal = Kept()
    with serving(settings, script), pytest.raises(Closed):
        send(2, journal)
    assert journal.said() == {1: (550, Stage.RECIPIENT)}


def test_an_answer_read_is_written_down_though_the_connection_ends_right_after(settings: Settings) -> None:
    journal = Kept()
    with serving(settings, ends_after(b"250 ok\r\n550 5.1.1 nobody\r\n")), pytest.raises(Closed):
        send(2, journal)
    assert journal.said() == {1: (550, Stage.RECIPIENT)}


def once(talk: Talk) -> None:
    """Takes one message and hangs up, without a word."""
    talk.greet()
    talk.take()


def test_an_envelope_that_got_nowhere_is_said_again_on_a_new_connection(settings: Settings) -> None:
    journal = Kept()
    with serving(settings, once, rest) as talks:
        send(2, journal)
    assert journal.lines == ["intent 1", "answer 1: 250", "intent 2", "answer 2: 250"]
    assert sum("<2@quay.example>" in line for talk in talks for line in talk.heard) == 1


def rest(talk: Talk) -> None:
    talk.greet()
    talk.take()
    talk.hear()


def test_so_it_is_where_the_message_before_was_refused(settings: Settings) -> None:
    journal = Kept()
    with serving(settings, ends_after(b"250 ok\r\n550 5.1.1 nobody\r\n554 none\r\n"), rest):
        send(2, journal)
    assert journal.said() == {1: (550, Stage.RECIPIENT), 2: (250, Stage.MESSAGE)}


@pytest.mark.parametrize("pause", [0, 0.1], ids=["in the same packet", "later"])
def test_what_a_server_says_unasked_between_two_turns_answers_nobody(settings: Settings, pause: float) -> None:
    said = threading.Event()

    def tired(talk: Talk) -> None:
        talk.greet()
        talk.envelope()
        talk.say(AGREED)
        talk.message()
        last = b"421 4.4.2 you were silent for too long\r\n"
        talk.say(TAKEN if pause else TAKEN + last)
        time.sleep(pause)
        talk.say(last if pause else b"")
        said.set()
        talk.listen()

    way, journal = SmtpTransport(), Kept()
    with serving(settings, tired, rest):
        way.send(parcels(1), journal)
        assert said.wait(5)
        way.send(parcels(2)[1:], journal)
        way.close()
    assert journal.said() == {1: (250, Stage.MESSAGE), 2: (250, Stage.MESSAGE)}


def test_but_not_on_one_connection_after_the_other(settings: Settings) -> None:
    journal = Kept()
    with serving(settings, once, ends_after()), pytest.raises(Closed):
        send(2, journal)
    assert journal.untouched([1, 2]) == [2]


def test_a_silent_server_is_given_up(settings: Settings) -> None:
    settings.EMAIL_TIMEOUT = 0.2

    def script(talk: Talk) -> None:
        talk.greet()
        talk.envelope()
        talk.say(AGREED)
        talk.message()
        talk.listen()

    journal = Kept()
    with serving(settings, script), pytest.raises(Closed, match="TimeoutError"):
        send(2, journal)
    assert journal.in_doubt == [1]


def test_a_server_that_lets_nobody_in_leaves_all_untouched(settings: Settings) -> None:
    journal = Kept()
    with (
        serving(settings, lambda talk: talk.say(b"554 5.7.1 no service for you\r\n")),
        pytest.raises(OSError, match="554"),
    ):
        send(1, journal)
    with pytest.raises(ConnectionRefusedError):
        send(1, journal)
    assert journal.lines == []
