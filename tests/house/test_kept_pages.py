"""What nginx writes of the pages that it gives out by itself, on the shipped configuration before a stand-in."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from cms.demo.processes import free_port
from records.action_log import hits
from tests import make
from tests.house.stage import Stage, behind_nginx
from tests.records.acting import FIREFOX

pytestmark = pytest.mark.timeout(120)
WHOLE = {
    "User-Agent": FIREFOX,
    "Accept-Language": "de",
    "Referer": 'https://a.example/"q"',
    "X-Forwarded-For": "198.18.0.7",
}


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b"<p>Hello.</p>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Accel-Expires", "600")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    home = tmp_path_factory.mktemp("kept")
    for folder in (home, *home.parents[:2]):
        folder.chmod(0o711)  # as root, nginx writes as another account
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    stage = Stage(home, server.server_address[1], free_port(0), "", "")
    with behind_nginx(stage):
        yield stage
    server.shutdown()
    server.server_close()


def noted(front: Stage) -> list[dict[str, Any]]:
    files = sorted((front.home / "hits").glob("*.hits"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def visit(front: Stage, path: str, **headers: str) -> list[dict[str, Any]]:
    """What is written of it once the page is kept. nginx writes a line after it has answered."""
    before = len(noted(front))
    for _visit in range(2):
        ask(front, path, **headers)
    deadline = time.monotonic() + 10
    while len(noted(front)) == before and time.monotonic() < deadline:
        time.sleep(0.05)
    return noted(front)[before:]


def ask(front: Stage, path: str, **headers: str) -> None:
    sent = WHOLE | headers
    assert requests.get(f"http://127.0.0.1:{front.door}{path}", headers=sent, timeout=10).status_code == 200


def test_only_what_never_reached_the_site_is_written(front: Stage) -> None:
    """Of two visits, one line: the first came to the site."""
    [line] = visit(front, "/first/")
    assert (line["path"], line["status"], line["address"], line["agent"]) == ("/first/", 200, "198.18.0.7", FIREFOX)
    assert line["referrer"] == 'https://a.example/"q"'


def test_of_a_signal_the_line_says_page_time_and_status(front: Stage) -> None:
    [line] = visit(front, "/signal/", **{"Sec-GPC": "1"})
    assert line["signal"] == "gpc"
    assert {line[name] for name in ("address", "agent", "languages", "referrer")} == {""}


def test_of_parameters_only_the_known_ones_are_written(front: Stage) -> None:
    path = "/page/?utm_source=spring%20letter&p=2&email=ana@mail.example"
    [line] = visit(front, path)
    assert "ana" not in json.dumps(line)
    assert (line["utm_source"], line["p"]) == ("spring%20letter", "2")


def test_a_line_is_one_that_a_worker_reads(front: Stage, db: None) -> None:
    [line] = visit(front, "/read/", **{"User-Agent": 'odd "\\ \x7f'})
    event = hits.read(json.dumps(line).encode(), now=make.NOW)
    assert (event.path, event.kind, event.address) == ("/read/", "page", "198.18.0.0")


def test_a_file_is_of_one_minute_and_a_worker_can_take_it(front: Stage) -> None:
    visit(front, "/minute/")
    [*_, newest] = sorted((front.home / "hits").glob("*.hits"))
    assert len(newest.stem) == len("2026-03-01T12:00")
    assert Path(newest).rename(newest.with_suffix(".moved")).exists()
