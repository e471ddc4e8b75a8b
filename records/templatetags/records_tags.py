"""How do templates say what the data map holds?"""

from typing import Any

from django import template

from records import ropa

register = template.Library()


@register.filter
def datum_in_words(datum: dict[str, Any]) -> str:
    return ropa.datum_in_words(datum)
