"""What does one line say of a person? Every cell becomes a value, or the line is left out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from mailing import addresses
from mailing.forms import plain_name
from mailing.incoming.reasons import Code, LeftOut
from mailing.models import Field
from mailing.segments import DATE, NUMBER, is_date

_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_LONGEST = {"consent_source": 200, "consent_text": 2000, "name": 100}
_LONGEST_FIELD = 200
_MOST_DIGITS = 15  # what JSON's numbers keep exactly
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # nobody agreed to mail before: a wrong cell
_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


@dataclass(frozen=True)
class Row:
    """One person as they are going to be written. Values are text, whatever a spreadsheet would make of them."""

    line: int
    email: str
    source: str
    agreed_at: datetime
    words: str
    name: str = ""
    locale: str = ""
    time_zone: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def digests(self) -> set[bytes]:
        """The hashes of its address, in either spelling of an international domain."""
        return {addresses.digest(email) for email in spellings(self.email)}

    @property
    def statement(self) -> str:
        """What stands in the ledger: the words, where and how they were agreed to, and when."""
        return f"{self.words}\n\n{self.source}; {self.agreed_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def row(line: int, cells: Mapping[str, str], declared: Mapping[str, str], *, words: str, now: datetime) -> Row:
    """`cells` by column, `declared` the kinds of the fields by key. Raises LeftOut."""
    if _NO_TEXT.search("".join(cells.values())):
        raise LeftOut(Code.ODD)
    said = {name: value.strip() for name, value in cells.items()}
    for name, most in _LONGEST.items():
        if len(said.get(name, "")) > most:
            raise LeftOut(Code.LONG, name)
    if not said["consent_source"]:
        raise LeftOut(Code.NO_SOURCE)
    agreed = said.get("consent_text") or words
    if not agreed:
        raise LeftOut(Code.NO_WORDS)
    return Row(
        line=line,
        email=_address(said["email"]),
        source=_one_line(said["consent_source"]),
        agreed_at=_agreed(said["consent_at"], now),
        words=agreed,
        name=_name(said.get("name", "")),
        locale=_locale(said.get("locale", "")),
        time_zone=_zone(said.get("time_zone", "")),
        fields={key: _field(key, said[key], kind) for key, kind in declared.items() if said.get(key)},
    )


def spellings(email: str) -> set[str]:
    """An address as it is written, as DNS has its domain (IDNA), and as people read it."""
    local, _at, _domain = email.rpartition("@")
    domain = addresses.domain(email)
    try:
        read = domain.encode("ascii").decode("idna")
    except UnicodeError:
        return {email}
    return {email, f"{local}@{domain}", f"{local}@{read}"}


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _name(text: str) -> str:
    """As the sign-up form takes it."""
    name = _one_line(text)
    try:
        plain_name(name)
    except ValidationError:
        raise LeftOut(Code.ODD, "name") from None
    return name


def _address(text: str) -> str:
    """As it can be written to: the domain in the form that DNS has it."""
    local, _at, _name = text.rpartition("@")
    domain = addresses.domain(text)
    email = f"{local}@{domain}"
    try:
        validate_email(text)
        validate_email(email)
    except ValidationError:
        raise LeftOut(Code.EMAIL) from None
    # What the standard allows and no mailbox has: quoted names, numbers for a domain, a domain without a dot.
    if local.startswith('"') or domain.startswith("[") or "." not in domain or len(local) > 64 or len(email) > 254:
        raise LeftOut(Code.EMAIL)
    return email


def _agreed(text: str, now: datetime) -> datetime:
    """A day counts from its first instant in the site's time zone, and so does an hour without a zone."""
    try:
        instant = datetime.fromisoformat(text) if re.match(DATE, text) else None
    except ValueError:
        instant = None
    if instant is None:
        raise LeftOut(Code.NO_DATE)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    if instant < _EARLIEST:
        raise LeftOut(Code.NO_DATE)
    if instant > now:
        raise LeftOut(Code.FUTURE)
    return instant.astimezone(UTC)


def _locale(text: str) -> str:
    code = text.lower().replace("_", "-") or settings.LANGUAGE_CODE
    if code not in dict(settings.LANGUAGES):
        raise LeftOut(Code.LOCALE)
    return code


def _zone(text: str) -> str:
    if text and text not in _zones():
        raise LeftOut(Code.ZONE)
    return text


@cache
def _zones() -> set[str]:
    return available_timezones()


def _field(key: str, text: str, kind: str) -> Any:
    if kind == Field.Kind.NUMBER:
        if not re.fullmatch(NUMBER, text) or sum(letter.isdigit() for letter in text) > _MOST_DIGITS:
            raise LeftOut(Code.NUMBER, key)
        return float(text) if "." in text else int(text)
    if kind == Field.Kind.DATE:
        if not is_date(text):
            raise LeftOut(Code.DATE, key)
        return text
    if kind == Field.Kind.YES_NO:
        if text.casefold() not in _YES_NO:
            raise LeftOut(Code.YES_NO, key)
        return _YES_NO[text.casefold()]
    if len(text) > _LONGEST_FIELD:
        raise LeftOut(Code.LONG, key)
    return _one_line(text)
