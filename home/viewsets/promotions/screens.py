"""Which screens has a promotion: the editor, a copy, what was counted each day, and the button that ends it."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.snippets.views import snippets

from home import promotions
from home.models import Promotion
from home.models.promotions import State
from home.promotions import Result
from home.viewsets.promotions import chart
from home.viewsets.promotions.listing import COLUMNS, PromotionFilters, PromotionIndexView, dates, rate, with_counts

CHANGE = "home.change_promotion"
DAYS = (7, 30, 90)
USUAL = 30
SAID = ("image", "link_page", "link_url", "cap")


class PromotionCopyView(snippets.CopyView):
    def get_initial_form_instance(self) -> Promotion:
        """A new one. Wagtail's own view would fill in the very row that is copied, and save over it."""
        original = super().get_object()
        fields = (field for field in Promotion._meta.concrete_fields if not field.primary_key)
        return Promotion(**{field.attname: getattr(original, field.attname) for field in fields})

    def get_object(self, queryset: "QuerySet[Promotion] | None" = None) -> Promotion | None:
        """None while the form is set up: what is saved is new."""
        super().get_object()
        return None


class PromotionInspectView(snippets.InspectView):
    page_title = _("What it led to")

    def get_fields(self) -> list[str]:
        return []

    @cached_property
    def days(self) -> int:
        asked = self.request.GET.get("days", "")
        return int(asked) if asked in map(str, DAYS) else USUAL

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons = list(super().header_more_buttons)
        if self.request.user.has_perm(CHANGE) and self.object.state(timezone.now()) == State.ON:
            url = reverse("promotions:stop", args=[self.object.pk])
            buttons.append(Button(_("End now…"), url=url, icon_name="cross", priority=30))
        return buttons

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        until = promotions.day_of(timezone.now())
        since = until - timedelta(days=self.days - 1)
        found = promotions.results(self.object, since=since, until=until)
        ever = sum(promotions.results(self.object).values(), Result())
        return super().get_context_data(
            facts=facts(self.object),
            rules=in_words(self.object),
            chart=chart.chart(found, since=since, until=until),
            sums=[(_("In these days"), _row(sum(found.values(), Result()))), (_("Ever"), _row(ever))],
            rows=[(day, _row(result)) for day, result in reversed(found.items())],
            days=self.days,
            spans=DAYS,
            zone=timezone.get_default_timezone_name(),
            **kwargs,
        )


def _row(result: Result) -> tuple[int, int, int, str]:
    return result.seen, result.targeted, result.followed, rate(result.followed, result.seen)


def facts(promotion: Promotion) -> list[tuple[Any, Any]]:
    """What it is, in a line each; nothing of what is not set."""
    known = [
        (_("State"), promotion.state(timezone.now()).label),
        (_("Place"), promotion.get_slot_display()),
        (_("Language"), promotion.get_language_display()),
        (_("When"), dates(promotion)),
        (_("Weight"), promotion.weight),
    ]
    fields = [
        (field.verbose_name, getattr(promotion, field.name)) for field in Promotion._meta.fields if field.name in SAID
    ]
    return known + [(capfirst(label), value) for label, value in fields if value]


def in_words(promotion: Promotion) -> list[str]:
    """A sentence for each rule, and for who has not allowed that what they do is remembered."""
    rules = list(promotion.rules.raw_data)
    named = [rule["value"]["page"] if rule["type"] == "read" else rule["value"] for rule in rules if _names(rule)]
    titles = dict(Page.objects.filter(pk__in=named).values_list("pk", "title"))
    said = [_in_words(rule["type"], rule["value"], titles) for rule in rules]
    if promotion.is_personal:
        said.append(gettext("Without consent: by place alone.") if promotion.by_place else _unallowed(promotion))
    return said


def _names(rule: Any) -> bool:
    return rule["type"] in {"section", "read"}


def _in_words(kind: str, value: Any, titles: dict[int, str]) -> str:
    gone = gettext("a page that is gone")
    if kind == "section":
        return gettext("On “%(page)s” and the pages below it.") % {"page": titles.get(value, gone)}
    if kind == "source":
        return gettext("Came from %(source)s.") % {"source": value}
    if kind == "returning":
        return gettext("Has been here before.")
    if kind == "topic":
        words = {"topic": value["topic"], "times": value["times"]}
        return gettext("Has read about “%(topic)s”: %(times)d or more.") % words
    words = {"page": titles.get(value["page"], gone), "times": value["times"]}
    return gettext("Has read “%(page)s” or pages below it: %(times)d or more.") % words


def _unallowed(promotion: Promotion) -> str:
    if promotion.cap or promotion.kinds - {"section", "source"}:
        return gettext("Without consent: not shown.")
    return gettext("Without consent: only on the first page after coming from there.")


class StopView(WagtailAdminTemplateMixin, TemplateView):
    """Ends a promotion at once, and keeps what was counted."""

    page_title = _("End now")
    header_icon = "cross"
    template_name = "home/promotion_stop.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        self.promotion = get_object_or_404(Promotion, pk=kwargs["pk"])
        self.back = reverse("promotions:inspect", args=[self.promotion.pk])
        if self.promotion.state(timezone.now()) != State.ON:
            messages.warning(request, gettext("This promotion is not on: there is nothing to end."))
            return redirect(self.back)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.promotion)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": self.back, "label": str(self.promotion)}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(promotion=self.promotion, back=self.back, **kwargs)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.promotion.ends_at = timezone.now()
        self.promotion.save(update_fields=["ends_at"])
        log(self.promotion, "home.end_promotion", user=request.user)
        messages.success(request, gettext("“%(title)s” has ended.") % {"title": self.promotion})
        return redirect(self.back)


class PromotionViewSet(snippets.SnippetViewSet):
    model = Promotion
    url_namespace = "promotions"
    url_prefix = "promotions"
    icon = "thumbtack"
    menu_label = _("Promotions")
    menu_order = 320
    add_to_admin_menu = True
    add_to_reference_index = True
    list_display = COLUMNS
    filterset_class = PromotionFilters
    search_fields = ["title", "text"]
    index_view_class = PromotionIndexView
    index_results_template_name = "home/promotion_index_results.html"
    copy_view_class = PromotionCopyView
    inspect_view_enabled = True
    inspect_view_class = PromotionInspectView
    inspect_template_name = "home/promotion_inspect.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Promotion]:
        return with_counts(Promotion.objects.all())

    def get_urlpatterns(self) -> list[Any]:
        return [*super().get_urlpatterns(), path("stop/<int:pk>/", StopView.as_view(), name="stop")]
