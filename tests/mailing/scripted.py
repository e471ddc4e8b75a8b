"""A mail server that says word for word what a test tells it to, however odd."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pytest_django import Settings

EHLO = b"250-odd.example\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
PLAIN_EHLO = b"250-odd.example\r\n250 8BITMIME\r\n"
AGREED = b"250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 Go ahead\r\n"
TAKEN = b"250 2.0.0 Taken\r\n"
OK = b"250 2.0.0 Ok\r\n"


class Talk:
    """One connection, seen from the server."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.heard: list[str] = []
        self._rest = b""

    def say(self, octets: bytes) -> None:
        self.connection.sendall(octets)

    def change_to_tls(self, context: ssl.SSLContext) -> None:
        self.connection = context.wrap_socket(self.connection, server_side=True)

    def hear(self, until: bytes = b"\r\n") -> bytes:
        """The next line, or all up to `until`. b"" once the client is gone."""
        while until not in self._rest:
            more = self.connection.recv(1 << 16)
            if not more:
                return b""
            self._rest += more
        found, _sign, self._rest = self._rest.partition(until)
        self.heard.append(found.decode())
        return found

    def listen(self) -> None:
        """Until the client is gone."""
        while self.connection.recv(1 << 16):
            pass

    def envelope(self) -> None:
        for _ in range(3):
            self.hear()

    def message(self) -> bytes:
        return self.hear(b"\r\n.\r\n")

    def greet(self, offers: bytes = EHLO) -> None:
        self.say(b"220 odd.example ESMTP\r\n")
        self.hear()
        self.say(offers)

    def take(self) -> None:
        """One message, as it should be."""
        self.envelope()
        self.say(AGREED)
        self.message()
        self.say(TAKEN)


Script = Callable[[Talk], None]


@contextmanager
def serving(settings: Settings, *scripts: Script) -> Iterator[list[Talk]]:
    """One script for each connection, one after the other; each ends with the connection. What they raise, the test
    raises."""
    talks: list[Talk] = []
    errors: list[BaseException] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        thread = threading.Thread(target=_serve, args=(server, scripts, talks, errors))
        thread.start()
        try:
            yield talks
        finally:
            server.settimeout(0)
            thread.join(15)
    assert not errors, errors


def _serve(server: socket.socket, scripts: tuple[Script, ...], talks: list[Talk], errors: list[BaseException]) -> None:
    for script in scripts:
        try:
            connection, _address = server.accept()
            connection.settimeout(10)
            talks.append(Talk(connection))
            try:
                script(talks[-1])
            finally:
                talks[-1].connection.close()
        except (ConnectionError, ssl.SSLError):
            continue  # the client has hung up, as some tests want
        except BaseException as error:  # noqa: BLE001 - the test's own thread raises it
            errors.append(error)
            return
