"""How does data reach a third party? By `disclose` alone: checked, made, hashed, put on record, then handed back.

The register is a chain: each row holds the hash of the one before, and `faults` finds what was altered since.
"""

import hashlib
import tempfile
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import IO, Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from records import chained, cipher
from records.disclosures import refusals
from records.disclosures.refusals import Refused, Sets
from records.models import ChainEnd, DisclosedSubject, Disclosure, DisclosureOrder, Recipient, Term
from records.registry import Ground

CHAIN = Disclosure._meta.db_table
_AT_ONCE = 2000  # people a statement
# Whoever is named twice is one.
_NAME = """
INSERT INTO records_disclosedsubject (disclosure_id, subject, consent)
SELECT %s, named.* FROM unnest(%s::bytea[], %s::uuid[]) named ON CONFLICT DO NOTHING
"""
_CHECKED_AT_ONCE = 500  # rows
_BLOCK = 1 << 20  # bytes
Content = bytes | Callable[[IO[bytes]], object]
_COVERED = [field.attname for field in Disclosure._meta.concrete_fields if field.name not in {"previous", "sha256"}]


@dataclass(frozen=True)
class Written:
    file: IO[bytes]
    sha256: str
    size: int  # bytes


def disclose(
    *,
    recipient: Recipient,
    ground: str,
    sets: Sets,
    people: Iterable[str],
    means: str,
    content: Content,
    asked_by: Any,
    now: datetime,
    reference: str = "",
    order: DisclosureOrder | None = None,
    unnamed: int = 0,
    key: uuid.UUID | None = None,
) -> Disclosure:
    """Puts on record that data goes to `recipient`, and hands it back as `file` of the row, at its start.

    `content` is what goes, or writes it; `people` are the addresses of whose data it holds, read after it is written.
    `unnamed` counts those whom other rows name, such as the deliveries of a campaign. `asked_by` is an account, or None
    for the site itself. The same `key` twice is refused, so that a form sent twice hands out once.
    Raises refusals.Refused; then nothing is on record and nothing leaves.
    """
    term = refusals.check(recipient=recipient, ground=ground, sets=sets, asked_by=asked_by, order=order, at=now)
    with _made(content) as made, transaction.atomic():
        row = Disclosure(id=_unused(key), reference=reference, sets=refusals.as_written(sets), means=means, at=now)
        _say_who(row, recipient, ground, asked_by)
        if order is not None:
            order = _say_what_was_approved(row, order)
        _say_what_was_sent(row, made, term)
        row.subjects = _name(row, people, now) + unnamed
        if not row.subjects:
            raise Refused(_("It would hold nobody's data, so nothing is handed out."))
        _append(row)
        if order is not None:
            order.state, order.disclosure = DisclosureOrder.State.DONE, row
            order.save(update_fields=["state", "disclosure"])
    row.file = made.file
    return row


