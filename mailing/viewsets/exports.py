"""Who takes people of a list out of the site, for whom, and on which ground of the policy? Each file is logged."""

from typing import Any

from django import forms
from django.http import FileResponse, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.log_actions import LogFormatter, log

from mailing import outgoing
from mailing.models import MailingList, Segment, Subscriber
from mailing.viewsets.asking import Ask
from records import access_log, disclosures
from records.models import Recipient
from records.registry import Ground

OWN = "own"
THIRD = "third"
# Whoever may correct people may take them out for the owner's own use; to hand them on takes a right of its own.
OWN_RIGHTS = ("mailing.view_subscriber", "mailing.change_subscriber")
THIRD_RIGHTS = (*OWN_RIGHTS, "records.disclose")


def may_export(user: Any) -> bool:
    return bool(user.has_perms(OWN_RIGHTS))


class ExportForm(forms.Form):
    mailing_list = forms.ModelChoiceField(label=_("List"), queryset=MailingList.objects.order_by("name"))
    segment = forms.ModelChoiceField(
        label=_("Segment"), queryset=Segment.objects.order_by("name"), required=False, empty_label=_("the whole list")
    )
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        help_text=_("No more than is needed. The address is always there."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    use = forms.ChoiceField(label=_("For whom"), widget=forms.RadioSelect, initial=OWN)
    recipient = forms.ModelChoiceField(
        label=_("Recipient"), queryset=Recipient.objects.order_by("name"), required=False
    )
    ground = forms.ChoiceField(
        label=_("Ground"),
        help_text=_(
            "Those that the policy in force lists. On the ground of consent, only people who agreed are in it."
        ),
        required=False,
    )
    why = forms.CharField(
        label=_("What for"),
        help_text=_("Kept in the log, with how many people it was and a hash of the file. Name nobody here."),
        max_length=200,
    )

    def __init__(self, *arguments: Any, grounds: list[Ground], may_hand_on: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        uses = [(OWN, _("for ourselves")), (THIRD, _("for a third party"))]
        fields: Any = self.fields
        fields["columns"].choices = [each for each in outgoing.columns() if each[0] != "email"]
        fields["use"].choices = uses if may_hand_on else uses[:1]
        fields["ground"].choices = [("", "—"), *((ground.value, ground.label) for ground in grounds)]
        if not may_hand_on:
            del fields["recipient"], fields["ground"]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("use") == THIRD and not said.get("recipient") and "recipient" not in self.errors:
            self.add_error("recipient", _("Choose who receives the file."))
        return said

    def asked(self) -> outgoing.Asked:
        said, third = self.cleaned_data, self.cleaned_data["use"] == THIRD
        return outgoing.Asked(
            mailing_list=said["mailing_list"],
            segment=said["segment"],
            columns=["email", *said["columns"]],
            why=said["why"],
            recipient=said["recipient"] if third else None,
            ground=said["ground"] if third else "",
        )


class ExportView(Ask):
    """The file is whole before a byte of it leaves, so that log and register name what was handed out and nothing
    else."""

    model = Subscriber
    permission_required = "change"
    list_name, list_label = "subscribers:index", _("Subscribers")
    page_title = _("Export")
    header_icon = "download"
    template_name = "mailing/export.html"
    submit_label = _("Download")
    explanation = _(
        "People who are on the list now, as CSV. Suppressed addresses are left out. What leaves the site is logged: by "
        "whom, for whom, why, and the hash of the file."
    )
    form_class = ExportForm

    def user_has_permission(self, permission: str) -> bool:
        return may_export(self.request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        may_hand_on = self.request.user.has_perms(THIRD_RIGHTS)
        grounds = disclosures.grounds(timezone.now())
        return super().get_form_kwargs() | {"grounds": grounds, "may_hand_on": may_hand_on}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_hand_on = self.request.user.has_perms(THIRD_RIGHTS)
        none = may_hand_on and not disclosures.grounds(timezone.now())
        return super().get_context_data(no_ground=none, may_hand_on=may_hand_on, **kwargs)

    def form_valid(self, form: Any) -> Any:
        asked = form.asked()
        try:
            handed = outgoing.hand_out(asked, by=self.request.user, at=timezone.now())
        except disclosures.Refused as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        except outgoing.Nobody as nobody:
            return self._nobody(form, nobody.left_out)
        log(asked.mailing_list, "mailing.export", user=self.request.user, data=_kept(asked, handed))
        act = access_log.Act.EXPORT
        access_log.note(holding="mailing.Subscriber", act=act, keys=handed.keys, why=asked.why)
        name = f"{asked.mailing_list.key}.csv"
        return FileResponse(handed.file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")

    def _nobody(self, form: Any, left_out: dict[str, int]) -> HttpResponse:
        sentence = gettext("Nobody would be in the file, so there is none.")
        if left_out["no_consent"]:
            sentence += " " + gettext("Nobody of the list has agreed that this recipient gets their data.")
        messages.warning(self.request, sentence)
        return self.render_to_response(self.get_context_data(form=form))


def _kept(asked: outgoing.Asked, handed: outgoing.Handed) -> dict[str, Any]:
    """What the log keeps: nobody's address."""
    return {
        "recipient": asked.recipient.name if asked.recipient else "",
        "ground": asked.ground,
        "why": asked.why,
        "segment": asked.segment.name if asked.segment else "",
        "columns": list(asked.columns),
        "people": handed.people,
        "left_out": handed.left_out,
        "sha256": handed.sha256,
        "disclosure": handed.disclosure.number if handed.disclosure else None,
    }


class Exported(LogFormatter):
    label = _("Export subscribers")

    def format_message(self, entry: Any) -> str:
        people, recipient = entry.data["people"], entry.data["recipient"]
        if not recipient:
            sentence = ngettext(
                "Exported %(people)d person for the owner's own use",
                "Exported %(people)d people for the owner's own use",
                people,
            )
            return sentence % {"people": people}
        sentence = ngettext(
            "Exported %(people)d person to %(recipient)s: %(ground)s",
            "Exported %(people)d people to %(recipient)s: %(ground)s",
            people,
        )
        ground = Ground(entry.data["ground"]).label
        return sentence % {"people": people, "recipient": recipient, "ground": ground}

    def format_comment(self, entry: Any) -> str:
        return f"{entry.data['why']} (SHA-256 {entry.data['sha256']})"
