"""Sending a message again of which nobody knows whether it left: what that risks is said first."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import LogFormatter, log

from mailing import campaigns, compose, progress, tasks
from mailing.models import Campaign, Delivery
from policies.wording import instant
from records.tasks import hint

SEND = "mailing.send_campaign"
LISTED = 100


class SendAgainView(WagtailAdminTemplateMixin, TemplateView):
    """`?delivery=` names one row; without it, all that were unknown when the page was shown are meant."""

    page_title = _("Send again")
    header_icon = "mail"
    template_name = "mailing/results_again.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(SEND):
            raise PermissionDenied
        self.campaign = get_object_or_404(Campaign, pk=kwargs["pk"])
        self.results = reverse("campaigns:inspect", args=[self.campaign.pk])
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.campaign)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": self.results, "label": str(self.campaign)}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]

    @cached_property
    def named(self) -> str:
        asked = self.request.GET.get("delivery", "")
        return asked if asked.isascii() and asked.isdecimal() and len(asked) < 19 else ""

    def unknown(self, seen: datetime) -> QuerySet[Delivery]:
        rows = progress.rows(self.campaign).filter(state=Delivery.State.UNKNOWN, changed_at__lte=seen).order_by("pk")
        return rows.filter(pk=self.named) if self.named else rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        rows = self.unknown(now)
        return super().get_context_data(
            campaign=self.campaign,
            results=self.results,
            count=rows.count(),
            rows=[(row, instant(row.changed_at), compose.message_id(row.pk)) for row in rows[:LISTED]],
            seen=now.isoformat(),
            **kwargs,
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        keys = list(self.unknown(_instant(request.POST.get("seen", ""))).values_list("pk", flat=True))
        count = campaigns.send_again(campaign=self.campaign, deliveries=keys, now=timezone.now())
        if not count:
            messages.warning(request, _("Nothing is sent again: these messages are no longer unknown."))
            return redirect(self.results)
        log(self.campaign, "mailing.send_again", user=request.user, data={"count": count, "deliveries": keys[:LISTED]})
        hint(tasks.deliver, self.campaign.pk)
        sentence = ngettext(
            "A worker sends %(count)d message again.", "A worker sends %(count)d messages again.", count
        )
        messages.success(request, sentence % {"count": count})
        return redirect(self.results)


def _instant(text: str) -> datetime:
    """What the page said it was shown at; now, where that cannot be read."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    return found if found and timezone.is_aware(found) else timezone.now()


class SentAgain(LogFormatter):
    label = _("Send unknown messages again")

    def format_message(self, entry: Any) -> str:
        count = entry.data["count"]
        return ngettext("Sent %(count)d message again", "Sent %(count)d messages again", count) % {"count": count}


class Exported(LogFormatter):
    label = _("Export the rows of a campaign")

    def format_message(self, entry: Any) -> str:
        rows, addresses = entry.data["rows"], entry.data["addresses"]
        if addresses:
            sentence = ngettext("Exported %(rows)d row with addresses", "Exported %(rows)d rows with addresses", rows)
        else:
            sentence = ngettext("Exported %(rows)d row", "Exported %(rows)d rows", rows)
        return sentence % {"rows": rows}


def log_results(actions: Any) -> None:
    actions.register_action("mailing.send_again")(SentAgain)
    actions.register_action("mailing.export_rows")(Exported)
