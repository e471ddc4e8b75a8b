"""Where an entry goes: into Valkey; into a file while that is away or full; and what Valkey may have lost, too."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.test import override_settings

from records.action_log import events, record, spool, stream
from records.action_log.spool import Kind
from tests.records.acting import NOWHERE, event, waiting

pytestmark = pytest.mark.usefixtures("log")


def lines(log: Path, kind: Kind) -> list[bytes]:
    file = log / kind.value
    return file.read_bytes().splitlines() if file.exists() else []


def test_an_entry_stands_in_valkey(log: Path) -> None:
    sent = event(path="/a/", visitor=b"x" * 16)
    record(sent)
    assert [events.unpacked(raw) for raw in waiting()] == [sent]
    assert not log.exists()


def test_while_valkey_is_away_it_stands_in_a_file_and_nobody_waits(log: Path) -> None:
    with override_settings(REDIS_URL=NOWHERE):
        for number in range(20):
            record(event(path=f"/{number}/"))
    paths = [events.unpacked(raw).path for kind in (Kind.AGAIN, Kind.EVENTS) for raw in lines(log, kind)]
    assert paths == [f"/{number}/" for number in range(20)]
    assert len(lines(log, Kind.AGAIN)) == 1, "it was asked once, and then left alone for a while"
    assert waiting() == []


def test_what_valkey_acknowledged_last_is_written_down_when_it_fails(log: Path) -> None:
    before = [event(path=f"/{number}/") for number in range(3)]
    for each in before:
        record(each)
    with override_settings(REDIS_URL=NOWHERE):
        stream._here._idle.clear()
        record(last := event(path="/last/"))
    assert [events.unpacked(raw) for raw in lines(log, Kind.AGAIN)] == [*before, last]


def test_what_valkey_acknowledged_long_ago_is_on_its_disk(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "UNSURE", 0.0)
    for number in range(3):
        record(event(path=f"/{number}/"))
    with override_settings(REDIS_URL=NOWHERE):
        stream._here._idle.clear()
        record(event(path="/last/"))
    assert [events.unpacked(raw).path for raw in lines(log, Kind.AGAIN)] == ["/2/", "/last/"]


def test_a_connection_that_was_cut_is_noticed(log: Path) -> None:
    """It may have been a Valkey that was started anew, without its last second."""
    record(event())
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.client_kill_filter(_type="normal", skipme=True)
    record(event())
    assert len(lines(log, Kind.AGAIN)) == 2
    assert len(waiting()) == 1


def test_a_valkey_that_does_not_answer_is_not_waited_for(log: Path) -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.client_pause(1000)
        began = time.monotonic()
        for _number in range(10):
            record(event())
        passed = time.monotonic() - began
        client.client_unpause()
    assert passed < 0.9, "it would have answered after a second"
    assert len(lines(log, Kind.AGAIN)) + len(lines(log, Kind.EVENTS)) == 10


def test_a_full_stream_refuses_and_loses_nothing(log: Path) -> None:
    with override_settings(ACTION_STREAM_MOST=2):
        for number in range(4):
            record(event(path=f"/{number}/"))
    assert [events.unpacked(raw).path for raw in waiting()] == ["/0/", "/1/"]
    assert [events.unpacked(raw).path for raw in lines(log, Kind.EVENTS)] == ["/2/", "/3/"]


def test_what_finds_no_room_anywhere_is_counted(log: Path, caplog: pytest.LogCaptureFixture) -> None:
    with override_settings(ACTION_STREAM_MOST=0, ACTION_SPOOL_MOST=500):
        for _number in range(10):
            record(event(path="/" + "x" * 100))
    kept = len(lines(log, Kind.EVENTS))
    assert kept > 0
    assert (log / Kind.LOST).stat().st_size == 10 - kept
    assert "no room" in caplog.text


def test_lines_of_many_at_once_are_whole_while_files_are_taken_away(log: Path) -> None:
    """1,600 lines by eight writers, and somebody who takes the file over and over."""
    raw, taken, ended = events.packed(event(path="/" + "x" * 400)), set[Path](), threading.Event()

    def take() -> None:
        while not ended.is_set():
            taken.update(spool.take(Kind.EVENTS))

    with ThreadPoolExecutor(9) as pool:
        taker = pool.submit(take)
        writers = [pool.submit(lambda: [spool.put([raw]) for _number in range(200)]) for _writer in range(8)]
        for writer in writers:
            writer.result()
        ended.set()
        taker.result()
    taken.update(spool.take(Kind.EVENTS))
    whole = b"".join(path.read_bytes() for path in taken)
    assert whole == (raw + b"\n") * 1600


def test_a_file_is_the_owners_alone(log: Path) -> None:
    spool.put([b"x"])
    assert (log / Kind.EVENTS).stat().st_mode & 0o077 == 0
    assert log.stat().st_mode & 0o077 == 0
    assert spool.waiting() == 2


def test_a_line_is_read_from_where_the_one_before_ended(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(b"one\ntwo\nthree\nfo")
    assert spool.lines(file, start=0, most=2) == ([b"one", b"two"], 8)
    assert spool.lines(file, start=8, most=5) == ([b"three", b"fo"], 16)
    assert spool.lines(file, start=16, most=5) == ([], 16)


def test_ids_are_told_apart_by_time_and_number() -> None:
    entries = [(key, b"") for key in ("5-1", "10-0", "10-3")]
    assert [stream.drained(entries, position) for position in ("", "5-0", "5-1", "9-9", "10-2", "10-3")] == [
        *(0, 0, 1, 1, 2, 3)
    ]
