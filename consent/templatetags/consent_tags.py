"""The banner and the gates: the same bytes for every visitor."""

from typing import Any

from django import template

from consent import catalogue

register = template.Library()


@register.simple_tag
def published_configuration() -> catalogue.Published | None:
    return catalogue.current()


@register.inclusion_tag("consent/banner.html")
def consent_banner() -> dict[str, Any]:
    return {"published": catalogue.current()}


@register.inclusion_tag("consent/gates.html")
def consent_gates() -> dict[str, Any]:
    """Every service's script inside an inert <template>; the banner's module clones those that are allowed."""
    published = catalogue.current()
    return {"services": published.services if published else []}
