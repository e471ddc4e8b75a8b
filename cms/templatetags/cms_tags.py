"""What every page of the site shows around its own text."""

from typing import Any

from django import template
from wagtail.models import Page

register = template.Library()


@register.simple_tag(takes_context=True)
def other_languages(context: dict[str, Any]) -> list[Page]:
    """The page's translations that visitors can read; a view that has looked them up itself says so."""
    page = context.get("page")
    if "others" in context or not page:
        return context.get("others") or []
    return list(page.get_translations().live().select_related("locale"))
