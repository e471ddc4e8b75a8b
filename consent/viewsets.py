"""The editor's side: groups, cookies and services are a draft until somebody publishes them."""

from typing import Any

from cookie_consent.models import Cookie, CookieGroup
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from consent import catalogue
from consent.models import Service, Snapshot
from records.viewsets import KeptWhileUsed

PUBLISH = "consent.add_snapshot"
SNAPSHOTS = ModelPermissionPolicy(Snapshot)
READ = ["add", "view"]


class CookieGroupViewSet(ModelViewSet):
    model = CookieGroup
    name = "consent_groups"
    url_prefix = "consent/groups"
    icon = "folder"
    menu_label = _("Groups")
    list_display = ["name", "varname", "is_required"]
    delete_view_class = KeptWhileUsed
    panels = [FieldPanel("name"), FieldPanel("varname"), FieldPanel("description"), FieldPanel("is_required")]


class CookieViewSet(ModelViewSet):
    model = Cookie
    name = "consent_cookies"
    url_prefix = "consent/cookies"
    icon = "list-ul"
    menu_label = _("Cookies")
    list_display = ["name", "cookiegroup", "domain"]
    list_filter = ["cookiegroup"]
    panels = [
        FieldPanel("cookiegroup"),
        FieldPanel("name"),
        FieldPanel("description"),
        FieldPanel("domain"),
        FieldPanel("path"),
    ]


class ServiceViewSet(ModelViewSet):
    model = Service
    name = "consent_services"
    url_prefix = "consent/services"
    icon = "site"
    menu_label = _("Services")
    list_display = ["name", "vendor", "group"]
    list_filter = ["group"]
    panels = [
        FieldPanel("name"),
        FieldPanel("key"),
        FieldPanel("vendor"),
        FieldPanel("group"),
        FieldPanel("description"),
        FieldPanel("script_url"),
        FieldPanel("policy_url"),
    ]


class PublishedView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """What visitors see, whether the draft differs, and the button that publishes it."""

    permission_policy = SNAPSHOTS
    any_permission_required = READ
    page_title = _("Published configuration")
    breadcrumbs_items = [*WagtailAdminTemplateMixin.breadcrumbs_items, {"url": "", "label": page_title}]
    header_icon = "upload"
    template_name = "consent/admin_published.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        snapshots = Snapshot.objects.annotate(made=Count("decisions")).order_by("-pk")
        return super().get_context_data(
            snapshots=snapshots[:50],
            changed=catalogue.unpublished_changes(),
            may_publish=self.request.user.has_perm(PUBLISH),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        if not request.user.has_perm(PUBLISH):
            raise PermissionDenied
        snapshot, new = catalogue.publish(now=timezone.now())
        if new:
            log(snapshot, "wagtail.publish", user=request.user)
            messages.success(
                request, gettext("Published. Visitors who decided about an earlier configuration are asked again.")
            )
        else:
            messages.info(request, gettext("Nothing has changed since the last publication: nobody is asked again."))
        return redirect(request.path)


class PublishedMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return SNAPSHOTS.user_has_any_permission(request.user, READ)


class PublishedViewSet(ViewSet):
    name = "consent_published"
    url_prefix = "consent/published"
    icon = "upload"
    menu_label = _("Published")
    menu_item_class = PublishedMenuItem

    def get_urlpatterns(self) -> list[Any]:
        return [path("", PublishedView.as_view(), name="index")]


class ConsentViewSetGroup(ViewSetGroup):
    menu_label = _("Consent")
    menu_icon = "check"
    menu_order = 500
    items = (
        CookieGroupViewSet("consent_groups"),
        CookieViewSet("consent_cookies"),
        ServiceViewSet("consent_services"),
        PublishedViewSet(),
    )
