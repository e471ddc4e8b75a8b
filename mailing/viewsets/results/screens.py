"""Under which addresses the results of campaigns are found. The overview itself is the campaign's own page."""

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from mailing.viewsets.results.again import SendAgainView
from mailing.viewsets.results.export import CsvView
from mailing.viewsets.results.overview import LiveView
from mailing.viewsets.results.rows import RowsView


class Nowhere(MenuItem):
    """These screens belong to a campaign: its page leads to them, no menu does."""

    def is_shown(self, request: HttpRequest) -> bool:
        return False


class ResultsViewSet(ViewSet):
    name = "mail_results"
    url_prefix = "mailing/results"
    icon = "mail"
    menu_label = _("Results")
    menu_item_class = Nowhere
    menu_url = reverse_lazy("campaigns:list")

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("<int:pk>/live/", LiveView.as_view(), name="live"),
            path("<int:pk>/rows/", RowsView.as_view(), name="rows"),
            path("<int:pk>/rows/results/", RowsView.as_view(results_only=True), name="rows_results"),
            path("<int:pk>/rows.csv", CsvView.as_view(), name="csv"),
            path("<int:pk>/again/", SendAgainView.as_view(), name="again"),
        ]
