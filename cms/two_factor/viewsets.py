"""Who signs in by two steps? One's own page, and for administrators all accounts, with a way back in for the lost."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from cms.two_factor import accounts, views
from cms.two_factor.models import is_on
from records import access_log

USERS = ModelPermissionPolicy(get_user_model())
TITLE = gettext_lazy("Two-factor sign-in")
INDEX = "second_steps:index"


class OwnView(WagtailAdminTemplateMixin, TemplateView):
    page_title = TITLE
    header_icon = "key"
    template_name = "cms/two_factor/own.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        account = {"url": reverse("wagtailadmin_account"), "label": _("Account")}
        return [*self.breadcrumbs_items, account, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = accounts.of(self.request.user)
        return super().get_context_data(
            is_on=is_on(),
            must=accounts.must_have(self.request.user),
            authenticator=found,
            left=found.recovery_codes.count() if found else 0,
            **kwargs,
        )


class ResetColumn(Column):
    cell_template_name = "cms/two_factor/reset_link.html"


class AccountsView(generic.IndexView):
    model = get_user_model()
    permission_policy = USERS
    permission_required = "change"
    page_title = TITLE
    header_icon = "key"
    index_url_name = INDEX
    index_results_url_name = "second_steps:results"
    is_searchable = False
    default_ordering = "username"
    edit_url_name = None
    no_results_message = gettext_lazy("No account may sign in.")

    @cached_property
    def columns(self) -> list[Column]:
        return [
            Column("name", label=gettext_lazy("Account"), accessor=_name),
            Column("roles", label=gettext_lazy("Roles"), accessor=_roles),
            Column("needed", label=gettext_lazy("Reads personal data"), accessor=self._needed),
            Column("state", label=gettext_lazy("Second step"), accessor=_state),
            DateColumn("used", label=gettext_lazy("Last used"), accessor="authenticator.last_used_at"),
            Column("codes", label=gettext_lazy("Recovery codes left"), accessor=_codes),
            ResetColumn("reset", label=gettext_lazy("Act"), accessor=lambda user: _reset_url(self.request.user, user)),
        ]

    @cached_property
    def _readers(self) -> set[Any]:
        return set(get_user_model()._base_manager.filter(access_log.readers()).values_list("pk", flat=True))

    def _needed(self, user: Any) -> str:
        return _("yes") if user.pk in self._readers else _("no")

    def get_base_queryset(self) -> QuerySet[Any]:
        return accounts.overview()

    def get_context_data(self, *arguments: Any, **options: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*arguments, **options)
        return context | {"add_url": None, "no_results_message": self.no_results_message}


def _has(user: Any) -> bool:
    return hasattr(user, "authenticator")


def _name(user: Any) -> str:
    return str(user.get_full_name() or user.get_username())


def _roles(user: Any) -> str:
    named = [_("superuser")] if user.is_superuser else []
    return ", ".join([*named, *sorted(group.name for group in user.groups.all())])


def _state(user: Any) -> str:
    return _("set up") if _has(user) else _("not set up")


def _codes(user: Any) -> str:
    return str(user.codes) if _has(user) else ""


def _may_reset(by: Any, user: Any) -> bool:
    """Whoever could take the second step off a superuser would be half of one."""
    return bool(_has(user) and (by.is_superuser or not user.is_superuser))


def _reset_url(by: Any, user: Any) -> str:
    return reverse("second_steps:reset", args=[user.pk]) if _may_reset(by, user) else ""


class ResetView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    model = get_user_model()
    permission_policy = USERS
    permission_required = "change"
    page_title = gettext_lazy("Reset the second step")
    header_icon = "key"
    form_class = forms.Form
    template_name = "cms/two_factor/reset.html"

    @cached_property
    def account(self) -> Any:
        return get_object_or_404(get_user_model(), pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return _name(self.account)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": reverse(INDEX), "label": TITLE}, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may = _may_reset(self.request.user, self.account)
        return super().get_context_data(account=_name(self.account), may=may, back=reverse(INDEX), **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        if not _may_reset(self.request.user, self.account):
            raise PermissionDenied
        accounts.remove(self.account, by=self.request.user, now=timezone.now())
        sentence = _("The second step of %(account)s is reset. They set it up anew when they sign in.")
        messages.success(self.request, sentence % {"account": _name(self.account)})
        return redirect(INDEX)


class ForAdministrators(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return is_on() and bool(USERS.user_has_permission(request.user, "change"))


class SecondStepsViewSet(ViewSet):
    name = "second_steps"
    url_prefix = "second-steps"
    icon = "key"
    menu_hook = "register_settings_menu_item"
    menu_item_class = ForAdministrators
    menu_label = TITLE
    menu_order = 620

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", AccountsView.as_view(), name="index"),
            path("results/", AccountsView.as_view(results_only=True), name="results"),
            path("reset/<int:pk>/", ResetView.as_view(), name="reset"),
        ]


class OwnViewSet(ViewSet):
    name = "second_step"
    url_prefix = "second-step"

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", OwnView.as_view(), name="own"),
            path("codes/", views.NewCodesView.as_view(), name="codes"),
            path("remove/", views.RemoveView.as_view(), name="remove"),
        ]
