"""May this row leave now? One statement asks, for a chunk: is it still its taker's, is the campaign running, does a
policy in force name the purpose, does a live consent cover it, is the address suppressed?

What may leave is marked as being handed over, with the decision and the policy version that allow it; what may not is
skipped with its reason. Whatever is withdrawn later than this is later than the chunk.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery

from mailing import campaigns, suppression
from mailing.compose.shapes import Reader
from mailing.models import Campaign, Delivery, Letter, Suppression
from policies.models import PolicyVersion
from records import terms
from records.cipher import Damaged
from records.models import Term
from records.registry import Purpose
from records.sealed import Erased

State = Delivery.State

# The person's live consents: the row's own first. For a notice, which concerns the person and no list, others count.
_BASIS = """
SELECT s.id AS subscription_id, s.decision_id, p.id AS subscriber_id, p.email, p.name, p.fields, l.key,
    l.name AS list_name,
    EXISTS (
        SELECT 1 FROM mailing_suppression x WHERE x.digest = p.digest AND (x.scope = 'all' OR %(of_lists)s)
    ) AS suppressed,
    %(counted)s AND COALESCE((
        SELECT t.choices -> ('mail-links:' || l.key) = 'true'::jsonb FROM consent_decision t
        WHERE t.consent_id = k.consent_id AND t.choices ? ('mail-links:' || l.key) ORDER BY t.seq DESC LIMIT 1
    ), FALSE) AS tracked
FROM mailing_subscription s
JOIN mailing_subscriber p ON p.id = s.subscriber_id
JOIN mailing_mailinglist l ON l.id = s.mailing_list_id
JOIN consent_decision k ON k.id = s.decision_id
WHERE {whose} AND s.left_at IS NULL AND s.confirmed_at IS NOT NULL
    AND k.choices -> ('mail:' || l.key) = 'true'::jsonb AND (k.expires_at IS NULL OR k.expires_at > %(now)s)
    AND NOT EXISTS (
        SELECT 1 FROM consent_decision n
        WHERE n.consent_id = k.consent_id AND n.seq > k.seq AND n.choices ? ('mail:' || l.key)
    )
ORDER BY s.id <> m.subscription_id, s.id LIMIT 1
"""
_OWN = "s.id = m.subscription_id"
_ANY = """s.subscriber_id = (SELECT o.subscriber_id FROM mailing_subscription o WHERE o.id = m.subscription_id)"""

_FENCE = """
WITH named AS ({named}), m AS (
    SELECT d.id, d.subscription_id FROM mailing_delivery d
    WHERE d.id = ANY(%(keys)s) AND d.owner = %(owner)s AND d.state = 'claimed' ORDER BY d.id FOR UPDATE
), judged AS (
    SELECT m.id, b.*, CASE
        WHEN c.state = 'paused' THEN 'paused'
        WHEN c.state <> 'sending' THEN 'cancelled'
        WHEN c.kind = 'promotion' AND NOT EXISTS (SELECT 1 FROM named) THEN 'no_purpose'
        WHEN c.kind = 'notice' AND EXISTS (
            SELECT 1 FROM policies_policywithdrawal w WHERE w.version_id = c.policy_version_id
        ) THEN 'withdrawn'
        WHEN b.decision_id IS NULL THEN 'no_consent'
        WHEN b.suppressed THEN 'suppressed'
        ELSE '' END AS verdict
    FROM m JOIN mailing_campaign c ON c.id = %(campaign)s LEFT JOIN LATERAL ({basis}) b ON TRUE
)
UPDATE mailing_delivery d SET
    state = CASE j.verdict WHEN '' THEN 'sending' WHEN 'paused' THEN 'pending' ELSE 'skipped' END,
    reason = CASE j.verdict WHEN 'paused' THEN '' ELSE j.verdict END,
    owner = CASE j.verdict WHEN '' THEN d.owner ELSE '' END,
    attempts = d.attempts + CASE j.verdict WHEN '' THEN 1 ELSE 0 END,
    first_tried_at = CASE j.verdict WHEN '' THEN COALESCE(d.first_tried_at, %(now)s) ELSE d.first_tried_at END,
    decision_id = COALESCE(j.decision_id, d.decision_id), tracked = COALESCE(j.tracked, FALSE),
    policy_version_id = (SELECT version FROM named), lease_until = NULL, changed_at = %(now)s
