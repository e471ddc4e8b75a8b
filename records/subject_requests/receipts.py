"""What does an erasure say it did: per data set and column how much, what was kept and why? It names nobody.

While rows are left, it holds their numbers: whoever finishes an erasure erases those and no others.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from records.models import Erasure
from records.registry import OnErase, holding
from records.subject_requests.plan import Plan, Step, is_sealed

Receipt = dict[str, Any]


def begun(plan: Plan) -> Receipt:
    """Of an erasure that is decided, and of which nothing is erased yet."""
    left = [[step.entry.label, [str(key) for key in step.keys]] for step in plan.steps if _changes(step)]
    return of_nothing(plan) | {"plan_sha256": plan.sha256, "holds": list(plan.holds), "left": left}


def of_nothing(plan: Plan) -> Receipt:
    """Where nothing has to be erased: what stays, and why."""
    key = {"gone": plan.has_key and not plan.key_stays, "why": plan.key_stays}
    sets = [_set(step) for step in plan.steps if step.versions or step.held or step.newer]
    return {"at": plan.at.isoformat(), "key": key, "sets": sets, "recipients": []}


def _changes(step: Step) -> bool:
    return bool(step.versions) and (step.act != OnErase.KEEP or is_sealed(step.entry))


def _set(step: Step) -> Receipt:
    said = {"holding": step.entry.label, "act": step.act.value, "rows": 0, "columns": {}}
    return said | {"kept": step.kept, "why": step.why}


def left(row: Erasure) -> Iterator[tuple[str, list[Any]]]:
    """By data set, in their order: the keys of the rows that are still to be erased."""
    for label, keys in row.receipt.get("left", []):
        number = holding(label).model._meta.pk
        yield label, [number.to_python(key) for key in keys]


def is_unfinished(row: Erasure) -> bool:
    return "left" in row.receipt


def counted(row: Erasure, label: str, *, rows: dict[str, int], columns: dict[str, int], kept: int, why: str) -> Receipt:
    """The receipt once one data set is done. `rows` are by data set: with some rows others go that hang on them."""
    said = {each["holding"]: dict(each) for each in row.receipt["sets"]}
    for other, count in rows.items():
        fresh = {"holding": other, "act": OnErase.DELETE.value, "rows": 0, "columns": {}, "kept": 0, "why": ""}
        known = said.setdefault(other, fresh)
        known["rows"] += count
    said[label]["columns"] = columns
    if kept:
        said[label].update(kept=said[label]["kept"] + kept, why="; ".join(filter(None, [said[label]["why"], why])))
    todo = [each for each in row.receipt["left"] if each[0] != label]
    return {**row.receipt, "sets": list(said.values()), "left": todo}


def finished(row: Erasure, recipients: list[Receipt], *, now: datetime) -> Receipt:
    said = {name: value for name, value in row.receipt.items() if name not in {"left", "holds"}}
    return said | {"recipients": recipients, "finished_at": now.isoformat()}
