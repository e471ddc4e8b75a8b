"""Which version says so? Its name is looked up when somebody reads it, for it has one in each language."""

from datetime import datetime

from django.utils.functional import lazy
from django.utils.translation import get_language

from records import terms
from records.models import Term
from records.promises.shapes import Text
from records.terms import Kind


class Stated:
    """The terms of one kind in force at an instant (UTC), with the names of their versions."""

    def __init__(self, kind: Kind, at: datetime) -> None:
        self.terms: dict[str, Term] = terms.all_in_force(kind, at)
        self._named: dict[str | None, dict[int, str]] = {}

    def by(self, key: str) -> Text:
        """Empty where no version states it."""
        term = self.terms.get(key)
        name: Text = lazy(self._name, str)(term.sheet_id) if term else ""
        return name

    def by_any(self) -> Text:
        """The version that states the most recent term of this kind; empty where none states any."""
        newest = max(self.terms.values(), key=lambda term: (term.effective_from, term.pk), default=None)
        return self.by(newest.key) if newest else ""

    def _name(self, sheet: int) -> str:
        language = get_language()
        if language not in self._named:
            self._named[language] = terms.names(term.sheet for term in self.terms.values())
        return self._named[language][sheet]
