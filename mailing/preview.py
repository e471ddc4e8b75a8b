"""How does a mail look before it is sent? In each of its languages and versions: light, dark, as plain text, and what
is to be said about its headers."""

import re
from collections.abc import Iterator, Sequence
from email.header import decode_header, make_header
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from mailing import compose
from mailing.compose import lint
from mailing.compose.shapes import Reader
from mailing.models import Campaign
from policies.states import language_name

CHECKS = "checks"
KINDS = ("html", "dark", "plain")
SOMEBODY = Reader(email="reader@mail.example")
SHOWN = ("From", "Reply-To", "To", "Subject", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post")
_DARK = re.compile(r"@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)", re.IGNORECASE)
_LIGHT = re.compile(r"@media\s*\(\s*prefers-color-scheme\s*:\s*light\s*\)", re.IGNORECASE)
_META = re.compile(r"<head[^>]*>", re.IGNORECASE)


def modes(campaign: Campaign) -> list[tuple[str, str]]:
    """What there is to look at: all that is written, then the other languages of the site, for a text is seen before it
    is saved."""
    written = dict.fromkeys((text.language, text.version) for text in campaign.texts.all())
    whole = list(written) or [(settings.LANGUAGE_CODE, Campaign.Version.A.value)]
    others = [(code, "a") for code, _name in settings.LANGUAGES if code not in dict(whole)]
    found = [mode for place in whole for mode in _modes(*place, KINDS, has_b=_has_b(whole))]
    found += [mode for place in others for mode in _modes(*place, KINDS[:1], has_b=False)]
    return [*found, (CHECKS, _("Headers and checks"))]


def _has_b(places: list[tuple[str, str]]) -> bool:
    return any(version == Campaign.Version.B for _language, version in places)


def _modes(language: str, version: str, kinds: Sequence[str], *, has_b: bool) -> Iterator[tuple[str, str]]:
    labels = {"html": _("as HTML"), "dark": _("dark"), "plain": _("as plain text")}
    words = {"language": language_name(language), "version": version.upper()}
    name = _("%(language)s, version %(version)s") % words if has_b else words["language"]
    yield from ((f"{kind}:{language}:{version}", f"{name}: {labels[kind]}") for kind in kinds)


def serve(campaign: Campaign, request: HttpRequest, mode: str) -> HttpResponse:
    """The answer for a mode of `modes`, from the text as it is in the form: nothing need be in the database."""
    kind, _colon, rest = mode.partition(":")
    language, _colon, version = rest.partition(":")
    campaign.__dict__.pop("written", None)  # what was remembered before the form filled in its texts
    if kind == CHECKS:
        response = render(request, "mailing/campaign_checks.html", _checked(campaign))
    elif (language, version) not in campaign.written:
        response = render(request, "mailing/campaign_unwritten.html", _missing(campaign, language, version))
    elif kind == "plain":
        text = compose.plain(campaign, language=language, version=version)
        response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    else:
        html = compose.page(campaign, language=language, version=version, reader=SOMEBODY)
        response = HttpResponse(in_the_dark(html) if kind == "dark" else html)
    # A mail brings its styles along and runs nothing; the site's own header would take them away.
    site = "{0.scheme}://{0.netloc}".format(urlsplit(settings.SITE_URL))
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' {site} data:; frame-ancestors 'self'"
    )
    return response


def in_the_dark(html: str) -> str:
    """As a mailbox in dark mode that honours the mail's own colours for it shows it. Those that change colours by
    themselves cannot be shown here."""
    html = _LIGHT.sub("@media not all", _DARK.sub("@media all", html))
    return _META.sub(lambda head: f"{head[0]}<style>:root {{ color-scheme: dark !important }}</style>", html, count=1)


def _missing(campaign: Campaign, language: str, version: str) -> dict[str, Any]:
    instead = campaign.text_for(language)
    return {
        "language": language_name(language),
        "version": version.upper(),
        "instead": language_name(instead.language) if instead else "",
    }


def _checked(campaign: Campaign) -> dict[str, Any]:
    texts = [
        (language_name(language), version.upper(), list(_headers(campaign, language, version)))
        for language, version in campaign.written
    ]
    return {"problems": lint.problems(campaign) if texts else [], "texts": texts}


def _headers(campaign: Campaign, language: str, version: str) -> Iterator[tuple[str, str]]:
    """As a reader's mailbox gets them."""
    campaign.count_links = False  # they have no rows before the campaign has
    edition = compose.edition(campaign, language=language, version=version, now=timezone.now())
    message = edition.message(SOMEBODY).message()
    yield from ((name, str(make_header(decode_header(str(message[name]))))) for name in SHOWN if message[name])
