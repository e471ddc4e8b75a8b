"""The editor's side of what visitors publish: what waits for approval, what is shown, and taking it down."""

from typing import Any

import django_filters
from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from home import entries
from home.models import FormPage, PublicEntry
from policies.states import language_name
from policies.wording import instant

State = PublicEntry.State
SHOWN_HERE = [choice for choice in State.choices if choice[0] != State.WITHDRAWN]
EXCERPT = 90  # signs of what somebody wrote, in the list
MODERATE = "home.moderate_publicentry"


class ReadAndModerate(ModelPermissionPolicy):
    """Nobody writes, rewrites or deletes what a visitor published: it is shown, or it is not."""

    def user_has_permission(self, user: AbstractBaseUser, action: str) -> bool:
        return action in {"view", "moderate"} and bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: AbstractBaseUser, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class EntryFilters(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=SHOWN_HERE, empty_label=_("All"), widget=forms.RadioSelect
    )
    through = django_filters.ModelChoiceFilter(
        field_name="form",
        label=_("Form"),
        queryset=FormPage.objects.filter(fields__shown_publicly=True).distinct().order_by("title"),
        empty_label=_("All"),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = PublicEntry
        fields = ["state", "through"]


class EntryIndexView(generic.IndexView):
    results_template_name = "home/entries_results.html"
    filterset_class = EntryFilters
    is_searchable = False

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("entry", label=_("Entry"), accessor=str, get_url=self.get_inspect_url),
            Column("words", label=_("What it says"), accessor=excerpt),
            Column("get_state_display", label=_("State")),
            Column("form", label=_("Form"), accessor="form.title"),
            Column("locale", label=_("Language"), accessor=lambda row: language_name(row.locale)),
            Column("received_at", label=_("Received"), accessor=lambda row: instant(row.received_at, seconds=False)),
        ]

    def get_base_queryset(self) -> QuerySet[PublicEntry]:
        """Who waits comes first."""
        first = Case(When(state=State.WAITING, then=Value(0)), default=Value(1), output_field=IntegerField())
        rows = entries.standing(timezone.now()).select_related("form", "decision").defer("email")
        return rows.order_by(first, "-received_at", "-pk")

    @cached_property
    def no_results_message(self) -> str:
        if self.is_filtering:
            return gettext("No entry is like this.")
        return gettext(
            "Nobody has published anything yet. Mark a field of a form “shown publicly”, and make a page of public "
            "entries that shows what comes through it."
        )

    def get_context_data(self, *arguments: Any, **options: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*arguments, **options)
        return context | {"no_results_message": self.no_results_message}


def excerpt(row: PublicEntry) -> str:
    return Truncator(" · ".join(str(each["said"]) for each in entries.agreed(row) if each["said"])).chars(EXCERPT)


def _entry(pk: int) -> PublicEntry:
    """What was taken down or has reached its end is gone for whoever looks."""
    found = entries.standing(timezone.now()).select_related("form", "decision", "decided_by").defer("email")
    return get_object_or_404(found, pk=pk)


