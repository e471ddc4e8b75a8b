"""Which people of a list may be handed out, to whom, on which ground? And the file that says so much and no more."""

import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy

from consent.models import Decision
from mailing import addresses, segments
from mailing.audience.sharing import purpose
from mailing.models import Field, MailingList, Segment, Subscriber, Subscription, Suppression
from records import disclosures
from records.disclosures import contents, register
from records.models import Disclosure, Recipient
from records.registry import Ground

_AT_ONCE = 2000  # people whose consents are looked up by one question
COLUMNS = {
    "email": gettext_lazy("e-mail"),
    "name": gettext_lazy("name"),
    "locale": gettext_lazy("language"),
    "time_zone": gettext_lazy("time zone"),
    "statement": gettext_lazy("words agreed to"),
    "source": gettext_lazy("asked for by"),
    "source_note": gettext_lazy("where exactly"),
    "requested_at": gettext_lazy("asked at"),
    "confirmed_at": gettext_lazy("confirmed at"),
    "decision": gettext_lazy("decision"),
}
_OF_PERSON = {"email", "name", "locale", "time_zone"}
# What the words of a consent to share speak of, and what shows the recipient that there is one.
COVERED = {
    "mailing.Subscriber": sorted({*_OF_PERSON, "fields"}),
    "mailing.Subscription": sorted({*COLUMNS} - _OF_PERSON),
}


class Nobody(Exception):
    """Nobody would be in the file; `left_out` says why."""

    def __init__(self, left_out: dict[str, int]) -> None:
        super().__init__("Nobody would be in the file.")
        self.left_out = left_out


@dataclass(frozen=True)
class Asked:
    """What somebody wants handed out: of which list, which columns, and to whom. No recipient: for the owner's own
    use."""

    mailing_list: MailingList
    why: str
    segment: Segment | None = None
    columns: Sequence[str] = ("email",)
    recipient: Recipient | None = None
    ground: str = ""


@dataclass
class Handed:
    """A file at its start, gone once it is closed, and what it holds. `left_out` are people who did not agree to reach
    this recipient, and those who are on the suppression list. `disclosure` is None for the owner's own use."""

    people: int = 0
    sha256: str = ""
    left_out: dict[str, int] = field(default_factory=lambda: {"no_consent": 0, "suppressed": 0})
    disclosure: Disclosure | None = None
    file: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    keys: list[int] = field(default_factory=list)  # of the people in it, in the file's order


def hand_out(asked: Asked, *, by: Any, at: datetime) -> Handed:
    """People who are on the list at `at` (UTC) as CSV, written one line after the other whatever their number. For a
    recipient it goes through the register of disclosures, asked for by the account `by`; the owner's own use is no
    disclosure. Raises disclosures.Refused, and Nobody."""
    handed = Handed()
    try:
        with tempfile.TemporaryFile() as named:
            if asked.recipient is None:
                _write(asked, handed.file, handed, named, at)
                handed.sha256 = register.measured(handed.file).sha256
            else:
                _disclose(asked, asked.recipient, handed, named, by, at)
    except BaseException:
        handed.file.close()
        raise
    return handed


def _disclose(asked: Asked, recipient: Recipient, handed: Handed, named: IO[bytes], by: Any, at: datetime) -> None:
    row = disclosures.disclose(
        recipient=recipient,
        ground=asked.ground,
        sets=_sets(asked.columns),
        people=_named(named),
        means=contents.MEANS,
        content=lambda file: _write(asked, file, handed, named, at),
        asked_by=by,
        reference=asked.why,
        now=at,
    )
    handed.file.close()
    handed.disclosure, handed.file, handed.sha256 = row, row.file, row.sha256_sent


def _named(lines: IO[bytes]) -> Iterator[str]:
    """Whom the file names, once it is written: kept on the disk, for there may be many."""
    lines.seek(0)
    yield from (line.decode().rstrip("\n") for line in lines)


def _write(asked: Asked, file: IO[bytes], handed: Handed, named: IO[bytes], at: datetime) -> None:
    for line in _lines(asked, _fields(asked.columns), handed, named, at):
        file.write(line)
    if not handed.people:
        raise Nobody(handed.left_out)


def _sets(chosen: Collection[str]) -> dict[str, list[str]]:
    """The same columns as the data map has them."""
    sets: dict[str, set[str]] = defaultdict(set)
    for name in _fields(chosen):
        declared = "fields" if name.startswith("field:") else name
        sets["mailing.Subscriber" if declared in {*_OF_PERSON, "fields"} else "mailing.Subscription"].add(declared)
    return {label: sorted(names) for label, names in sets.items()}


