"""What will visitors read, from which instant on, when an editor does this? In sentences for the editor."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from policies import effective
from policies.clauses import Clause
from policies.forms import Asked
from policies.models import PolicyVersion
from policies.reissue import TITLE, Change, Fate, Question, Situation, What, Wording
from policies.states import language_name
from policies.wording import instant
from records.registry import Purpose
from records.terms import Kind

WHAT = {
    What.CHANGED: gettext_lazy("Changed"),
    What.ADDED: gettext_lazy("Added"),
    What.REMOVED: gettext_lazy("Removed"),
    What.MOVED: gettext_lazy("Moved"),
}


def of_fates(situation: Situation) -> dict[int, dict[Fate, str]]:
    """Two sentences for each fate of each pending version (by id)."""
    return {
        question.version.pk: {fate: _sentences(question, fate, is_next=not place) for fate in question.fates}
        for place, question in enumerate(situation.questions)
    }


def _sentences(question: Question, fate: Fate, *, is_next: bool) -> str:
    version = question.version
    words = {"number": version.number, "when": instant(version.effective_from)}
    if fate is Fate.WITHDRAW:
        return (_of_no_end() if version.ends else _of_withdrawing(is_next)) % words
    until = _("Until %(when)s visitors read this text.") if is_next else _("Until %(when)s this changes nothing.")
    return f"{until} {_from_then_on(question, fate)}" % words


def _of_withdrawing(is_next: bool) -> str:
    until = (
        _("Visitors read this text from now on, and nothing replaces it on %(when)s.")
        if is_next
        else _("Whatever visitors read by then, nothing replaces it on %(when)s.")
    )
    kept = _("Version %(number)d keeps its address, which says that it was withdrawn, and why.")
    return f"{until} {kept}"


def _of_no_end() -> str:
    return _("The policy does not end on %(when)s. Visitors read that its end was withdrawn, and why.")


def _from_then_on(question: Question, fate: Fate) -> str:
    if fate is Fate.REISSUE:
        return _("From then on they read version %(number)d with the changes of this text in it, under a new number.")
    if question.version.ends:
        return _("Then the policy ends, as announced.")
    if question.has_the_fix:
        return _("From then on they read version %(number)d, which says already what this text changes.")
    return _("From then on they read version %(number)d as it is, without what this text changes.")


def of_ending(version: PolicyVersion | None) -> list[str]:
    """What stops when this version is in force no more, by the terms it states."""
    stated = {(term["kind"], term["key"]) for term in version.terms} if version else set()
    kinds = {kind for kind, _key in stated}
    sentences = {
        _("Retention: its periods end. Data are deleted by the periods that the site itself declares."): (
            Kind.RETENTION in kinds
        ),
        _("Promotional mail: no campaign leaves, unless another policy in force names it as a purpose."): (
            (Kind.PURPOSE, Purpose.PROMOTION) in stated
        ),
        _("Disclosure to third parties: its grounds end, and nothing can be disclosed on them."): Kind.GROUND in kinds,
        _("Consent: choices about cookies that visitors made under it are asked for again."): True,
    }
    return [sentence for sentence, is_so in sentences.items() if is_so]


def of_publishing(situation: Situation, now: datetime) -> str:
    """How the versions stand after the fix was published."""
    page, asked = situation.page, {question.version.number for question in situation.questions}
    current, pending = effective.in_force(page, now), effective.upcoming(page, now)
    said = [_("Version %(number)d is in force now.") % {"number": current.number}] if current else []
    for number in sorted(asked - {version.number for version in pending}):
        said.append(_("Version %(number)d is withdrawn.") % {"number": number})
    for version in pending:
        words = {"number": version.number, "when": instant(version.effective_from)}
        said.append(_("Version %(number)d takes force on %(when)s.") % words)
    return " ".join(said)


@dataclass(frozen=True)
class Line:
    """One change of the fix in words; a side is empty where the clause is not in that text."""

    what: Any
    fix: str
    pending: str


@dataclass(frozen=True)
class Explained:
    """A question as the page shows it."""

    asked: Asked
    when: str
    changes: list[Line]
    conflicts: list[tuple[Line, Any]]  # with the field that settles it
    languages: str  # whose translations a re-issue leaves behind

    @property
    def question(self) -> Question:
        return self.asked.question


class Spoken:
    """The words of each clause as people read them, by the key of its block."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation

    @cached_property
    def _fix(self) -> dict[str, str]:
        return _by_key(self.situation.draft.written().content)

    def explained(self, asked: Asked) -> Explained:
        version = asked.question.version
        pending, reissuable = _by_key(version.content), Fate.REISSUE in asked.question.fates
        changes = asked.question.merged.changes if reissuable else []
        return Explained(
            asked,
            instant(version.effective_from),
            [self._line(change, pending) for change in changes],
            [(self._line(change, pending), field) for change, field in asked.sides],
            _translated(version) if reissuable else "",
        )

    def _line(self, change: Change, pending: dict[str, str]) -> Line:
        if change.key == TITLE:
            return Line(_("Title"), change.fix, change.pending)
        return Line(WHAT[change.what], self._fix.get(change.key, ""), pending.get(change.key, ""))


def _translated(version: PolicyVersion) -> str:
    languages = version.renditions.values_list("language", flat=True).distinct().order_by("language")
    return ", ".join(language_name(code) for code in languages)


def _by_key(content: dict[str, Any]) -> dict[str, str]:
    clauses = Wording("", content["clauses"]).keyed
    return {key: Clause(**clause).text for key, clause in clauses.items()}
