"""Which rows have reached their end at an instant, and which policy version says so?"""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from records import periods, terms
from records.models import Term
from records.registry import Holding, Keep, kept

M = TypeVar("M", bound=Model)
NO_ROWS = Q(pk__in=[])


@dataclass(frozen=True)
class Rule:
    """How long one data set is kept at one instant, and who says so: a policy version, or "" for the data map."""

    key: str
    entry: Holding
    keep: Keep
    words: str
    cut_off_at: datetime
    stated_by: str
    policy: UUID | None = None
    version: int | None = None

    @property
    def title(self) -> str:
        return str(self.keep.rows or self.entry.title)

    @property
    def rows(self) -> QuerySet[Model]:
        return self.entry.model._base_manager.filter(self.keep.only)

    @property
    def due(self) -> QuerySet[Model]:
        return self.entry.model._base_manager.filter(self.is_due).order_by(self.keep.since, "pk")

    @property
    def is_due(self) -> Q:
        return self.keep.only & Q(**{f"{self.keep.since}__lte": self.cut_off_at})

    @property
    def left(self) -> QuerySet[Model]:
        return self.rows.filter(**{f"{self.keep.since}__gt": self.cut_off_at})


def rules(at: datetime) -> list[Rule]:
    """One for each data set that has a period, by key: the term in force at `at`, else what the data map declares."""
    stated = terms.all_in_force(terms.Kind.RETENTION, at)
    return [_rule(key, entry, keep, stated.get(key), at) for key, (entry, keep) in kept().items()]


def _rule(key: str, entry: Holding, keep: Keep, term: Term | None, at: datetime) -> Rule:
    if term is None:
        return Rule(key, entry, keep, keep.words(), at - keep.period, "")
    period, sheet = periods.parse(term.value["period"]), term.sheet
    words, cut_off_at = keep.words(period.words()), period.before(at)
    return Rule(key, entry, keep, words, cut_off_at, sheet.label, sheet.policy, sheet.number)


def due(at: datetime) -> dict[str, Q]:
    """By label of its model: which rows have reached their end at `at`. Whoever reads through the site leaves them out:
    they are gone at that instant, whenever the worker comes by."""
    found: dict[str, Q] = {}
    for rule in rules(at):
        found[rule.entry.label] = found.get(rule.entry.label, NO_ROWS) | rule.is_due
    return found


def unexpired(rows: QuerySet[M], at: datetime) -> QuerySet[M]:
    """Those of `rows` whose period is not over at `at` (UTC)."""
    return rows.exclude(due(at).get(rows.model._meta.label, NO_ROWS))
