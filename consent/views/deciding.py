"""POST /consent/decide/: one choice, as JSON."""

import uuid
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from consent import catalogue, decide
from consent.catalogue import Published
from consent.decide import Choice
from consent.models import Decision
from consent.views import visitor as visitors
from consent.views.visitor import Visitor
from records.http import BadRequest, guarded, json_object

Source = Decision.Source
_FIELDS = {"choices", "services", "snapshot", "key", "source", "at_once"}
_SOURCES = {Source.BANNER, Source.PANEL, Source.EMBED, Source.GPC}  # what a page's script may say of itself


@never_cache
@guarded(limit=8192, rate="60/m", methods=("POST",), atomic=False)
def decide_view(request: HttpRequest) -> JsonResponse:
    """One decision; 201 with its id and what it says, 200 when the same key was written before."""
    sent = json_object(request)
    visitor = asking(request)
    if unknown := sorted(sent.keys() - _FIELDS):
        raise BadRequest(422, _("Nobody asks for: %(names)s.") % {"names": ", ".join(unknown)})
    published, source = shown(sent.get("snapshot"), visitor), _source(sent.get("source", Source.BANNER))
    named = Choice(_answers(sent, "choices", required=True), _answers(sent, "services", required=False))
    if source == Source.GPC:
        choice = _signalled(visitor, published, named)
    elif source == Source.EMBED:
        choice = _beside(visitor, published, named)
    else:
        choice, named = chosen(visitor, published, named, at_once=_at_once(sent, source))
    decision, new = visitors.record(visitor, published, choice, source, key=key_of(sent.get("key")), sent=named)
    answer = {"receipt": str(decision.id), "choices": decision.choices, "services": decision.services}
    return visitors.remember(request, JsonResponse(answer, status=201 if new else 200), decision, published)


def asking(request: HttpRequest) -> Visitor:
    visitor = visitors.of(request)
    if visitor is None:
        raise BadRequest(404, _("No site answers at this address."))
    return visitor


def shown(sha256: object, visitor: Visitor) -> Published:
    """The configuration that the page was made with."""
    if not isinstance(sha256, str):
        raise BadRequest(422, _("“snapshot” is the hash the page was made with."))
    published = catalogue.find(sha256, visitor.site_id)
    if published is None:
        raise BadRequest(409, _("This site never published that configuration. Reload the page and choose again."))
    return published


def key_of(value: object) -> uuid.UUID:
    """As RFC 9562 writes it: Python reads more than that as one."""
    try:
        key = uuid.UUID(value if isinstance(value, str) else "")
    except ValueError:
        key = None
    if key is None or str(key) != str(value).lower():
        raise BadRequest(422, _("“key” is a UUID made by the sender."))
    return key


def chosen(visitor: Visitor, published: Published, named: Choice, *, at_once: bool) -> tuple[Choice, Choice]:
    """What was sent, completed, and what of it says something new. Raises BadRequest.

    A button for everything `at_once` is no answer to a browser's signal: it allows nothing that sells or shares data,
    and changes nothing that was allowed by its name while the signal was on. Ticks and switches are one.
    """
    explicit = visitor.explicit(published) if visitor.gpc else Choice()
    if at_once:
        named = _less_known(named, explicit, published)
    try:
        choice = decide.complete(named.groups, published, services=named.services, earlier=visitor.standing(published))
    except decide.NoSuchChoice as error:
        raise BadRequest(422, str(error)) from error
    if not visitor.gpc:
        return choice, named
    answered = explicit if at_once else explicit.joined(named)
    return decide.under_signal(choice, published, explicit=answered), named


def _less_known(named: Choice, explicit: Choice, published: Published) -> Choice:
    """Without each yes to a group that was allowed by its name before, and to its services: they stay as they are."""
    services = {row["key"] for row in published.services if row["group"] in explicit.groups}
    return Choice(
        {key: yes for key, yes in named.groups.items() if yes is not True or key not in explicit.groups},
        {key: yes for key, yes in named.services.items() if yes is not True or key not in services},
    )


def _beside(visitor: Visitor, published: Published, named: Choice) -> Choice:
    """What stands after an answer about some services by their names, beside what they show. Raises BadRequest."""
    if named.groups or not named.services:
        raise BadRequest(422, _("Beside an embed a choice is about “services” alone."))
    try:
        choice = decide.widened(named.services, published, earlier=visitor.standing(published))
    except decide.NoSuchChoice as error:
        raise BadRequest(422, str(error)) from error
    if not visitor.gpc:
        return choice
    return decide.under_signal(choice, published, explicit=visitor.explicit(published).joined(named))


def _at_once(sent: dict[str, Any], source: Source) -> bool:
    """Was it a button for everything? Of the banner's all are, of the panel's two."""
    said = sent.get("at_once", source == Source.BANNER)
    if not isinstance(said, bool):
        raise BadRequest(422, _("“at_once” is true or false."))
    return said


def _signalled(visitor: Visitor, published: Published, named: Choice) -> Choice:
    if not visitor.gpc:
        raise BadRequest(422, _("This request carries no Global Privacy Control signal."))
    if named.groups or named.services:
        raise BadRequest(422, _("A Global Privacy Control signal comes without choices."))
    if not any(group["gpc"] for group in published.choosable):
        raise BadRequest(422, _("Nothing here is sold or shared: the signal changes nothing."))
    explicit = visitor.explicit(published)
    return decide.by_signal_alone(published, visitor.standing(published), explicit=explicit)


def _source(value: object) -> Source:
    if isinstance(value, str) and value in _SOURCES:
        return Source(value)
    names = ", ".join(sorted(_SOURCES))
    raise BadRequest(422, _("“source” is one of: %(names)s.") % {"names": names})


def _answers(sent: dict[str, Any], name: str, *, required: bool) -> dict[str, Any]:
    answers = sent.get(name, None if required else {})
    if not isinstance(answers, dict):
        raise BadRequest(422, _("“%(name)s” is an object of names with true or false.") % {"name": name})
    return answers
