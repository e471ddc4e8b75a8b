"""What every page of the site shows around its own text."""

from django import template
from wagtail.models import Page

register = template.Library()


@register.simple_tag
def other_languages(page: Page | None) -> list[Page]:
    """The page's translations that visitors can read."""
    return list(page.get_translations().live().select_related("locale")) if page else []
