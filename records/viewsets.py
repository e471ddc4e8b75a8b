"""The admin screens of this floor: the data map and the retention runs."""

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from records.models import RetentionRun
from records.registry import declared, holdings


class DataMapView(WagtailAdminTemplateMixin, TemplateView):
    page_title = _("Data map")
    header_icon = "table"
    template_name = "records/data_map.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        latest = RetentionRun.objects.order_by("holding", "-ran_at").distinct("holding")
        runs = {run.holding: run for run in latest}
        rows = [(entry, runs.get(entry.label)) for entry in holdings()]
        quiet = sorted(label for label, entry in declared().items() if not entry.personal)
        return super().get_context_data(rows=rows, quiet=quiet, **kwargs)


class DataMapViewSet(ViewSet):
    name = "data_map"
    url_prefix = "data-map"
    menu_hook = "register_reports_menu_item"
    icon = "table"
    menu_label = _("Data map")
    menu_order = 900

    def get_urlpatterns(self) -> list[Any]:
        return [path("", DataMapView.as_view(), name="index")]
