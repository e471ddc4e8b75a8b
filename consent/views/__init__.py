"""Where a choice arrives: from the banner's script, or from the page that needs none."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.models import Site

from consent import catalogue, decide
from consent.catalogue import Published
from consent.models import Decision, Snapshot
from policies import effective
from records.http import BadRequest, guarded, json_object


@never_cache
@guarded(limit=4096, rate="60/m", methods=("POST",))
def decide_view(request: HttpRequest) -> JsonResponse:
    """POST /consent/decide/: one decision; 201 with its id, 200 when the same key was written before."""
    sent = json_object(request)
    published = _published(sent.get("snapshot"))
    choices = sent.get("choices")
    if not isinstance(choices, dict):
        raise BadRequest(422, _("“choices” is an object of group names with true or false."))
    decision, new = _record(request, choices, published, Decision.Source.BANNER, key=_key(sent.get("key")))
    response = JsonResponse({"receipt": str(decision.id)}, status=201 if new else 200)
    return _remember(response, decision, published)


def _published(sha256: object) -> Published:
    if not isinstance(sha256, str):
        raise BadRequest(422, _("“snapshot” is the hash the page was made with."))
    published = catalogue.find(sha256)
    if published is None:
        raise BadRequest(409, _("This site never published that configuration. Reload the page and choose again."))
    return published


def _key(value: object) -> uuid.UUID:
    try:
        return uuid.UUID(value if isinstance(value, str) else "")
    except ValueError:
        raise BadRequest(422, _("“key” is a UUID made by the sender.")) from None


def _record(
    request: HttpRequest, choices: dict[str, Any], published: Published, source: Decision.Source, *, key: uuid.UUID
) -> tuple[Decision, bool]:
    now, site = timezone.now(), Site.find_for_request(request)
    try:
        return decide.record(
            choices=decide.complete(choices, published),
            source=source,
            at=now,
            key=key,
            policy_version=effective.version_shown(site, now) if site else None,
            published=published,
            consent_id=decide.same_person(_remembered(request)),
        )
    except (decide.NoSuchChoice, decide.KeyReused) as error:
        raise BadRequest(422, str(error)) from error


def _remembered(request: HttpRequest) -> decide.Remembered | None:
    return decide.read_cookie(request.COOKIES.get(decide.COOKIE, ""))


def _remember(response: Any, decision: Decision, published: Published) -> Any:
    response.set_cookie(
        decide.COOKIE,
        decide.cookie_value(decision, published),
        max_age=decide.LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


@never_cache
@guarded(limit=8192, rate="60/m")
def preferences(request: HttpRequest) -> HttpResponse:
    """GET and POST /consent/: the same choices as the banner's, with forms alone."""
    if request.method == "POST":
        return _save(request)
    published, remembered = catalogue.current(), _remembered(request)
    outdated = remembered is not None and not remembered.stands(_asked_again_since(request))
    chosen = None if outdated else remembered
    groups = [
        group | {"allowed": bool(chosen and published and chosen.allows(group["key"], published))}
        for group in (published.groups if published else ())
    ]
    context = {"published": published, "groups": groups, "key": uuid.uuid4(), "outdated": outdated}
    return render(request, "consent/preferences.html", context | {"saved": "saved" in request.GET and not outdated})


def _asked_again_since(request: HttpRequest) -> datetime | None:
    site = Site.find_for_request(request)
    policy = effective.policy_of(site) if site else None
    return effective.asked_again_since(policy, timezone.now()) if policy else None


def _save(request: HttpRequest) -> HttpResponse:
    published = _published(request.POST.get("snapshot"))
    wish = request.POST.get("choice")
    if wish not in {"accept", "refuse", "save"}:
        raise BadRequest(422, _("Press Accept, Refuse or Save."))
    picked = set(published.optional) if wish == "accept" else set()
    if wish == "save":
        picked = set(request.POST.getlist("group"))
    key = _press(request, picked, published)
    choices = dict.fromkeys(picked, True)
    decision, _new = _record(request, choices, published, Decision.Source.NO_SCRIPT, key=key)
    response = redirect(reverse("consent:preferences") + "?saved")
    response.status_code = 303
    return _remember(response, decision, published)


def _press(request: HttpRequest, picked: set[str], published: Published) -> uuid.UUID:
    """A key for this press of a button. Pressed twice, it is the same; the page fetched back from the browser's
    history, with a choice made since or another one made now, gives a new key."""
    page = request.POST.get("key")
    earlier = _remembered(request)
    press = [published.sha256, str(earlier and earlier.decision), *sorted(picked)]
    return uuid.uuid5(_key(page), " ".join(press)) if page else uuid.uuid4()


@require_safe
def snapshot(request: HttpRequest, sha256: str) -> HttpResponse:
    """GET /consent/snapshot/<hash>.json: the very bytes that were hashed."""
    found = Snapshot.objects.filter(sha256=sha256).first()
    if found is None:
        raise Http404(_("This site never published that configuration."))
    response = HttpResponse(found.content, content_type="application/json")
    patch_cache_control(response, public=True, max_age=365 * 24 * 3600, immutable=True)
    return response
