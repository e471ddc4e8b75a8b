"""GET /consent/decisions/ and .json: what somebody decided on this device, by the number in their own signed cookie."""

import json
import uuid

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from consent import receipts
from consent.models import Decision
from consent.receipts import words
from consent.receipts.reading import Content
from consent.views.deciding import asking
from consent.views.receipts import READ, document
from consent.views.visitor import Visitor
from records.http import guarded

ON_A_PAGE = 20  # each with its way to a root, which reads the leaves of a seal


@never_cache
@guarded(limit=1024, rate="60/m", methods=READ)
def decisions(request: HttpRequest) -> HttpResponse:
    visitor = asking(request)
    page = _page(request, visitor)
    context = {
        "rows": [_row(decision) for decision in page],
        "page_of_rows": page,
        "published": visitor.published,
        "withdrawable": _allows_something(visitor),
        "key": uuid.uuid4(),
    }
    return _unlisted(render(request, "consent/decisions.html", context))


@never_cache
@guarded(limit=1024, rate="20/m", methods=READ)
def decisions_json(request: HttpRequest) -> HttpResponse:
    """The receipts of one page of the list, each as its own file has it."""
    page = _page(request, asking(request))
    here = request.build_absolute_uri(reverse("consent:decisions_json"))
    following = f"{here}?page={page.next_page_number()}" if page.has_next() else None
    said = {
        "decisions": page.paginator.count,
        "receipts": [document(request, decision) for decision in page],
        "next": following,
    }
    text = json.dumps(said, ensure_ascii=False, indent=1) + "\n"
    return _unlisted(HttpResponse(text, content_type="application/json"))


def _page(request: HttpRequest, visitor: Visitor) -> Page[Decision]:
    """The newest first; a page there is none of is the last."""
    made = Decision.objects.none()
    if visitor.remembered:
        made = receipts.decisions_of(visitor.remembered.consent_id, at=timezone.now())
    return Paginator(made, ON_A_PAGE).get_page(request.GET.get("page"))


def _row(decision: Decision) -> Content:
    shown = receipts.shown(decision)
    named = {
        answer: [row["name"] for row in words.groups(shown) if row["answer"] is answer] for answer in (True, False)
    }
    return {
        "decision": decision,
        "did": words.did(decision),
        "language": shown.language,
        "allowed": named[True],
        "refused": named[False],
    }


def _allows_something(visitor: Visitor) -> bool:
    if visitor.published is None:
        return False
    standing = visitor.standing(visitor.published)
    return any(standing.groups.values()) or any(standing.services.values())


def _unlisted(response: HttpResponse) -> HttpResponse:
    # Not no-referrer: browsers without Fetch Metadata would then send the form's Origin as null.
    response["X-Robots-Tag"] = "noindex"
    return response
