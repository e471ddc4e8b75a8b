"""How is an archive sealed so that its passphrase opens it, and each changed, missing, moved or added byte shows?

scrypt (RFC 7914) makes the key. AES-256-GCM seals chunk after chunk; each nonce holds the chunk's place and whether it
is the last (the STREAM construction), and every chunk is bound to the head of the file.
"""

import hmac
import io
import os
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.utils.translation import gettext as _

MAGIC = b"candor transfer 1\n"
COST = 17  # scrypt's N is 2 to this power: 128 MB and a good half second for each guess
_MOST = 20  # a file that asks for more is not worked for
_SALT, _PREFIX, _PROOF, _TAG = 16, 7, 16, 16  # bytes
_HEAD = len(MAGIC) + 1 + _SALT + _PREFIX
CHUNK = 64 * 1024  # bytes before they are sealed


class Unreadable(ValueError):
    """The file is no archive of a site, was damaged, or the passphrase is not its own. The message says which."""


class Keys:
    """What a passphrase makes: the key of the chunks, and the one under which people's data keys travel."""

    def __init__(self, passphrase: str, head: bytes) -> None:
        salt = head[len(MAGIC) + 1 : len(MAGIC) + 1 + _SALT]
        made = Scrypt(salt=salt, length=96, n=2 ** head[len(MAGIC)], r=8, p=1).derive(passphrase.encode())
        self.chunks, self.people = AESGCM(made[:32]), made[32:64]
        self.proof = hmac.digest(made[64:], head, "sha256")[:_PROOF]


def _nonce(head: bytes, place: int, *, last: bool) -> bytes:
    return head[-_PREFIX:] + place.to_bytes(4) + bytes([last])


class Sealing(io.RawIOBase):
    """Seals what is written into `file`. Only `close` writes the end, without which nothing opens."""

    def __init__(self, file: IO[bytes], passphrase: str) -> None:
        self._file, self._waiting, self._place = file, bytearray(), 0
        self._head = MAGIC + bytes([COST]) + os.urandom(_SALT + _PREFIX)
        self.keys = Keys(passphrase, self._head)
        file.write(self._head + self.keys.proof)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes | bytearray | memoryview, /) -> int:  # type: ignore[override]
        self._waiting += data
        while len(self._waiting) > CHUNK:  # the last one waits: it is sealed as such
            self._seal(CHUNK, last=False)
        return len(data)

    def _seal(self, size: int, *, last: bool) -> None:
        nonce = _nonce(self._head, self._place, last=last)
        self._file.write(self.keys.chunks.encrypt(nonce, bytes(self._waiting[:size]), self._head))
        del self._waiting[:size]
        self._place += 1

    def close(self) -> None:
        if not self.closed:
            self._seal(len(self._waiting), last=True)
        super().close()


class Opened(io.RawIOBase):
    """What was sealed, to be read at any place. Raises Unreadable."""

    def __init__(self, file: IO[bytes], passphrase: str) -> None:
        file.seek(0)
        self._head, proof = file.read(_HEAD), file.read(_PROOF)
        if not self._head.startswith(MAGIC) or len(proof) < _PROOF or self._head[len(MAGIC)] > _MOST:
            raise Unreadable(_("This file is no archive of a site, or its beginning was damaged."))
        self.keys = Keys(passphrase, self._head)
        if not hmac.compare_digest(proof, self.keys.proof):
            raise Unreadable(_("The passphrase is another one, or the beginning of the file was damaged."))
        self._file, self._at, self._known = file, 0, (-1, b"")
        sealed = file.seek(0, io.SEEK_END) - _HEAD - _PROOF
        self._chunks = -(-sealed // (CHUNK + _TAG))
        self.size = sealed - _TAG * self._chunks
        if self._chunks < 1 or self.size < 0:
            raise Unreadable(_("The file is cut off."))
        self._chunk(self._chunks - 1)  # a file that lost its end says so at once

    def _chunk(self, place: int) -> bytes:
        if self._known[0] != place:
            self._file.seek(_HEAD + _PROOF + place * (CHUNK + _TAG))
            sealed, last = self._file.read(CHUNK + _TAG), place == self._chunks - 1
            try:
                self._known = place, self.keys.chunks.decrypt(_nonce(self._head, place, last=last), sealed, self._head)
            except InvalidTag:
                where = _("chunk %(place)d of %(chunks)d") % {"place": place + 1, "chunks": self._chunks}
                sentence = _("The file was damaged, cut off or put together anew: %(where)s does not open.")
                raise Unreadable(sentence % {"where": where}) from None
        return self._known[1]

    def check(self) -> None:
        """Opens every chunk. Raises Unreadable."""
        for place in range(self._chunks):
            self._chunk(place)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        if self._at >= self.size:
            return 0
        place, within = divmod(self._at, CHUNK)
        found = self._chunk(place)[within : within + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)
