"""The admin screens of this floor: data map, retention runs, recipients. And how every floor's screens delete."""

from typing import Any

from django.db.models import ProtectedError
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel
from wagtail.admin.views.generic import DeleteView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.viewsets.chooser import ChooserViewSet
from wagtail.admin.viewsets.model import ModelViewSet

from records import retention
from records.models import Recipient
from records.registry import Subject, declared, holdings


class KeptWhileUsed(DeleteView):
    """Deletes, unless other rows need this one: then it says which."""

    def form_valid(self, form: BaseForm) -> HttpResponse:
        self.usage = None  # what Wagtail's index of references knows; it would answer that a right is missing
        try:
            return super().form_valid(form)
        except ProtectedError as error:
            sentence = gettext("%(object)s is still used by %(users)s, so it stays.")
            words = {"object": capfirst(str(self.object)), "users": self.users(error)}
            messages.error(self.request, sentence % words)
            return redirect(self.get_success_url())

    def users(self, error: ProtectedError) -> str:
        return ", ".join(sorted({str(row._meta.verbose_name_plural) for row in error.protected_objects}))


class KeptWhileNamed(KeptWhileUsed):
    """Says the rows by their names. For rows whose names are no personal data."""

    def users(self, error: ProtectedError) -> str:
        kinds: dict[str, list[str]] = {}
        for row in error.protected_objects:
            kinds.setdefault(str(row._meta.verbose_name_plural), []).append(str(row))
        return "; ".join(f"{kind}: {', '.join(sorted(names))}" for kind, names in sorted(kinds.items()))


class RecipientViewSet(ModelViewSet):
    """Companies that receive personal data. Floors above put it into their menus."""

    model = Recipient
    name = "recipients"
    url_prefix = "recipients"
    icon = "group"
    menu_label = _("Recipients")
    list_display = ["name", "country", "url"]
    list_filter = ["country"]
    search_fields = ["name"]
    ordering = "name"
    copy_view_enabled = False
    delete_view_class = KeptWhileNamed
    panels = [
        FieldPanel("name"),
        FieldPanel("address"),
        FieldPanel("country"),
        FieldPanel("url"),
        FieldPanel("policy_url"),
    ]


class RecipientChooserViewSet(ChooserViewSet):
    model = Recipient
    icon = "group"
    choose_one_text = _("Choose a recipient")
    choose_another_text = _("Choose another recipient")
    edit_item_text = _("Edit this recipient")
    creation_tab_label = _("New recipient")
    form_fields = ["name", "address", "country", "url", "policy_url"]


class DataMapView(WagtailAdminTemplateMixin, TemplateView):
    page_title = _("Data map")
    breadcrumbs_items = [*WagtailAdminTemplateMixin.breadcrumbs_items, {"url": "", "label": page_title}]
    header_icon = "table"
    template_name = "records/data_map.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        runs = retention.latest_runs()
        rules = {rule.key: (rule, runs.get(rule.key)) for rule in retention.rules(timezone.now())}
        # What visitors gave first, the accounts of the CMS last.
        entries = sorted(holdings(), key=lambda entry: Subject.STAFF in entry.subjects)
        rows = [(entry, [rules[key] for key in entry.keeps]) for entry in entries]
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
