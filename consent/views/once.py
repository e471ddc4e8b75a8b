"""POST /consent/once/: somebody lets one frame load, this once. It goes on record, and stands for nothing else."""

import uuid

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from consent import decide, told
from consent.catalogue import Content, Published
from consent.models import Decision
from consent.views.deciding import asking, key_of, shown
from consent.views.visitor import Visitor
from records.http import BadRequest, guarded, json_object

_FIELDS = {"snapshot", "service", "key"}


@never_cache
@guarded(limit=1024, rate="60/m", methods=("POST",), atomic=False)
def once(request: HttpRequest) -> JsonResponse:
    """201 with the number of the decision, 200 when the same key was written before."""
    sent = json_object(request)
    visitor = asking(request)
    if unknown := sorted(sent.keys() - _FIELDS):
        raise BadRequest(422, _("Nobody asks for: %(names)s.") % {"names": ", ".join(unknown)})
    published = shown(sent.get("snapshot"), visitor)
    service = next((row for row in published.services if row["key"] == sent.get("service")), None)
    if service is None:
        raise BadRequest(422, _("“service” is the key of a service that this site asks about."))
    decision, new = _record(visitor, published, service, key_of(sent.get("key")))
    return JsonResponse({"receipt": str(decision.id)}, status=201 if new else 200)


def _record(visitor: Visitor, published: Published, service: Content, key: uuid.UUID) -> tuple[Decision, bool]:
    words = published.words(visitor.language)["embed"]
    try:
        return decide.record(
            choices={f"once:{service['key']}": True},
            statement=words.format(service=service["name"], vendor=service["vendor"]["name"], host=""),
            source=Decision.Source.EMBED,
            at=visitor.now,
            key=key,
            told=told.at(visitor.site_id, visitor.now, visitor.language),
            consent_id=visitor.remembered.consent_id if visitor.remembered else None,
            expires_at=visitor.now,
            locale=visitor.language,
            path=visitor.path,
            gpc=visitor.gpc,
        )
    except decide.KeyReused as error:
        raise BadRequest(422, str(error)) from error
