"""The cookies that visitors are told of, each with its group and the service that sets it."""

from typing import Any

import django_filters
from cookie_consent.models import Cookie, CookieGroup
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from consent import lifetimes
from consent.forms import CookieForm
from consent.models import Service
from consent.viewsets.words import translations


class CookieFilters(WagtailFilterSet):
    cookiegroup = django_filters.ModelChoiceFilter(label=_("Group"), queryset=CookieGroup.objects.all())
    service = django_filters.ModelChoiceFilter(
        label=_("Set by"), field_name="detail__service", queryset=Service.objects.order_by("name")
    )

    class Meta:
        model = Cookie
        fields = ["cookiegroup", "service"]


class CookieIndexView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[Cookie]:
        cookies: QuerySet[Cookie] = super().get_base_queryset()
        return cookies.select_related("cookiegroup", "detail__service")


def _service(cookie: Cookie) -> str:
    detail = getattr(cookie, "detail", None)
    return str(detail.service) if detail and detail.service else str(_("this site"))


def _kept(cookie: Cookie) -> str:
    detail = getattr(cookie, "detail", None)
    return lifetimes.words(detail.lifetime) if detail else ""


class CookieViewSet(ModelViewSet):
    model = Cookie
    name = "consent_cookies"
    url_prefix = "consent/cookies"
    icon = "list-ul"
    index_results_template_name = "consent/admin/cookies.html"
    menu_label = _("Cookies")
    list_display = [
        "name",
        Column("cookiegroup", label=_("Group")),
        Column("service", label=_("Set by"), accessor=_service),
        Column("lifetime", label=_("Kept for"), accessor=_kept),
        Column("domain", label=_("Domain")),
    ]
    ordering = "name"
    search_fields = ["name", "description", "domain"]
    filterset_class = CookieFilters
    copy_view_enabled = False
    index_view_class = CookieIndexView

    def get_edit_handler(self) -> Any:
        what = [
            FieldPanel("name", heading=_("Name")),
            FieldPanel("match"),
            FieldPanel("description", heading=_("What it is for")),
            FieldPanel("lifetime", help_text=_("session, PT30M (minutes), PT24H (hours), P7D, P6M, P2Y or unlimited.")),
        ]
        whose = [
            FieldPanel("cookiegroup", heading=_("Group")),
            FieldPanel("service"),
            FieldPanel("party"),
            FieldPanel("storage"),
            FieldRowPanel(
                [
                    FieldPanel("domain", heading=_("Domain"), help_text=_("Left empty: this site's own.")),
                    FieldPanel("path", heading=_("Path")),
                ]
            ),
        ]
        panels = [
            MultiFieldPanel(what, heading=_("What visitors read")),
            *translations(description=_("What it is for")),
            MultiFieldPanel(whose, heading=_("Whose it is")),
        ]
        return ObjectList(panels, base_form_class=CookieForm).bind_to_model(self.model)
