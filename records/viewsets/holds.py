"""What must stay although its period ends? Legal holds are placed, given another end, and lifted; none is deleted."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets import AdminDateTimeInput
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from records import holds, retention
from records.models import Hold
from records.registry import declared, holdings

HOLDS = ModelPermissionPolicy(Hold)
INDEX = "holds:index"
TITLE = _("Legal holds")


def sets() -> list[tuple[str, Any]]:
    named = sorted(((entry.label, str(entry.title)) for entry in holdings()), key=lambda pair: pair[1].lower())
    return [("", _("Every data set")), *named]


class ActsColumn(Column):
    cell_template_name = "records/hold_acts.html"


class HoldIndexView(generic.IndexView):
    model = Hold
    permission_policy = HOLDS
    permission_required = "view"
    page_title = TITLE
    header_icon = "lock"
    index_url_name = INDEX
    index_results_url_name = "holds:results"
    is_searchable = False
    default_ordering = "-placed_at"
    no_results_message = _(
        "Nothing is held. A legal hold keeps rows that the site would delete: for a case in court, say, or an audit."
    )

    @cached_property
    def columns(self) -> list[Column]:
        return [
            Column("__str__", label=_("Hold"), accessor=str),
            Column("set", label=_("Data set"), accessor=_set),
            Column("whose", label=_("Whose"), accessor=lambda hold: _whose(hold)),
            Column("interval", label=_("Rows"), accessor=_interval),
            Column("reason", label=_("Reason")),
            Column("state", label=_("State"), accessor=lambda hold: _state(hold, self.now)),
            Column("placed_by", label=_("By")),
            DateColumn("placed_at", label=_("Since")),
            ActsColumn("acts", label=_("Act"), accessor=self.acts),
        ]

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    def acts(self, hold: Hold) -> list[tuple[str, Any]]:
        if not self.user_has_permission("change") or not Hold.objects.standing(self.now).filter(pk=hold.pk).exists():
            return []
        acts = [("holds:edit", _("Change the end")), ("holds:lift", _("Lift"))]
        return [(reverse(name, args=[hold.pk]), label) for name, label in acts]

    def get_base_queryset(self) -> QuerySet[Hold]:
        return retention.unexpired(Hold.objects.select_related("placed_by"), self.now)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.user_has_permission("add"):
            return []
        return [HeaderButton(_("Place a hold"), url=reverse("holds:place"), icon_name="plus")]

    def get_context_data(self, *arguments: Any, **options: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*arguments, **options)
        return context | {"add_url": None, "no_results_message": self.no_results_message}


def _set(hold: Hold) -> Any:
    entry = declared().get(hold.holding)
    return entry.title if entry else hold.holding or _("Every data set")


def _whose(hold: Hold) -> Any:
    return _("one person’s") if hold.subject else _("everybody’s")


def _interval(hold: Hold) -> Any:
    """Both ends, in the time zone of the site; empty where the hold has none."""
    start, end = (f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "…" for at in (hold.rows_from, hold.rows_to))
    return f"{start} – {end}" if hold.rows_from or hold.rows_to else _("of all time")


def _state(hold: Hold, now: datetime) -> Any:
    if hold.lifted_at:
        return _("lifted on %(day)s") % {"day": f"{timezone.localtime(hold.lifted_at):%Y-%m-%d}"}
    if hold.until is None:
        return _("until it is lifted")
    end = {"instant": f"{timezone.localtime(hold.until):%Y-%m-%d %H:%M}"}
    return (_("ended on %(instant)s") if hold.until <= now else _("until %(instant)s")) % end


class HoldForm(forms.Form):
    """What of a hold may be changed while it stands."""

    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=Hold._meta.get_field("reason").help_text)
    until = forms.DateTimeField(
        label=_("Until"), required=False, widget=AdminDateTimeInput, help_text=_("Empty: until somebody lifts it.")
    )


class PlaceForm(HoldForm):
    field_order = ["holding", "email", "rows_from", "rows_to", "reason", "until"]

    holding = forms.ChoiceField(label=_("Data set"), required=False, choices=sets)
    email = forms.EmailField(
        label=_("Of one person: their e-mail address"),
        required=False,
        max_length=254,
        help_text=_("Empty: of everybody. The address is not kept, only a hash of it under a key of this site."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    rows_from = forms.DateTimeField(
        label=_("Rows from"),
        required=False,
        widget=AdminDateTimeInput,
        help_text=_("By the instant from which their period counts. Empty: from the first."),
    )
    rows_to = forms.DateTimeField(
        label=_("Rows up to"), required=False, widget=AdminDateTimeInput, help_text=_("Empty: also those to come.")
    )


class HoldActView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    """One act on a hold. `does` raises ValidationError with a sentence, by field, for what cannot be."""

    model = Hold
    permission_policy = HOLDS
    permission_required = "change"
    header_icon = "lock"
    template_name = "records/hold_act.html"
    explanation: Any = ""
    submit_label: Any = ""
    said: Any = ""
    action = ""

    @cached_property
    def hold(self) -> Hold:
        """Those whose end has come stay as they are: what they kept may be gone."""
        return get_object_or_404(Hold.objects.standing(timezone.now()), pk=self.kwargs["pk"])

    @property
    def officer(self) -> User:
        assert isinstance(self.request.user, User)
        return self.request.user

    def get_page_subtitle(self) -> str:
        return str(self.hold)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(INDEX), "label": TITLE},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(view=self, back_url=reverse(INDEX), **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            hold = self.does(form.cleaned_data, timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        log(hold, self.action, user=self.request.user)
        messages.success(self.request, self.said)
        return redirect(INDEX)

    def does(self, said: dict[str, Any], now: datetime) -> Hold:
        raise NotImplementedError


class PlaceView(HoldActView):
    permission_required = "add"
    page_title = _("Place a hold")
    form_class = PlaceForm
    submit_label = _("Place the hold")
    said = _("It stands: nothing it covers is deleted from now on.")
    action = "records.hold.place"
    explanation = _(
        "The rows stay in the database past their period, and past a request for erasure. On the site and in these "
        "screens they are gone at the end of their period all the same. A hold needs a legal ground, such as a claim "
        "in court (GDPR Art. 17(3)(e)), and ends as soon as the ground does."
    )

    def get_page_subtitle(self) -> str:
        return ""

    def does(self, said: dict[str, Any], now: datetime) -> Hold:
        return holds.place(by=self.officer, now=now, **said)


class EditView(HoldActView):
    page_title = _("Change the end")
    form_class = HoldForm
    submit_label = _("Change the hold")
    said = _("The hold has the end you gave it.")
    action = "records.hold.change"

    def get_initial(self) -> dict[str, Any]:
        return {"reason": self.hold.reason, "until": self.hold.until}

    def does(self, said: dict[str, Any], now: datetime) -> Hold:
        return holds.extend(self.hold, now=now, **said)


class LiftView(HoldActView):
    page_title = _("Lift a hold")
    form_class = forms.Form
    template_name = "records/hold_lift.html"
    submit_label = _("Lift the hold")
    said = _("The hold is lifted. What it kept goes at the next run.")
    action = "records.hold.lift"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = retention.kept_by(self.hold, now=timezone.now())
        return super().get_context_data(
            hold=self.hold, whose=_whose(self.hold), set=_set(self.hold), kept=kept, **kwargs
        )

    def does(self, said: dict[str, Any], now: datetime) -> Hold:
        return holds.lift(self.hold, by=self.officer, now=now)


class ForReadersOfHolds(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return bool(HOLDS.user_has_permission(request.user, "view"))


class HoldViewSet(ViewSet):
    name = "holds"
    url_prefix = "holds"
    icon = "lock"
    menu_hook = "register_reports_menu_item"
    menu_item_class = ForReadersOfHolds
    menu_label = TITLE
    menu_order = 930

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", HoldIndexView.as_view(), name="index"),
            path("results/", HoldIndexView.as_view(results_only=True), name="results"),
            path("place/", PlaceView.as_view(), name="place"),
            path("edit/<int:pk>/", EditView.as_view(), name="edit"),
            path("lift/<int:pk>/", LiftView.as_view(), name="lift"),
        ]


def log_holds(actions: Any) -> None:
    actions.register_action("records.hold.place", _("Place a hold"), _("Hold placed"))
    actions.register_action("records.hold.change", _("Change a hold"), _("Hold changed"))
    actions.register_action("records.hold.lift", _("Lift a hold"), _("Hold lifted"))
