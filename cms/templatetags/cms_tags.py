"""What every page of the site shows around its own text."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import template
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language
from wagtail.models import Site

from home import navigation

register = template.Library()


class Elsewhere(NamedTuple):
    """Where visitors read the same in another language."""

    language: str
    url: str
    full_url: str


@register.simple_tag(takes_context=True)
def other_languages(context: dict[str, Any]) -> list[Elsewhere]:
    """A page's translations that visitors can read; a view that has looked them up itself says so. What is no page of
    Wagtail's has the same address in every language of the site."""
    if "others" in context:
        pages = context["others"]
    elif len(_spoken(context["request"])) < 2:
        return []
    elif page := context.get("page"):
        pages = page.get_translations().live().select_related("locale")
    else:
        return list(_addresses(context["request"]))
    return [Elsewhere(other.locale.language_code, other.url, other.full_url) for other in pages]


def _addresses(request: HttpRequest) -> Iterator[Elsewhere]:
    """None for the answer to a form, which cannot be fetched again, nor where nothing was found."""
    match = request.resolver_match
    if request.method not in {"GET", "HEAD"} or match is None or not match.namespaces:
        return
    for language in _spoken(request):
        url = translate_url(request.path, language)
        if language != get_language() and url != request.path:
            yield Elsewhere(language, url, request.build_absolute_uri(url))


def _spoken(request: HttpRequest) -> list[str]:
    site = Site.find_for_request(request)
    return navigation.languages(site) if site else []
