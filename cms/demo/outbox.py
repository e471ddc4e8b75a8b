"""A mailbox for every address: a real SMTP server that keeps what it receives, and pages to read it."""

import argparse
import asyncio
import json
import re
import urllib.request
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parseaddr
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock
from typing import Any

from aiosmtpd.controller import Controller

KEPT = 500  # messages; older ones are deleted
STYLE = (
    b":root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;"
    b"padding:0 1rem;overflow-wrap:anywhere}"
    b"table{border-collapse:collapse;width:100%}th,td{text-align:start;padding:.4rem .8rem .4rem 0;"
    b"border-bottom:1px solid #8886;vertical-align:top}pre{white-space:pre-wrap}"
    b"iframe{width:100%;height:20rem;border:1px solid #8886}button{font:inherit;padding:.4rem 1rem}"
)


class Store:
    """Messages as files, numbered in the order they came."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = Lock()
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, raw: bytes) -> None:
        with self.lock:
            numbers = self.numbers()
            (self.folder / f"{(numbers[0] if numbers else 0) + 1}.eml").write_bytes(raw)
            for old in numbers[KEPT - 1 :]:
                (self.folder / f"{old}.eml").unlink()

    def numbers(self) -> list[int]:
        return sorted((int(file.stem) for file in self.folder.glob("*.eml")), reverse=True)

    def message(self, number: int) -> EmailMessage | None:
        try:
            raw = (self.folder / f"{number}.eml").read_bytes()
        except OSError:
            return None
        return message_from_bytes(raw, policy=policy.default)


class Receiver:
    """aiosmtpd's handler: every address is accepted, except those that begin with "refuse"."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("refuse"):
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await asyncio.to_thread(self.store.add, envelope.content)
        return "250 Message accepted"


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    return found.get_content() if found else ""


def summary(number: int, message: EmailMessage) -> dict[str, Any]:
    return {
        "number": number,
        "to": parseaddr(str(message["To"]))[1],
        "subject": message["Subject"],
        "headers": dict(message.items()),
        "text": part(message, "plain"),
        "links": re.findall(r"https?://\S+", part(message, "plain")),
    }


class Pages(BaseHTTPRequestHandler):
    store: Store

    def do_GET(self) -> None:
        if self.path == "/":
            return self._answer(self._list())
        if self.path == "/style.css":
            return self._answer(STYLE, "text/css")
        if self.path == "/messages.json":
            found = [(number, self.store.message(number)) for number in self.store.numbers()]
            return self._answer(json.dumps([summary(n, m) for n, m in found if m]).encode(), "application/json")
        match = re.fullmatch(r"/(\d+)(/html)?", self.path)
        message = self.store.message(int(match[1])) if match else None
        if match is None or message is None:
            return self.send_error(404)
        if match[2]:
            return self._answer(part(message, "html").encode(), "text/html")
        return self._answer(self._message(int(match[1]), message))

    def do_POST(self) -> None:
        """What a mailbox provider does when its reader presses "Unsubscribe" (RFC 8058)."""
        match = re.fullmatch(r"/(\d+)/unsubscribe", self.path)
        message = self.store.message(int(match[1])) if match else None
        link = str(message["List-Unsubscribe"] or "").strip("<> ") if message else ""
        if not re.match(r"http://(localhost|127\.0\.0\.1):", link):
            return self.send_error(404)
        urllib.request.urlopen(link, data=b"List-Unsubscribe=One-Click", timeout=10).close()
        return self._answer(_page("Done", f"<p>{escape(link)} was told.</p><p><a href='/'>All mail</a></p>"))

    def _list(self) -> bytes:
        rows = "".join(
            f"<tr><td>{escape(str(message['Date']))}</td><td>{escape(str(message['To']))}</td>"
            f"<td><a href='/{number}'>{escape(str(message['Subject']))}</a></td></tr>"
            for number in self.store.numbers()
            if (message := self.store.message(number))
        )
        table = f"<table><tr><th>Date</th><th>To</th><th>Subject</th></tr>{rows}</table>"
        return _page("Outbox", table if rows else "<p>No mail has arrived yet.</p>")

    def _message(self, number: int, message: EmailMessage) -> bytes:
        headers = "".join(f"<tr><th>{escape(n)}</th><td>{escape(str(v))}</td></tr>" for n, v in message.items())
        leave = "<p><button>Unsubscribe, as a mailbox does it</button></p>" if message["List-Unsubscribe"] else ""
        text = re.sub(r"(https?://[^\s<]+)", r"<a href='\1'>\1</a>", escape(part(message, "plain"), quote=False))
        return _page(
            str(message["Subject"]),
            f"<form method='post' action='/{number}/unsubscribe'>{leave}</form>"
            f"<h2>As HTML</h2><iframe sandbox src='/{number}/html' title='HTML part'></iframe>"
            f"<h2>As text</h2><pre>{text}</pre><h2>Headers</h2><table>{headers}</table><p><a href='/'>All mail</a></p>",
        )

    def _answer(self, body: bytes, kind: str = "text/html") -> None:
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: addresses would stand in the log."""


def _page(title: str, body: str) -> bytes:
    return (
        f"<!doctype html><html lang='en'><meta charset='utf-8'><title>{escape(title)}</title>"
        f"<meta name='viewport' content='width=device-width'>"
        f"<link rel='stylesheet' href='/style.css'><h1>{escape(title)}</h1>{body}</html>"
    ).encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smtp", type=int, required=True, help="port of the SMTP server")
    parser.add_argument("--web", type=int, required=True, help="port of the pages")
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    Pages.store = Store(options.folder)
    Controller(Receiver(Pages.store), hostname="127.0.0.1", port=options.smtp).start()
    ThreadingHTTPServer(("127.0.0.1", options.web), Pages).serve_forever()


if __name__ == "__main__":
    main()
