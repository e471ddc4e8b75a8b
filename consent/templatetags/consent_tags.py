"""Head, banner and gates: the same bytes for every visitor, and no question to the database."""

from collections.abc import Callable
from datetime import datetime
from itertools import chain
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from consent import catalogue, compatibility, cookie, head, told
from consent.catalogue import Content, Published
from consent.enforce.csp import Mode
from consent.views import compatible, groups
from consent.views import visitor as visitors
from consent.vocabulary import CONSENT_MODE

register = template.Library()


def _published(context: template.Context) -> Published | None:
    site = visitors.site_of(context["request"])
    return catalogue.current(site.pk) if site else None


@register.simple_tag(takes_context=True)
def consent_attributes(context: template.Context) -> str:
    """For <html>: what the head's script judges a visitor's cookie by."""
    published, site = _published(context), visitors.site_of(context["request"])
    if published is None or site is None:
        return ""
    since = told.asked_again_since(site.pk, timezone.now())
    own = " ".join(dict.fromkeys(chain(*settings.CONSENT_CSP_SOURCES.values())))
    key = ("attributes", since, settings.CONSENT_CSP, own)
    return _once(published, key, lambda: _attributes(published, since, own))


def _attributes(published: Published, since: datetime | None, own: str) -> SafeString:
    said = {
        "consent-series": published.series,
        "consent-number": published.number,
        "consent-groups": " ".join(map(_group, published.choosable)),
        "consent-services": " ".join(f"{row['key']}.{row['bit']}.{row['group']}" for row in published.services),
        "consent-google": _google(published),
        "consent-csp": settings.CONSENT_CSP if settings.CONSENT_CSP in {Mode.DECIDED, Mode.STRICT} else "",
        "consent-own": own,
        "asked-again-since": cookie.milliseconds(since) if since else "",
    }
    return format_html_join("", ' data-{}="{}"', ((name, value) for name, value in said.items() if value != ""))


def _group(group: Content) -> str:
    """With its first bit, the number its choice must reach, and whether one of its services sells or shares data."""
    parts = [group["key"], str(group["bit"]), str(group["since"]), *(["sells"] if group["gpc"] else [])]
    return ".".join(parts)


def _google(published: Published) -> str:
    """Consent Mode's types, each with the services that need it; nothing where none does."""
    needing = {kind: [row["key"] for row in published.services if kind in row["consent_mode"]] for kind in CONSENT_MODE}
    return " ".join(".".join([kind, *keys]) for kind, keys in needing.items()) if any(needing.values()) else ""


@register.simple_tag(takes_context=True)
def consent_head(context: template.Context, *, gates: bool = True) -> str:
    """Style, the gates of the catalogue's services, the script that opens them, and the banner's module, in the order
    in which nothing waits for a style sheet. `gates` False: on this page no third party's script runs."""
    published = _published(context)
    if published and gates:
        return _made(published, "head", lambda known: _head(_made(known, "gates", _waiting)))
    return render_to_string("consent/head.html", _head(""))


def _head(gates: str) -> Content:
    return {"style": _own("style", head.STYLE), "script": _own("script", head.SCRIPT), "gates": gates}


def _own(element: str, text: str) -> SafeString:
    return mark_safe(f"<{element}>{text}</{element}>")  # a file of ours, allowed by its hash


def _waiting(published: Published) -> Content:
    """Each service's script inside an inert <template>; those that cannot be refused stand as they are."""
    required = [group for group in published.groups if group["required"]]
    always = [row | {"always": True} for group in required for row in group["services"]]
    waiting = [row | {"advanced": published.waits_for_nobody(row)} for row in published.services]
    return {"published": published, "services": [*always, *waiting]}


@register.simple_tag(takes_context=True)
def consent_banner(context: template.Context) -> str:
    """The banner, and the panel behind it."""
    published = _published(context)
    return _made(published, "banner", _asking) if published else ""


def _asking(published: Published) -> Content:
    language = translation.get_language() or ""
    shown = [groups.told(group) for group in published.shown(language)]
    return {"published": published, "words": published.words(language), "groups": shown}


def _made(published: Published, name: str, context: Callable[[Published], Content]) -> SafeString:
    """A part of every page, rendered once in this process for each language. `enforce.gates` knows the gates by it."""
    key = (name, translation.get_language())
    return _once(published, key, lambda: render_to_string(f"consent/{name}.html", context(published)))


def _once(published: Published, key: tuple[Any, ...], make: Callable[[], SafeString]) -> SafeString:
    if key not in published.made:
        published.made[key] = make()
    made: SafeString = published.made[key]
    return made


@register.filter
def consent_allows(request: HttpRequest, name: str) -> bool:
    """Did this visitor allow a group, a service, or a cookie ("analytics=_ga")? Makes the page theirs alone: where
    shared caches matter, leave the choice to the gates."""
    return compatibility.allows(*compatible.told_to_page(request), name)


@register.filter
def consent_allows_everything(request: HttpRequest) -> bool:
    """Did this visitor allow every group that may be refused? No, where nobody was asked."""
    return compatibility.allows_everything(*compatible.told_to_page(request))
