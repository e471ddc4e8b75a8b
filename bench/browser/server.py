"""Who serves the pages under measurement? One server on the loopback for files, pages and Django's views."""

import gzip
import hashlib
import itertools
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any
from urllib.request import Request, urlopen

from bench.browser import host

KEPT, FETCHED = "public, max-age=31536000, immutable", "no-cache"
COMPRESSED = ("text/", "application/json")
HOPS = {"connection", "transfer-encoding", "content-length", "date", "server"}


class Answer:
    """Bytes that are always the same, compressed once."""

    def __init__(self, kind: str, body: bytes, cache: str = KEPT, headers: Iterable[tuple[str, str]] = ()) -> None:
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        self.headers = [("Content-Type", kind), ("Cache-Control", cache), ("ETag", tag), *headers]
        if kind.startswith(COMPRESSED):
            body = gzip.compress(body, 6, mtime=0)
            self.headers += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
        self.body = body


class Handler(BaseHTTPRequestHandler):
    """Answers from memory what is there, and asks the application for everything else."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "Server"
    clients = itertools.count(1)

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        known = self.server.answers.get(path)
        if known:
            self._send("200 OK", known.headers, known.body)
        else:
            self._ask()

    def do_POST(self) -> None:
        self._ask()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the tables are what is to be read."""

    def _ask(self) -> None:
        said: list[Any] = []
        answer = self.server.application(
            self._environ(), lambda status, headers, info=None: said.extend([status, headers])
        )
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        headers = [(name, value) for name, value in said[1] if name.lower() not in HOPS]
        kind = dict(headers).get("Content-Type", "")
        if body and kind.startswith(COMPRESSED):
            body, headers = gzip.compress(body, 6), [*headers, ("Content-Encoding", "gzip")]
        self._send(said[0], headers, body)

    def _environ(self) -> dict[str, Any]:
        path, _mark, query = self.path.partition("?")
        length = int(self.headers.get("Content-Length") or 0)
        client = next(self.clients)
        sent = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in self.headers.items()}
        return sent | {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(length),
            "REMOTE_ADDR": f"10.1.{client >> 8 & 255}.{client & 255}",  # the limits on rates are for one client
            "SERVER_NAME": host.NAME,
            "SERVER_PORT": str(self.server.server_port),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(self.rfile.read(length)),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }

    def _send(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        if self.headers.get("If-None-Match") == dict(headers).get("ETag", ""):
            status, body = "304 Not Modified", b""
        lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
        if not status.startswith(("204", "304")):
            lines.append(f"Content-Length: {len(body)}")
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)


class Server(ThreadingHTTPServer):
    """Whose answers are given to it once its port is known."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, Answer] = {}
        self.application: Any = None

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that closes leaves its connections; anything else is worth reading."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    @property
    def home(self) -> str:
        return f"http://{host.NAME}:{self.server_port}"

    def placed(self, body: bytes) -> bytes:
        """With this server's port in its addresses."""
        return body.replace(host.PORT.encode(), str(self.server_port).encode())

    def fetched(self, path: str, cookie: str = "") -> bytes:
        """A page as it is served, and put where it is kept for visitors with this cookie."""
        asked = Request(f"http://127.0.0.1:{self.server_port}{path}", headers={"Cookie": cookie})
        asked.add_header("Host", f"{host.NAME}:{self.server_port}")
        with urlopen(asked) as answer:
            return gzip.decompress(answer.read())


@contextmanager
def serving() -> Iterator[Server]:
    """A server that answers until the block ends."""
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
