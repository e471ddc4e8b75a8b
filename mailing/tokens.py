"""How does a link in a mail name a row without naming the person, and without anybody else being able to?"""

import base64
import struct
from datetime import timedelta
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core import signing

from mailing.models import Subscription

CONFIRM_WITHIN = timedelta(days=7)

# What a token allows. One for one act says nothing to another: whoever passes on the web version of a mail does not
# pass on the right to change the reader's preferences.
UNSUBSCRIBE = "unsubscribe"  # subscription, delivery (0: none)
PREFERENCES = "preferences"  # subscriber, day on which it was made (days since 1970)
VIEW = "view"  # delivery
WHY = "why"  # delivery
LINK = "link"  # delivery, link
RETURN = "return"  # delivery; in the return address
MESSAGE = "message"  # delivery; in the Message-ID


class BadToken(ValueError):
    """Not one of ours, or changed on the way."""


class ExpiredToken(BadToken):
    """Ours, and too old."""


def make(act: str, first: int, second: int = 0) -> str:
    """43 letters, digits, hyphens and underscores: two numbers, encrypted and authenticated (AES-SIV, RFC 5297). The
    same numbers make the same token."""
    sealed = _cipher(settings.SECRET_KEY).encrypt(struct.pack(">QQ", first, second), [act.encode()])
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode("ascii")


def read(token: str, act: str) -> tuple[int, int]:
    """The numbers in a token for `act`. Raises BadToken."""
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise BadToken from error
    first, second = struct.unpack(">QQ", _open(sealed, act, 32))
    if make(act, first, second) != token and len(_ciphers()) == 1:  # other bits at the end of the last letter
        raise BadToken
    return first, second


def make_lower(act: str, number: int) -> str:
    """39 small letters and digits: for addresses and Message-IDs, whose capitals some servers change."""
    sealed = _cipher(settings.SECRET_KEY).encrypt(struct.pack(">Q", number), [act.encode()])
    return base64.b32encode(sealed).rstrip(b"=").decode("ascii").lower()


def read_lower(token: str, act: str) -> int:
    """The number in such a token. Raises BadToken."""
    try:
        sealed = base64.b32decode(token.upper() + "=" * (-len(token) % 8))
    except ValueError as error:
        raise BadToken from error
    number: int = struct.unpack(">Q", _open(sealed, act, 24))[0]
    return number


def _open(sealed: bytes, act: str, length: int) -> bytes:
    if len(sealed) != length:
        raise BadToken
    for cipher in _ciphers():
        try:
            return cipher.decrypt(sealed, [act.encode()])
        except InvalidTag:
            continue
    raise BadToken


def _ciphers() -> list[AESSIV]:
    """The present key first; earlier ones, for links in mails outlive a change of key."""
    return [_cipher(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


@lru_cache(maxsize=8)
def _cipher(secret: str) -> AESSIV:
    kdf = HKDF(algorithm=hashes.SHA256(), length=64, salt=None, info=b"candor mail tokens")
    return AESSIV(kdf.derive(secret.encode()))


def for_confirmation(subscription: Subscription) -> str:
    """Signed and dated; the question is answered within CONFIRM_WITHIN or not at all."""
    return _signer().sign(str(subscription.pk))


def read_confirmation(token: str) -> int:
    """The subscription's primary key. Raises ExpiredToken or BadToken."""
    try:
        return int(_signer().unsign(token, max_age=CONFIRM_WITHIN))
    except signing.SignatureExpired as error:
        raise ExpiredToken from error
    except (signing.BadSignature, ValueError) as error:
        raise BadToken from error


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="mailing.confirm", sep="~")
