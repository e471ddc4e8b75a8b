"""The banner and the gates: the same bytes for every visitor."""

from typing import Any

from django import template
from django.utils import timezone

from consent import catalogue, decide
from policies import effective
from policies.models import PolicyPage

register = template.Library()


@register.simple_tag
def published_configuration() -> catalogue.Published | None:
    return catalogue.current()


@register.simple_tag
def asked_again_since(policy: PolicyPage | None) -> int | None:
    """The instant before which a choice counts as none, for the page's script: milliseconds of Unix time."""
    since = effective.asked_again_since(policy, timezone.now()) if policy else None
    return decide.milliseconds(since) if since else None


@register.inclusion_tag("consent/banner.html")
def consent_banner() -> dict[str, Any]:
    return {"published": catalogue.current()}


@register.inclusion_tag("consent/gates.html")
def consent_gates() -> dict[str, Any]:
    """Every service's script inside an inert <template>; the banner's module clones those that are allowed."""
    published = catalogue.current()
    return {"services": published.services if published else []}
