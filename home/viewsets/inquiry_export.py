"""Who takes inquiries out of the site, for whom, and on which ground of the policy? Each file is logged."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.log_actions import LogFormatter, log
from wagtail.models import Site

from home.inquiries import handing
from home.models import Inquiry
from home.viewsets.inquiry_list import InquiryFilters, found
from home.viewsets.inquiry_rights import EXPORT, READ
from mailing.viewsets.asking import Ask
from records import access_log, disclosures
from records.models import Controller, Recipient
from records.registry import Ground

OWN = "own"
THIRD = "third"
OWN_RIGHTS = (READ, EXPORT)
THIRD_RIGHTS = (*OWN_RIGHTS, "records.disclose")


class ExportForm(forms.Form):
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        help_text=_("No more than is needed. The number of the inquiry is always there."),
        choices=list(handing.COLUMNS.items()),
        initial=["received_at", "state", "page", "message"],
        widget=forms.CheckboxSelectMultiple,
    )
    use = forms.ChoiceField(label=_("For whom"), widget=forms.RadioSelect, initial=OWN)
    recipient = forms.ModelChoiceField(
        label=_("Recipient"), queryset=Recipient.objects.order_by("name"), required=False
    )
    ground = forms.ChoiceField(label=_("Ground"), help_text=_("Those that the policy in force lists."), required=False)
    why = forms.CharField(
        label=_("What for"),
        help_text=_("Kept in the log, with how many inquiries it was and a hash of the file. Name nobody here."),
        max_length=200,
    )

    def __init__(self, *arguments: Any, grounds: list[Ground], may_hand_on: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        uses = [(OWN, _("for ourselves")), (THIRD, _("for a third party"))]
        fields: Any = self.fields
        fields["use"].choices = uses if may_hand_on else uses[:1]
        fields["ground"].choices = [("", "—"), *((ground.value, ground.label) for ground in grounds)]
        if not may_hand_on:
            del fields["recipient"], fields["ground"]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("use") == THIRD and not said.get("recipient") and "recipient" not in self.errors:
            self.add_error("recipient", _("Choose who receives the file."))
        return said

    def asked(self, rows: QuerySet[Inquiry]) -> handing.Asked:
        said, third = self.cleaned_data, self.cleaned_data["use"] == THIRD
        return handing.Asked(
            rows=rows,
            columns=said["columns"],
            why=said["why"],
            recipient=said["recipient"] if third else None,
            ground=said["ground"] if third else "",
        )


class ExportView(Ask):
    """The file is whole before a byte of it leaves, so that log and register name what was handed out and nothing
    else. It holds what the list showed: the same filters stand in its address."""

    model = Inquiry
    permission_required = "export"
    list_name, list_label = "inquiries:index", _("Inquiries")
    page_title = _("Export")
    header_icon = "download"
    template_name = "home/inquiry_export.html"
    submit_label = _("Download")
    form_class = ExportForm

    def user_has_permission(self, permission: str) -> bool:
        return bool(self.request.user.has_perms(OWN_RIGHTS))

    def rows(self) -> QuerySet[Inquiry]:
        rows = found(self.request, Inquiry.objects.all())
        filters = InquiryFilters(self.request.GET, queryset=rows, request=self.request)
        return filters.filter_queryset(rows) if filters.is_valid() else rows.none()

    def get_back_url(self) -> str:
        return f"{super().get_back_url()}?{self.request.GET.urlencode()}".rstrip("?")

    def get_form_kwargs(self) -> dict[str, Any]:
        may_hand_on = self.request.user.has_perms(THIRD_RIGHTS)
        grounds = disclosures.grounds(timezone.now())
        return super().get_form_kwargs() | {"grounds": grounds, "may_hand_on": may_hand_on}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        none = self.request.user.has_perms(THIRD_RIGHTS) and not disclosures.grounds(timezone.now())
        return super().get_context_data(no_ground=none, explanation=_explained(self.rows().count()), **kwargs)

    def form_valid(self, form: Any) -> Any:
        asked = form.asked(self.rows())
        try:
            handed = handing.hand_out(asked, by=self.request.user, at=timezone.now())
        except disclosures.Refused as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        except handing.Nothing:
            return self._nothing(form)
        owner = Controller.for_site(Site.objects.get(is_default_site=True))
        log(owner, "home.export", user=self.request.user, data=_kept(asked, handed))
        act = access_log.Act.EXPORT
        access_log.note(holding="home.Inquiry", act=act, keys=handed.keys, why=asked.why)
        answer = FileResponse(
            handed.file, as_attachment=True, filename="inquiries.csv", content_type="text/csv; charset=utf-8"
        )
        answer["Cache-Control"] = "no-store"
        return answer

    def _nothing(self, form: Any) -> HttpResponse:
        messages.warning(self.request, gettext("No inquiry would be in the file, so there is none."))
        return self.render_to_response(self.get_context_data(form=form))


def _explained(count: int) -> str:
    sentence = ngettext(
        "The %(count)d inquiry that the list shows, as CSV.",
        "The %(count)d inquiries that the list shows, as CSV.",
        count,
    )
    rest = gettext(
        "Those of people who were erased are left out. What leaves the site is logged: by whom, for whom, why, and the "
        "hash of the file."
    )
    return f"{sentence % {'count': count}} {rest}"


def _kept(asked: handing.Asked, handed: handing.Handed) -> dict[str, Any]:
    """What the log keeps: nobody's address."""
    return {
        "recipient": asked.recipient.name if asked.recipient else "",
        "ground": asked.ground,
        "why": asked.why,
        "columns": list(asked.columns),
        "inquiries": len(handed.keys),
        "sha256": handed.sha256,
        "disclosure": handed.disclosure.number if handed.disclosure else None,
    }


class Exported(LogFormatter):
    label = _("Export inquiries")

    def format_message(self, entry: Any) -> str:
        count, recipient = entry.data["inquiries"], entry.data["recipient"]
        sentence = ngettext("Exported %(count)d inquiry", "Exported %(count)d inquiries", count) % {"count": count}
        if not recipient:
            return gettext("%(what)s for the owner's own use") % {"what": sentence}
        words = {"what": sentence, "recipient": recipient, "ground": Ground(entry.data["ground"]).label}
        return gettext("%(what)s to %(recipient)s: %(ground)s") % words

    def format_comment(self, entry: Any) -> str:
        return f"{entry.data['why']} (SHA-256 {entry.data['sha256']})"
