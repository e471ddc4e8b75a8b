"""What an editor fills in to withdraw a version, to end a policy, and to publish beside a pending version."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import AdminDateTimeInput

from policies import reissue
from policies.reissue import Decision, Fate, Question

REASON_LENGTH = 300  # of the column


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=REASON_LENGTH, help_text=_("One sentence. Visitors read it with the version.")
    )


class EndForm(forms.Form):
    at = forms.DateTimeField(label=_("Ends"), required=False, widget=AdminDateTimeInput)
    note = forms.CharField(
        label=_("Note for visitors"),
        max_length=300,
        help_text=_("One sentence: why, and where to turn. It stands where the policy stood, and in its history."),
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        zone = timezone.get_current_timezone_name()
        self.fields["at"].help_text = gettext("In the time zone %(zone)s. Left empty: at once.") % {"zone": zone}

    def clean_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["at"]
        if at and at <= self.now:
            raise ValidationError(gettext("This instant has passed. Choose a later one, or leave it empty."))
        return at


@dataclass(frozen=True)
class Asked:
    """One question with its fields, for the page."""

    question: Question
    fate: forms.BoundField
    reason: forms.BoundField
    sides: list[tuple[reissue.Change, forms.BoundField]]


class UrgentForm(forms.Form):
    """For each pending version: its fate, the reason of a withdrawal, and whose words each conflict takes."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, questions: Iterable[Question], sentences: dict[int, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        for question in self.questions:
            self._ask(question, sentences[question.version.pk])

    def _ask(self, question: Question, sentences: dict[Fate, str]) -> None:
        pk, number = question.version.pk, {"number": question.version.number}
        choices = [(fate.value, _explained(fate.label, sentences[fate])) for fate in question.fates]
        label = gettext("What becomes of version %(number)d?") % number
        self.fields[f"fate-{pk}"] = forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)
        self.fields[f"reason-{pk}"] = forms.CharField(
            label=gettext("Reason, if you withdraw it"), max_length=REASON_LENGTH, required=False
        )
        sides = [
            (reissue.FIX, gettext("Take the words of this text")),
            (reissue.PENDING, gettext("Keep the words of version %(number)d") % number),
        ]
        for place in range(len(self._conflicts(question))):
            self.fields[f"side-{pk}-{place}"] = forms.ChoiceField(
                label=gettext("If you re-issue it"), choices=sides, required=False, widget=forms.RadioSelect
            )

    def _conflicts(self, question: Question) -> list[reissue.Change]:
        return question.merged.conflicts if Fate.REISSUE in question.fates else []

    @property
    def asked(self) -> list[Asked]:
        return [self._asked(question) for question in self.questions]

    def _asked(self, question: Question) -> Asked:
        pk = question.version.pk
        sides = [(change, self[f"side-{pk}-{place}"]) for place, change in enumerate(self._conflicts(question))]
        return Asked(question, self[f"fate-{pk}"], self[f"reason-{pk}"], sides)

    def clean(self) -> None:
        for question in self.questions:
            pk, fate = question.version.pk, self.cleaned_data.get(f"fate-{question.version.pk}")
            if fate == Fate.WITHDRAW and not self.cleaned_data.get(f"reason-{pk}"):
                self.add_error(f"reason-{pk}", gettext("Say why it is withdrawn."))
            for place in range(len(self._conflicts(question))):
                if fate == Fate.REISSUE and not self.cleaned_data.get(f"side-{pk}-{place}"):
                    self.add_error(f"side-{pk}-{place}", gettext("Choose whose words stand."))

    def decisions(self) -> dict[int, Decision]:
        return {question.version.pk: self._decision(question) for question in self.questions}

    def _decision(self, question: Question) -> Decision:
        pk, said = question.version.pk, self.cleaned_data
        settled = {change.key: said[f"side-{pk}-{place}"] for place, change in enumerate(self._conflicts(question))}
        return Decision(said[f"fate-{pk}"], said[f"reason-{pk}"], settled)


def _explained(label: object, sentences: str) -> SafeString:
    return format_html("<span><strong>{}</strong><br>{}</span>", label, sentences)