@contextmanager
def _made(content: Content) -> Iterator[Written]:
    """A file without a name, gone with its last reader; closed where it is not handed back."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever asked closes it
    try:
        file.write(content) if isinstance(content, bytes) else content(file)
        yield measured(file)
    except BaseException:
        file.close()
        raise


def measured(file: IO[bytes]) -> Written:
    """The hash and size of all of `file`, which then stands at its start."""
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while block := file.read(_BLOCK):
        digest.update(block)
        size += len(block)
    file.seek(0)
    return Written(file, digest.hexdigest(), size)


def _unused(key: uuid.UUID | None) -> uuid.UUID:
    if key is not None and (earlier := Disclosure.objects.filter(pk=key).first()):
        raise Refused(_("This was handed out already: disclosure %(number)d.") % {"number": earlier.number})
    return key or uuid.uuid4()


def _say_who(row: Disclosure, recipient: Recipient, ground: str, asked_by: Any) -> None:
    row.recipient, row.recipient_name, row.recipient_country = recipient, recipient.name, recipient.country
    row.ground, row.asked_by = ground, asked_by
    row.asked_by_name = asked_by.get_username() if asked_by else ""


def _say_what_was_approved(row: Disclosure, order: DisclosureOrder) -> DisclosureOrder:
    """The order as it is now, locked: two who hand it out at once hand it out once."""
    locked = DisclosureOrder.objects.select_for_update().get(pk=order.pk)
    approver = refusals.check_order(locked, recipient=row.recipient, ground=row.ground, sets=row.sets)
    row.approved_by, row.approved_by_name = approver, approver.get_username()
    row.reference, row.document_sha256 = locked.reference, locked.document_sha256
    return locked


def _say_what_was_sent(row: Disclosure, made: Written, term: Term) -> None:
    row.sha256_sent, row.bytes_sent = made.sha256, made.size
    row.policy, row.version, row.stated_by = term.sheet.policy, term.sheet.number, term.sheet.label


def _name(row: Disclosure, people: Iterable[str], now: datetime) -> int:
    """One row for each person, before the row they belong to: that one counts them and never changes. Raises Refused
    where one has not agreed to what needs their consent."""
    asked, missing, everybody = 0, 0, iter(people)
    while some := {email.strip().lower() for email in islice(everybody, _AT_ONCE)}:
        agreed = refusals.agreed(row.recipient, some, now) if row.ground == Ground.CONSENT else {}
        if row.ground == Ground.CONSENT:
            missing += len(some - agreed.keys())
        asked += len(some)
        subjects = [cipher.blind("email", email) for email in some]
        with connection.cursor() as cursor:
            cursor.execute(_NAME, [row.pk, subjects, [agreed.get(email) for email in some]])
    if missing:
        raise refusals.without_consent(missing, asked, row.recipient)
    return DisclosedSubject.objects.filter(disclosure_id=row.pk).count() if asked else 0


def _append(row: Disclosure) -> None:
    """Gives a row its place. Others wait for theirs until the caller's transaction ends."""
    chained.wait_for_turn(CHAIN)
    end = ChainEnd.objects.filter(pk=CHAIN).first()
    row.number = end.number + 1 if end else 1
    row.previous = end.sha256 if end else chained.GENESIS
    row.sha256 = digest(row)
    row.save(force_insert=True)
    ChainEnd.objects.update_or_create(pk=CHAIN, defaults={"number": row.number, "sha256": row.sha256})


def digest(row: Disclosure, people: str | None = None) -> str:
    """The hash of all that a row says, of whose data it held, and of the row before it."""
    said = {name: getattr(row, name) for name in _COVERED}
    return chained.link(row.previous, said | {"people": people or _people([row.pk])[row.pk]})


def _people(rows: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """By disclosure: the hash of whose data it held and which decisions allowed it; one query for many."""
    hashes = {pk: hashlib.sha256() for pk in rows}
    named = DisclosedSubject.objects.filter(disclosure_id__in=list(hashes)).order_by("disclosure_id", "subject")
    for pk, subject, consent in named.values_list("disclosure_id", "subject", "consent").iterator(chunk_size=_AT_ONCE):
        hashes[pk].update(bytes(subject) + (consent.bytes if consent else b""))
    return {pk: hashed.hexdigest() for pk, hashed in hashes.items()}


def faults() -> Iterator[tuple[int, str]]:
    """The first row that is not as it was written, by its number, and what is wrong with it; nothing where none is.
    Behind it nothing is proven either way."""
    place, previous = 0, chained.GENESIS
    rows = Disclosure.objects.order_by("number").iterator(chunk_size=_CHECKED_AT_ONCE)
    while some := list(islice(rows, _CHECKED_AT_ONCE)):
        people = _people(row.pk for row in some)
        for row in some:
            place += 1
            if what := fault(row, place, previous, people[row.pk]):
                yield place, what
                return
            previous = row.sha256
    end = ChainEnd.objects.filter(pk=CHAIN).first()
    if (end.number, end.sha256) != (place, previous) if end else place:
        yield place + 1, "it is missing, or rows were cut off or added at the end"


def fault(row: Disclosure, place: int, previous: str, people: str | None = None) -> str:
    """What is wrong with a row that should stand at `place` behind a row with the hash `previous`; "" for nothing."""
    if row.number != place:
        return "it is missing"
    if row.previous != previous:
        return "it does not follow the one before it"
    return "" if row.sha256 == digest(row, people) else "it was altered, or whose data it held was"


def is_intact(row: Disclosure) -> bool:
    """Is one row as it was written, and does it follow the one before?"""
    before = Disclosure.objects.filter(number=row.number - 1).values_list("sha256", flat=True).first()
    return fault(row, row.number, before or chained.GENESIS) == ""
