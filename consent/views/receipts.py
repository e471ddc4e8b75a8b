"""GET /consent/receipt/<id>/ and .json: what a decision was about, for whoever holds its number.

The address is the key: it is random, told to nobody but the visitor, and must not leak to third parties or indexes.
"""

import json
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from wagtail.models import Site

from consent import receipts
from consent.models import Decision, Redaction
from consent.receipts import Addresses, Proof, Shown, record, words
from consent.receipts.files import Document
from consent.views import visitor as visitors
from records.http import BadRequest, guarded

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
READ = ("GET", "HEAD")


def unlisted(view: View[P]) -> View[P]:
    """No index lists the page, no link on it tells where the reader came from, and nothing keeps a copy."""

    @never_cache
    @wraps(view)
    def unlisted_view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return unlisted_view


@unlisted
@guarded(limit=1024, rate="60/m", methods=READ)
def receipt(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    decision = receipts.find(pk, at=timezone.now())
    if decision is None:
        return _erased_page(request, pk)
    shown = receipts.shown(decision)
    context = {
        "shown": shown,
        "decision": decision,
        "groups": words.groups(shown),
        "did": words.did(decision),
        "how": words.how(decision),
        "by_mail": record.BY_MAIL,
        "proof": _proof(decision),
        "addresses": addresses(request, shown),
        "public_keys": reverse("consent:seals"),
    }
    return render(request, "consent/receipt.html", context)


@unlisted
@guarded(limit=1024, rate="60/m", methods=READ)
def receipt_json(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    decision = receipts.find(pk, at=timezone.now())
    if decision is not None:
        return _file(document(request, decision))
    redaction = Redaction.objects.filter(decision=pk).first()
    if redaction is None:
        return JsonResponse({"error": _unknown().sentence}, status=404)
    said = receipts.erased_document(redaction, _left(redaction), _address(request, pk))
    return _file(said, status=410)


def document(request: HttpRequest, decision: Decision) -> Document:
    shown = receipts.shown(decision)
    return receipts.document(shown, _proof(decision), addresses(request, shown))


def addresses(request: HttpRequest, shown: Shown) -> Addresses:
    """Those of the language a decision was made in, so that its receipt is the same wherever it is read."""
    decision, here = shown.decision, _origin(request, shown.decision)
    spoken = decision.locale if decision.locale in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    page = shown.notice.page.get_full_url(request) if shown.notice else None
    snapshot = decision.snapshot
    with translation.override(spoken):
        return Addresses(
            receipt=here + reverse("consent:receipt", args=[decision.pk]),
            notice=f"{page}v/{shown.version_number}/" if page else "",
            configuration=here + reverse("consent:snapshot", args=[snapshot.sha256]) if snapshot else "",
            withdrawal=here + reverse("consent:preferences"),
        )


def _origin(request: HttpRequest, decision: Decision) -> str:
    """Scheme and host of the site that asked; of this one where that is gone, or where none did."""
    site, made_on = visitors.site_of(request), decision.snapshot.site_id if decision.snapshot else None
    elsewhere = None if made_on is None or (site and site.pk == made_on) else Site.objects.filter(pk=made_on).first()
    return elsewhere.root_url if elsewhere else f"{request.scheme}://{request.get_host()}"


def _address(request: HttpRequest, pk: uuid.UUID) -> str:
    return request.build_absolute_uri(reverse("consent:receipt", args=[pk]))


def _proof(decision: Decision) -> Proof:
    return receipts.proof_of(decision.pk, leaf=decision.leaf, key_id=decision.key_id)


def _left(redaction: Redaction) -> Proof:
    return receipts.proof_of(redaction.decision, leaf=redaction.decision_leaf)


def _erased_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """410 for a decision that was erased. Raises BadRequest (404) for one that never was."""
    redaction = Redaction.objects.filter(decision=pk).first()
    if redaction is None:
        raise _unknown()
    why = Redaction.Why(redaction.why).label
    context = {"redaction": redaction, "why": why, "proof": _left(redaction), "public_keys": reverse("consent:seals")}
    return render(request, "consent/receipt_erased.html", context, status=410)


def _unknown() -> BadRequest:
    return BadRequest(404, _("There is no receipt with this number. Check that the address is complete."))


def _file(said: Document, status: int = 200) -> HttpResponse:
    text = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
    return HttpResponse(text, content_type="application/ld+json", status=status)
