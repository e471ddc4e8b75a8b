"""What is said to a mail server, in which order, and what if it answers oddly or in pieces?"""

import pytest
from pytest_django import Settings

from mailing.transport import Closed, Stage
from mailing.transport.smtp import SmtpTransport
from tests.mailing.parcels import Kept, parcels
from tests.mailing.scripted import AGREED, OK, PLAIN_EHLO, TAKEN, Talk, serving


def send(count: int, journal: Kept) -> None:
    transport = SmtpTransport()
    try:
        transport.send(parcels(count), journal)
    finally:
        transport.close()


def test_a_reply_of_several_lines_is_one_answer(settings: Settings) -> None:
    def script(talk: Talk) -> None:
        talk.greet()
        talk.envelope()
        talk.say(b"250-first\r\n250 Ok\r\n" + AGREED.partition(b"\r\n")[2])
        talk.message()
        talk.say(b"550-5.7.1 No,\r\n550-5.7.1 for a reason\r\n550 5.7.1 q1\r\n")
        talk.hear()

    journal = Kept()
    with serving(settings, script):
        send(1, journal)
    assert journal.answers[1].text == "5.7.1 No,\n5.7.1 for a reason\n5.7.1 q1"
    assert journal.said() == {1: (550, Stage.MESSAGE)}


def test_a_reply_may_come_letter_by_letter(settings: Settings) -> None:
    def script(talk: Talk) -> None:
        talk.greet()
        talk.envelope()
        for octet in AGREED:
            talk.say(bytes([octet]))
        talk.message()
        for octet in TAKEN:
            talk.say(bytes([octet]))
        talk.hear()

    journal = Kept()
    with serving(settings, script):
        send(1, journal)
    assert journal.said() == {1: (250, Stage.MESSAGE)}


def test_the_next_envelope_comes_in_the_packet_that_ends_the_message(settings: Settings) -> None:
    packets = []

    def script(talk: Talk) -> None:
        talk.greet()
        talk.envelope()
        talk.say(AGREED)
        packets.append(talk.connection.recv(1 << 16))
        talk.say(TAKEN + AGREED)
        packets.append(talk.connection.recv(1 << 16))
        talk.say(TAKEN)
        talk.hear()

    journal = Kept()
    with serving(settings, script):
        send(2, journal)
    assert packets[0].endswith(
        b"Hello.\r\n.\r\nMAIL FROM:<bounces@quay.example>\r\nRCPT TO:<reader2@harbour.example>\r\nDATA\r\n"
    )
    assert packets[1].endswith(b"Hello.\r\n.\r\n")
    assert journal.lines == ["intent 1", "answer 1: 250", "intent 2", "answer 2: 250"]


def test_without_pipelining_each_command_waits_for_its_answer(settings: Settings) -> None:
    def script(talk: Talk) -> None:
        talk.greet(PLAIN_EHLO)
        for _ in range(2):
            for reply in (OK, OK, b"354 Go ahead\r\n"):
                talk.hear()
                assert not talk._rest, "said before it was asked"
                talk.say(reply)
            talk.message()
            assert not talk._rest
            talk.say(TAKEN)
        talk.hear()

    journal = Kept()
    with serving(settings, script):
        send(2, journal)
    assert journal.said() == {1: (250, Stage.MESSAGE), 2: (250, Stage.MESSAGE)}


@pytest.mark.parametrize(
    ("replies", "stage"),
    [
        (b"550 no\r\n503 no\r\n503 no\r\n", Stage.SENDER),
        (b"250 ok\r\n550 no\r\n554 no\r\n", Stage.RECIPIENT),
        (b"250 ok\r\n250 ok\r\n550 no\r\n", Stage.MESSAGE),
    ],
)
def test_after_a_refusal_reset_goes_ahead_of_the_next_envelope(
    settings: Settings, replies: bytes, stage: Stage
) -> None:
    def script(talk: Talk) -> None:
        talk.greet()
        talk.envelope()
        talk.say(replies)
        assert talk.hear() == b"RSET"
        talk.envelope()
        talk.say(OK + AGREED)
        talk.message()
        talk.say(TAKEN + AGREED)
        talk.message()
        talk.say(TAKEN)
        assert talk.hear() == b"QUIT"
        talk.say(b"221 Bye\r\n")

    journal = Kept()
    with serving(settings, script):
        send(3, journal)
    assert journal.said() == {1: (550, stage), 2: (250, Stage.MESSAGE), 3: (250, Stage.MESSAGE)}
    assert journal.intents == [2, 3]


def test_without_pipelining_nothing_is_said_after_a_refusal_but_reset(settings: Settings) -> None:
    def script(talk: Talk) -> None:
        talk.greet(PLAIN_EHLO)
        for reply in (OK, b"550 5.1.1 no\r\n", OK, OK, b"450 later\r\n"):
            talk.hear()
            talk.say(reply)
        talk.hear()

    journal = Kept()
    with serving(settings, script) as talks:
        send(2, journal)
    assert [line.partition(":")[0] for line in talks[0].heard[1:]] == [
        "MAIL FROM", "RCPT TO", "RSET", "MAIL FROM", "RCPT TO", "QUIT",
    ]  # fmt: skip
    assert journal.said() == {1: (550, Stage.RECIPIENT), 2: (450, Stage.RECIPIENT)}


def test_a_go_ahead_for_a_refused_recipient_is_ended_with_nothing(settings: Settings) -> None:
    def script(talk: Talk) -> None:
        talk.greet()
        talk.envelope()
        talk.say(b"250 ok\r\n550 5.1.1 nobody\r\n354 Go ahead\r\n")
        assert talk.hear() == b"."
        talk.say(b"554 no valid recipients\r\n")
        talk.hear()
        talk.envelope()
        talk.say(OK + AGREED)
        talk.message()
        talk.say(TAKEN)
        talk.hear()

    journal = Kept()
    with serving(settings, script):
        send(2, journal)
    assert journal.said() == {1: (550, Stage.RECIPIENT), 2: (250, Stage.MESSAGE)}
    assert journal.intents == [2]


def test_an_accepted_recipient_never_gets_an_empty_message(settings: Settings) -> None:
    def script(talk: Talk) -> None:
        talk.greet()
        talk.envelope()
        talk.say(b"550 not from you\r\n250 but to her\r\n354 Go ahead\r\n")
        assert talk.hear() == b""

    journal = Kept()
    with serving(settings, script), pytest.raises(Closed):
        send(2, journal)
    assert journal.said() == {1: (550, Stage.SENDER)}


def test_helo_is_spoken_where_ehlo_is_not_known(settings: Settings) -> None:
    def script(talk: Talk) -> None:
        talk.say(b"220 old.example\r\n")
        for reply in (b"502 what?\r\n", b"250 old.example\r\n", OK, OK, b"354 go\r\n"):
            talk.hear()
            talk.say(reply)
        talk.message()
        talk.say(TAKEN)
        talk.hear()

    journal = Kept()
    with serving(settings, script) as talks:
        send(1, journal)
    assert talks[0].heard[2] == "MAIL FROM:<bounces@quay.example>"
    assert journal.said() == {1: (250, Stage.MESSAGE)}
