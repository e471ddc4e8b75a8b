"""The set-up check: what DNS and the mail server say, what is missing, and what to publish. Looks when it is asked."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet

from mailing import lookups, setup
from mailing.setup import Status
from mailing.viewsets.queue import DELIVERIES, OperatorsItem
from policies.wording import instant

LOOKS = {  # Wagtail's icon and classes of each
    Status.OK: ("success", "w-w-4 w-h-4 w-text-positive-100"),
    Status.MISSING: ("warning", "w-w-4 w-h-4 w-text-critical-100"),
    Status.WRONG: ("warning", "w-w-4 w-h-4 w-text-critical-100"),
    Status.UNKNOWN: ("help", "w-w-4 w-h-4 w-text-warning-100"),
}


# Not in a transaction: it may wait for name servers for some seconds.
@method_decorator(transaction.non_atomic_requests, name="dispatch")
class SetUpView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    permission_policy = DELIVERIES
    permission_required = "view"
    page_title = _("Mail set-up")
    breadcrumbs_items = [*WagtailAdminTemplateMixin.breadcrumbs_items, {"url": "", "label": page_title}]
    header_icon = "cogs"
    template_name = "mailing/setup.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report = setup.last()
        groups = report.by_subject().items() if report else []
        return super().get_context_data(
            report=report,
            at=instant(report.at) if report else "",
            groups=[(subject, [described(finding) for finding in findings]) for subject, findings in groups],
            about=setup.configured(),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        report = setup.check(setup.configured(), resolver=lookups.resolver(), now=timezone.now())
        setup.remember(report)
        bad = sum(finding.status in {Status.MISSING, Status.WRONG} for finding in report.findings)
        if bad:
            sentence = ngettext("%(count)d thing is to be put right.", "%(count)d things are to be put right.", bad)
            messages.warning(request, sentence % {"count": bad})
        elif all(finding.status == Status.OK for finding in report.findings):
            messages.success(request, _("Everything is in order."))
        else:
            messages.info(request, _("Nothing is wrong as far as could be seen."))
        return redirect(request.path)


def described(finding: setup.Finding) -> dict[str, Any]:
    """In words, in the language of whoever reads."""
    name, about = setup.CHECKS[finding.check]
    icon, look = LOOKS[finding.status]
    return {
        "name": name,
        "about": about,
        "status": setup.STATUSES[finding.status],
        "icon": icon,
        "look": look,
        "sentences": setup.sentences(finding),
        "seen": finding.seen,
        "record": finding.record,
    }


class SetUpViewSet(ViewSet):
    name = "mail_setup"
    url_prefix = "mailing/set-up"
    icon = "cogs"
    menu_label = _("Mail set-up")
    menu_item_class = OperatorsItem

    def get_urlpatterns(self) -> list[Any]:
        return [path("", SetUpView.as_view(), name="index")]
