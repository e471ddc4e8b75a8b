"""What does the site hold about people? The data map as a report of the CMS."""

from typing import Any

from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet

from records import retention, ropa
from records.registry import Holding, Subject, declared, forms_of, holdings
from records.sealed import SealedField
from records.viewsets.permitted import RUNS, ForReadersOfRuns


class DataMapView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    permission_policy = RUNS
    permission_required = "view"
    page_title = _("Data map")
    breadcrumbs_items = [*WagtailAdminTemplateMixin.breadcrumbs_items, {"url": "", "label": page_title}]
    header_icon = "table"
    template_name = "records/data_map.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        runs = retention.latest_runs()
        rules = {rule.key: (rule, runs.get(rule.key)) for rule in retention.rules(timezone.now())}
        # What visitors gave first, the accounts of the CMS last.
        entries = sorted(holdings(), key=lambda entry: Subject.STAFF in entry.subjects)
        names = ropa.named()
        rows = [
            {
                "entry": entry,
                "columns": _columns(entry),
                "forms": forms_of(entry),
                "rules": [rules[key] for key in entry.keeps],
                "receivers": ropa.receivers(entry, names),
            }
            for entry in entries
        ]
        quiet = sorted(label for label, entry in declared().items() if not entry.personal)
        return super().get_context_data(rows=rows, quiet=quiet, **kwargs)


def _columns(entry: Holding) -> list[dict[str, Any]]:
    """Each with its declaration, and whether the database holds it sealed."""
    sealed = {field.name for field in entry.model._meta.fields if isinstance(field, SealedField)}
    return [{"name": name, "datum": datum, "sealed": name in sealed} for name, datum in sorted(entry.personal.items())]


class DataMapViewSet(ViewSet):
    name = "data_map"
    url_prefix = "data-map"
    menu_hook = "register_reports_menu_item"
    menu_item_class = ForReadersOfRuns
    icon = "table"
    menu_label = _("Data map")
    menu_order = 900

    def get_urlpatterns(self) -> list[Any]:
        return [path("", DataMapView.as_view(), name="index")]
