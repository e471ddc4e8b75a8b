"""Every row of a campaign as CSV, however many there are: read by a cursor of the database, written as it is read."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.views import View
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.views.mixins import Echo
from wagtail.log_actions import log

from mailing import compose, progress
from mailing.models import Campaign, Delivery
from mailing.viewsets.results.overview import CAMPAIGNS, READ
from mailing.viewsets.results.rows import ADDRESSES
from records import access_log

AT_ONCE = 2000  # rows in memory
BOM = b"\xef\xbb\xbf"  # tells spreadsheets that this is UTF-8
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would reckon, or do, what begins so
COLUMNS = {
    "delivery": "pk",
    "subscriber": "subscription__subscriber",
    "state": "state",
    "reason": "reason",
    "purpose": "purpose",
    "decision": "decision",
    "policy_version": "policy_version__number",
    "version": "version",
    "language": "language",
    "provider": "provider",
    "links_counted": "tracked",
    "attempts": "attempts",
    "queued_at": "queued_at",
    "first_tried_at": "first_tried_at",
    "accepted_at": "sent_at",
    "changed_at": "changed_at",
    "answer_code": "smtp_code",
    "answer_text": "smtp_text",
    "provider_id": "provider_id",
}
PERSONAL = {"email": "subscription__subscriber__email", "domain": "domain"}


def safe(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula; instants in ISO 8601."""
    if value is None:
        return ""
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def lines(campaign: Campaign, *, addresses: bool) -> Iterator[list[str]]:
    """The names of the columns, then one line for each row."""
    columns = COLUMNS | (PERSONAL if addresses else {})
    yield [*columns, "message_id"]
    found: Iterable[tuple[Any, ...]] = progress.rows(campaign).values_list(*columns.values(), "first_tried_at")
    for *values, tried in found.iterator(chunk_size=AT_ONCE):  # type: ignore[attr-defined]
        message_id = compose.message_id(values[0]) if tried else ""
        yield [*map(safe, values), message_id]


def written(rows: Iterator[list[str]]) -> Iterator[bytes]:
    """The bytes of each line, the first with the mark in front."""
    writer = csv.writer(Echo())
    yield BOM + writer.writerow(next(rows))
    yield from map(writer.writerow, rows)


class CsvView(PermissionCheckedMixin, View):
    """Addresses are in it only for who may see subscribers."""

    permission_policy = CAMPAIGNS
    any_permission_required = READ

    def get(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        campaign = get_object_or_404(Campaign, pk=pk)
        addresses = request.user.has_perm(ADDRESSES)
        count = Delivery.objects.filter(campaign=campaign).count()
        access_log.note(holding="mailing.Delivery", act=access_log.Act.EXPORT, count=count)
        if addresses:
            access_log.note(holding="mailing.Subscriber", act=access_log.Act.EXPORT, count=count)
        log(campaign, "mailing.export_rows", user=request.user, data={"rows": count, "addresses": addresses})
        answer = StreamingHttpResponse(
            written(lines(campaign, addresses=addresses)), content_type="text/csv; charset=utf-8"
        )
        answer["Content-Disposition"] = f'attachment; filename="campaign-{campaign.pk}.csv"'
        answer["Cache-Control"] = "no-store"
        return answer
