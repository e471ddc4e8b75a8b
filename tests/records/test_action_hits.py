"""Pages that nginx gave out by itself become rows like others, from the file of a minute that is over."""

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from records.action_log import drain, hits, partitions
from tests import make
from tests.records.acting import BEN, FIREFOX, ben, written

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("log")]
NOW = make.NOW
LINE = {
    "at": NOW.timestamp(),
    "host": "testserver",
    "path": "/contact/",
    "method": "GET",
    "status": 200,
    "type": "text/html; charset=utf-8",
    "signal": "none",
    "address": BEN["REMOTE_ADDR"],
    "agent": FIREFOX,
    "mobile": "",
    "languages": "de-AT",
    "referrer": "https://a.example/b?c",
    "purpose": "",
    "on": "",
    "p": "2",
    "page": "",
    "utm_source": "spring%20letter",
    "utm_medium": "",
    "utm_campaign": "",
    "utm_term": "",
    "utm_content": "",
}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    partitions.ensure(now=NOW)
    place = tmp_path / "hits"
    place.mkdir()
    with override_settings(ACTION_HITS=str(place)):
        yield place


def write(folder: Path, *lines: Any, seconds: float = 80) -> Path:
    """A file that was last written to so many seconds ago."""
    file = folder / f"{len(list(folder.iterdir()))}.hits"
    file.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    at = NOW.timestamp() - seconds
    os.utime(file, (at, at))
    return file


def run() -> drain.Drained:
    return drain.drain(now=NOW)


def test_a_line_is_a_row_and_the_file_is_gone(folder: Path) -> None:
    write(folder, LINE)
    assert run().rows == 1
    [row] = written()
    assert (row.at, row.kind, row.path, row.status) == (NOW, "page", "/contact/", 200)
    assert (row.query, row.source) == ("p=2&utm_source=spring+letter", "https://a.example/b")
    assert (row.address, row.browser, row.language) == ("203.0.113.0", "Firefox 140", "de")
    assert list(folder.iterdir()) == []


def test_a_visitor_of_a_kept_page_is_the_one_of_the_others(folder: Path, clock: Any) -> None:
    make.contact(make.site())
    ben().get("/contact/")
    write(folder, LINE)
    run()
    first, second = written()
    assert first.visitor == second.visitor is not None


def test_a_signal_leaves_page_time_and_status(folder: Path) -> None:
    write(folder, LINE | {"signal": "gpc+dnt"})
    run()
    [row] = written()
    assert (row.signal, row.path, row.status) == ("gpc dnt", "/contact/", 200)
    assert (row.visitor, row.address, row.browser, row.query, row.source, row.language) == (None, "", "", "", "", "")


def test_a_minute_that_is_not_over_waits(folder: Path) -> None:
    file = write(folder, LINE, seconds=70)
    assert run().rows == 0
    assert file.exists()


def test_a_file_that_a_worker_did_not_finish_is_taken_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drain, "BATCH", 2)
    write(folder, *[LINE] * 5)
    [path] = hits.take(now=NOW)
    drain._drain_lines(path, drain.Drained(), NOW, lambda raw: hits.read(raw, now=NOW))
    assert run().rows == 3
    assert len(written()) == 5


@pytest.mark.parametrize(
    "line",
    [
        *("", "{", "[]", "7", '{"at": 1}', "\ud83d".encode("utf-8", "surrogatepass").decode("latin-1")),
        json.dumps(LINE | {"at": "soon"}),
        json.dumps(LINE | {"at": 1e300}),
        json.dumps(LINE | {"path": None}),
        json.dumps(LINE | {"status": "none"}),
    ],
)
def test_what_nginx_did_not_write_is_counted(folder: Path, line: str) -> None:
    write(folder, line, LINE)
    done = run()
    assert (done.rows, done.lost) == (1, 1)


def test_a_day_whose_salt_is_destroyed_has_no_pseudonyms(folder: Path) -> None:
    write(folder, LINE | {"at": (NOW - timedelta(days=1)).timestamp()})
    run()
    [row] = written()
    assert row.visitor is None
    assert row.browser == "Firefox 140"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/contact/", "/contact/"),
        ("/ru/contact/", "/ru/contact/"),
        ("/mail/view/0123456789abcdefghij/", "/mail/view/<token>/"),
        ("/no-slash", "/…"),
    ],
)
def test_an_address_is_shown_as_the_site_shows_it(path: str, shown: str) -> None:
    assert hits.shown(path) == shown


def test_a_kept_feed_and_a_page_fetched_ahead_are_told_apart(folder: Path) -> None:
    write(folder, LINE | {"type": "application/atom+xml"}, LINE | {"purpose": "prefetch;prerender"})
    run()
    assert sorted(row.kind for row in written()) == ["file", "prefetch"]


def test_without_a_folder_there_is_nothing_to_take() -> None:
    with override_settings(ACTION_HITS=""):
        assert hits.take(now=datetime.fromtimestamp(time.time(), UTC)) == []