class EntryInspectView(generic.InspectView):
    def get_object(self, queryset: QuerySet[PublicEntry] | None = None) -> PublicEntry:
        return _entry(self.pk)

    def get_decided_by_display_value(self) -> str:
        return str(self.object.decided_by or "–")

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.request.user.has_perm(MODERATE):
            return []
        return [
            HeaderButton(act.label(self.object), url=act.url(self.object), icon_name=act.header_icon)
            for act in (ApproveView, RefuseView)
            if self.object.state != act.state
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        said = entries.agreed(self.object)
        pages = [page for page in entries.pages(self.object.form) if self.object.state == State.SHOWN]
        rests_on = decision_url(self.request, self.object)
        return super().get_context_data(said=said, pages=pages, decision_url=rests_on, **kwargs)


def decision_url(request: HttpRequest, entry: PublicEntry) -> str:
    """Where the decision is read, for whoever may."""
    if not request.user.has_perm("consent.view_decision"):
        return ""
    try:
        return reverse("consent_decisions:read", args=[entry.decision_id])
    except NoReverseMatch:
        return ""


class ActView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Asks first: what is shown is read by everybody. Says what came of it, and leads on to whoever waits next."""

    model = PublicEntry
    permission_required = "moderate"
    template_name = "home/entry_act.html"
    state = State.WAITING
    name = ""
    log_action = ""
    explanation: Any = ""
    done: Any = ""
    no_change: Any = _("Nothing was changed: it was so already.")
    gone: Any = _("This entry is not there any more: its writer took it down, or its period is over.")

    @classmethod
    def label(cls, entry: PublicEntry) -> Any:
        return cls.page_title

    @classmethod
    def url(cls, entry: PublicEntry) -> str:
        return reverse(f"entries:{cls.name}", args=[entry.pk])

    @cached_property
    def entry(self) -> PublicEntry:
        return _entry(self.kwargs["pk"])

    def get_page_title(self) -> str:
        return str(self.label(self.entry)).rstrip("…")

    def get_page_subtitle(self) -> str:
        return str(self.entry)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("entries:index"), "label": capfirst(PublicEntry._meta.verbose_name_plural)},
            {"url": reverse("entries:inspect", args=[self.entry.pk]), "label": str(self.entry)},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        said = entries.agreed(self.entry)
        back = reverse("entries:inspect", args=[self.entry.pk])
        words = {"explanation": self.explanation, "button": self.get_page_title(), "back_url": back}
        return super().get_context_data(entry=self.entry, said=said, **words, **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            changed = self.act(self.entry, request.user)
        except entries.Gone:
            messages.warning(request, self.gone)
            return redirect("entries:index")
        if changed is None:
            messages.info(request, self.no_change)
            return redirect("entries:inspect", self.entry.pk)
        log(changed, self.log_action, user=request.user)
        messages.success(request, self.done, buttons=list(self._next()))
        return redirect("entries:inspect", changed.pk)

    def _next(self) -> Any:
        if following := entries.waiting(at=timezone.now()).first():
            yield messages.button(reverse("entries:inspect", args=[following.pk]), gettext("The next that waits"))

    def act(self, entry: PublicEntry, user: Any) -> PublicEntry | None:
        raise NotImplementedError


class ApproveView(ActView):
    page_title = _("Show it…")
    header_icon = "check"
    name, log_action, state = "approve", "home.entry_approve", State.SHOWN
    explanation = _(
        "Everybody can read this on the site from now on. Its writer agreed, gets a mail that says so, and can take it "
        "down at any time."
    )
    done = _("The entry is shown. Its writer is told.")

    def act(self, entry: PublicEntry, user: Any) -> PublicEntry | None:
        return entries.approve(entry, by=user, now=timezone.now())


class RefuseView(ActView):
    page_title = _("Do not show it…")
    header_icon = "no-view"
    name, log_action, state = "refuse", "home.entry_refuse", State.REFUSED
    explanation = _(
        "Nobody reads this on the site. It is deleted after thirty days, unless a policy in force says otherwise; "
        "until then you can still show it. The message that it came with stays in the inbox."
    )
    done = _("The entry is not shown.")

    @classmethod
    def label(cls, entry: PublicEntry) -> Any:
        return _("Take it down…") if entry.state == State.SHOWN else cls.page_title

    def act(self, entry: PublicEntry, user: Any) -> PublicEntry | None:
        return entries.refuse(entry, by=user, now=timezone.now())


class EntryViewSet(ModelViewSet):
    model = PublicEntry
    name = "entries"
    url_prefix = "entries"
    icon = "openquote"
    menu_label = _("Public entries")
    menu_order = 310
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = EntryIndexView
    inspect_view_enabled = True
    inspect_view_class = EntryInspectView
    inspect_template_name = "home/entry_inspect.html"
    inspect_view_fields = ["state", "form", "received_at", "changed_at", "decided_by"]
    form_fields = ["state"]  # of forms that ReadAndModerate never shows

    @property
    def index_results_template_name(self) -> str:
        return "home/entries_results.html"

    def get_urlpatterns(self) -> list[Any]:
        return [
            *super().get_urlpatterns(),
            path("approve/<int:pk>/", ApproveView.as_view(), name="approve"),
            path("refuse/<int:pk>/", RefuseView.as_view(), name="refuse"),
        ]
