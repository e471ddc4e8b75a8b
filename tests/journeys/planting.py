"""The demo's pages as they come through a server that adds to them what nobody declared."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import requests

NOT_PASSED_ON = {"connection", "content-encoding", "content-length", "date", "server", "transfer-encoding"}


class Quiet(BaseHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """A test says enough."""

    def answer(self, body: bytes, kind: str, *headers: tuple[str, str], status: int = 200) -> None:
        self.send_response(status)
        for name, value in (*headers, ("Content-Type", kind), ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class Stranger(Quiet):
    """A third party that answers everything with a script."""

    def do_GET(self) -> None:
        self.answer(b"", "text/html" if self.path == "/frame" else "text/javascript")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.answer(b"", "text/plain")


class Planting(Quiet):
    site: str
    planted: bytes

    def do_GET(self) -> None:
        self.pass_on()

    def do_POST(self) -> None:
        self.pass_on()

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {**dict(self.headers), "Host": urlsplit(self.site).netloc, "Accept-Encoding": "identity"}
        here = requests.request(
            self.command, self.site + self.path, data=body, headers=headers, allow_redirects=False, timeout=20
        )
        kept = [(name, value) for name, value in here.raw.headers.items() if name.lower() not in NOT_PASSED_ON]
        kind = here.headers.get("Content-Type", "")
        kept = [(name, value) for name, value in kept if name.lower() != "content-type"]
        text = here.content
        if kind.startswith("text/html"):
            kept.append(("Set-Cookie", "planted_by_nobody=1; Path=/; Max-Age=3000000"))
            text = text.replace(b"</main>", self.planted + b"</main>")
        self.answer(text, kind, *kept, status=here.status_code)


@contextmanager
def planted(site: str) -> Iterator[tuple[str, str]]:
    """The origin of the site's copy, and that of the third party whose script it asks for."""
    with ExitStack() as running:
        stranger = running.enter_context(serving(Stranger))
        script = f'<script src="{stranger}/s.js?who=ana"></script>'.encode()
        copy = running.enter_context(serving(type("Copy", (Planting,), {"site": site, "planted": script})))
        yield copy.replace("127.0.0.1", "localhost"), stranger


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
