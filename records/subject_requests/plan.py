"""What would an erasure do to each data set, what stays and why, and did anything change since somebody saw that?"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model, Q, QuerySet, TextField
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from records import holds, people
from records.models import Hold, SubjectKey
from records.people import Found
from records.registry import Holding, OnErase
from records.sealed import SealedField

_NOTHING = Q(pk__in=[])
Keys = set[Any]


@dataclass(frozen=True)
class Step:
    """One data set: the rows that an erasure deletes, blanks or, where `act` is KEEP, leaves but for what is sealed in
    them; those that stay as they are because a legal hold covers them or what stays points at them, with the reasons;
    and those written after `until`. `versions` tells a row from the same row once it was changed."""

    entry: Holding
    versions: Mapping[Any, str]
    held: frozenset[Any] = frozenset()
    newer: frozenset[Any] = frozenset()
    reasons: tuple[str, ...] = ()

    @property
    def act(self) -> OnErase:
        return self.entry.on_erase

    @property
    def keys(self) -> list[Any]:
        return sorted(self.versions)

    @property
    def kept(self) -> int:
        """How many rows stay."""
        return len(self.held) + len(self.newer) + (len(self.versions) if self.act == OnErase.KEEP else 0)

    @property
    def why(self) -> str:
        """Why rows stay, in words."""
        own = [str(self.entry.why_kept)] if self.act == OnErase.KEEP and self.versions else []
        return "; ".join([*own, *self.reasons])


@dataclass(frozen=True)
class Plan:
    """What an erasure at `at` does. `sha256` changes with every row that it would delete or blank."""

    subject: bytes
    at: datetime
    steps: tuple[Step, ...]
    sha256: str
    has_key: bool
    key_stays: str  # why; "" where the key of the person goes first
    holds: tuple[int, ...] = ()
    email: str = field(default="", repr=False)

    @property
    def changing(self) -> list[Step]:
        """The steps that change something, in their order."""
        return [step for step in self.steps if step.act != OnErase.KEEP and step.versions]

    @property
    def does_nothing(self) -> bool:
        return not self.changing and (bool(self.key_stays) or not self.has_key)


def of(
    email: str = "",
    *,
    now: datetime,
    subject: bytes = b"",
    until: datetime | None = None,
    beside: Mapping[str, Q] | None = None,
) -> Plan:
    """The plan for whoever has this address, or this blind index of one. Writes nothing.

    Rows written after `until` stay. Rows that `beside` names by the label of their model came on account of the erasure
    itself: they go with the others, and change no hash. Raises ValueError for an empty address.
    """
    known = {"email": email} if email else {"subject": subject.hex()}
    subject = subject or people.subject_of(email)
    standing = _standing(subject, now)
    steps = _steps(people.find(at=now, expired=True, **known), standing, at=now, until=until)
    key = SubjectKey.objects.filter(subject=subject)
    return Plan(
        subject=subject,
        at=now,
        steps=tuple(steps),
        sha256=_sha256(steps, beside or {}),
        has_key=key.exists(),
        key_stays=_why_key_stays(steps),
        holds=tuple(hold.pk for hold in standing),
        email=email,
    )


def _steps(found: list[Found], standing: list[Hold], *, at: datetime, until: datetime | None) -> list[Step]:
    found = [each for each in found if each.entry.model is not SubjectKey]
    going = {each.entry.model for each in found if each.entry.on_erase != OnErase.KEEP}
    pointed_at: dict[type[Model], Keys] = {model: set() for model in going}  # stay with what points at them
    steps = []
    for each in found:
        step = _step(each, standing, pointed_at.get(each.entry.model, set()), at=at, until=until)
        _keep_parents(step, pointed_at)
        steps.append(step)
    return steps


def _standing(subject: bytes, now: datetime) -> list[Hold]:
    theirs = Hold.objects.standing(now).filter(Q(subject=None) | Q(subject=subject))
    return list(theirs.order_by("pk"))


def holds_of(subject: bytes, now: datetime) -> tuple[int, ...]:
    """The legal holds that cover rows of this person at `now`."""
    return tuple(hold.pk for hold in _standing(subject, now))


def _step(found: Found, standing: list[Hold], needed: Keys, *, at: datetime, until: datetime | None) -> Step:
    versions = dict(found.rows.values_list("pk", _version(found.entry.model)))
    covering = [hold for hold in standing if hold.holding in {"", found.entry.label}]
    held = _keys(found.rows.filter(holds.covering(found.entry, at))) if covering else set()
    newer = _keys(_after(found, until))
    reasons = [_("legal hold: %(reason)s") % {"reason": hold.reason} for hold in covering if held]
    if below := (needed & versions.keys()) - held - newer:
        reasons.append(_("what stays in another data set belongs to it"))
    stays = held | below
    left = {key: version for key, version in versions.items() if key not in stays | newer}
    return Step(found.entry, left, frozenset(stays), frozenset(newer), tuple(reasons))


def _version(model: type[Model]) -> RawSQL:
    """The transaction that wrote the row as it is, and where: PostgreSQL gives each version of a row another."""
    table = f'"{model._meta.db_table}"'
    return RawSQL(f"{table}.xmin::text || ' ' || {table}.ctid::text", [], output_field=TextField())  # noqa: S611 - ours


def _keys(rows: QuerySet[Model]) -> Keys:
    return set(rows.values_list("pk", flat=True))


def _after(found: Found, until: datetime | None) -> QuerySet[Model]:
    column = found.entry.written_in
    return found.rows.filter(**{f"{column}__gt": until}) if until and column else found.rows.none()


def _keep_parents(step: Step, pointed_at: dict[type[Model], Keys]) -> None:
    stays = step.held | step.newer | (step.versions.keys() if step.act == OnErase.KEEP else set())
    model = step.entry.model
    for column in model._meta.concrete_fields if stays else []:
        if column.related_model in pointed_at and getattr(column, "db_constraint", False):
            named = model._base_manager.filter(pk__in=stays).values_list(column.attname, flat=True)
            pointed_at[column.related_model].update(named)


def is_sealed(entry: Holding) -> bool:
    return any(isinstance(column, SealedField) for column in entry.model._meta.concrete_fields)


def _why_key_stays(steps: Iterable[Step]) -> str:
    """Without the key nobody could read what has to stay."""
    staying = [step for step in steps if is_sealed(step.entry) and (step.held or step.newer)]
    if any(step.held for step in staying):
        return _("rows that have to stay can be read with it alone")
    return _("the person wrote again since") if staying else ""


def _sha256(steps: Iterable[Step], beside: Mapping[str, Q]) -> str:
    said = [
        [step.entry.label, step.act.value, [[str(key), version] for key, version in sorted(shown.items())]]
        for step in steps
        if step.act != OnErase.KEEP and (shown := _without(step, beside))
    ]
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()


def _without(step: Step, beside: Mapping[str, Q]) -> dict[Any, str]:
    if step.entry.label not in beside:
        return dict(step.versions)
    aside = _keys(step.entry.model._base_manager.filter(beside[step.entry.label], pk__in=step.keys))
    return {key: version for key, version in step.versions.items() if key not in aside}
