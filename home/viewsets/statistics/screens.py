"""The screen of statistics: one part at a time, for one period; and each of its tables as a file."""

from datetime import UTC
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView, View
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet

from home import statistics
from home.statistics import FEW, SEE
from home.viewsets.statistics import visits
from home.viewsets.statistics.periods import LENGTHS, USUAL, PeriodForm, in_words
from home.viewsets.statistics.sections import OF_VISITS, SECTIONS, Section
from home.viewsets.statistics.tables import as_rows
from mailing.viewsets.results.export import written


class Asked:
    """What both views ask for: a part that this user may see, and a period."""

    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def section(self) -> Section:
        found = SECTIONS.get(self.kwargs.get("section", "visits"))
        if found is None:
            raise Http404
        if not found.is_for(self.request.user):
            raise PermissionDenied
        return found

    @cached_property
    def form(self) -> PeriodForm:
        return PeriodForm(self.request.GET, today=timezone.now().astimezone(UTC).date())


class StatisticsView(Asked, WagtailAdminTemplateMixin, TemplateView):
    page_title = _("Statistics")
    header_icon = "table"
    template_name = "home/statistics/index.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.section  # noqa: B018 - whether they may
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.section.label)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title, "sublabel": self.get_page_subtitle()}]

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        return super().render_to_response(context, status=200 if self.form.period else 400, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        period, asked = self.form.period, self.request.GET.urlencode()
        context = super().get_context_data(
            form=self.form,
            part=self.section,
            sections=[(each, _address(each, asked)) for each in SECTIONS.values() if each.is_for(self.request.user)],
            lengths=[(f"?days={days}", label, self._is_chosen(days)) for days, label in LENGTHS.items()],
            of_visits=self.section.key in OF_VISITS,
            few=FEW,
            **kwargs,
        )
        if period:
            days = {"since": period.since, "until": period.until}
            context |= {
                "form": PeriodForm(days, today=self.form.today),
                "period": in_words(period),
                "tables": [(each, _file(self.section, each.key, asked)) for each in self.section.tables(period)],
                "state": statistics.state(),
                "sums": visits.sums(period) if self.section.key == "visits" else [],
            }
        return context

    def _is_chosen(self, days: int) -> bool:
        said = self.request.GET
        return not (said.get("since") or said.get("until")) and (said.get("days") or str(USUAL)) == str(days)


def _address(section: Section, asked: str) -> str:
    return reverse("statistics:section", args=[section.key]) + (f"?{asked}" if asked else "")


def _file(section: Section, table: str, asked: str) -> str:
    return reverse("statistics:csv", args=[section.key, table]) + (f"?{asked}" if asked else "")


class CsvView(Asked, View):
    """No person is in it, so nobody's reading is put on record."""

    def get(self, request: HttpRequest, section: str, table: str) -> HttpResponseBase:
        chosen = self.section
        if self.form.period is None:
            sentences = [str(error) for errors in self.form.errors.values() for error in errors]
            return HttpResponse("\n".join(sentences), status=400, content_type="text/plain; charset=utf-8")
        found = next((each for each in chosen.tables(self.form.period) if each.key == table), None)
        if found is None:
            raise Http404
        answer = StreamingHttpResponse(written(as_rows(found)), content_type="text/csv; charset=utf-8")
        name = f"statistics-{section}-{table}-{self.form.period.since}-{self.form.period.until}.csv"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        answer["Cache-Control"] = "no-store"
        return answer


class StatisticsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(SEE))


class StatisticsViewSet(ViewSet):
    name = "statistics"
    url_prefix = "statistics"
    icon = "table"
    menu_hook = "register_reports_menu_item"
    menu_item_class = StatisticsItem
    menu_label = _("Statistics")
    menu_order = 885

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", StatisticsView.as_view(), name="index"),
            path("<slug:section>/", StatisticsView.as_view(), name="section"),
            path("<slug:section>/<slug:table>.csv", CsvView.as_view(), name="csv"),
        ]
