"""An inquiry whose year is over is deleted by beat and a worker, without anybody asking, and the evidence says so."""

import time
from typing import Any

import psycopg

from tests.journeys.demo import PATIENCE, Demo


def rows(demo: Demo, query: str) -> list[tuple[Any, ...]]:
    addresses = (demo.home / "addresses.env").read_text(encoding="utf-8").splitlines()
    [url] = [line.partition("=")[2] for line in addresses if line.startswith("DATABASE_URL=")]
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()  # type: ignore[call-overload]


def test_beat_deletes_what_is_due(demo: Demo) -> None:
    evidence = "SELECT expired FROM records_retentionrun WHERE holding = 'home.Inquiry' AND expired > 0"
    deadline = time.monotonic() + PATIENCE
    while not rows(demo, evidence) and time.monotonic() < deadline:
        time.sleep(0.5)
    assert rows(demo, evidence) == [(1,)]
    assert rows(demo, "SELECT name FROM home_inquiry WHERE received_at < now() - interval '365 days'") == []
    assert rows(demo, "SELECT name FROM home_inquiry WHERE email = 'piet@mail.example'") == [("Piet Maas",)]
