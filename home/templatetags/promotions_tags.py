"""Places for promotions in a page: the same bytes for every visitor, and next to no question to the database."""

import json
from collections.abc import Iterable
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from wagtail.models import Page

from home import promotions
from home.models import Promotion
from home.models.promotions import Slot
from home.promotions import Candidate

register = template.Library()

# Letters of a line, at the least, of title, text and link: where fonts run wide and long words break early.
_NARROW, _WIDE = (17, 22, 18), (32, 40, 40)
_LEAST, _MOST_NARROW, _MOST_WIDE = 2, 16, 8  # lines that promotions.css knows


@register.simple_tag(takes_context=True)
def promotions_head(context: template.Context) -> str:
    """Style and script, on pages in a language that has promotions: what is read counts where none is shown too."""
    language, now, page = translation.get_language() or "", timezone.now(), _page(context)
    if not promotions.is_used(language, now):
        return ""
    read = promotions.reading(page, language=language, now=now)
    request = context.get("request")
    said = {"names": _json(read.names), "sources": _json(read.sources)}
    return render_to_string("home/promotions_head.html", {**said, "is_preview": getattr(request, "is_preview", False)})


@register.simple_tag(takes_context=True)
def promotion(context: template.Context, slot: str) -> str:
    """The place `slot` ("top", "end" or "home"); nothing where no promotion fits this page."""
    page, now = _page(context), timezone.now()
    if page is None or page._meta.app_label != "home":
        return ""  # a policy is read in peace
    found = promotions.candidates(slot, page=page, language=translation.get_language() or "", now=now)
    return _place(Slot(slot), found, shown=bool(found) and found[0].asks_nothing and found[0].is_on(now))


@register.simple_tag
def promotion_card(row: Promotion) -> str:
    """How a promotion looks, stored or not yet: for the preview in its editor."""
    return render_to_string("home/promotion_card.html", {"promotion": promotions.as_shown(row), "told": False})


def _page(context: template.Context) -> Page | None:
    page = context.get("page")
    return page if isinstance(page, Page) else None


def _place(slot: Slot, found: list[Candidate], *, shown: bool) -> SafeString | str:
    if not found:
        return ""
    rows = [(each, _json(each.rules), shown and each is found[0]) for each in found]
    room: dict[str, Any] = {
        "narrow": min(max(_LEAST, *(_lines(each, _NARROW) for each in found)), _MOST_NARROW),
        "wide": min(max(_LEAST, *(_lines(each, _WIDE) for each in found)), _MOST_WIDE),
        "pictured": any(each.picture for each in found),
    }
    return render_to_string("home/promotion.html", {"slot": slot, "promotions": rows, **room})


def _lines(each: Candidate, letters: Iterable[int]) -> int:
    """Of the words above the link, and those of the link beyond its first."""
    words = zip((each.title, each.text, each.label), letters, strict=True)
    return sum(-(-len(text) // most) for text, most in words) - 1


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
