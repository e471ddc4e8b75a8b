"""A small IMAP server over TLS on a loopback port: what imaplib asks of one, for one mailbox of one person."""

import datetime
import ipaddress
import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

NAME, PASSWORD = "returns@quay.example", "p@ss/word"
FETCH = re.compile(r"FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)")


@dataclass
class Server:
    """Folders of messages by UID, and what may go wrong: `break_before` is the command at which the line goes dead."""

    port: int = 0
    certificate: Path = Path()
    folders: dict[str, dict[int, bytes]] = field(default_factory=lambda: {"INBOX": {}})
    flags: dict[int, set[str]] = field(default_factory=dict)
    capabilities: str = "IMAP4rev1 UIDPLUS"  # told to whoever has logged in
    below: str = ""  # folders must have this before their name
    break_before: str = ""
    asked: list[str] = field(default_factory=list)
    last: int = 100

    def put(self, *messages: bytes) -> None:
        for raw in messages:
            self.last += 1
            self.folders["INBOX"][self.last] = raw

    @property
    def url(self) -> str:
        return f"imaps://returns%40quay.example:p%40ss%2Fword@localhost:{self.port}/INBOX"


class Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.folder, self.known = "", False
        self._say("* OK ready")
        while line := self.rfile.readline():
            tag, _space, command = line.decode().rstrip("\r\n").partition(" ")
            state = self._state
            state.asked.append(command if not command.startswith("LOGIN") else "LOGIN")
            verb = command.removeprefix("UID ").partition(" ")[0].upper()
            if state.break_before and verb == state.break_before:
                return
            answer = getattr(self, f"_{verb.lower()}")(command.removeprefix("UID "))
            self._say(f"{tag} {answer or 'OK done'}")
            if verb == "LOGOUT":
                return

    @property
    def _state(self) -> Server:
        return self.server.state  # type: ignore[attr-defined, no-any-return]

    @property
    def _messages(self) -> dict[int, bytes]:
        return self._state.folders[self.folder]

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def _capability(self, command: str) -> None:
        self._say("* CAPABILITY " + (self._state.capabilities if self.known else "IMAP4rev1"))

    def _login(self, command: str) -> str:
        self.known = command == f'LOGIN {NAME} "{PASSWORD}"'
        return "" if self.known else "NO wrong name or password"

    def _select(self, command: str) -> str:
        folder = command.partition(" ")[2].strip('"')
        if folder not in self._state.folders:
            return "NO there is no such folder"
        self.folder = folder
        self._say(f"* {len(self._messages)} EXISTS")
        return "OK [READ-WRITE] done"

    def _search(self, command: str) -> None:
        most = int(command.split()[1].partition(":")[2])
        first = list(self._messages)[:most]
        left = [uid for uid in first if r"\Deleted" not in self._state.flags.get(uid, set())]
        self._say("* SEARCH " + " ".join(map(str, left)))

    def _fetch(self, command: str) -> None:
        found = FETCH.fullmatch(command)
        assert found, command
        uid, most = int(found[1]), int(found[2])
        if uid in self._messages:
            raw = self._messages[uid][:most]
            self._say(f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(raw)}}}")
            self.wfile.write(raw + b")\r\n")

    def _create(self, command: str) -> str:
        name = command.partition(" ")[2].strip('"')
        if name in self._state.folders or not name.startswith(self._state.below):
            return "NO it is there, or must not be"
        self._state.folders[name] = {}
        return ""

    def _copy(self, command: str) -> str:
        _copy, uid, name = command.split(" ")
        if name not in self._state.folders:
            return "NO [TRYCREATE] there is no such folder"
        self._state.last += 1
        self._state.folders[name][self._state.last] = self._messages[int(uid)]
        return ""

    def _store(self, command: str) -> None:
        _store, uid, _how, flags = command.split(" ", 3)
        self._state.flags.setdefault(int(uid), set()).update(flags.strip("()").split())

    def _expunge(self, command: str) -> None:
        _expunge, _space, only = command.partition(" ")
        for uid in list(self._messages):
            if r"\Deleted" in self._state.flags.get(uid, set()) and only in ("", str(uid)):
                del self._messages[uid]

    def _logout(self, command: str) -> None:
        self._say("* BYE")


class _Listening(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def running(home: Path, *, name: str = "localhost") -> Iterator[Server]:
    """A server whose certificate, for `name`, lies in `home`."""
    state = Server(certificate=home / "certificate.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(state.certificate, name))
    with _Listening(("127.0.0.1", 0), Session, bind_and_activate=False) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.server_bind()
        server.server_activate()
        server.handle_error = lambda *_args: None  # type: ignore[method-assign] - who does not trust it hangs up
        server.state = state  # type: ignore[attr-defined]
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()


def _certificate(path: Path, name: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.9"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return path
