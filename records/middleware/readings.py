"""Does whoever reads personal data in the CMS leave an entry? What cannot be written down is not shown."""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from records import access_log
from records.access_log import Act, Reading, Screen

logger = logging.getLogger(__name__)
_ROWS = ("object", "object_list", "page_obj")  # where Django's and Wagtail's views put what they show


class Readings:
    """Middleware, inside those for sessions, sign-in and messages. An answer of a declared screen to somebody who is
    signed in is written down before its first byte leaves; where that fails, a page says so instead (503)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with access_log.noting() as noted:
            response = self.get_response(request)
        readings = list(_readings(request, response, noted))
        if not (readings and request.user.is_authenticated):
            return response
        now = timezone.now()
        try:
            access_log.record(
                readings,
                user=request.user.pk,
                username=request.user.get_username(),
                screen=request.resolver_match.view_name if request.resolver_match else "",
                why=_why(request, now),
                at=now,
            )
        except DatabaseError:
            logger.exception("a reading of personal data could not be written down, so nothing was shown")
            response.close()
            return _nothing_shown(request)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Asks for a reason first, where the site wants one. What was posted is never put off: its form was shown."""
        match = request.resolver_match
        if not settings.ACCESS_REASONS or request.method not in {"GET", "HEAD"} or match is None:
            return None
        acts = {_act(request, each) for each in access_log.shown_by(match.view_name, match.kwargs)}
        if not acts & access_log.ASKED or not request.user.is_authenticated:
            return None
        if _why(request, timezone.now()):
            return None
        return redirect(f"{reverse('readings:why')}?{urlencode({'next': request.get_full_path()})}")


def _why(request: HttpRequest, now: datetime) -> str:
    return access_log.remembered(request.session, now) if settings.ACCESS_REASONS else ""


def _readings(request: HttpRequest, response: HttpResponseBase, noted: list[Reading]) -> Iterator[Reading]:
    """What this answer shows. A redirect shows nothing, but a view may have noted what it told by it."""
    if response.status_code >= 400:
        return
    yield from noted
    match = request.resolver_match
    if match is None or response.status_code >= 300:
        return
    known = {each.holding for each in noted}
    for screen in access_log.shown_by(match.view_name, match.kwargs):
        reading = _reading(request, response, screen, match.kwargs)
        names_nobody = reading.act == Act.LIST and reading.count == 0
        if screen.holding not in known and not names_nobody:
            yield reading


def _reading(request: HttpRequest, response: HttpResponseBase, screen: Screen, parts: dict[str, Any]) -> Reading:
    if response.headers.get("Content-Disposition", "").startswith("attachment"):
        return Reading(holding=screen.holding, act=Act.EXPORT)
    found = getattr(response, "context_data", None) or {}
    shown = (found[name] for name in _ROWS if found.get(name) is not None)
    keys = _keys(next(shown, ()), apps.get_model(screen.holding))
    if not keys and screen.key in parts:
        keys = [str(parts[screen.key])]
    act = Act.SEARCH if screen.act == Act.LIST and request.GET.get("q") else screen.act
    return Reading(holding=screen.holding, act=act, keys=keys, count=len(keys))


def _keys(shown: Any, model: type[Model]) -> list[str]:
    """Primary keys of the rows of `model` in what a view has shown: one row, or a page of them that it has read."""
    rows: Iterable[Any] = [shown] if isinstance(shown, Model) else shown
    return [str(row.pk) for row in rows if isinstance(row, model)]


def _act(request: HttpRequest, screen: Screen) -> Act:
    """A list that is asked for as a file is taken out."""
    return Act.EXPORT if request.GET.get("export") else screen.act


def _nothing_shown(request: HttpRequest) -> HttpResponse:
    sentence = _(
        "Nothing is shown: this site writes down who reads personal data, and could not do so just now. Try again in a "
        "minute, and tell whoever runs the site if it goes on."
    )
    answer = render(request, "records/wait.html", {"sentence": sentence}, status=503)
    answer["Cache-Control"] = "no-store"
    answer["Retry-After"] = "60"
    return answer
