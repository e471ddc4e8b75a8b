"""The banner and the gates: the same bytes for every visitor, and no question to the database."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.utils import timezone, translation

from consent import catalogue, compatibility, cookie, told
from consent.catalogue import Content, Published
from consent.views import compatible
from consent.views import visitor as visitors

register = template.Library()


def _published(context: template.Context) -> Published | None:
    site = visitors.site_of(context["request"])
    return catalogue.current(site.pk) if site else None


@register.simple_tag(takes_context=True)
def published_configuration(context: template.Context) -> Published | None:
    return _published(context)


@register.simple_tag(takes_context=True)
def asked_again_since(context: template.Context) -> int | None:
    """The instant before which a choice counts as none, for the page's script: milliseconds of Unix time."""
    site = visitors.site_of(context["request"])
    since = told.asked_again_since(site.pk, timezone.now()) if site else None
    return cookie.milliseconds(since) if since else None


@register.filter
def asked_about(published: Published) -> str:
    """For the page's script: each optional group with its first bit, the number its choice must reach, and whether one
    of its services sells or shares data."""
    return " ".join(_group(group) for group in published.choosable)


def _group(group: Content) -> str:
    parts = [group["key"], str(group["bit"]), str(group["since"]), *(["sells"] if group["gpc"] else [])]
    return ".".join(parts)


@register.inclusion_tag("consent/banner.html", takes_context=True)
def consent_banner(context: template.Context) -> dict[str, Any]:
    published, language = _published(context), translation.get_language() or ""
    return {"published": published, "words": published.words(language) if published else {}}


@register.inclusion_tag("consent/gates.html", takes_context=True)
def consent_gates(context: template.Context) -> dict[str, Any]:
    """Every service's script inside an inert <template>; the banner's module clones those that are allowed."""
    published = _published(context)
    return {"services": published.services if published else [], "published": published}


@register.filter
def consent_allows(request: HttpRequest, name: str) -> bool:
    """Did this visitor allow a group, a service, or a cookie ("analytics=_ga")? Makes the page theirs alone: where
    shared caches matter, leave the choice to the gates."""
    return compatibility.allows(*compatible.told_to_page(request), name)


@register.filter
def consent_allows_everything(request: HttpRequest) -> bool:
    """Did this visitor allow every group that may be refused? No, where nobody was asked."""
    return compatibility.allows_everything(*compatible.told_to_page(request))
