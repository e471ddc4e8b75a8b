"""Who wrote this: a person, or a program that writes to every form it finds? Nobody else is asked, and nobody is set a
task (docs/decisions/0029-a-form-without-a-riddle.md)."""

import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core import signing

HURRIED = timedelta(seconds=2)  # from the first key to the last
LASTS = timedelta(hours=12)  # a page may stand open for long
KEPT = timedelta(days=30)  # what is suspected, so that somebody can look
OFTEN = "5/10m"  # by one address without a token, and with one token
ENOUGH = 2  # points
SOME_LINKS, MANY_LINKS = 3, 8

_LINK = re.compile(r"https?://|\bwww\.|\bt\.me/", re.IGNORECASE)
_MARKUP = re.compile(r"<a\s[^>]*href|\[url[=\]]|\[link[=\]]", re.IGNORECASE)
_signer = signing.Signer(salt="home.spam")


def token(*, now: datetime) -> str:
    """Says when somebody began to write, and nothing of who it is."""
    return _signer.sign(f"{int(now.timestamp() * 1000)}.{secrets.token_urlsafe(9)}")


def age(said: str, *, now: datetime) -> timedelta | None:
    """How long ago a token was given out; None for one that is missing, too old, or not ours."""
    try:
        began = int(_signer.unsign(said).partition(".")[0]) / 1000
    except (signing.BadSignature, ValueError):
        return None
    passed = timedelta(seconds=now.timestamp() - began)
    return passed if timedelta(seconds=-1) < passed < LASTS else None


def is_suspected(texts: Iterable[str], *, name: str = "", age: timedelta | None, often: bool) -> bool:
    """One weak sign alone says nothing: a person may be quick, or send three links."""
    points = 2 * often + (age is not None and age < HURRIED)
    said = "\n".join(texts)
    links = len(_LINK.findall(said))
    points += (links >= SOME_LINKS) + (links >= MANY_LINKS) + 2 * bool(_MARKUP.search(said))
    points += bool(_LINK.search(name))
    return points >= ENOUGH
