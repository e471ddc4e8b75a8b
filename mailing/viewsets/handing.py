"""What do the screens that hand data out of the site have in common? For whom, on which ground of the policy, why; and
what the log keeps of it."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogFormatter

from mailing.viewsets.asking import Ask
from records import disclosures
from records.models import Recipient
from records.registry import Ground

OWN = "own"
THIRD = "third"
THIRD_RIGHT = "records.disclose"


class HandOutForm(forms.Form):
    """`counted` says what the log counts, beside what the person who asks writes there."""

    counted: Any = ""
    grounds_listed: Any = _("Those that the policy in force lists.")

    use = forms.ChoiceField(label=_("For whom"), widget=forms.RadioSelect, initial=OWN)
    recipient = forms.ModelChoiceField(
        label=_("Recipient"), queryset=Recipient.objects.order_by("name"), required=False
    )
    ground = forms.ChoiceField(label=_("Ground"), required=False)
    why = forms.CharField(label=_("What for"), max_length=200)

    def __init__(self, *arguments: Any, grounds: list[Ground], may_hand_on: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        uses = [(OWN, _("for ourselves")), (THIRD, _("for a third party"))]
        fields: Any = self.fields
        fields["use"].choices = uses if may_hand_on else uses[:1]
        fields["ground"].choices = [("", "—"), *((ground.value, ground.label) for ground in grounds)]
        fields["ground"].help_text, fields["why"].help_text = self.grounds_listed, self.counted
        if not may_hand_on:
            del fields["recipient"], fields["ground"]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("use") == THIRD and not said.get("recipient") and "recipient" not in self.errors:
            self.add_error("recipient", _("Choose who receives the file."))
        return said

    @property
    def asked_for(self) -> dict[str, Any]:
        """Who gets it, on which ground, and why, of a valid form."""
        said, third = self.cleaned_data, self.cleaned_data["use"] == THIRD
        return {
            "why": said["why"],
            "recipient": said["recipient"] if third else None,
            "ground": said["ground"] if third else "",
        }


class HandOut(Ask):
    """The file is whole before a byte of it leaves, so that log and register name what was handed out and nothing
    else. `own_rights` suffice for the owner's own use; to hand it on takes one more."""

    page_title = _("Export")
    header_icon = "download"
    template_name = "mailing/export.html"
    submit_label = _("Download")
    own_rights: tuple[str, ...] = ()

    def user_has_permission(self, permission: str) -> bool:
        return bool(self.request.user.has_perms(self.own_rights))

    def may_hand_on(self) -> bool:
        return bool(self.request.user.has_perms((*self.own_rights, THIRD_RIGHT)))

    def get_form_kwargs(self) -> dict[str, Any]:
        grounds = disclosures.grounds(timezone.now())
        return super().get_form_kwargs() | {"grounds": grounds, "may_hand_on": self.may_hand_on()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        none = self.may_hand_on() and not disclosures.grounds(timezone.now())
        return super().get_context_data(no_ground=none, **kwargs)

    def hand_out(self, form: Any) -> Any:
        """The file, or the form again where nobody would be in it. Raises `disclosures.Refused`."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> Any:
        try:
            answer = self.hand_out(form)
        except disclosures.Refused as refused:
            form.add_error(None, str(refused))
            answer = self.form_invalid(form)
        answer["Cache-Control"] = "no-store"
        return answer


def kept(asked: Any, handed: Any, **counted: Any) -> dict[str, Any]:
    """What the log keeps: nobody's address."""
    return {
        "recipient": asked.recipient.name if asked.recipient else "",
        "ground": asked.ground,
        "why": asked.why,
        "columns": list(asked.columns),
        "sha256": handed.sha256,
        "disclosure": handed.disclosure.number if handed.disclosure else None,
        **counted,
    }


class HandedOut(LogFormatter):
    def format_comment(self, entry: Any) -> str:
        return f"{entry.data['why']} (SHA-256 {entry.data['sha256']})"
