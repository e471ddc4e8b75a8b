"""What answers at django-cookie-consent's addresses, to pages and scripts made for it? Each post is a decision of ours.

They do not say which configuration their visitor saw, so they decide about the one that is published now.
"""

import uuid
from typing import Any

from cookie_consent import conf
from cookie_consent.views import is_ajax_like
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from consent import compatibility, decide
from consent.catalogue import Published
from consent.decide import Choice
from consent.models import Decision
from consent.views import visitor as visitors
from consent.views.deciding import asking
from consent.views.visitor import Visitor
from records.http import BadRequest, guarded

_NO = {"", "0", "false"}


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """GET /cookies/: what it listed is on our own page."""
    return redirect("consent:preferences")


@never_cache
@guarded(limit=8192, rate="60/m", methods=("POST",), atomic=False)
def accept(request: HttpRequest) -> HttpResponseBase:
    """POST /cookies/accept/: `cookie_groups`, each by its name, or `all_groups`."""
    return _decided(request, allow=True)


@never_cache
@guarded(limit=8192, rate="60/m", methods=("POST",), atomic=False)
def decline(request: HttpRequest) -> HttpResponseBase:
    """POST /cookies/decline/: the same."""
    return _decided(request, allow=False)


@require_safe
@transaction.non_atomic_requests  # it asks the database nothing
def status(request: HttpRequest) -> JsonResponse:
    """GET /cookies/status/: what was chosen, and where to choose. There is no token to hand out: who posts is judged by
    headers (records.http.guarded); the package's script wants the name and sends whatever it holds."""
    urls = {"acceptUrl": reverse("cookie_consent_accept"), "declineUrl": reverse("cookie_consent_decline")}
    states = compatibility.by_state(*visitors.answer_of(request))
    return JsonResponse({"csrftoken": "", **urls, **states}, headers={"Cache-Control": "no-store"})


def _decided(request: HttpRequest, *, allow: bool) -> HttpResponseBase:
    visitor = asking(request)
    published = visitor.published
    if published is None or not published.optional:
        raise BadRequest(409, _("This site has published nothing to choose from."))
    by_script, names = is_ajax_like(request), _named(request, published)
    # A form's button was pressed by a person on a page; a script of unknown make is a program.
    source = Decision.Source.API if by_script else Decision.Source.NO_SCRIPT
    # The package's script sends every name for its one button: under a browser's signal that is no answer to it.
    at_once = by_script or "cookie_groups" not in request.POST
    choice, named = _chosen(visitor, published, dict.fromkeys(names, allow), at_once=at_once)
    decision, _new = visitors.record(visitor, published, choice, source, key=uuid.uuid4(), sent=named)
    response = HttpResponse() if by_script else HttpResponseRedirect(_next(request))
    return visitors.remember(request, response, decision, published)


def _chosen(visitor: Visitor, published: Published, said: dict[str, bool], *, at_once: bool) -> tuple[Choice, Choice]:
    """What stands after these answers, and which of them say something new."""
    explicit = visitor.explicit(published) if visitor.gpc else Choice()
    if at_once:
        said = {name: yes for name, yes in said.items() if not (yes and explicit.groups.get(name))}
    choice = compatibility.changed(visitor.standing(published), published, said)
    if visitor.gpc:
        answered = explicit if at_once else Choice({**explicit.groups, **said}, explicit.services)
        choice = decide.under_signal(choice, published, explicit=answered)
    return choice, Choice(said)


def _named(request: HttpRequest, published: Published) -> list[str]:
    if request.POST.get("all_groups", "").lower() not in _NO:
        return list(published.optional)
    names = list(dict.fromkeys(request.POST.getlist("cookie_groups")))
    if not names:
        raise BadRequest(422, _("Name “cookie_groups”, or send “all_groups”."))
    unknown = sorted(set(names) - set(published.optional))
    if unknown:
        raise BadRequest(422, _("No such group or service: %(names)s.") % {"names": ", ".join(unknown)})
    return names


def _next(request: HttpRequest) -> str:
    """The page a form asks to go on to, if it is ours."""
    wish = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wish, {request.get_host()}, require_https=request.is_secure()):
        return wish
    return resolve_url(conf.settings.COOKIE_CONSENT_SUCCESS_URL)


def told_to_page(request: Any) -> tuple[Published | None, Choice]:
    """The same for a template. From here on the page is this visitor's own: Django's page cache leaves it alone, and
    consent.middleware tells the others."""
    request._cache_update_cache = False  # what its CacheMiddleware goes by
    if not was_told(request):
        request.consent_told = visitors.answer_of(request)
    said: tuple[Published | None, Choice] = request.consent_told
    return said


def was_told(request: HttpRequest) -> bool:
    return hasattr(request, "consent_told")


def said_to_page(request: HttpRequest) -> str:
    """What the package's own tags read in place of its cookie."""
    published, choice = told_to_page(request)
    decided = compatibility.answers(published, choice) if published else {}
    return compatibility.value(decided)
