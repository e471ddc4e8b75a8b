"""Which well-known services can an editor add, and what comes with each?"""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.forms.search import SearchForm
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log

from consent import adding, presets, usual_groups, vocabulary
from consent.adding import Added
from consent.models import Service
from consent.presets import Preset

NEEDS = ("consent.add_service", "cookie_consent.add_cookie", "cookie_consent.add_cookiegroup", "records.add_recipient")
CATEGORIES = {
    "analytics": _("Statistics"),
    "tag-manager": _("Tag managers"),
    "advertising": _("Advertising"),
    "video": _("Video"),
    "audio": _("Audio"),
    "maps": _("Maps"),
    "social": _("Posts and social networks"),
    "chat": _("Chat"),
    "surveys": _("Surveys and appointments"),
    "captcha": _("Protection against misuse"),
    "payments": _("Payments"),
    "fonts": _("Fonts"),
    "errors": _("Error reports"),
}


def may_add(user: Any) -> bool:
    return bool(user.has_perms(NEEDS))


def presets_url() -> str:
    return reverse("consent_services:well_known")


class PresetsView(WagtailAdminTemplateMixin, TemplateView):
    page_title = _("Well-known services")
    header_icon = "list-ul"
    template_name = "consent/admin/well_known.html"
    results_only = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_add(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_template_names(self) -> list[str]:
        return ["consent/admin/well_known_results.html"] if self.results_only else [self.template_name]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        services = {"url": reverse("consent_services:index"), "label": _("Services")}
        return [*self.breadcrumbs_items, services, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        search = SearchForm(self.request.GET, placeholder=gettext("Search by service, vendor or country"))
        words = self.request.GET.get("q", "")
        return super().get_context_data(
            search_form=search,
            index_results_url=reverse("consent_services:well_known_results"),
            words=words,
            sections=list(sections(words)),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            added = adding.add(presets.find(request.POST.get("service", "")))
        except presets.NoSuchPreset:
            raise Http404 from None
        except adding.AlreadyThere as known:
            sentence = gettext("%(service)s is there already. Nothing was changed.")
            messages.info(request, sentence % {"service": known.service})
            return redirect(reverse("consent_services:edit", args=[known.service.pk]))
        log_added(added, request.user)
        messages.success(request, _said(added))
        if added.account:
            sentence = gettext("Still missing: your number with the vendor, such as %(account)s.")
            messages.warning(request, sentence % {"account": added.account})
        return redirect(reverse("consent_services:edit", args=[added.service.pk]))


def preset_paths() -> list[Any]:
    return [
        path("well-known/", PresetsView.as_view(), name="well_known"),
        path("well-known/results/", PresetsView.as_view(results_only=True), name="well_known_results"),
    ]


def log_added(added: Added, user: Any) -> None:
    for row in (added.service, added.new_group, added.new_vendor, *added.cookies):
        if row:
            log(row, "wagtail.create", user=user)


def _said(added: Added) -> str:
    """What was added, and that visitors do not see it yet."""
    parts = [str(added.service)]
    if added.cookies:
        sentence = ngettext("%(count)d cookie", "%(count)d cookies", len(added.cookies))
        parts.append(sentence % {"count": len(added.cookies)})
    if added.new_vendor:
        parts.append(gettext("the recipient %(name)s") % {"name": added.new_vendor})
    if added.new_group:
        parts.append(gettext("the group %(name)s") % {"name": added.new_group})
    return gettext("Added to the draft: %(parts)s.") % {"parts": ", ".join(parts)}


def sections(words: str) -> Iterator[tuple[str, Any, list[dict[str, Any]]]]:
    """By category, in the order of CATEGORIES: its key, its name, its services that have all the words."""
    there, wanted = adding.there(), words.casefold().split()
    rows = [(shipped, _row(shipped, there.get(shipped.key))) for shipped in presets.load()]
    for category, name in CATEGORIES.items():
        found = [row for shipped, row in rows if shipped.category == category and _has(shipped, row, wanted)]
        if found:
            yield category, name, found


def _has(shipped: Preset, row: dict[str, Any], wanted: list[str]) -> bool:
    said = [shipped.key, shipped.name, shipped.vendor.name, str(CATEGORIES[shipped.category]), *shipped.countries]
    text = " ".join([*said, *shipped.texts.values(), row["group"]]).casefold()
    return all(word in text for word in wanted)


def _row(shipped: Preset, service: Service | None) -> dict[str, Any]:
    learns = dict(vocabulary.observed())
    language = (get_language() or "en").split("-")[0]
    return {
        "shipped": shipped,
        "description": shipped.texts.get(language, shipped.texts["en"]),
        "group": str(usual_groups.GROUPS[shipped.group].name),
        "learns": ", ".join(str(learns[name]) for name in shipped.data),
        "countries": ", ".join(shipped.countries),
        "safeguard": vocabulary.Safeguard(shipped.safeguard).label,
        "service": service,
        "edit_url": reverse("consent_services:edit", args=[service.pk]) if service else "",
        "differs": ", ".join(adding.differing(service, shipped)) if service and service.preset else "",
    }
