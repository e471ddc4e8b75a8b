"""Who is on the lists? Found by address or by mail domain, without either of them in any URL."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from mailing import addresses, audience, segments
from mailing.incoming.values import spellings
from mailing.models import MailingList, Segment, Subscriber, Subscription, Suppression
from mailing.viewsets import exports, subscriber
from policies.states import language_name
from policies.wording import instant
from records import access_log

DOMAIN = "mailing_subscribers_domain"  # what the session keeps of a search: a domain may name a person, too
STATES = {
    "live": _("confirmed"),
    "waiting": _("not confirmed yet"),
    "left": _("left"),
    "suppressed": _("address suppressed"),
}


def state_of(subscription: Subscription) -> str:
    """ "confirmed", "not confirmed yet" or "left"."""
    if subscription.left_at:
        return str(STATES["left"])
    return str(STATES["live" if subscription.decision_id else "waiting"])


def suppressed() -> Exists:
    return Exists(Suppression.objects.filter(digest=OuterRef("digest")))


class SubscriberFilters(WagtailFilterSet):
    """List, state and segment speak of one subscription: “left” and “News” are those who left News."""

    mailing_list = django_filters.ModelChoiceFilter(
        label=_("List"), queryset=MailingList.objects.order_by("name"), empty_label=_("All"), widget=forms.RadioSelect
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=list(STATES.items()), empty_label=_("All"), widget=forms.RadioSelect
    )
    segment = django_filters.ModelChoiceFilter(
        label=_("Segment"), queryset=Segment.objects.order_by("name"), empty_label=_("All"), widget=forms.RadioSelect
    )

    class Meta:
        model = Subscriber
        fields: list[str] = []

    def filter_queryset(self, queryset: QuerySet[Subscriber]) -> QuerySet[Subscriber]:
        asked = self.form.cleaned_data
        theirs: QuerySet[Subscription] = audience.subscriptions(timezone.now()).filter(subscriber=OuterRef("pk"))
        if asked["mailing_list"]:
            theirs = theirs.filter(mailing_list=asked["mailing_list"])
        if asked["segment"]:
            theirs = segments.narrow(theirs, asked["segment"])
        if asked["state"] == "suppressed":
            queryset = queryset.filter(suppressed())
        elif asked["state"]:
            theirs = self._in(theirs, asked["state"])
        narrowed = asked["mailing_list"] or asked["segment"] or asked["state"] not in ("", "suppressed", None)
        return queryset.filter(Exists(theirs)) if narrowed else queryset

    @staticmethod
    def _in(theirs: QuerySet[Subscription], state: str) -> QuerySet[Subscription]:
        if state == "left":
            return theirs.filter(left_at__isnull=False)
        return theirs.filter(left_at=None, decision__isnull=state == "waiting")


class SubscriberIndexView(generic.IndexView):
    template_name = "mailing/subscribers.html"
    results_template_name = "mailing/subscribers_results.html"
    filterset_class = SubscriberFilters
    is_searchable = False  # Wagtail's search would write addresses into URLs and logs
    default_ordering = "-created_at"

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("email", label=_("E-mail"), get_url=self.get_inspect_url, sort_key="email"),
            Column("name", label=_("Name")),
            Column("lists", label=_("Lists"), accessor=_lists),
            Column("locale", label=_("Language"), accessor=lambda row: language_name(row.locale), sort_key="locale"),
            Column("created_at", label=_("First asked"), accessor=_first_asked, sort_key="created_at"),
        ]

    @cached_property
    def domain(self) -> str:
        return str(self.request.session.get(DOMAIN, ""))

    def get_base_queryset(self) -> QuerySet[Subscriber]:
        now = timezone.now()
        lists = audience.subscriptions(now).select_related("mailing_list").order_by("mailing_list__name")
        people = (
            audience.people(now)
            .annotate(is_suppressed=suppressed())
            .prefetch_related(Prefetch("subscriptions", queryset=lists))
        )
        return people.filter(domain=self.domain) if self.domain else people

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not exports.may_export(self.request.user):
            return []
        return [HeaderButton(_("Export…"), url=reverse("subscribers:export"), icon_name="download")]

    @cached_property
    def no_results_message(self) -> str:
        if self.domain or self.is_filtering:
            return gettext("No subscriber is like this.")
        return gettext("Nobody has asked for mail yet. People join by the form at /mail/join/, or by an import.")

    def get_context_data(self, *arguments: Any, **options: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*arguments, **options)
        return context | {"domain": self.domain, "no_results_message": self.no_results_message}


def _lists(person: Subscriber) -> str:
    said = [f"{row.mailing_list.name} ({state_of(row)})" for row in person.subscriptions.all()]
    return ", ".join([*said, str(STATES["suppressed"])] if person.is_suppressed else said)  # type: ignore[attr-defined]


def _first_asked(person: Subscriber) -> str:
    return instant(person.created_at, seconds=False)


class SearchView(PermissionCheckedMixin, View):
    """An address leads to its person; a domain narrows the list until it is cleared. Sent by POST, kept nowhere but in
    the session of whoever looks."""

    model = Subscriber
    permission_required = "view"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        typed = request.POST.get("who", "").replace("\0", "").strip()[:300]
        request.session.pop(DOMAIN, None)
        if "@" in typed.lstrip("@"):
            return self._person(typed)
        if typed:
            request.session[DOMAIN] = addresses.domain(f"@{typed.lstrip('@')}")
        return redirect("subscribers:index")

    def _person(self, email: str) -> HttpResponse:
        digests = [addresses.digest(each) for each in spellings(email)]
        person = audience.people(timezone.now()).filter(digest__in=digests).first()
        if person:
            log(person, "mailing.search", user=self.request.user)
            access_log.note(holding="mailing.Subscriber", act=access_log.Act.SEARCH, keys=[person.pk])
            return redirect("subscribers:inspect", person.pk)
        sentence = gettext("No subscriber has this address.")
        if suppressed := Suppression.objects.filter(digest__in=digests).values_list("pk", flat=True):
            access_log.note(holding="mailing.Suppression", act=access_log.Act.SEARCH, keys=suppressed)
            sentence += " " + gettext("It is on the suppression list.")
        messages.warning(self.request, sentence)
        return redirect("subscribers:index")


class SubscriberViewSet(ModelViewSet):
    model = Subscriber
    name = "subscribers"
    url_prefix = "mailing/subscribers"
    icon = "group"
    menu_label = _("Subscribers")
    index_view_class = SubscriberIndexView
    index_template_name = "mailing/subscribers.html"
    index_results_template_name = "mailing/subscribers_results.html"
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    list_per_page = 50
    form_fields: list[str] = []

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Nobody is added by hand: a consent has to be shown first."""
        return super().get_common_view_kwargs(**{"add_url_name": None, "delete_url_name": None, **kwargs})

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("search/", SearchView.as_view(), name="search"),
            path("export/", exports.ExportView.as_view(), name="export"),
            path("<int:pk>/", subscriber.PersonView.as_view(), name="inspect"),
            path("<int:pk>/correct/", subscriber.CorrectView.as_view(), name="edit"),
            path("<int:pk>/leave/", subscriber.LeaveView.as_view(), name="leave"),
            path("<int:pk>/suppress/", subscriber.SuppressView.as_view(), name="suppress"),
            path("<int:pk>/lift/", subscriber.LiftView.as_view(), name="lift"),
            path("<int:pk>/erase/", subscriber.EraseView.as_view(), name="erase"),
            path("<int:pk>/history/", self.history_view, name="history"),
            path("<int:pk>/history/results/", self.history_results_view, name="history_results"),
        ]
