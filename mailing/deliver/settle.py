"""What became of a chunk? Its journal is turned into states, by the connection that wrote it or, once that is gone, by
whoever finds it."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from django.db import connection, transaction
from django.db.models import F, Q

from mailing import campaigns, returns
from mailing.deliver import slow
from mailing.deliver.journal import Said
from mailing.models import Campaign, Delivery, Return, Slowdown
from mailing.transport import answers
from mailing.transport.answers import Verdict
from mailing.transport.shapes import Answer

State = Delivery.State
Reason = Delivery.Reason

# Who accepts is no longer slow.
_SENT = """
WITH sent AS (
    UPDATE mailing_delivery d SET state = 'sent', reason = '', owner = '', smtp_code = o.code, smtp_text = o.text,
        provider_id = o.provider_id, sent_at = o.at, changed_at = o.at
    FROM unnest(%s::bigint[], %s::int[], %s::text[], %s::text[], %s::timestamptz[])
        AS o(id, code, text, provider_id, at)
    WHERE d.id = o.id AND d.state = 'sending' AND d.owner = %s
    RETURNING d.domain, d.provider
), quick AS (
    DELETE FROM mailing_slowdown WHERE target IN (
        SELECT s.target FROM mailing_slowdown s
        WHERE s.target IN (SELECT domain FROM sent UNION SELECT provider FROM sent) ORDER BY s.target FOR UPDATE
    )
)
SELECT count(*) FROM sent
"""


def settle(said: Said, *, now: datetime, alive: bool, handed_over: int = 0) -> int:
    """Writes what became of every row that its owner had; returns how many. In one transaction: done twice, it does
    nothing the second time. `alive`: the owner itself calls, after a chunk of `handed_over` rows."""
    if alive and handed_over == len(said.answers) and all(answer.accepted for answer in said.answers.values()):
        return _sent(said, list(said.answers.values()), now)  # as nearly every chunk ends
    with transaction.atomic():
        list(Slowdown.objects.select_for_update().order_by("target"))  # in one order, or two would wait for each other
        held = Delivery.objects.select_for_update(of=("self",)).filter(owner=said.owner, state=State.SENDING)
        rows = {row.pk: row for row in held.order_by("pk")}
        found = {key: said.answers[key] for key in rows.keys() & said.answers.keys()}
        verdicts = {key: answers.verdict(answer) for key, answer in found.items()}
        _sent(said, [found[key] for key, verdict in verdicts.items() if verdict == Verdict.ACCEPTED], now)
        _refused(rows, found, verdicts, now, alive=alive)
        doubtful = rows.keys() & said.in_doubt
        untouched = rows.keys() - found.keys() - doubtful
        if not (alive or said.is_whole):  # the machine went down: what the journal does not say may have happened
            doubtful, untouched = doubtful | untouched, set()
        _in_doubt([rows[key] for key in doubtful], now, alive=alive)
        _again(untouched, now)
        taken = Delivery.objects.filter(owner=said.owner, state=State.CLAIMED)
        if not alive:
            taken.update(state=State.PENDING, owner="", lease_until=None, changed_at=now)
        slow.learn(rows, verdicts, lost=[rows[key] for key in doubtful] if alive else [], now=now)
        return len(rows)


def _sent(said: Said, accepted: list[Answer], now: datetime) -> int:
    if not accepted:
        return 0
    when = [said.answered_at.get(answer.number) for answer in accepted]
    with connection.cursor() as cursor:
        cursor.execute(
            _SENT,
            [
                [answer.number for answer in accepted],
                [answer.code for answer in accepted],
                [answers.without_addresses(answer.text) for answer in accepted],
                [answer.provider_id[:200] for answer in accepted],
                [datetime.fromtimestamp(at, UTC) if at else now for at in when],
                said.owner,
            ],
        )
        return int(cursor.fetchone()[0])


def _refused(
    rows: Mapping[int, Delivery],
    found: Mapping[int, Answer],
    verdicts: Mapping[int, Verdict],
    now: datetime,
    *,
    alive: bool,
) -> None:
    """Each refusal by its own rule; few of them, so a statement each. A journal keeps no words: what is read from one
    without a status may have been about the message, and suppresses nobody."""
    came_back = []
    for key, verdict in verdicts.items():
        if verdict == Verdict.ACCEPTED:
            continue
        row, answer = rows[key], found[key]
        row.smtp_code = answer.code
        row.smtp_text = answers.without_addresses(answer.text, recipient=_recipient(row))
        row.owner, row.changed_at = "", now
        row.state, row.reason = _outcome(row, verdict, answer, now)
        row.save(update_fields=["smtp_code", "smtp_text", "owner", "changed_at", "state", "reason", "not_before"])
        status = answers.status(answer.text)
        if row.state == State.FAILED and verdict in _RETURNS and (alive or status):
            came_back.append((key, _RETURNS[verdict], status))
    if came_back:
        returns.refused(came_back, now=now)
    if stopped := {rows[key].campaign_id for key, verdict in verdicts.items() if verdict == Verdict.SENDER}:
        for campaign in Campaign.objects.filter(pk__in=stopped - {None}):
            campaigns.pause(campaign=campaign, by=Campaign.Paused.SENDER, now=now)


def _recipient(row: Delivery) -> str:
    """Servers repeat it in their answers, or the part before the @ alone."""
    if row.letter:
        return row.letter.email
    return row.subscription.subscriber.email if row.subscription else ""


_RETURNS = {Verdict.NEVER_ADDRESS: Return.Kind.HARD, Verdict.SOFT: Return.Kind.SOFT}


def _outcome(row: Delivery, verdict: Verdict, answer: Answer, now: datetime) -> tuple[State, str]:
    """5xx is for good, 4xx for now; what is about the sender or the connection is no fault of the row."""
    if verdict in {Verdict.SENDER, Verdict.CLOSING}:
        row.not_before = now + slow.delay(0)
        return State.PENDING, ""
    if verdict in {Verdict.NEVER_ADDRESS, Verdict.NEVER_MESSAGE} or answer.code >= 500:
        return State.FAILED, Reason.REFUSED
    first = row.first_tried_at or now
    row.not_before = now + slow.delay(row.attempts - 1)
    if row.not_before > first + slow.GIVE_UP_AFTER:
        return State.FAILED, Reason.GAVE_UP
    return State.DEFERRED, ""


def _in_doubt(rows: Iterable[Delivery], now: datetime, *, alive: bool) -> None:
    """Only the server knows whether it took these. Promotional mail is never repeated; what is owed is, under the same
    Message-ID, for no notice is worse than two."""
    keys = [row.pk for row in rows]
    doubtful = Delivery.objects.filter(pk__in=keys, state=State.SENDING)
    promotion = Q(campaign__kind=Campaign.Kind.PROMOTION)
    owed = list(doubtful.exclude(promotion).values_list("pk", flat=True))
    again = Delivery.objects.filter(pk__in=owed, state=State.SENDING)
    again.update(state=State.PENDING, owner="", not_before=now + slow.delay(0), changed_at=now)
    reason = Reason.BROKEN if alive else Reason.INTERRUPTED
    doubtful.update(state=State.UNKNOWN, reason=reason, owner="", changed_at=now)


def _again(keys: Iterable[int], now: datetime) -> None:
    """Not begun, so not tried either."""
    untouched = Delivery.objects.filter(pk__in=list(keys), state=State.SENDING)
    untouched.update(state=State.PENDING, owner="", attempts=F("attempts") - 1, changed_at=now)


def unwritable(owner: str, keys: Iterable[int], *, now: datetime) -> int:
    """Rows whose message cannot be made: a name or an address that fits into no header."""
    mine = Delivery.objects.filter(pk__in=list(keys), owner=owner, state=State.SENDING)
    return mine.update(state=State.FAILED, reason=Reason.UNWRITABLE, owner="", changed_at=now)
