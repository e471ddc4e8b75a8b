"""The record of processing activities as a report of the CMS, and as a file for an authority."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.models import Site

from records import ropa
from records.viewsets.permitted import RUNS, ForReadersOfRuns


class RopaView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    permission_policy = RUNS
    permission_required = "view"
    page_title = _("Record of processing activities")
    breadcrumbs_items = [*WagtailAdminTemplateMixin.breadcrumbs_items, {"url": "", "label": page_title}]
    header_icon = "clipboard-list"
    template_name = "records/ropa_report.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        site = Site.find_for_request(request) or Site.objects.get(is_default_site=True)
        self.record = ropa.record(site=site, now=timezone.now())
        answer = _FORMS.get(request.GET.get("format", ""))
        if answer is None:
            return super().get(request, *args, **kwargs)
        form = request.GET["format"]
        response = answer(self.record)
        response["Content-Disposition"] = f'attachment; filename="ropa-{timezone.now():%Y-%m-%d}.{form}"'
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(record=self.record, forms=list(_FORMS), **kwargs)


def _html(record: dict[str, Any]) -> HttpResponse:
    return HttpResponse(render_to_string("records/ropa.html", {"record": record}))


def _json(record: dict[str, Any]) -> HttpResponse:
    return JsonResponse(record, json_dumps_params={"indent": 2, "ensure_ascii": False})


def _csv(record: dict[str, Any]) -> HttpResponse:
    # Spreadsheets know UTF-8 by its mark.
    return HttpResponse("\ufeff" + ropa.as_csv(record), content_type="text/csv; charset=utf-8")


_FORMS = {"html": _html, "json": _json, "csv": _csv}


class RopaViewSet(ViewSet):
    name = "ropa"
    url_prefix = "ropa"
    menu_hook = "register_reports_menu_item"
    menu_item_class = ForReadersOfRuns
    icon = "clipboard-list"
    menu_label = _("Record of processing")
    menu_order = 910

    def get_urlpatterns(self) -> list[Any]:
        return [path("", RopaView.as_view(), name="index")]