FROM judged j WHERE d.id = j.id
RETURNING d.id, d.state, d.version, d.language, j.subscription_id, j.subscriber_id, j.email, j.name, j.fields, j.key,
    j.list_name, d.tracked
"""


@dataclass(frozen=True)
class Ready:
    """A row that may leave, and for whom it is made."""

    delivery: int
    version: str
    language: str
    reader: Reader
    letter: Letter | None = None


def _named(purpose: Purpose, now: datetime) -> QuerySet[Term, Any]:
    """The term in force that names a purpose, with the policy version that states it: one row, or none."""
    version = PolicyVersion.objects.filter(policy=OuterRef("sheet__policy"), number=OuterRef("sheet__number"))
    term = Term.objects.in_force(now).filter(kind=terms.Kind.PURPOSE, key=purpose)
    return term.annotate(version=Subquery(version.values("pk")[:1])).values("pk", "version")[:1]


@lru_cache(maxsize=8)
def _statement(purpose: Purpose, is_promotion: bool) -> tuple[str, dict[str, Any]]:
    """The fence with that question in it, and the parameters it brings; `now` is a parameter of both."""
    marker = datetime(1970, 1, 1, tzinfo=UTC)
    named, parameters = _named(purpose, marker).query.sql_with_params()
    names = ["now" if value == marker else f"part_{place}" for place, value in enumerate(parameters)]
    values = {name: value for name, value in zip(names, parameters, strict=True) if name != "now"}
    question = named % tuple(f"%({name})s" for name in names)
    basis = _BASIS.format(whose=_OWN if is_promotion else _ANY)
    return _FENCE.format(basis=basis, named=question), values


def pass_chunk(campaign: Campaign, keys: list[int], *, owner: str, now: datetime) -> list[Ready]:
    """Marks what may leave now and returns it; the rest is skipped, or waits again where the campaign is paused."""
    statement, named = _statement(campaigns.purpose(campaign), campaign.is_promotion)
    values = {
        **named,
        "keys": keys,
        "owner": owner,
        "campaign": campaign.pk,
        "now": now,
        "of_lists": campaign.is_promotion,
        "counted": campaign.is_promotion and campaign.count_links,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        rows = cursor.fetchall()
    return [_ready(row, now) for row in sorted(rows) if row[1] == State.SENDING]


def _ready(row: tuple[Any, ...], now: datetime) -> Ready:
    key, _state, version, language, subscription, subscriber, email, name, fields, list_key, list_name, tracked = row
    reader = Reader(
        email=email,
        delivery=key,
        subscription=subscription,
        subscriber=subscriber,
        name=name,
        fields=fields if isinstance(fields, dict) else {},
        list_key=list_key,
        list_name=list_name,
        tracked=tracked,
        at=now,
    )
    return Ready(key, version, language, reader)


def pass_letters(keys: Iterable[int], *, owner: str, now: datetime) -> list[Ready]:
    """The same for letters: they answer what somebody wrote, so no list and no consent stands behind them. An address
    that does not exist is not written to, and nobody who was erased."""
    mine = Delivery.objects.filter(pk__in=list(keys), owner=owner, state=State.CLAIMED)
    ready = []
    for row in mine.select_related("letter__subject_key").order_by("pk"):
        assert row.letter, "rows without a campaign are of letters"
        named = _named(Purpose(row.letter.purpose), now).first()
        dead = _why_dead(row.letter)
        outcome: dict[str, Any] = {"state": State.SENDING, "attempts": row.attempts + 1}
        outcome["policy_version"] = named and named["version"]
        if dead:
            outcome |= {"state": State.SKIPPED, "reason": dead, "owner": ""}
        first = {"first_tried_at": row.first_tried_at or now, "lease_until": None, "changed_at": now}
        passed = Delivery.objects.filter(pk=row.pk, owner=owner, state=State.CLAIMED).update(**outcome, **first)
        if passed and not dead:
            reader = Reader(email=row.letter.email, delivery=row.pk, at=now)
            ready.append(Ready(row.pk, "", row.language, reader, row.letter))
    return ready


def _why_dead(letter: Letter) -> str:
    """A letter that does not open stops no other."""
    try:
        said = letter.email, letter.subject, letter.text
    except Damaged:
        return Delivery.Reason.UNWRITABLE
    if any(isinstance(part, Erased) for part in said):
        return Delivery.Reason.ERASED
    dead = any(entry.scope == Suppression.Scope.ALL for entry in suppression.of(letter.email))
    return Delivery.Reason.SUPPRESSED if dead else ""
