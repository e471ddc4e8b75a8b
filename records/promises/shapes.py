"""What is a promise, and how is it put into the words of whoever reads it?"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, ParamSpec

from django.db.models import TextChoices
from django.utils.functional import Promise as Lazy
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy

P = ParamSpec("P")
Text = str | Lazy  # a lazy one is put into words as it is read, in the language that is active then


class State(TextChoices):
    KEPT = "kept", gettext_lazy("kept")
    BROKEN = "broken", gettext_lazy("broken")
    UNCOVERED = "uncovered", gettext_lazy("no version covers it")
    UNSHOWN = "unshown", gettext_lazy("nothing shows it yet")


@dataclass(frozen=True)
class Promise:
    """One thing the site promises: in words, by whom, whether it holds, and what shows it. Names nobody, counts nobody.

    `stated_by` is the version that says so, or "" where only the code does. `measured` is plain JSON for a program.
    `details` are for those who mend it alone, never for the public; `mend` names the screen of the CMS where they do.
    """

    key: str
    title: Text
    promised: Text
    stated_by: Text
    state: State
    evidence: Text
    measured: dict[str, Any] = field(default_factory=dict)
    details: Text = ""
    mend: str = ""


def later(words: Callable[P, str]) -> Callable[P, Text]:
    """Puts off the wording: a check runs once, and its sentences are read in every language of the site."""
    made: Callable[P, Text] = lazy(words, str)
    return made


@later
def sentences(*said: Text) -> str:
    """One after the other, without those that are empty."""
    return " ".join(text for each in said if (text := str(each)))


@later
def listed(*said: Text) -> str:
    return ", ".join(map(str, said))


def broken(promises: Iterable[Promise]) -> list[Promise]:
    return [promise for promise in promises if promise.state == State.BROKEN]


def in_words(promise: Promise) -> dict[str, str]:
    """What the public is told, in the language that is active."""
    said = {"title": promise.title, "promised": promise.promised, "stated_by": promise.stated_by}
    return {name: str(text) for name, text in (said | {"evidence": promise.evidence}).items()}
