"""Which instant does a request ask for, by ?on= in an address or by Accept-Datetime?"""

import re
from datetime import UTC, datetime, timedelta

from django.http import HttpRequest
from django.utils.http import parse_http_date
from django.utils.translation import gettext as _

from records import instants
from records.http import BadRequest

# What "…T12:00:00+02:00" becomes when nobody wrote the "+" as %2B.
_LOST_PLUS = re.compile(r"(T\S+) (?=\d\d:?\d\d$)")


def on(asked: str) -> datetime:
    """The end of a day in the site's zone, or the very instant of a date-time with an offset. Raises BadRequest."""
    instant = instants.read(_LOST_PLUS.sub(r"\1+", asked))
    if instant is None:
        raise BadRequest(400, _("Write a day as ?on=2026-03-01, or an instant as ?on=2026-03-01T12:00:00+02:00."))
    return instant


def accept_datetime(request: HttpRequest, now: datetime) -> datetime | None:
    """The last instant of the second asked for, since a header names no fraction; at most `now`, for an archive holds
    no future (RFC 7089, 4.5). None when nothing is asked. Raises BadRequest."""
    asked = request.headers.get("Accept-Datetime")
    if asked is None:
        return None
    try:
        second = datetime.fromtimestamp(parse_http_date(asked), UTC)
    except ValueError:
        raise BadRequest(400, _("Write Accept-Datetime like this: Sun, 01 Mar 2026 12:00:00 GMT.")) from None
    return now if second >= now else min(second + timedelta(microseconds=999_999), now)
