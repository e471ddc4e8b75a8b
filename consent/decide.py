"""What exactly is written when somebody chooses?"""

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import uuid_utils.compat
from django.db import connection
from django.db.models import Count
from django.utils.translation import gettext as _

from consent import cookie
from consent.catalogue import Content, Published
from consent.cookie import Standing
from consent.models import Decision
from consent.proof import keys, leaves
from consent.told import Told

Source = Decision.Source
Action = Decision.Action
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NoSuchChoice(ValueError):
    """A choice for something the snapshot does not offer, or that is neither yes nor no."""


class KeyReused(ValueError):
    """The key of an earlier decision, sent with another choice."""


@dataclass(frozen=True)
class Choice:
    """An answer for groups and for their services; what is not named stays undecided."""

    groups: Mapping[str, bool] = field(default_factory=dict)
    services: Mapping[str, bool] = field(default_factory=dict)

    @property
    def allows(self) -> set[tuple[str, str]]:
        """What it says yes to: a group and a service may have the same key."""
        answers = {"group": self.groups, "service": self.services}
        return {(kind, key) for kind, said in answers.items() for key, yes in said.items() if yes}

    def joined(self, other: "Choice") -> "Choice":
        """Both; where both answer, as the other says."""
        return Choice({**self.groups, **other.groups}, {**self.services, **other.services})


def complete(
    choices: Mapping[str, object],
    published: Published,
    *,
    services: Mapping[str, object] | None = None,
    earlier: Standing | None = None,
) -> Choice:
    """An answer for every optional group and service, from what was sent.

    A group that was not named keeps the choice that still stands, else it is refused (GDPR Art. 25(2)); a service that
    was not named goes with its group. Raises NoSuchChoice.
    """
    _check(choices, published.optional)
    sent = services or {}
    _check(sent, [service["key"] for service in published.services])
    before = earlier or Standing()
    groups = {name: bool(choices.get(name, before.groups.get(name, False))) for name in published.optional}
    return Choice(groups, {row["key"]: _service(row, choices, sent, before, groups) for row in published.services})


def widened(services: Mapping[str, object], published: Published, *, earlier: Standing) -> Choice:
    """What stands after an answer about some services alone. Their groups are decided by it, a group as allowed when
    all of it is; about the others nobody was asked, and they stay as they are. Raises NoSuchChoice."""
    _check(services, [service["key"] for service in published.services])
    answered = {row["group"] for row in published.services if row["key"] in services}
    said = {
        row["key"]: services.get(row["key"], earlier.services.get(row["key"], False)) is True
        for row in published.services
        if row["group"] in answered or row["group"] in earlier.groups
    }
    whole = {
        group["key"]: all(said[row["key"]] for row in group["services"])
        for group in published.choosable
        if group["key"] in answered
    }
    return Choice({**earlier.groups, **whole}, said)


def _service(
    row: Content,
    choices: Mapping[str, object],
    sent: Mapping[str, object],
    before: Standing,
    groups: Mapping[str, bool],
) -> bool:
    if row["key"] in sent:
        return sent[row["key"]] is True
    kept = None if row["group"] in choices else before.services.get(row["key"])
    return groups[row["group"]] if kept is None else kept


def _check(answers: Mapping[str, object], offered: Iterable[str]) -> None:
    unknown = sorted(set(answers) - set(offered))
    if unknown:
        raise NoSuchChoice(_("No such group or service: %(names)s.") % {"names": ", ".join(unknown)})
    unclear = sorted(name for name, value in answers.items() if not isinstance(value, bool))
    if unclear:
        raise NoSuchChoice(_("Neither true nor false: %(names)s.") % {"names": ", ".join(unclear)})


def under_signal(choice: Choice, published: Published, *, explicit: Choice) -> Choice:
    """The choice of a browser that sends Global Privacy Control: in groups with a service that sells or shares data
    nothing is allowed but what somebody allowed by its name while the signal was on (the later explicit choice wins:
    W3C GPC, 4).

    `explicit` is what was answered so, group by group or service by service.
    """
    groups, services = dict(choice.groups), dict(choice.services)
    for group in (group for group in published.choosable if group["gpc"]):
        if group["key"] in explicit.groups:
            continue
        groups[group["key"]] = False
        for service in group["services"]:
            services[service["key"]] = service["key"] in explicit.services and services.get(service["key"], False)
    return Choice(groups, services)


def by_signal_alone(published: Published, earlier: Standing, *, explicit: Choice) -> Choice:
    """What a Global Privacy Control signal says before its visitor says anything: the groups with a service that sells
    or shares data are refused; what was chosen about others stands; the rest stays undecided."""
    return under_signal(Choice(earlier.groups, earlier.services), published, explicit=explicit)


