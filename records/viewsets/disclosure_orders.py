"""What one person proposes to hand out, and what a second does with it: looks at exactly what would go, and decides."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.reports import ReportView
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from records import access_log, disclosures, retention
from records.disclosures import Refused, contents, orders
from records.disclosures.contents import Held, Wanted
from records.disclosures.refusals import SECOND_PERSON
from records.models import DisclosureOrder
from records.registry import Ground, holdings
from records.viewsets.disclosing import Steps, WhoseForm, in_words
from records.viewsets.disclosure_new import handed_out
from records.viewsets.permitted import DISCLOSURES, may_see_orders

State = DisclosureOrder.State


def everything() -> dict[str, list[str]]:
    """Every column about people of every data set: what passes to a new owner."""
    return {entry.label: sorted(entry.personal) for entry in holdings()}


class ProposeForm(WhoseForm):
    emails = forms.CharField(
        label=_("Whose data"),
        help_text=_("An e-mail address. Empty: everybody's. With the whole site everybody's goes anyway."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    document = forms.FileField(
        label=_("Document"),
        help_text=_("The order itself: PDF, PNG or JPEG, up to 10 MB. It is stored encrypted."),
        required=False,
    )

    document_name = ""

    def clean_emails(self) -> list[str]:
        emails = super().clean_emails()
        return emails[:1]

    def clean_document(self) -> bytes:
        file = self.cleaned_data["document"]
        if file is None:
            return b""
        if file.size > orders.LARGEST:
            raise ValidationError(
                _("The document is too large: %(most)d MB are allowed.") % {"most": orders.LARGEST >> 20}
            )
        self.document_name = str(file.name)
        return bytes(file.read())

    def _held(self, said: Any) -> list[Held]:
        return [] if said["ground"] == Ground.SUCCESSION else super()._held(said)

    @property
    def is_whole_site(self) -> bool:
        return bool(self.cleaned_data.get("ground") == Ground.SUCCESSION)


class ProposeView(Steps):
    page_title = _("Propose a disclosure")
    header_icon = "lock"
    template_name = "records/disclosure_propose.html"
    form_class = ProposeForm
    grounds = SECOND_PERSON
    last = ("propose",)

    def form_valid(self, form: Any) -> Any:
        if self.act not in self.last or not (form.held or form.is_whole_site):
            return self.show(form, "choose")
        said = form.cleaned_data
        try:
            order = orders.propose(
                recipient=said["recipient"],
                ground=said["ground"],
                reference=said["reference"],
                sets=everything() if form.is_whole_site else form.sets,
                email=said["emails"][0] if said["emails"] and not form.is_whole_site else "",
                document=said["document"],
                document_name=form.document_name,
                by=self.request.user,
                now=timezone.now(),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
            return self.show(form, "choose")
        log(order, "records.propose", user=self.request.user, data={"recipient": order.recipient.name})
        messages.success(self.request, gettext("Proposed. Somebody else with the right to approve has to look at it."))
        return redirect("disclosures:order", pk=order.pk)


class OrderReport(ReportView):
    model = DisclosureOrder
    permission_policy = DISCLOSURES
    any_permission_required = ["disclose", "approve"]
    page_title = _("Proposed disclosures")
    header_icon = "lock"
    index_url_name = "disclosures:orders"
    index_results_url_name = "disclosures:orders_results"
    no_results_message = _(
        "Nothing was proposed yet. What a court or a state body asks for, and the passing of the site to a new owner, "
        "take two people: one proposes here, another approves."
    )
    columns = [
        TitleColumn(
            "number",
            label=_("Number"),
            accessor=lambda row: f"#{row.pk}",
            get_url=lambda row: reverse("disclosures:order", args=[row.pk]),
        ),
        Column("get_state_display", label=_("State")),
        Column("recipient", label=_("Recipient")),
        Column("get_ground_display", label=_("Ground")),
        Column("reference", label=_("Document")),
        DateColumn("proposed_at", label=_("Proposed")),
    ]

    def get_queryset(self) -> QuerySet[DisclosureOrder]:
        standing = retention.unexpired(DisclosureOrder.objects.all(), timezone.now())
        shown = standing.defer("document").select_related("recipient")
        return shown.order_by("-proposed_at", "-pk")

    @property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.request.user.has_perm("records.disclose"):
            return []
        return [HeaderButton(_("Propose"), url=reverse("disclosures:propose"), icon_name="plus")]


class OrderMixin:
    """One order, for those who may propose or approve."""

    request: HttpRequest
    kwargs: dict[str, Any]
    order: DisclosureOrder

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_orders(request.user):
            raise PermissionDenied
        standing = retention.unexpired(DisclosureOrder.objects.all(), timezone.now())
        self.order = get_object_or_404(standing.select_related("recipient", "disclosure"), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class OrderView(OrderMixin, WagtailAdminTemplateMixin, TemplateView):
    header_icon = "lock"
    template_name = "records/order.html"

    @property
    def page_title(self) -> str:
        return gettext("Proposed disclosure #%(number)d") % {"number": self.order.pk}

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("disclosures:orders"), "label": OrderReport.page_title}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order, user = self.order, self.request.user
        mine = order.proposed_by_id == user.pk
        wanted = Wanted(order.sets, [order.email] if order.email else None, timezone.now())
        waits, whole = order.state in {State.PROPOSED, State.APPROVED}, order.ground == Ground.SUCCESSION
        rows = {label: wanted.rows(label).count() for label in order.sets} if waits else None
        return super().get_context_data(
            order=order,
            lines=in_words(order.sets, rows),
            is_counted=rows is not None,
            is_whole_site=whole,
            warnings=disclosures.warnings(order.recipient),
            proposed_by=name_of(order.proposed_by_id),
            decided_by=name_of(order.decided_by_id),
            may_decide=order.state == State.PROPOSED and not mine and user.has_perm("records.approve_disclosureorder"),
            is_own=mine and order.state == State.PROPOSED,
            may_hand_out=order.state == State.APPROVED and not whole and user.has_perm("records.disclose"),
            **kwargs,
        )


def name_of(account: int | None) -> str:
    if account is None:
        return ""
    found = get_user_model().objects.filter(pk=account).first()
    return found.get_username() if found else gettext("(account deleted)")


class DocumentView(OrderMixin, View):
    """The document as it was uploaded: never shown inside the CMS, whatever is in it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.order.document:
            return redirect("disclosures:order", pk=pk)
        content = orders.document(self.order)
        access_log.note(holding=DisclosureOrder._meta.label, act=access_log.Act.EXPORT, keys=[pk])
        kind = orders.kind_of(content)
        answer = HttpResponse(content, content_type=kind)
        answer["Content-Disposition"] = f'attachment; filename="order-{pk}.{_ENDINGS[kind]}"'
        answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
        return answer


_ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
_DECIDES = {"approve": orders.approve, "refuse": orders.turn_down}
_SAID = {
    "approve": gettext_lazy("Approved. Whoever may hand out data can now do so, once."),
    "refuse": gettext_lazy("Refused. It is not handed out."),
}


class DecideView(OrderMixin, View):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        act = request.POST.get("act", "")
        try:
            if act == "hand":
                return self._hand_out()
            if act in _DECIDES:
                _DECIDES[act](order=self.order, by=request.user, now=timezone.now())
                log(self.order, f"records.{act}_order", user=request.user)
                messages.success(request, _SAID[act])
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("disclosures:order", pk=pk)

    def _hand_out(self) -> HttpResponseBase:
        row = orders.hand_out(order=self.order, by=self.request.user, now=timezone.now())
        wanted = contents.Wanted(row.sets, [self.order.email] if self.order.email else None, row.at)
        return handed_out(row, wanted, self.request.user, "json")
