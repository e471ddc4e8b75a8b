"""What pages show beside their own words: the site's look, ways to other pages, pictures at the right size."""

from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from wagtail.images.models import AbstractImage, Picture
from wagtail.models import Page, Site

from home import appearance, navigation, pictures

register = template.Library()


@register.simple_tag(takes_context=True)
def site_look(context: dict[str, Any]) -> appearance.Look:
    return appearance.of(_site(context))


@register.simple_tag
def look_sheet(name: str) -> str:
    return reverse("appearance", args=[name])


@register.simple_tag(takes_context=True)
def site_menu(context: dict[str, Any]) -> navigation.Menu:
    return navigation.menu(_site(context))


@register.inclusion_tag("home/trail.html", takes_context=True)
def trail(context: dict[str, Any]) -> dict[str, Any]:
    """The way from the home page down to this one, on pages that stand deeper than the menu shows."""
    page, menu = context.get("page"), navigation.menu(_site(context))
    return {"entries": navigation.trail(page, menu.home), "page": page} if isinstance(page, Page) else {}


@register.inclusion_tag("home/head.html", takes_context=True)
def page_head(context: dict[str, Any]) -> dict[str, Any]:
    """What other sites show of a page, and which address is its own. Nothing for what is no page, or a view of one."""
    page, request = context.get("page"), context["request"]
    if not isinstance(page, Page) or page.pk is None or page.get_url(request) != request.path:
        return {}
    image = appearance.shared(_picture_of(page)) or appearance.of(_site(context)).share
    return {
        "page": page,
        "address": request.build_absolute_uri(request.path + _query(request, context)),
        "description": page.search_description or _words(page),
        "image": image,
        "image_url": request.build_absolute_uri(image.url) if image else "",
        "others": context.get("others"),
        "language": context.get("language"),
        "kind": "article" if hasattr(page, "date") else "website",
    }


def _site(context: dict[str, Any]) -> Site | None:
    request = context.get("request")
    return Site.find_for_request(request) if request is not None else None


def _query(request: HttpRequest, context: dict[str, Any]) -> str:
    """A topic and a number make a list another page; whatever else an address has changes nothing."""
    if "articles" not in context:
        return ""
    said = {name: request.GET[name] for name in ("topic", "page") if name in request.GET}
    return f"?{urlencode(said)}" if said and said != {"page": "1"} else ""


def _picture_of(page: Page) -> AbstractImage | None:
    picture = getattr(page, "picture", None)
    return picture if isinstance(picture, AbstractImage) else None


def _words(page: Page) -> str:
    for name in ("tagline", "introduction"):
        words = str(getattr(page, name, "") or "")
        if words and "<" not in words:
            return words
    return ""


@register.simple_tag
def picture(
    image: AbstractImage | None, sizes: str, *, lead: bool = False, shape: str = "", alt: str | None = None
) -> SafeString | str:
    """A picture in the widths that screens need, AVIF where the browser knows it, with the room it takes.

    `lead` is the first thing a visitor sees: it is fetched at once, and every other when it comes near. `shape` cuts it
    to "3x2" and the like. `alt` replaces the picture's own words.
    """
    if image is None:
        return ""
    if image.is_svg():
        return image.get_rendition("width-960|preserve-svg").img_tag(_attributes(lead=lead, alt=alt))
    renditions = pictures.files(image, shape=shape, lead=lead)
    html: SafeString = Picture(renditions, _attributes(lead=lead, alt=alt) | {"sizes": sizes}).__html__()
    return html


def _attributes(*, lead: bool, alt: str | None) -> dict[str, Any]:
    how = {"fetchpriority": "high"} if lead else {"loading": "lazy"}
    return how | {"decoding": "async"} | ({} if alt is None else {"alt": alt})
