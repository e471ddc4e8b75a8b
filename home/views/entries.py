"""What visitors chose to publish, for everybody; and the way to take it down, for whoever has the link."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from wagtail.log_actions import log

from home import entries
from home.models import Field, PublicEntriesPage, PublicEntry
from mailing.views.asking import told_now
from records.http import BadRequest, guarded

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
Kind = Field.Kind
WORDS = {Kind.MESSAGE, Kind.LINES}


@dataclass
class Seen:
    """An entry as it is read: what its writer says, what they say of it under which label, and who they are."""

    at: datetime
    language: str
    words: list[dict[str, Any]] = field(default_factory=list)
    facts: list[dict[str, Any]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    @property
    def signature(self) -> str:
        return ", ".join(self.names)


def seen(entry: PublicEntry) -> Seen:
    shown = Seen(entry.received_at, entry.locale)
    for each in entries.agreed(entry):
        said = ", ".join(map(str, each["said"])) if isinstance(each["said"], list) else str(each["said"])
        if each["kind"] == Kind.NAME:
            shown.names.append(said)
        elif said:
            (shown.words if each["kind"] in WORDS else shown.facts).append({**each, "said": said})
    return shown


@never_cache  # neither nginx nor a browser keeps the page: what is taken down is gone at once
def page(request: HttpRequest, page: PublicEntriesPage) -> HttpResponse:
    """A page there is none of is the last."""
    form = page.form
    leaf = entries.leaves(form, at=timezone.now()).get_page(request.GET.get("page"))
    context = {
        **page.get_context(request),
        "entries": list(map(seen, leaf)),
        "leaf": leaf,
        "write_url": form.url if form and form.live else "",
    }
    return TemplateResponse(request, "home/public_entries_page.html", context)


def private(view: View[P]) -> View[P]:
    """Nothing keeps a copy of the page, no index lists it, and no address that it leads to learns its own, which is
    the key. Not no-referrer: browsers without Fetch Metadata would then send a form's Origin as null."""

    @wraps(view)
    def private_view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Referrer-Policy"] = "strict-origin"
        return response

    return private_view


@private
@guarded(limit=1024, rate="60/m")
def take_down(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the entry and asks: programs that look through mail open links. POST takes it down."""
    now = timezone.now()
    try:
        entry = entries.of_token(token, at=now)
        context = {"entry": seen(entry), "is_shown": entry.state == PublicEntry.State.SHOWN, "token": token}
        if request.method != "POST":
            return render(request, "home/entry_take_down.html", context)
        log(entry, "home.entry_withdraw")
        entries.withdraw(entry, told=told_now(request), now=now)
    except entries.NotOurs:
        sentence = _("This link is not complete. Copy it whole from the mail.")
        raise BadRequest(HTTPStatus.NOT_FOUND, sentence) from None
    except entries.Gone:
        sentence = _("What this link leads to is not on our site any more. Nothing of it is shown to anybody.")
        raise BadRequest(HTTPStatus.GONE, sentence) from None
    return render(request, "home/entry_taken_down.html", {})
