"""How does a page look on which the privacy officer does one thing with a request? It says what follows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from records import retention
from records.models import SubjectRequest
from records.subject_requests import handling

INDEX, INSPECT = "subject_requests:index", "subject_requests:inspect"
State = SubjectRequest.State


class Handlers(ModelPermissionPolicy):
    """Who handles requests may do all that these screens offer; who may view them reads, and does nothing."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return may_handle(user) or (action == "view" and may_read(user))


def may_read(user: Any) -> bool:
    return may_handle(user) or bool(user.has_perm("records.view_subjectrequest"))


def verified(at: datetime) -> QuerySet[SubjectRequest]:
    """Requests whose address is confirmed, and that have not reached their end at `at` (UTC)."""
    return retention.unexpired(SubjectRequest.objects.exclude(state=State.ASKED), at)


def may_handle(user: Any) -> bool:
    return bool(user.has_perm("records.handle_subjectrequest"))


class ForHandlers(PermissionCheckedMixin):
    model: Any = SubjectRequest
    permission_policy = Handlers(SubjectRequest)
    permission_required = "handle"


class NoForm(forms.Form):
    """A page that only asks whether to."""


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=handling.REASON,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The person reads it in the letter. It stays with the request for three years: name nobody in it."),
    )


class TextForm(forms.Form):
    text = forms.CharField(
        label=_("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 10}), help_text=_("As plain text.")
    )


class PlanForm(forms.Form):
    plan = forms.CharField(max_length=64, widget=forms.HiddenInput)


class ActView(ForHandlers, WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    """One act. `does` does it and may raise handling.NotNow, whose sentence the officer then reads."""

    name: ClassVar[str] = ""
    icon: ClassVar[str] = "edit"
    header_icon = "user"
    template_name = "records/request_act.html"
    form_class: Any = NoForm
    explanation: Any = ""
    submit_label: Any = _("Do it")
    said: Any = ""
    logged: Any = ""
    is_serious = False
    states: ClassVar[tuple[State, ...]] = (State.OPEN, State.STOPPED)

    @classmethod
    def is_possible(cls, row: SubjectRequest, user: Any, now: datetime) -> bool:
        return row.state in cls.states and row.is_readable

    @property
    def action(self) -> str:
        return f"records.request.{self.name}"

    @cached_property
    def row(self) -> SubjectRequest:
        return get_object_or_404(verified(timezone.now()), pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.row)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(INDEX), "label": _("Data requests")},
            {"url": self.back_url, "label": str(self.row)},
            {"url": "", "label": self.page_title},
        ]

    @property
    def back_url(self) -> str:
        return reverse(INSPECT, args=[self.row.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(view=self, row=self.row, back_url=self.back_url, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.does(form, timezone.now())
        except handling.NotNow as error:
            messages.warning(self.request, str(error))
            return redirect(self.back_url)
        log(self.row, self.action, user=self.request.user)
        messages.success(self.request, self.said)
        return redirect(self.back_url)

    def does(self, form: Any, now: datetime) -> None:
        raise NotImplementedError


@dataclass(frozen=True)
class Way:
    """A way to one of these pages."""

    name: str
    label: Any
    icon: str

    def url(self, row: SubjectRequest) -> str:
        return reverse(f"subject_requests:{self.name}", args=[row.pk])
