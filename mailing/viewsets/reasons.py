"""Why was it done? Chosen from a list: what somebody types may name a person, and the log outlives an erasure."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import LogFormatter

from mailing.models import Suppression

LEAVE = {
    "mail": _("the person asked by mail"),
    "phone": _("the person asked by telephone"),
    "personally": _("the person asked in person"),
    "other_owner": _("the address belongs to somebody else now"),
    "no_proof": _("there is no proof that the person agreed"),
}
LIFT = {
    "asked": _("the person asks for mail again"),
    "works": _("the mailbox works again"),
    "mistake": _("it was there by mistake"),
}
SUPPRESS = [
    (reason.value, reason.label)
    for reason in (
        Suppression.Reason.OBJECTION,
        Suppression.Reason.COMPLAINT,
        Suppression.Reason.HARD_BOUNCE,
        Suppression.Reason.EDITOR,
    )
]
_WORDS: dict[str, Any] = {**dict(Suppression.Reason.choices), **LEAVE, **LIFT}


def field(choices: dict[str, Any]) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Why"), choices=list(choices.items()), widget=forms.RadioSelect)


class WithReason(LogFormatter):
    """An act, and why."""

    def format_message(self, entry: Any) -> str:
        why = str(_WORDS.get(entry.data.get("reason", ""), ""))
        return f"{self.message}: {why}" if why else str(self.message)


def register(actions: Any, action: str, label: Any, message: Any) -> None:
    actions.register_action(action)(type("Formatter", (WithReason,), {"label": label, "message": message}))
