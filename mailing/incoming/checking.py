"""Which lines of a file may be imported to a list, and why not the others? Nothing is written here."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from mailing.incoming import reading, values
from mailing.incoming.reading import Table, Unreadable
from mailing.incoming.reasons import Code, LeftOut
from mailing.incoming.values import Row
from mailing.models import AudienceImport, Field, MailingList, Subscription, Suppression

T = TypeVar("T")
_AT_ONCE = 1000  # rows looked up by one question to the database


@dataclass(frozen=True)
class Checked:
    """What a file holds. Lines are known by their numbers: no address is kept in a report."""

    accepted: int
    left_out: list[tuple[int, str]]  # number of the line, code
    ignored: list[str] = field(default_factory=list)  # columns

    @property
    def counts(self) -> dict[str, int]:
        """How many lines are left out for each reason, the most frequent first."""
        return dict(Counter(code for _line, code in self.left_out).most_common())

    def report(self, *, words: str, ignore: bool) -> dict[str, Any]:
        """What an import keeps of it, and of how it was asked for."""
        return {
            "accepted": self.accepted,
            "left_out": [list(each) for each in self.left_out],
            "ignored": self.ignored,
            "words": words,
            "ignore": ignore,
        }


def check(
    content: bytes, mailing_list: MailingList, now: datetime, *, words: str = "", ignore: bool = False
) -> Checked:
    """Line by line. `words` are those people agreed to, where the file does not say; `ignore` lets it have columns
    that this site does not know. Raises Unreadable for a file nothing of which can be imported."""
    table = reading.read(content)
    unknown = table.unknown(reading.known_columns())
    if unknown and not ignore:
        sentence = _("This site has no field for these columns: %(names)s. Declare them as fields, or ignore them.")
        raise Unreadable(sentence % {"names": ", ".join(unknown)})
    if not words and "consent_text" not in table.header:
        raise Unreadable(_("Type the words people agreed to, or add them to the file as a column consent_text."))
    left_out: list[tuple[int, str]] = []
    accepted = 0
    for some in batched(rows(table, left_out, words=words, now=now), _AT_ONCE):
        known = standing(some, mailing_list)
        left_out += known.items()
        accepted += len(some) - len(known)
    return Checked(accepted, sorted(left_out), unknown)


def first_rows(job: AudienceImport, count: int, now: datetime) -> list[Row]:
    """The first people of a checked import, as they are going to be written."""
    left_out = {line for line, _code in job.report["left_out"]}
    found = rows(reading.read(bytes(job.content)), [], words=job.report["words"], now=now)
    return list(islice((row for row in found if row.line not in left_out), count))


def rows(table: Table, left_out: list[tuple[int, str]], *, words: str, now: datetime) -> Iterator[Row]:
    """The people in a file; lines that say of nobody what is needed are added to `left_out`."""
    declared = dict(Field.objects.values_list("key", "kind"))
    declared = {key: kind for key, kind in declared.items() if key not in {*reading.REQUIRED, *reading.OPTIONAL}}
    seen: set[bytes] = set()
    for line, cells in table.lines():
        try:
            row = values.row(line, _named(table.header, cells), declared, words=words, now=now)
            if not seen.isdisjoint(row.digests):
                raise LeftOut(Code.TWICE)
        except LeftOut as reason:
            left_out.append((line, reason.code))
        else:
            seen |= row.digests
            yield row


def _named(header: list[str], cells: list[str]) -> dict[str, str]:
    if any(cell.strip() for cell in cells[len(header) :]):
        raise LeftOut(Code.CELLS)
    return dict.fromkeys(header, "") | dict(zip(header, cells, strict=False))


def standing(people: Iterable[Row], mailing_list: MailingList) -> dict[int, str]:
    """Lines of those who are not brought onto a list, because of what the database knows of their addresses."""
    digests = {digest: row.line for row in people for digest in row.digests}
    codes: dict[int, str] = {}
    there = Subscription.objects.filter(mailing_list=mailing_list, subscriber__digest__in=list(digests))
    for digest, left_at, decision in there.values_list("subscriber__digest", "left_at", "decision"):
        code = Code.LEFT if left_at else Code.THERE if decision else Code.WAITING
        codes[digests[bytes(digest)]] = code.value
    suppressed = Suppression.objects.filter(digest__in=list(digests)).values_list("digest", flat=True)
    return codes | {digests[bytes(digest)]: Code.SUPPRESSED.value for digest in suppressed}


def batched(things: Iterable[T], size: int) -> Iterator[list[T]]:
    left = iter(things)
    while some := list(islice(left, size)):
        yield some
