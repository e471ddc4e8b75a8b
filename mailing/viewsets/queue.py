"""The mail queue: what waits, what is slow, what nobody knows, and what to do about each."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest
from django.urls import path, reverse
from django.utils import timezone
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.base import ViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from mailing import addresses, progress
from mailing.models import Delivery, Suppression
from mailing.progress import Health

DELIVERIES = ModelPermissionPolicy(Delivery)
SILENT = timedelta(minutes=2)  # beat looks every few seconds
STUCK = timedelta(minutes=15)  # longer than a worker may take over what it has in its hands


@dataclass(frozen=True)
class Line:
    """One thing to know: its name, how it stands, and, where `open`, what to do."""

    label: str
    text: str
    todo: str = ""
    open: bool = False


def lines(health: Health, now: datetime) -> Iterator[Line]:
    yield _pump(health, now)
    yield _waiting(health, now)
    yield _in_hands(health, now)
    yield _unknown(health)
    yield _paused(health)
    yield _journal(Path(settings.MAIL_JOURNAL))
    yield _connections()
    yield _rates()
    yield _suppressed()


def _pump(health: Health, now: datetime) -> Line:
    label = _("Workers")
    if health.pump_at is None or now - health.pump_at > SILENT:
        seen = (
            _("last seen %(time)s ago") % {"time": timesince(health.pump_at, now)} if health.pump_at else _("not seen")
        )
        todo = _("Nothing leaves without them. Start the worker and beat, or ask whoever runs this site to.")
        return Line(label, seen, todo, open=True)
    return Line(label, _("they looked at the queue %(time)s ago") % {"time": _ago(health.pump_at, now)})


def _ago(at: datetime, now: datetime) -> str:
    seconds = max(int((now - at).total_seconds()), 0)
    return ngettext("%(count)d second", "%(count)d seconds", seconds) % {"count": seconds}


def _waiting(health: Health, now: datetime) -> Line:
    label = _("Waiting")
    words = {"due": health.due, "later": health.later, "letters": health.letters}
    text = _("%(due)d due, %(later)d for later; %(letters)d of these are letters, not campaigns") % words
    late = health.oldest_at is not None and now - health.oldest_at > STUCK
    if not late or health.oldest_at is None:
        return Line(label, text)
    todo = _(
        "The oldest has been due for %(time)s. That is as it should be where a rate is set, a campaign is paused or a "
        "server asked to come later; else look at the workers and at the set-up check."
    )
    return Line(label, text, todo % {"time": timesince(health.oldest_at, now)}, open=not health.paused)


def _in_hands(health: Health, now: datetime) -> Line:
    claimed, sending = health.claimed, health.sending
    words = {"claimed": claimed.count, "sending": sending.count}
    text = _("%(claimed)d taken by a worker, %(sending)d being handed over") % words
    if sending.oldest_at and now - sending.oldest_at > STUCK:
        todo = _(
            "One has been handed over for %(time)s. If its worker is gone, another settles it from the journal as "
            "soon as it runs on that machine."
        )
        return Line(_("In hand"), text, todo % {"time": timesince(sending.oldest_at, now)}, open=True)
    return Line(_("In hand"), text)


def _unknown(health: Health) -> Line:
    if not health.unknown:
        return Line(_("Unknown"), _("none"))
    sentence = ngettext("%(count)d message", "%(count)d messages", health.unknown) % {"count": health.unknown}
    return Line(
        _("Unknown"), sentence, _("Look at each campaign below, and decide whether to send them again."), open=True
    )


def _paused(health: Health) -> Line:
    if not health.paused:
        return Line(_("Paused"), _("no campaign"))
    names = ", ".join(f"{campaign} ({campaign.get_paused_by_display()})" for campaign in health.paused)
    return Line(_("Paused"), names, _("They go on when somebody resumes them."), open=True)


def _journal(folder: Path) -> Line:
    """As the web process sees it; workers on other machines have their own."""
    label, text = _("Journal"), str(folder)
    there = next((place for place in (folder, *folder.parents) if place.exists()), None)
    if there is None or not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        todo = _(
            "Nobody can write there, so nothing is sent from this machine. Set MAIL_JOURNAL to a folder of its own."
        )
        return Line(label, text, todo, open=True)
    if there != folder:
        return Line(
            label, _("%(folder)s; a worker makes it when it first sends from this machine") % {"folder": folder}
        )
    return Line(label, text)


def _connections() -> Line:
    if settings.MAIL_TRANSPORT == "backend":
        return Line(_("Mail goes through"), settings.EMAIL_BACKEND)
    words = {
        "server": f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}",
        "count": settings.MAIL_CONNECTIONS,
        "each": settings.MAIL_PER_CONNECTION or "∞",
    }
    text = _("%(server)s, at most %(count)s connections from each machine, %(each)s messages over each")
    return Line(_("Mail goes through"), text % words)


def _rates() -> Line:
    names = dict(addresses.Provider.choices) | {"all": _("all together")}
    found = [f"{names[name]}: {rate:g}" for name, rate in settings.MAIL_RATES.items()]
    if found:
        return Line(_("At most, a second"), ", ".join(map(str, found)))
    todo = _("A new sender address is trusted sooner when it begins slowly: set MAIL_RATES while it is new.")
    return Line(_("At most, a second"), _("no limit is set"), todo)


def _suppressed() -> Line:
    counted = dict(Suppression.objects.values_list("scope").annotate(Count("pk")).order_by())
    text = _("%(all)d that get no mail at all, %(lists)d that get no mail of lists") % {
        "all": counted.get(Suppression.Scope.ALL, 0),
        "lists": counted.get(Suppression.Scope.LISTS, 0),
    }
    return Line(_("Suppressed addresses"), text)


class QueueView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    permission_policy = DELIVERIES
    permission_required = "view"
    page_title = gettext_lazy("Mail queue")
    breadcrumbs_items = [*WagtailAdminTemplateMixin.breadcrumbs_items, {"url": "", "label": page_title}]
    header_icon = "history"
    template_name = "mailing/queue.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        now = timezone.now()
        health = progress.health(now=now)
        names = dict(addresses.Provider.choices)
        return super().get_context_data(
            health=health,
            lines=list(lines(health, now)),
            slow=[(row, names.get(row.target, row.target), timeuntil(row.until, now)) for row in health.slow],
            deferred=[(names.get(provider, provider), domain, count) for provider, domain, count in health.deferred],
            doubts=[(doubt, _results(doubt.campaign)) for doubt in health.doubts],
            **kwargs,
        )


def _results(campaign: int | None) -> str:
    return reverse("campaigns:inspect", args=[campaign]) + "#unknown" if campaign else ""


class OperatorsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(DELIVERIES.user_has_permission(request.user, "view"))


class QueueViewSet(ViewSet):
    name = "mail_queue"
    url_prefix = "mailing/queue"
    icon = "history"
    menu_label = gettext_lazy("Mail queue")
    menu_item_class = OperatorsItem

    def get_urlpatterns(self) -> list[Any]:
        return [path("", QueueView.as_view(), name="index")]
