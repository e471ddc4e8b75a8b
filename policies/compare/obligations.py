"""What is the site obliged to by one text and not by the other, in words?"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from records import periods
from records.registry import Basis, Category, Ground, Purpose, Then, declared, kept, spans
from records.terms import Kind


@dataclass(frozen=True)
class TermChange:
    """One term: `before` or `after` is None where the text does not state it, and "" where there is no more to say."""

    kind: str
    name: str
    before: str | None
    after: str | None

    @property
    def change(self) -> str:
        if self.before is None:
            return "added"
        return "removed" if self.after is None else "changed"


def changes(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[TermChange]:
    """From the terms of one text to those of another, in the language that is active."""
    before, after = _by_place(old), _by_place(new)
    places = [place for place in {**before, **after} if before.get(place) != after.get(place)]
    return [_change(place, before.get(place), after.get(place)) for place in places]


def _by_place(terms: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(term["kind"], term["key"]): term["value"] for term in terms}


def _change(place: tuple[str, str], before: dict[str, Any] | None, after: dict[str, Any] | None) -> TermChange:
    kind, key = place
    was, now = (None if value is None else _words(kind, value) for value in (before, after))
    return TermChange(capfirst(_label(Kind, kind)), _name(kind, key), was, now)


def _words(kind: str, value: dict[str, Any]) -> str:
    """A version stays readable when the code no longer knows a word it was frozen with."""
    try:
        return _VALUES[kind](value) if kind in _VALUES else ""
    except (KeyError, ValueError, TypeError):
        return ", ".join(str(part) for part in value.values())


def _name(kind: str, key: str) -> str:
    if kind == Kind.RETENTION and key in spans():
        return str(spans()[key].title)
    if kind == Kind.RETENTION and key in kept():
        entry, keep = kept()[key]
        return str(keep.rows or entry.title)
    if kind in {Kind.RETENTION, Kind.DATA}:
        return str(declared()[key].title) if key in declared() else key
    if kind == Kind.CONTACT:
        return ""
    return _label({Kind.PURPOSE: Purpose, Kind.GROUND: Ground}.get(Kind(kind)), key)


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if choices and value in choices.values else value


def _retention(value: dict[str, Any]) -> str:
    words = {"period": periods.parse(value["period"]).words(), "then": Then(value["then"]).label}
    return _("%(period)s, then %(then)s") % words


_VALUES: dict[str, Callable[[dict[str, Any]], str]] = {
    Kind.RETENTION: _retention,
    Kind.PURPOSE: lambda value: _label(Basis, value["basis"]),
    Kind.DATA: lambda value: ", ".join(_label(Category, category) for category in value["categories"]),
    Kind.SERVICE: lambda value: f"{value['vendor']} ({value['group']})",
    Kind.CONTACT: lambda value: ", ".join(part for part in value.values() if part),
}
