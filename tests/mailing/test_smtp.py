"""Do messages leave over SMTP once each, written down before and after, and as many per connection as is allowed?"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from mailing import transport
from mailing.transport import Closed, Parcel, Stage
from mailing.transport.smtp import SmtpTransport
from tests.mailing.parcels import Kept, parcel, parcels
from tests.sink import Sink, read


@pytest.fixture
def sink(tmp_path: Path, settings: Settings) -> Iterator[Sink]:
    settings.EMAIL_HOST, settings.MAIL_PER_CONNECTION = "127.0.0.1", 0
    with Sink(tmp_path / "accepted.txt") as running:
        settings.EMAIL_PORT = running.port
        yield running


def faulty(tmp_path: Path, settings: Settings, **script: object) -> Sink:
    settings.EMAIL_HOST = "127.0.0.1"
    return Sink(tmp_path / "accepted.txt", script=script)


def test_each_parcel_is_accepted_once_and_in_order(sink: Sink) -> None:
    journal = Kept()
    with transport.opened() as way:
        way.send(parcels(100), journal)
        way.send([], journal)
        way.send([parcel(101)], journal)
    accepted = sink.accepted()
    assert [each.message_id for each in accepted] == [f"<{number}@quay.example>" for number in range(1, 102)]
    assert accepted[0].recipient == "reader1@harbour.example"
    assert set(journal.said().values()) == {(250, Stage.MESSAGE)}
    assert journal.answers[1].text == "2.0.0 Ok: taken"


def test_an_intent_stands_before_the_server_can_know_and_the_answer_before_the_next_intent(sink: Sink) -> None:
    def look(line: str) -> None:
        if line.startswith("intent"):
            taken.append(len(read(sink.log)))

    taken: list[int] = []
    journal = Kept(watch=look)
    with transport.opened() as way:
        way.send(parcels(5), journal)
    assert taken == [0, 1, 2, 3, 4]
    assert journal.lines == [line for n in range(1, 6) for line in (f"intent {n}", f"answer {n}: 250")]


@pytest.mark.parametrize(("most", "connections"), [(0, 1), (1, 7), (3, 3), (7, 1), (8, 1)])
def test_a_new_connection_is_opened_after_the_number_that_is_allowed(
    sink: Sink, settings: Settings, monkeypatch: pytest.MonkeyPatch, most: int, connections: int
) -> None:
    opened, parted = count_lines(monkeypatch)
    settings.MAIL_PER_CONNECTION = most
    journal = Kept()
    with transport.opened() as way:
        way.send(parcels(4), journal)
        way.send(parcels(7)[4:], journal)
    assert len(sink.accepted()) == len(journal.answers) == 7
    assert (len(opened), len(parted)) == (connections, connections)


def count_lines(monkeypatch: pytest.MonkeyPatch) -> tuple[list[object], list[object]]:
    """Connections opened, and those ended with QUIT, from now on."""
    from mailing.transport import smtp

    opened: list[object] = []
    parted: list[object] = []

    class Counted(smtp.Line):
        def __init__(self) -> None:
            super().__init__()
            opened.append(self)

        def say_goodbye(self) -> None:
            parted.append(self)
            super().say_goodbye()

    monkeypatch.setattr(smtp, "Line", Counted)
    return opened, parted


def test_refused_envelopes_count_towards_the_number_on_a_connection(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, _parted = count_lines(monkeypatch)
    settings.MAIL_PER_CONNECTION = 2
    journal = Kept()
    with faulty(tmp_path, settings, every={"rcpt:550": 1}) as sink:
        settings.EMAIL_PORT = sink.port
        with transport.opened() as way:
            way.send(parcels(6), journal)
    assert len(opened) == 3
    assert set(journal.said().values()) == {(550, Stage.RECIPIENT)}


def test_refusals_are_told_apart_and_the_rest_goes_on(tmp_path: Path, settings: Settings) -> None:
    faults = {"a": "rcpt:550 5.1.1 nobody", "b": "rcpt:450", "c": "data:451 4.3.0 no", "d": "dot:550 5.7.1 spam"}
    to = [f"{name}@harbour.example" for name in "xaybzcwdv"]
    journal = Kept()
    with faulty(tmp_path, settings, to=faults, at={"9": "mail:452 4.3.1 full"}) as sink:
        settings.EMAIL_PORT = sink.port
        with transport.opened() as way:
            way.send((parcel(number, each) for number, each in enumerate(to, 1)), journal)
        assert [each.recipient[0] for each in sink.accepted()] == ["x", "y", "z", "w"]
    assert {number: said for number, said in journal.said().items() if said[0] != 250} == {
        2: (550, Stage.RECIPIENT),
        4: (450, Stage.RECIPIENT),
        6: (451, Stage.MESSAGE),
        8: (550, Stage.MESSAGE),
        9: (452, Stage.SENDER),
    }
    assert journal.in_doubt == []


@pytest.mark.parametrize(("act", "accepted"), [("drop", 1), ("drop-logged", 2)])
def test_a_connection_lost_after_the_message_leaves_exactly_one_in_doubt(
    tmp_path: Path, settings: Settings, act: str, accepted: int
) -> None:
    journal = Kept()
    with faulty(tmp_path, settings, at={"2": f"dot:{act}"}) as sink:
        settings.EMAIL_PORT = sink.port
        with transport.opened() as way, pytest.raises(Closed):
            way.send(parcels(5), journal)
        assert len(sink.accepted()) == accepted
    assert (journal.in_doubt, journal.untouched(range(1, 6))) == ([2], [3, 4, 5])


def test_the_transport_goes_on_after_a_lost_connection(tmp_path: Path, settings: Settings) -> None:
    journal = Kept()
    with faulty(tmp_path, settings, at={"2": "dot:drop"}) as sink:
        settings.EMAIL_PORT = sink.port
        with transport.opened() as way:
            with pytest.raises(Closed):
                way.send(parcels(4), journal)
            way.send(parcels(4)[2:], journal)
        assert [each.message_id for each in sink.accepted()] == [f"<{n}@quay.example>" for n in (1, 3, 4)]


def test_a_connection_that_ended_between_two_turns_is_opened_again(tmp_path: Path, settings: Settings) -> None:
    journal = Kept()
    way = SmtpTransport()
    with faulty(tmp_path, settings) as first:
        settings.EMAIL_PORT = first.port
        way.send([parcel(1)], journal)
    with faulty(tmp_path, settings) as second:
        settings.EMAIL_PORT = second.port
        way.send([parcel(2)], journal)
        way.close()
        assert len(second.accepted()) == 2  # both servers write to one file
    assert journal.in_doubt == []


def test_once_time_is_up_no_message_leaves_any_more(sink: Sink) -> None:
    journal = Kept()
    with transport.opened() as way:
        way.send(parcels(5), journal, lambda: len(journal.intents) < 2)
        assert journal.lines == ["intent 1", "answer 1: 250", "intent 2", "answer 2: 250"]
        way.send(parcels(5), journal, lambda: False)
        way.send(parcels(5)[2:], journal)
    assert [each.message_id for each in sink.accepted()] == [f"<{number}@quay.example>" for number in range(1, 6)]


def test_what_fails_while_the_next_parcel_is_made_leaves_nothing_in_doubt(sink: Sink) -> None:
    def broken() -> Iterator[Parcel]:
        yield from parcels(2)
        raise LookupError("a bug")

    journal = Kept()
    with transport.opened() as way, pytest.raises(LookupError):
        way.send(broken(), journal)
    assert journal.said() == {1: (250, Stage.MESSAGE)}
    assert journal.untouched([1, 2]) == [2]
    assert len(sink.accepted()) == 1


def test_a_far_server_costs_one_round_trip_for_each_message(tmp_path: Path, settings: Settings) -> None:
    settings.EMAIL_HOST = "127.0.0.1"
    with Sink(tmp_path / "accepted.txt", delay=30) as sink:
        settings.EMAIL_PORT = sink.port
        with transport.opened() as way:
            way.send(parcels(21), Kept())
        first, *_rest, last = sink.accepted()
    assert 0.6 <= last.at - first.at < 2  # 20 round trips of 30 ms; one command at a time takes 80


def test_nothing_is_connected_to_while_there_is_nothing_to_send(settings: Settings) -> None:
    settings.EMAIL_PORT = 1  # nobody listens there
    with transport.opened() as way:
        way.send([], Kept())
        way.send(parcels(1), Kept(), lambda: False)