def action(choice: Choice, earlier: Standing | None) -> Action:
    before = Choice(earlier.groups, earlier.services).allows if earlier else set()
    if not choice.allows:
        return Action.WITHDRAW if before else Action.REFUSE
    return Action.CHANGE if before and before != choice.allows else Action.GIVE


def record(
    *,
    choices: Mapping[str, bool],
    source: Source,
    at: datetime,
    key: uuid.UUID,
    told: Told,
    services: Mapping[str, bool] | None = None,
    published: Published | None = None,
    statement: str = "",
    consent_id: uuid.UUID | None = None,
    expires_at: datetime | None = None,
    action: Action = Action.GIVE,
    locale: str = "",
    path: str = "",
    gpc: bool | None = None,
) -> tuple[Decision, bool]:
    """Writes one decision with one INSERT; returns it and whether it is new.

    Also for what is no cookie: `choices` then names a purpose ("mail:news", "public:name", "share:carrier"), and
    `statement` the words agreed to. The same `key` twice writes once and returns the first; raises KeyReused when the
    second chose otherwise. `expires_at` None: until it is withdrawn.
    """
    decision = Decision(
        id=_identity(at),
        consent_id=consent_id or uuid.uuid4(),
        key=key,
        snapshot_id=published.pk if published else None,
        policy_version=told.version,
        rendition=told.rendition,
        statement=statement,
        choices=dict(choices),
        services=dict(services or {}),
        source=source,
        action=action,
        locale=locale,
        path=path[:200],
        gpc=gpc,
        decided_at=at,
        expires_at=expires_at,
        key_id=keys.newest(),
    )
    decision.leaf = leaves.of_decision(_covered(decision, published, told))
    if _insert(decision):
        return decision, True
    first = Decision.objects.get(key=key)
    asked = [(row.choices, row.services, row.snapshot_id, row.statement) for row in (first, decision)]
    if asked[0] != asked[1]:
        raise KeyReused(_("This key was used for another choice. Make a new key for each choice."))
    return first, False


def _covered(decision: Decision, published: Published | None, told: Told) -> dict[str, Any]:
    """The row as its leaf covers it: what was shown by its hash."""
    row = {name: getattr(decision, name) for name in _COLUMNS}
    return row | {
        "snapshot": published.sha256 if published else None,
        "policy_version": told.version.sha256 if told.version else None,
        "rendition": told.rendition.sha256 if told.rendition else None,
    }


_COLUMNS = [field.attname for field in Decision._meta.concrete_fields if field.attname != "seq"]
_INSERT = "INSERT INTO {} ({}) VALUES ({}) ON CONFLICT (key) DO NOTHING RETURNING seq".format(  # noqa: S608 - names
    Decision._meta.db_table, ", ".join(_COLUMNS), ", ".join(["%s"] * len(_COLUMNS))
)


def _insert(decision: Decision) -> bool:
    """One statement and no transaction of its own; False when the key is there already."""
    values = [getattr(decision, name) for name in _COLUMNS]
    sent = [json.dumps(value) if isinstance(value, dict) else value for value in values]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, sent)
        written = cursor.fetchone()
    if written:
        decision.seq = written[0]
    return written is not None


def _identity(at: datetime) -> uuid.UUID:
    """A UUID of version 7 (RFC 9562) whose instant is that of the decision."""
    return uuid_utils.compat.uuid7(nanoseconds=(at - _EPOCH) // timedelta(microseconds=1) * 1000)


def standing_for(*, consent_id: uuid.UUID, purpose: str, at: datetime) -> Decision | None:
    """The newest decision of one person that speaks of `purpose`, if it allows it at `at`: what a mail, a public entry
    or a disclosure on the ground of consent rests on."""
    spoken = Decision.objects.filter(consent_id=consent_id, choices__has_key=purpose, decided_at__lte=at)
    newest = spoken.order_by("-seq").first()
    return newest if newest and newest.allows(purpose, at) else None


def counted(versions: Iterable[int]) -> dict[int, int]:
    """How many decisions were made under each of these policy versions (by id), refusals and withdrawals included."""
    made = Decision.objects.filter(policy_version__in=list(versions)).values_list("policy_version")
    return dict(made.annotate(made=Count("pk")))


def remembered(decision: Decision, published: Published, *, expires_at: datetime) -> cookie.Remembered:
    """What the visitor's cookie is to say of a decision about cookies."""
    return cookie.Remembered(
        series=published.series,
        number=published.number,
        decided_at=decision.decided_at,
        expires_at=expires_at,
        mask=cookie.mask_of(decision.choices, decision.services, published, gpc=bool(decision.gpc)),
        consent_id=decision.consent_id,
    )
