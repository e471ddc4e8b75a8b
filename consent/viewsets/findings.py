"""What was found on the site and is declared nowhere, what it looks like, and what the last scan saw."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from consent import adding, draft, findings
from consent.catalogue import Content
from consent.models import Finding, Scan, Service
from consent.viewsets.preset import may_add
from consent.viewsets.publishing import OfSite
from policies.wording import instant

SERVICES = ModelPermissionPolicy(Service)
READ = ["add", "change", "view"]
CHANGE = "consent.change_service"
PER_PAGE = 50
_STORED = {Finding.Kind.COOKIE, Finding.Kind.LOCAL, Finding.Kind.SESSION}


class AboutFound(OfSite):
    """For those who may see the services of the draft."""

    permission_policy = SERVICES
    any_permission_required = READ


class FoundView(AboutFound):
    page_title = _("Found")
    breadcrumbs_items = [*WagtailAdminTemplateMixin.breadcrumbs_items, {"url": "", "label": page_title}]
    header_icon = "search"
    template_name = "consent/admin/found.html"

    @cached_property
    def kind(self) -> str:
        asked = self.request.GET.get("kind", "")
        return asked if asked in Finding.Kind.values else ""

    @cached_property
    def is_dismissed(self) -> bool:
        return self.request.GET.get("dismissed") == "1"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = _dismissed(self.site) if self.is_dismissed else findings.open_findings(self.site)
        shown = [row for row in found if self.kind in {"", row.kind}]
        page = Paginator(shown, PER_PAGE).get_page(self.request.GET.get("p"))
        return super().get_context_data(
            rows=_described(list(page.object_list), draft.content(self.site)),
            page=page,
            elided_page_range=page.paginator.get_elided_page_range(page.number),
            kinds=Finding.Kind.choices,
            kind=self.kind,
            is_dismissed=self.is_dismissed,
            is_full=findings.is_full(self.site),
            most=findings.MOST,
            scan=_newest(self.site),
            change_url=self.request.get_full_path(),
            may_change=self.request.user.has_perm(CHANGE),
            may_add=may_add(self.request.user),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Dismisses or restores the findings that `dismiss` or `restore` name; `all` means all that were shown."""
        if not request.user.has_perm(CHANGE):
            raise PermissionDenied
        act = "restore" if request.POST.get("all", "") == "restore" or "restore" in request.POST else "dismiss"
        named = request.POST.getlist("shown" if "all" in request.POST else act)
        rows = Finding.objects.filter(site=self.site, pk__in=[number for number in named if _is_key(number)])
        changed = [row for row in rows if (row.dismissed_at is None) == (act == "dismiss")]
        if act == "dismiss":
            findings.dismiss(rows, by=request.user.get_username(), now=timezone.now())
            sentence = ngettext("%(count)d finding was dismissed.", "%(count)d findings were dismissed.", len(changed))
        else:
            findings.restore(rows)
            sentence = ngettext("%(count)d finding is open again.", "%(count)d findings are open again.", len(changed))
        for row in changed:
            log(row, f"consent.{act}", user=request.user)
        messages.success(request, sentence % {"count": len(changed)})
        return redirect(request.get_full_path())


def _is_key(number: str) -> bool:
    return number.isascii() and number.isdigit() and len(number) < 19


def _dismissed(site: Any) -> list[Finding]:
    rows: QuerySet[Finding] = Finding.objects.filter(site=site).exclude(dismissed_at=None)
    return list(rows.order_by("-last_seen_at", "kind", "name"))


def _described(rows: list[Finding], content: Content) -> list[dict[str, Any]]:
    """With what each looks like, and whether the draft speaks of it already."""
    looks, there = findings.suggestions(rows), adding.there()
    return [
        {
            "row": row,
            "first": instant(row.first_seen_at, seconds=False),
            "last": instant(row.last_seen_at, seconds=False),
            "is_stored": row.kind in _STORED,
            "in_draft": findings.declares(content, row.kind, row.name),
            "looks": looks.get(row),
            "service": there.get(looks[row].key) if row in looks else None,
        }
        for row in rows
    ]


def _newest(site: Any) -> Scan | None:
    return Scan.objects.filter(site=site).defer("report").order_by("-started_at", "-pk").first()


class ScanView(AboutFound):
    """One run of the scanner, the newest unless another is named: its three states side by side."""

    page_title = _("Scan")
    header_icon = "search"
    template_name = "consent/admin/scan.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("consent_found:index"), "label": FoundView.page_title}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        runs = list(Scan.objects.filter(site=self.site).defer("report").order_by("-started_at", "-pk"))
        wanted = self.request.GET.get("run", "")
        if not runs:
            return super().get_context_data(scan=None, **kwargs)
        scan = get_object_or_404(Scan, site=self.site, pk=wanted if _is_key(wanted) else runs[0].pk)
        skipped = scan.report["skipped"].items()
        return super().get_context_data(
            scan=scan,
            finished=_when(scan),
            things=[_thing(row) for row in scan.report["things"]],
            states=_states().values(),
            skipped=[(_states().get(state, state), why) for state, why in skipped],
            unreachable=scan.report["unreachable"].items(),
            others=[(run, _when(run)) for run in runs if run.pk != scan.pk],
            **kwargs,
        )


def _when(scan: Scan) -> str:
    return instant(scan.finished_at, seconds=False)


def _states() -> dict[str, str]:
    return {
        "none": gettext("No choice"),
        "refused": gettext("All refused"),
        "accepted": gettext("All accepted"),
    }


def _thing(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "label": dict(Finding.Kind.choices).get(row["kind"], row["kind"]),
        "cells": [row["seen"].get(state, 0) for state in _states()],
        "said": [_problems().get(problem, problem) for problem in row["problems"]],
    }


def _problems() -> dict[str, str]:
    """As `consent.scanning.compare.Problem` names them."""
    return {
        "undeclared": gettext("Undeclared"),
        "before-choice": gettext("Before a choice"),
        "after-refusal": gettext("After refusal"),
        "too-long": gettext("Kept longer than declared"),
    }


class ScanFile(AboutFound):
    """The whole report of a run, as `scan_cookies --json` prints it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        scan = get_object_or_404(Scan, pk=kwargs["number"])
        response = JsonResponse(scan.report, json_dumps_params={"indent": 2, "ensure_ascii": False})
        response["Content-Disposition"] = f'attachment; filename="scan-{scan.pk}.json"'
        return response


def log_found(actions: Any) -> None:
    actions.register_action("consent.dismiss", _("Dismiss a finding"), _("Dismissed a finding"))
    actions.register_action("consent.restore", _("Restore a finding"), _("Took a finding up again"))


class FoundMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(SERVICES.user_has_any_permission(request.user, READ))


class FoundViewSet(ViewSet):
    name = "consent_found"
    url_prefix = "consent/found"
    icon = "search"
    menu_label = _("Found")
    menu_item_class = FoundMenuItem

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", FoundView.as_view(), name="index"),
            path("scan/", ScanView.as_view(), name="scan"),
            path("scan/<int:number>.json", ScanFile.as_view(), name="scan_file"),
        ]
