"""Was a frozen text altered afterwards? Each row's hash covers all it says and the hash of the one before."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

import rfc8785
from django.db.models import Exists, OuterRef

from policies.models import FrozenText, PolicyRendition, PolicyVersion
from records.models import TermSheet


@dataclass(frozen=True)
class Fault:
    """The first row of a chain that does not say what was frozen, and in which respect."""

    row: FrozenText
    what: str


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()


def seal(row: FrozenText, previous: FrozenText | None) -> None:
    """Sets the hashes of a row that is about to be written; `previous` is the one before it in its chain."""
    row.content_sha256 = digest(row.content)
    row.previous_sha256 = previous.sha256 if previous else ""
    row.sha256 = digest(_covered(row))


def _covered(row: FrozenText) -> dict[str, Any]:
    plain = ("number", "language", "frozen_by", "written_by", "change_note", "content_sha256", "previous_sha256")
    texts = {name: hashlib.sha256(getattr(row, name).encode()).hexdigest() for name in ("html", "text")}
    data = {name: digest(getattr(row, name)) for name in ("source", "used")}
    instants = {name: _utc(getattr(row, name)) for name in ("effective_from", "frozen_at")}
    return {**{name: getattr(row, name) for name in plain}, **texts, **data, **instants, **row.chained}  # type: ignore[attr-defined]


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds")


def faults() -> Iterator[Fault]:
    """At most one per chain: after the first altered row nothing behind it is proven either way."""
    versions = PolicyVersion.objects.order_by("policy", "number")
    for _policy, chain in groupby(versions.iterator(100), key=lambda row: row.policy):
        yield from _first_fault(chain)
    renditions = PolicyRendition.objects.select_related("version").order_by("version", "language", "number")
    for _of, translations in groupby(renditions.iterator(100), key=lambda row: (row.version_id, row.language)):
        yield from _first_fault(translations)


def cut_off() -> list[TermSheet]:
    """Terms whose version is gone: a chain that has lost its end shows no gap."""
    version = PolicyVersion.objects.filter(policy=OuterRef("policy"), number=OuterRef("number"))
    return list(TermSheet.objects.filter(~Exists(version)).order_by("policy", "number"))


def _first_fault(rows: Iterable[FrozenText]) -> Iterator[Fault]:
    previous: FrozenText | None = None
    for place, row in enumerate(rows, start=1):
        what = _what_is_wrong(row, previous, place)
        if what:
            yield Fault(row, what)
            return
        previous = row


def _what_is_wrong(row: FrozenText, previous: FrozenText | None, place: int) -> str:
    if row.number != place:
        return f"number {place} is missing before it"
    if row.previous_sha256 != (previous.sha256 if previous else ""):
        return "does not follow the one before it"
    if row.content_sha256 != digest(row.content):
        return "its content was altered"
    if row.sha256 != digest(_covered(row)):
        return "it was altered"
    return _what_is_wrong_with_terms(row) if isinstance(row, PolicyVersion) else ""


def _what_is_wrong_with_terms(version: PolicyVersion) -> str:
    """The site acts on the terms, so they are as much a part of the proof as the words."""
    sheet = TermSheet.objects.filter(policy=version.policy, number=version.number).first()
    if sheet is None or sheet.effective_from != version.effective_from:
        return "its terms are not those of its instant"
    written = sorted((term.kind, term.key, digest(term.value)) for term in sheet.terms.all())
    stated = version.terms
    if written != sorted((term["kind"], term["key"], digest(term["value"])) for term in stated):
        return "its terms were altered"
    if hasattr(sheet, "withdrawal") != hasattr(version, "withdrawal"):
        return "it was withdrawn without its terms, or they without it"
    return ""
