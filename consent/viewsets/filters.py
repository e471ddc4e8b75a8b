"""By what are decisions and their statistics narrowed down: a site, a published configuration?"""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.models import Site

from consent.models import Snapshot
from consent.viewsets.tables import configuration


class _Snapshots(django_filters.fields.ModelChoiceField):
    def label_from_instance(self, snapshot: Snapshot) -> str:
        return configuration(snapshot)


class SnapshotFilter(django_filters.ModelChoiceFilter):
    """By published configuration, the newest first. Their contents stay in the database."""

    field_class = _Snapshots

    def __init__(self, **options: Any) -> None:
        newest_first = Snapshot.objects.defer("content").order_by("-pk")
        super().__init__(**{"label": _("Configuration"), "queryset": newest_first, **options})


class SiteFilter(django_filters.ModelChoiceFilter):
    def __init__(self, **options: Any) -> None:
        everywhere = {"label": _("Site"), "queryset": Site.objects.all(), "empty_label": _("All")}
        super().__init__(**{**everywhere, "widget": forms.RadioSelect, **options})


class OneSiteOrMore(WagtailFilterSet):
    """Asks for the site only where there are several."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if Site.objects.count() < 2:
            del self.filters["site"]
