"""What does a program read of one version? Only what never changes about it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from policies import effective
from policies.clauses import Clause
from policies.effective import Reading
from policies.models import FrozenText, PolicyPage
from policies.views.caching import cacheable, immutable, validated

# JSON-LD 1.1. Where schema.org has a property, it is used; `candor:` is a name of our own and leads nowhere:
#   terms               what the version obliges the site to: `kind` of term, `key` of the thing, `value`
#   sha256              of everything that was frozen, and of `previousSha256`, the one of the version before
#   contentSha256       of title, clauses and terms alone
#   material            whether it changes what people agreed to
#   ends                whether it ends the policy; it has no clauses then
#   rendition           the number of a translation of one and the same version
CONTEXT: dict[str, Any] = {
    "@version": 1.1,
    "schema": "https://schema.org/",
    "dpv": "https://w3id.org/dpv#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "candor": "urn:x-candor:policy:",
    "name": "schema:name",
    "version": "schema:version",
    "inLanguage": "schema:inLanguage",
    "datePublished": {"@id": "schema:datePublished", "@type": "xsd:dateTime"},
    "effectiveFrom": {"@id": "schema:legislationDateVersion", "@type": "xsd:dateTime"},
    "translationOf": {"@id": "schema:translationOfWork", "@type": "@id"},
    "rendition": "candor:rendition",
    "changeNote": "schema:description",
    "material": "candor:material",
    "ends": "candor:ends",
    "hasPart": {"@id": "schema:hasPart", "@container": "@list"},
    "number": "schema:position",
    "text": "schema:text",
    "terms": {"@id": "candor:terms", "@container": "@list"},
    "kind": "candor:kind",
    "key": "candor:key",
    "value": {"@id": "candor:value", "@type": "@json"},
    "sha256": "candor:sha256",
    "contentSha256": "candor:contentSha256",
    "previousSha256": "candor:previousSha256",
}


def version_text(request: HttpRequest, page: PolicyPage, number: int) -> HttpResponse:
    """The words alone."""
    read = _reading(page, number)
    return _answer(read.shown.text, "text/plain; charset=utf-8", page, read)


def version_json(request: HttpRequest, page: PolicyPage, number: int) -> HttpResponse:
    """Words, terms and hashes as JSON-LD."""
    read = _reading(page, number)
    document = {"@context": CONTEXT, **_document(request, read)}
    return _answer(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "application/ld+json", page, read)


def _reading(page: PolicyPage, number: int) -> Reading:
    found = get_object_or_404(page.versions.select_related("page__locale"), number=number)
    return effective.reading(page, found, timezone.now())


def _answer(body: str, content_type: str, page: PolicyPage, read: Reading) -> HttpResponse:
    response = validated(HttpResponse(body, content_type=content_type), read.shown)
    response["Content-Language"] = read.shown.language
    # The original is final. A translation may be bettered, and a missing one added, at the same address.
    return immutable(response) if page.language == read.version.language else cacheable(response, page, timezone.now())


def _document(request: HttpRequest, read: Reading) -> dict[str, Any]:
    shown, found = read.shown, read.version
    permalink = _permalink(request, shown, found.number)
    document = {
        "@id": permalink,
        "@type": ["dpv:PrivacyNotice", "schema:DigitalDocument"],
        "name": shown.title,
        "version": found.number,
        "inLanguage": shown.language,
        "datePublished": _utc(shown.frozen_at),
        "effectiveFrom": _utc(found.effective_from),
        "changeNote": shown.change_note,
        "material": found.material,
        "ends": found.ends,
        "hasPart": [_part(permalink, Clause(**clause)) for clause in shown.content["clauses"]],
        "terms": shown.terms,
        "sha256": shown.sha256,
        "contentSha256": shown.content_sha256,
        "previousSha256": shown.previous_sha256 or None,
    }
    if read.is_translation:
        original = _permalink(request, found, found.number)
        document |= {"translationOf": original, "rendition": shown.number}
    return document


def _permalink(request: HttpRequest, text: FrozenText, number: int) -> str:
    return f"{text.page.get_full_url(request)}v/{number}/"


def _part(permalink: str, clause: Clause) -> dict[str, str]:
    return {
        "@id": f"{permalink}#{clause.anchor}",
        "@type": "schema:CreativeWork",
        "kind": clause.kind,
        "number": clause.number,
        "text": replace(clause, number="").text,
    }


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
