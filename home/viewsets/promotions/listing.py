"""What does the list of promotions say of each: when it is on, how often it was seen, and what it is narrowed by?"""

from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views import snippets

from home.models import Promotion, PromotionCount
from home.models.promotions import Slot, State
from policies.wording import instant


def with_counts(promotions: QuerySet[Promotion]) -> QuerySet[Promotion]:
    """`seen` and `followed`, summed up for the promotions of one page of the list."""
    rows = PromotionCount.objects.filter(promotion=OuterRef("pk")).order_by().values("promotion")
    return promotions.annotate(
        **{
            act.value: Coalesce(
                Subquery(rows.filter(act=act).annotate(n=Sum("number")).values("n"), output_field=BigIntegerField()), 0
            )
            for act in PromotionCount.Act
        }
    )


def rate(followed: int, seen: int) -> str:
    """ "2.5 %" on one line, or a dash before anybody has seen it."""
    return f"{followed / seen * 100:.1f}\N{NO-BREAK SPACE}%" if seen else "–"


def dates(promotion: Promotion) -> str:
    """From when until when, as far as that is set."""
    if promotion.starts_at and promotion.ends_at:
        words = {"from": instant(promotion.starts_at), "until": instant(promotion.ends_at)}
        return gettext("%(from)s until %(until)s") % words
    if promotion.starts_at:
        return gettext("from %(from)s") % {"from": instant(promotion.starts_at)}
    if promotion.ends_at:
        return gettext("until %(until)s") % {"until": instant(promotion.ends_at)}
    return gettext("always")


class DatesColumn(Column):
    def get_value(self, instance: Promotion) -> str:
        return dates(instance)


class StateColumn(Column):
    def get_value(self, instance: Promotion) -> str:
        return str(instance.state(timezone.now()).label)


class RateColumn(Column):
    def get_value(self, instance: Any) -> str:
        return rate(instance.followed, instance.seen)


COLUMNS = [
    "title",
    Column("get_slot_display", label=_("Place"), sort_key="slot"),
    Column("get_language_display", label=_("Language"), sort_key="language"),
    DatesColumn("dates", label=_("When"), sort_key="starts_at"),
    StateColumn("state", label=_("State")),
    Column("weight", label=_("Weight"), sort_key="weight"),
    Column("seen", label=_("Seen"), sort_key="seen"),
    Column("followed", label=_("Followed"), sort_key="followed"),
    RateColumn("rate", label=_("Rate")),
]


class PromotionFilters(WagtailFilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=State.choices,
        empty_label=_("All"),
        widget=forms.RadioSelect,
        method="in_state",
    )
    slot = django_filters.ChoiceFilter(
        label=_("Place"), choices=Slot.choices, empty_label=_("All"), widget=forms.RadioSelect
    )
    language = django_filters.ChoiceFilter(
        label=_("Language"), choices=settings.LANGUAGES, empty_label=_("All"), widget=forms.RadioSelect
    )

    class Meta:
        model = Promotion
        fields = ["state", "slot", "language"]

    def in_state(self, rows: Any, _name: str, value: str) -> Any:
        return rows & Promotion.objects.in_state(value, timezone.now()) if value else rows


class PromotionIndexView(snippets.IndexView):
    default_ordering = "-pk"
