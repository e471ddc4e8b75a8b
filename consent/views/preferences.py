"""GET and POST /consent/: the same choices as the banner's, with forms alone."""

import uuid

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from consent.catalogue import Content, Published
from consent.cookie import Remembered, Standing
from consent.decide import Choice
from consent.models import Decision
from consent.views import groups
from consent.views import visitor as visitors
from consent.views.deciding import asking, chosen, key_of, shown
from consent.views.visitor import Visitor
from records.http import BadRequest, guarded


@never_cache
@guarded(limit=8192, rate="60/m")
def preferences(request: HttpRequest) -> HttpResponse:
    visitor = asking(request)
    if request.method == "POST" and request.POST.get("choice") != "choose":
        return _save(request, visitor)
    if request.method == "POST":  # the banner's third button, without its script
        return HttpResponseRedirect(reverse("consent:preferences"), status=303)
    published = visitor.published
    context = _choosing(visitor, published, saved="saved" in request.GET) if published else {}
    return render(request, "consent/preferences.html", context | {"gpc": visitor.gpc})


def _choosing(visitor: Visitor, published: Published, *, saved: bool) -> Content:
    standing, allowed = visitor.standing(published), visitor.allowed(published)
    undecided = [group for group in published.choosable if group["key"] not in standing.groups]
    return {
        "published": published,
        "words": published.words(visitor.language),
        "groups": [_ticks(groups.told(group), allowed) for group in published.shown(visitor.language)],
        "key": uuid.uuid4(),
        "outdated": visitor.remembered is not None and _asked_again(visitor.remembered, standing, undecided),
        "saved": saved and not undecided,
        "sells": any(group["gpc"] for group in published.choosable),
    }


def _asked_again(remembered: Remembered, standing: Standing, undecided: list[Content]) -> bool:
    """Was there an answer that no longer counts? A browser's signal answers for some groups, and leaves the others."""
    return bool(undecided) and not (standing.groups and all(row["since"] <= remembered.number for row in undecided))


def _ticks(group: Content, allowed: Choice) -> Content:
    """A tick for the group means all of it; where a service is left out, each of the others is ticked."""
    given = {row["key"] for row in group["services"] if allowed.services.get(row["key"])}
    all_of_it = allowed.groups.get(group["key"], False) and len(given) == len(group["services"])
    return group | {
        "allowed": all_of_it,
        "services": [row | {"allowed": not all_of_it and row["key"] in given} for row in group["services"]],
    }


def _save(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    published = shown(request.POST.get("snapshot"), visitor)
    wish = request.POST.get("choice")
    if wish not in {"accept", "refuse", "save"}:
        raise BadRequest(422, _("Press Accept, Refuse or Save."))
    ticks = _wished(request, wish, published)
    # The signal of a browser gives way to ticks, not to a button for everything at once.
    choice, named = chosen(visitor, published, ticks, at_once=wish != "save")
    key = _press(request, visitor, sorted("/".join(allowed) for allowed in ticks.allows))
    source = Decision.Source.NO_SCRIPT
    decision, _new = visitors.record(visitor, published, choice, source, key=key, sent=named)
    response = redirect(reverse("consent:preferences") + "?saved")
    response.status_code = 303
    return visitors.remember(request, response, decision, published)


def _wished(request: HttpRequest, wish: str, published: Published) -> Choice:
    """An answer for every group and service: a form leaves out what is not ticked."""
    if wish != "save":
        return Choice(dict.fromkeys(published.optional, wish == "accept"))
    ticked, services = dict.fromkeys(request.POST.getlist("group"), True), request.POST.getlist("service")
    by_group = {service["key"]: service["group"] in ticked for service in published.services}
    return Choice({**dict.fromkeys(published.optional, False), **ticked}, {**by_group, **dict.fromkeys(services, True)})


def _press(request: HttpRequest, visitor: Visitor, picked: list[str]) -> uuid.UUID:
    """A key for this press of a button. Pressed twice, it is the same; the page fetched back from the browser's
    history, with a choice made since or another one made now, gives a new key."""
    page = request.POST.get("key")
    if not page:
        return uuid.uuid4()
    press = [str(request.POST.get("snapshot")), str(visitor.remembered), *picked]
    return uuid.uuid5(key_of(page), " ".join(press))
