"""Who takes inquiries out of the site, for whom, and on which ground of the policy? Each file is logged."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.log_actions import log
from wagtail.models import Site

from home.inquiries import handing
from home.models import Inquiry
from home.viewsets.inquiry_list import InquiryFilters, found
from home.viewsets.inquiry_rights import EXPORT, READ
from mailing.viewsets.handing import HandedOut, HandOut, HandOutForm, kept
from records import access_log
from records.models import Controller
from records.registry import Ground


class ExportForm(HandOutForm):
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        help_text=_("No more than is needed. The number of the inquiry is always there."),
        choices=list(handing.COLUMNS.items()),
        initial=["received_at", "state", "page", "message"],
        widget=forms.CheckboxSelectMultiple,
    )
    counted = _("Kept in the log, with how many inquiries it was and a hash of the file. Name nobody here.")
    field_order = ("columns", "use", "recipient", "ground", "why")

    def asked(self, rows: QuerySet[Inquiry]) -> handing.Asked:
        return handing.Asked(rows=rows, columns=self.cleaned_data["columns"], **self.asked_for)


class ExportView(HandOut):
    """It holds what the list showed: the same filters stand in its address."""

    model = Inquiry
    permission_required = "export"
    own_rights = (READ, EXPORT)
    list_name, list_label = "inquiries:index", _("Inquiries")
    form_class = ExportForm

    def rows(self) -> QuerySet[Inquiry]:
        rows = found(self.request, Inquiry.objects.all())
        filters = InquiryFilters(self.request.GET, queryset=rows, request=self.request)
        return filters.filter_queryset(rows) if filters.is_valid() else rows.none()

    def get_back_url(self) -> str:
        return f"{super().get_back_url()}?{self.request.GET.urlencode()}".rstrip("?")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(explanation=_explained(self.rows().count()), **kwargs)

    def hand_out(self, form: ExportForm) -> HttpResponseBase:
        asked = form.asked(self.rows())
        try:
            handed = handing.hand_out(asked, by=self.request.user, at=timezone.now())
        except handing.Nothing:
            messages.warning(self.request, gettext("No inquiry would be in the file, so there is none."))
            return self.render_to_response(self.get_context_data(form=form))
        owner = Controller.for_site(Site.objects.get(is_default_site=True))
        log(owner, "home.export", user=self.request.user, data=kept(asked, handed, inquiries=len(handed.keys)))
        act = access_log.Act.EXPORT
        access_log.note(holding="home.Inquiry", act=act, keys=handed.keys, why=asked.why)
        kind = "text/csv; charset=utf-8"
        return FileResponse(handed.file, as_attachment=True, filename="inquiries.csv", content_type=kind)


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


class Exported(HandedOut):
    label = _("Export inquiries")

    def format_message(self, entry: Any) -> str:
        count, recipient = entry.data["inquiries"], entry.data["recipient"]
        sentence = ngettext("Exported %(count)d inquiry", "Exported %(count)d inquiries", count) % {"count": count}
        if not recipient:
            return gettext("%(what)s for the owner's own use") % {"what": sentence}
        words = {"what": sentence, "recipient": recipient, "ground": Ground(entry.data["ground"]).label}
        return gettext("%(what)s to %(recipient)s: %(ground)s") % words
