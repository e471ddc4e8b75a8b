"""Who takes people of a list out of the site, for whom, and on which ground of the policy? Each file is logged."""

from typing import Any

from django import forms
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.log_actions import log

from mailing import outgoing
from mailing.models import MailingList, Segment, Subscriber
from mailing.viewsets.handing import HandedOut, HandOut, HandOutForm, kept
from records import access_log
from records.registry import Ground

# Whoever may correct people may take them out for the owner's own use.
OWN_RIGHTS = ("mailing.view_subscriber", "mailing.change_subscriber")


def may_export(user: Any) -> bool:
    return bool(user.has_perms(OWN_RIGHTS))


class ExportForm(HandOutForm):
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
    counted = _("Kept in the log, with how many people it was and a hash of the file. Name nobody here.")
    grounds_listed = _(
        "Those that the policy in force lists. On the ground of consent, only people who agreed are in it."
    )
    field_order = ("mailing_list", "segment", "columns", "use", "recipient", "ground", "why")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        fields: Any = self.fields
        fields["columns"].choices = [each for each in outgoing.columns() if each[0] != "email"]

    def asked(self) -> outgoing.Asked:
        said = self.cleaned_data
        return outgoing.Asked(
            mailing_list=said["mailing_list"],
            segment=said["segment"],
            columns=["email", *said["columns"]],
            **self.asked_for,
        )


class ExportView(HandOut):
    model = Subscriber
    permission_required = "change"
    own_rights = OWN_RIGHTS
    list_name, list_label = "subscribers:index", _("Subscribers")
    explanation = _(
        "People who are on the list now, as CSV. Suppressed addresses are left out. What leaves the site is logged: by "
        "whom, for whom, why, and the hash of the file."
    )
    form_class = ExportForm

    def hand_out(self, form: ExportForm) -> HttpResponseBase:
        asked = form.asked()
        try:
            handed = outgoing.hand_out(asked, by=self.request.user, at=timezone.now())
        except outgoing.Nobody as nobody:
            return self._nobody(form, nobody.left_out)
        counted = {
            "segment": asked.segment.name if asked.segment else "",
            "people": handed.people,
            "left_out": handed.left_out,
        }
        log(asked.mailing_list, "mailing.export", user=self.request.user, data=kept(asked, handed, **counted))
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


class Exported(HandedOut):
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
