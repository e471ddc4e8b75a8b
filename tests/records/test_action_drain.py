"""Entries become rows once each: also those that are read twice, that wait in files, and that no release wrote."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.test import override_settings

from records.action_log import Event, drain, partitions, record, spool, stream
from records.action_log.events import packed
from records.action_log.spool import Kind
from records.models import StreamPosition
from tests import make
from tests.records.acting import NOWHERE, event, fill, waiting, written

pytestmark = pytest.mark.usefixtures("log")
NOW = make.NOW


@pytest.fixture(autouse=True)
def _months(db: None) -> None:
    partitions.ensure(now=NOW)


def run() -> drain.Drained:
    return drain.drain(now=NOW)


def position(source: str = drain.STREAM) -> StreamPosition:
    return StreamPosition.objects.get(source=source)


def paths() -> list[str]:
    return [row.path for row in written()]


def test_every_column_arrives() -> None:
    values: dict[str, Any] = {
        "method": "GET",
        "path": "/ü/\t\\N\"'",
        "query": "p=2",
        "status": 200,
        "source": "https://a.example/",
        "campaign": "a/b",
        "visitor": b"\x00\xff" * 8,
        "address": "203.0.113.0",
        "browser": "Firefox 140",
        "system": "Linux",
        "device": "phone",
        "screen": "1920x1080",
        "language": "de",
        "bot": True,
        "signal": "gpc",
    }
    sent = event(NOW + timedelta(microseconds=1), **values)
    fill(sent)
    assert run().rows == 1
    [row] = written()
    stored = {name: getattr(row, name) for name in Event._fields}
    assert stored | {"visitor": bytes(row.visitor or b"")} == sent._asdict() | {"path": "/ü/�\\N\"'"}


def test_an_entry_is_written_once_and_leaves_the_stream() -> None:
    fill(event(), event())
    assert [run().rows, run().rows] == [2, 0]
    assert waiting() == []
    assert position().rows == len(written()) == 2


def test_a_worker_that_died_before_it_deleted_them_leaves_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    fill(event(path="/1/"), event(path="/2/"))
    with monkeypatch.context() as patch:
        patch.setattr(stream.Reader, "delete", lambda self, keys: None)
        patch.setattr(drain, "BATCH", 3)
        run()
    assert len(waiting()) == 2
    fill(event(path="/3/"))
    assert run().rows == 1
    assert paths() == ["/1/", "/2/", "/3/"]
    assert waiting() == []


def test_after_valkey_was_emptied_smaller_ids_are_new(log: Path) -> None:
    fill(event(path="/1/"))
    run()
    late = position()
    late.position = "99999999999999-0"
    late.save()
    fill(event(path="/2/"), event(path="/3/"))
    assert run().rows == 2
    assert paths() == ["/1/", "/2/", "/3/"]
    assert position().position == "99999999999999-0"


def test_what_no_release_wrote_is_counted_and_keeps_nobody(caplog: pytest.LogCaptureFixture) -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        for raw in (b"", b"\xff", b"[]", b"[2]", packed(event()).replace(b'"page"', b"7"), b'{"at":1}'):
            client.xadd(stream.KEY, {"e": raw})
        client.xadd(stream.KEY, {"other": b"field"})
    fill(event(path="/good/"), event(datetime(1970, 1, 1, tzinfo=UTC)), event(NOW + timedelta(days=400)))
    done = run()
    assert (done.rows, done.lost) == (1, 9)
    assert (paths(), position().lost, waiting()) == (["/good/"], 9, [])
    assert "9 entries of the action log could not be read" in caplog.text


def test_many_batches_are_drained_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drain, "BATCH", 10)
    fill(*(event(path=f"/{number}/") for number in range(35)))
    assert run().rows == 35
    assert paths() == [f"/{number}/" for number in range(35)]


def test_an_entry_of_a_month_without_a_table_gets_one() -> None:
    old = event(NOW - timedelta(days=200))
    fill(old)
    assert run().rows == 1
    assert partitions.of(partitions.month_of(old.at)) in partitions.attached()


def test_files_are_drained_and_gone(log: Path) -> None:
    with override_settings(REDIS_URL=NOWHERE):
        for number in range(5):
            record(event(path=f"/{number}/"))
    assert run().rows == 5
    assert sorted(paths()) == [f"/{number}/" for number in range(5)]
    assert list(log.iterdir()) == []
    assert [(row.source, row.rows) for row in StreamPosition.objects.exclude(source=drain.STREAM)] == [(drain.SPOOL, 5)]


def test_what_stands_in_both_is_written_once(log: Path) -> None:
    """Valkey acknowledged it, and then failed: it is in the file, and Valkey has it too, or not."""
    both, lost = event(path="/both/"), event(path="/lost/")
    record(both)
    spool.put(map(packed, [both, lost, lost]), kind=Kind.AGAIN)
    run()
    assert sorted(paths()) == ["/both/", "/lost/"]
    assert list(log.iterdir()) == []


def test_what_valkey_may_have_waits_until_valkey_is_back(log: Path) -> None:
    """Written now, and found in the stream later, it would be there twice."""
    both = event()
    spool.put([packed(both)], kind=Kind.AGAIN)
    spool.put([packed(event(path="/plain/"))])
    with override_settings(REDIS_URL=NOWHERE):
        assert run().rows == 1
    fill(both)
    assert run().rows == 1
    assert len(paths()) == 2


def test_a_file_goes_on_where_a_worker_died(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool.put([packed(event(path=f"/{number}/")) for number in range(5)])
    monkeypatch.setattr(drain, "BATCH", 2)
    [path] = spool.take(Kind.EVENTS)
    drain._drain_lines(path, drain.Drained(), NOW, drain.unpacked)
    assert len(paths()) == 2
    assert run().rows == 3
    assert sorted(paths()) == [f"/{number}/" for number in range(5)]


def test_a_worker_that_died_before_it_deleted_the_file_leaves_nothing_twice(log: Path) -> None:
    spool.put([packed(event())])
    [path] = spool.take(Kind.EVENTS)
    while drain._drain_lines(path, drain.Drained(), NOW, drain.unpacked):
        pass
    assert path.exists()
    assert run().rows == 0
    assert len(paths()) == 1
    assert not path.exists()


def test_half_a_line_of_a_machine_that_went_down_is_counted(log: Path) -> None:
    raw = packed(event())
    spool.put([raw])
    with (log / Kind.EVENTS).open("ab") as file:
        file.write(raw[:40])
    done = run()
    assert (done.rows, done.lost) == (1, 1)


def test_what_found_no_room_is_added_up(log: Path) -> None:
    with override_settings(ACTION_STREAM_MOST=0, ACTION_SPOOL_MOST=0):
        record(event())
        record(event())
    assert run().lost == 2
    assert position(drain.SPOOL).lost == 2
    assert list(log.iterdir()) == []


def test_an_entry_that_comes_while_a_batch_is_written_waits_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    fill(event(path="/1/"))
    original = stream.Reader.first

    def first(self: stream.Reader, count: int) -> stream.Entries:
        found = original(self, count)
        if found:
            fill(event(path="/2/"))
        return found[:1]

    with monkeypatch.context() as patch:
        patch.setattr(stream.Reader, "first", first)
        run()
    assert paths() == ["/1/"]
    run()
    assert paths() == ["/1/", "/2/"]
