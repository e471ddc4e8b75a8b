"""The third parties' software that runs for visitors who allowed it."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, ObjectList
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from consent import changes
from consent.forms import ServiceForm
from consent.models import Service
from consent.viewsets.picking import picking_paths
from consent.viewsets.preset import may_add, preset_paths, presets_url
from consent.viewsets.words import translations
from records.viewsets import KeptWhileNamed


class ServiceIndexView(generic.IndexView):
    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        well_known = HeaderButton(_("Add a well-known service"), url=presets_url(), icon_name="list-ul")
        return [*super().header_buttons, *([well_known] if may_add(self.request.user) else [])]

    def get_base_queryset(self) -> QuerySet[Service]:
        services: QuerySet[Service] = super().get_base_queryset()
        return services.select_related("vendor", "group")

    def get_context_data(self, *arguments: Any, **options: Any) -> dict[str, Any]:
        well_known = presets_url() if may_add(self.request.user) else ""
        return super().get_context_data(*arguments, **options) | {"well_known_url": well_known}


class ServiceDeleteView(KeptWhileNamed):
    """Its cookies go with it: left behind, they would count as this site's own."""

    @property
    def confirmation_message(self) -> str:
        names = [detail.cookie.name for detail in self.object.cookies.select_related("cookie")]
        sentences = [super().confirmation_message]
        if names:
            sentence = ngettext(
                "The cookie it sets is deleted as well: %(names)s.",
                "The cookies it sets are deleted as well: %(names)s.",
                len(names),
            )
            sentences.append(sentence % {"names": ", ".join(sorted(names))})
        if changes.was_published(service=self.object.key):
            sentences.append(gettext("What people decided about it stays on record, with what they were shown."))
        return " ".join(sentences)

    def delete_action(self) -> None:
        with transaction.atomic():
            for detail in self.object.cookies.select_related("cookie"):
                detail.cookie.delete()
            super().delete_action()


class ServiceViewSet(ModelViewSet):
    model = Service
    name = "consent_services"
    url_prefix = "consent/services"
    icon = "site"
    menu_label = _("Services")
    list_display = ["name", "vendor", "group"]
    list_filter = ["group", "vendor"]
    ordering = "name"
    search_fields = ["name", "key", "description", "vendor__name"]
    copy_view_enabled = False
    index_view_class = ServiceIndexView
    delete_view_class = ServiceDeleteView
    index_results_template_name = "consent/admin/services.html"

    def get_urlpatterns(self) -> list[Any]:
        return [*super().get_urlpatterns(), *preset_paths(), *picking_paths()]  # the menu leads to the first

    def get_edit_handler(self) -> Any:
        panels = [
            MultiFieldPanel(_read(), heading=_("What visitors read")),
            *translations(description=_("What it does")),
            MultiFieldPanel(_data(), heading=_("What it does with data")),
            MultiFieldPanel(_runs(), heading=_("How it runs")),
            MultiFieldPanel(_addresses(), heading=_("Addresses it may use"), help_text=_origins_help()),
        ]
        return ObjectList(panels, base_form_class=ServiceForm).bind_to_model(self.model)


def _read() -> list[FieldPanel]:
    stays = _("Short and lasting, such as visit-count: decisions name it. It stays once it was published.")
    return [
        FieldPanel("name"),
        FieldPanel("key", help_text=stays),
        FieldPanel("vendor"),
        FieldPanel("group", help_text=_("Its cookies move with it.")),
        FieldPanel("description"),
        FieldPanel("policy_url"),
    ]


def _data() -> list[FieldPanel]:
    names = ("purposes", "data", "countries", "safeguard", "responsible", "gpc")
    return [FieldPanel(name) for name in names]


def _runs() -> list[FieldPanel]:
    return [FieldPanel(name) for name in ("account", "script_url", "integrity", "module", "embeds", "consent_mode")]


def _addresses() -> list[FieldPanel]:
    return [FieldPanel(f"{kind}_origins") for kind in ("script", "connect", "img", "frame", "style", "font")]


def _origins_help() -> Any:
    return _(
        "Browsers let it use no others. A scheme and a host a line: https://www.example.org, https://*.example.org."
    )