def columns() -> list[tuple[str, str]]:
    """Every column there is to choose from."""
    declared = [(f"field:{key}", label) for key, label in Field.objects.values_list("key", "label")]
    return [(name, str(label)) for name, label in COLUMNS.items()] + declared


def _fields(chosen: Collection[str]) -> list[str]:
    return [name for name, _label in columns() if name in chosen or name == "email"]


def people(mailing_list: MailingList, segment: Segment | None) -> QuerySet[Subscription]:
    """Who is on a list, and in a segment of it; suppressed addresses are marked."""
    live = Subscription.objects.live().filter(mailing_list=mailing_list)
    found = segments.narrow(live, segment) if segment else live
    suppressed = Suppression.objects.filter(digest=OuterRef("subscriber__digest"))
    return found.select_related("subscriber").annotate(suppressed=Exists(suppressed)).order_by("pk")


def _lines(asked: Asked, fields: list[str], handed: Handed, named: IO[bytes], at: datetime) -> Iterator[bytes]:
    heading = contents.line(name.removeprefix("field:") for name in fields)
    yield b"\xef\xbb\xbf" + heading  # spreadsheets know UTF-8 by it
    some: list[Subscription] = []
    for row in people(asked.mailing_list, asked.segment).iterator(chunk_size=_AT_ONCE):
        if row.suppressed:  # type: ignore[attr-defined]
            handed.left_out["suppressed"] += 1
            continue
        some.append(row)
        if len(some) == _AT_ONCE:
            yield from _chunk(asked, fields, some, handed, named, at)
            some = []
    yield from _chunk(asked, fields, some, handed, named, at)


def _chunk(
    asked: Asked, fields: list[str], some: list[Subscription], handed: Handed, named: IO[bytes], at: datetime
) -> Iterator[bytes]:
    if asked.recipient and asked.ground == Ground.CONSENT:
        yes = consenting([row.subscriber_id for row in some], purpose(asked.recipient), at)
        handed.left_out["no_consent"] += sum(row.subscriber_id not in yes for row in some)
        some = [row for row in some if row.subscriber_id in yes]
    for row in some:
        handed.people += 1
        handed.keys.append(row.subscriber_id)
        named.write(row.subscriber.email.encode() + b"\n")
        yield contents.line(_cell(row, name) for name in fields)


def agreed(recipient: Recipient, people: Collection[str], at: datetime) -> dict[str, UUID]:
    """Those of `people`, by their addresses, who agree at `at` (UTC) that this recipient gets their data; each with the
    decision. What the register asks before it lets data go on the ground of consent."""
    known = {addresses.digest(email): email for email in people}
    found = Subscriber.objects.filter(digest__in=list(known)).values_list("pk", "digest")
    owners = {pk: known[bytes(digest)] for pk, digest in found}
    return {owners[pk]: decision for pk, decision in consenting(list(owners), purpose(recipient), at).items()}


def consenting(subscribers: Collection[int], purpose: str, at: datetime) -> dict[int, UUID]:
    """Those of `subscribers` whose newest decision that speaks of `purpose` allows it at `at` (UTC): as
    `consent.decide.standing_for`, for many at once; each with that decision. A person's decisions about each list are
    their own row of decisions; of all of them the newest counts."""
    theirs = Subscription.objects.filter(subscriber__in=subscribers, decision__isnull=False)
    owners = {consent: person for person, consent in theirs.values_list("subscriber", "decision__consent_id")}
    spoken = Decision.objects.filter(consent_id__in=list(owners), choices__has_key=purpose, decided_at__lte=at)
    newest = {owners[decision.consent_id]: decision for decision in spoken.order_by("seq").iterator()}
    return {person: decision.pk for person, decision in newest.items() if decision.allows(purpose, at)}


def _cell(row: Subscription, name: str) -> Any:
    if name.startswith("field:"):
        return row.subscriber.fields.get(name.removeprefix("field:"), "")
    if name == "source":
        return row.source
    if name == "decision":
        return str(row.decision_id)
    value = getattr(row.subscriber if name in _OF_PERSON else row, name)
    return value.astimezone(UTC).isoformat(timespec="seconds") if isinstance(value, datetime) else value
