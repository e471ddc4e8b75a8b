"""What does a feed reader learn of new, announced and withdrawn versions?"""

from datetime import datetime
from uuid import uuid5

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from policies.models import PolicyPage
from policies.states import State
from policies.views.archive import Row, rows
from policies.views.caching import cacheable
from policies.wording import instant

NEWEST = 50


def feed(request: HttpRequest, page: PolicyPage) -> HttpResponse:
    """One Atom entry per version, the newest first. Ids rest on the policy's key, so that they outlive its address."""
    now, address = timezone.now(), page.get_full_url(request)
    atom = Atom1Feed(
        title=page.title,
        link=address,
        description="",
        language=page.language,
        feed_url=f"{address}feed/",
        feed_guid=_id(page, ""),
    )
    newest = page.versions.brief().select_related("withdrawal", "page__locale").order_by("-number")[:NEWEST]
    for row in rows(request, page, newest, now):
        _add(atom, page, row, address)
    response = HttpResponse(content_type=Atom1Feed.content_type)
    atom.write(response, "utf-8")
    return cacheable(response, page, now)


def _add(atom: Atom1Feed, page: PolicyPage, row: Row, address: str) -> None:
    atom.add_item(
        title=_title(row),
        link=f"{address}v/{row.version.number}/",
        description=_words(row),
        unique_id=_id(page, f"v/{row.version.number}"),
        pubdate=row.version.frozen_at,
        updateddate=_updated(row),
    )


def _id(page: PolicyPage, what: str) -> str:
    return uuid5(page.key, f"{page.language}/{what}").urn


def _title(row: Row) -> str:
    number, since = row.version.number, instant(row.version.effective_from, seconds=False)
    if row.standing.state == State.WITHDRAWN:
        return _("Version %(number)d, withdrawn") % {"number": number}
    if row.version.ends:
        return _("Version %(number)d, the policy ends on %(since)s") % {"number": number, "since": since}
    return _("Version %(number)d, in force from %(since)s") % {"number": number, "since": since}


def _words(row: Row) -> str:
    return str(row.version.withdrawal.reason) if row.standing.state == State.WITHDRAWN else row.note


def _updated(row: Row) -> datetime:
    withdrawn = row.standing.state == State.WITHDRAWN
    instant_: datetime = row.version.withdrawal.withdrawn_at if withdrawn else row.version.frozen_at
    return instant_
