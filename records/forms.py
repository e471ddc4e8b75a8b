"""What does somebody send who asks about their own data?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from records.models import SubjectRequest
from records.subject_requests.filing import NEEDS_WORDS, Choice

MOST_WORDS = SubjectRequest._meta.get_field("words").most


class AskForm(forms.Form):
    """An address, and nothing else: whoever reads its mailbox is who may ask."""

    email = forms.EmailField(
        label=_("Your e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class ChooseForm(forms.Form):
    """What is asked for, and in which words where it takes some."""

    choice = forms.ChoiceField(choices=[(choice.value, choice.value) for choice in Choice])
    words = forms.CharField(required=False, max_length=MOST_WORDS)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("choice") in NEEDS_WORDS and not cleaned.get("words") and "words" not in self.errors:
            self.add_error("words", forms.ValidationError(_("Write in a sentence or two what it is about.")))
        return cleaned

    @property
    def chosen(self) -> Choice:
        """Of a valid form."""
        return Choice(self.cleaned_data["choice"])
