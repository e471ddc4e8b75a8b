"""How does a link in a mail name a subscription without naming the person?"""

from datetime import timedelta

from django.core import signing

from mailing.models import Subscription

CONFIRM = "mailing.confirm"
UNSUBSCRIBE = "mailing.unsubscribe"
CONFIRM_WITHIN = timedelta(days=7)


class BadToken(ValueError):
    """Not one of ours, or changed on the way."""


class ExpiredToken(BadToken):
    """Ours, and too old."""


def make(subscription: Subscription, act: str) -> str:
    """A signed, dated token for one act on one subscription; carries its number, never the address."""
    return _signer(act).sign(str(subscription.pk))


def read(token: str, act: str, *, within: timedelta | None = None) -> int:
    """The subscription's primary key. Raises ExpiredToken or BadToken."""
    try:
        return int(_signer(act).unsign(token, max_age=within))
    except signing.SignatureExpired as error:
        raise ExpiredToken from error
    except (signing.BadSignature, ValueError) as error:
        raise BadToken from error


def _signer(act: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=act, sep="~")
