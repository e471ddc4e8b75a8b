"""Which people of a list may be handed out, to whom, on which ground? And the file that says so much and no more."""

import csv
import hashlib
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.models import Decision
from mailing import segments
from mailing.models import Field, MailingList, Segment, Subscription, Suppression
from records import terms
from records.models import Recipient
from records.registry import Ground

_AT_ONCE = 2000  # people whose consents are looked up by one question
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
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


class NotAllowed(Exception):
    """Nothing is handed out; the message says why."""


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
    """What a file holds. `left_out` are people who did not agree to reach this recipient, and those who are on the
    suppression list."""

    people: int = 0
    sha256: str = ""
    left_out: dict[str, int] = field(default_factory=lambda: {"no_consent": 0, "suppressed": 0})


def grounds(at: datetime) -> list[Ground]:
    """What the policies in force at `at` (UTC) list as grounds for letting data reach a third party."""
    listed = terms.all_in_force(terms.Kind.GROUND, at)
    return [ground for ground in Ground if ground.value in listed]


def purpose(recipient: Recipient) -> str:
    """The name, among a decision's choices, of letting data reach this recipient. It outlives a change of name."""
    return f"share:{recipient.pk}"


def refusal(recipient: Recipient | None, ground: str, at: datetime) -> str:
    """Why nothing may be handed to `recipient` on `ground` at `at` (UTC); empty if it may. The owner's own use is no
    disclosure."""
    if recipient is None:
        return ""
    allowed = grounds(at)
    if not allowed:
        return _(
            "No policy in force lists a ground for letting data reach third parties, so nothing is handed out. Add a "
            "clause “Grounds of disclosure” to the policy, and publish it."
        )
    if ground not in allowed:
        return _("The policy in force does not list this ground.")
    if ground == Ground.AUTHORITY:
        return _(
            "What a court or a state body asks for is handed out by two persons, with its document on record. This "
            "form knows one person alone, so it is not done here."
        )
    return ""


def write(asked: Asked, file: IO[bytes], *, at: datetime) -> Handed:
    """Writes people who are on the list at `at` (UTC) into `file` as CSV, one line after the other whatever their
    number, and says how many, and the hash of it all. Raises NotAllowed."""
    if sentence := refusal(asked.recipient, asked.ground, at):
        raise NotAllowed(sentence)
    handed, digest, fields = Handed(), hashlib.sha256(), _fields(asked.columns)
    for line in _lines(asked, fields, handed, at):
        digest.update(line)
        file.write(line)
    handed.sha256 = digest.hexdigest()
    return handed


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


def _lines(asked: Asked, fields: list[str], handed: Handed, at: datetime) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf" + _line(name.removeprefix("field:") for name in fields)  # spreadsheets know UTF-8 by it
    some: list[Subscription] = []
    for row in people(asked.mailing_list, asked.segment).iterator(chunk_size=_AT_ONCE):
        if row.suppressed:  # type: ignore[attr-defined]
            handed.left_out["suppressed"] += 1
            continue
        some.append(row)
        if len(some) == _AT_ONCE:
            yield from _chunk(asked, fields, some, handed, at)
            some = []
    yield from _chunk(asked, fields, some, handed, at)


def _chunk(asked: Asked, fields: list[str], some: list[Subscription], handed: Handed, at: datetime) -> Iterator[bytes]:
    if asked.recipient and asked.ground == Ground.CONSENT:
        agreed = consenting([row.subscriber_id for row in some], purpose(asked.recipient), at)
        handed.left_out["no_consent"] += len(some) - len(agreed.intersection(row.subscriber_id for row in some))
        some = [row for row in some if row.subscriber_id in agreed]
    for row in some:
        handed.people += 1
        yield _line(_cell(row, name) for name in fields)


def consenting(subscribers: Collection[int], purpose: str, at: datetime) -> set[int]:
    """Those of `subscribers` whose newest decision that speaks of `purpose` allows it at `at` (UTC): as
    `consent.decide.standing_for`, for many at once. A person's decisions about each list are their own row of
    decisions; of all of them the newest counts."""
    theirs = Subscription.objects.filter(subscriber__in=subscribers, decision__isnull=False)
    owners = {consent: person for person, consent in theirs.values_list("subscriber", "decision__consent_id")}
    spoken = Decision.objects.filter(consent_id__in=list(owners), choices__has_key=purpose, decided_at__lte=at)
    newest = {owners[decision.consent_id]: decision for decision in spoken.order_by("seq").iterator()}
    return {person for person, decision in newest.items() if decision.allows(purpose, at)}


def _cell(row: Subscription, name: str) -> Any:
    if name.startswith("field:"):
        return row.subscriber.fields.get(name.removeprefix("field:"), "")
    if name == "source":
        return row.source
    if name == "decision":
        return str(row.decision_id)
    value = getattr(row.subscriber if name in _OF_PERSON else row, name)
    return value.astimezone(UTC).isoformat(timespec="seconds") if isinstance(value, datetime) else value


def _line(cells: Any) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow([safe(cell) for cell in cells])
    return line.getvalue().encode()


def safe(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula. Numbers stay numbers."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text.startswith(_FORMULA) else text
