"""Our own banner on the host page: written by the real tags from a published configuration, answered by Django."""

import base64
import hashlib
import re
import sys
import time
import types
from collections.abc import Callable
from typing import Any

from bench.browser import host
from bench.browser.host import Gated
from bench.browser.variants import SCRIPT, Variant

MODULE = "consent/consent.js"
NAME = "candor"
COOKIE = re.compile(r"candor_consent=([^;]*)")
THEIRS = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]

Application = Callable[..., Any]


def set_up(port: int) -> Application:
    """Migrates, publishes a configuration, and gives an application that answers for us and for
    django-cookie-consent, each with its own middleware."""
    import django
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.core.management import call_command

    django.setup()
    settings.ALLOWED_HOSTS = [host.NAME]
    settings.PAGE_CACHE_SECONDS = 3600  # one measurement long
    settings.CONSENT_CSP_SOURCES = {"script-src": [_hash(host.INLINE_CODE)]}
    call_command("migrate", verbosity=0)
    catalogue_of_four(port)
    settings.ROOT_URLCONF = _addresses(port).__name__
    ours = kept(WSGIHandler())
    settings.MIDDLEWARE = THEIRS
    theirs = WSGIHandler()

    def answer(environ: dict[str, Any], start: Any) -> Any:
        return (theirs if environ["PATH_INFO"].startswith("/django-cookie-consent/") else ours)(environ, start)

    return answer


def kept(application: Application) -> Application:
    """What nginx does in front of a site: keeps a page once for each consent mask, for as long as the site says."""
    from consent.enforce import variants

    pages: dict[tuple[str, str], tuple[float, list[Any], list[bytes]]] = {}

    def answer(environ: dict[str, Any], start: Any) -> Any:
        sent = COOKIE.search(environ.get("HTTP_COOKIE", ""))
        mask = variants.key(sent[1] if sent else None, gpc=False, dnt=False)
        until, said, body = pages.get((environ["PATH_INFO"], mask), (0.0, [], []))
        if environ["REQUEST_METHOD"] != "GET" or until < time.monotonic():
            said, body = _answered(application, environ | {"HTTP_X_CONSENT_KEY": mask})
            seconds = int(dict(said[1]).get("X-Accel-Expires", "0"))
            pages[environ["PATH_INFO"], mask] = (time.monotonic() + seconds, said, body)
        start(said[0], [(name, value) for name, value in said[1] if name != "X-Accel-Expires"])
        return body

    return answer


def _answered(application: Application, environ: dict[str, Any]) -> tuple[list[Any], list[bytes]]:
    """Asked without a condition: whoever keeps an answer needs the whole of it."""
    environ.pop("HTTP_IF_NONE_MATCH", None)
    said: list[Any] = []
    response = application(environ, lambda status, headers, info=None: said.extend([status, headers]))
    body = b"".join(response)
    response.close()
    return said, [body]


def _hash(code: str) -> str:
    """The site's own word for the inline script, which a strict header asks for."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"


def catalogue_of_four(port: int) -> None:
    """What cannot be refused, three groups that can, four services in them; published."""
    from consent import catalogue
    from tests import make

    make.policy(make.site())
    kept = {"candor_consent": "Remembers what you chose."}
    name, description = host.NEEDED
    catalogue.add_group(key="needed", name=name, description=description, required=True, cookies=kept)
    for key, (name, description) in host.GROUPS.items():
        cookies = {f"{key}_id": "Tells one visit from another."}
        catalogue.add_group(key=key, name=name, description=description, cookies=cookies)
    for key, (group, name, description) in host.SERVICES.items():
        vendor = make.recipient(f"{name} Ltd")
        origin = [host.origin(key).replace(host.PORT, str(port))]
        kind = "frame_origins" if group == host.FRAME.group else "script_origins"
        told = {"name": name, "vendor": vendor, "description": description, kind: origin}
        catalogue.add_service(group=group, key=key, **told)
    make.publish()


def _addresses(port: int) -> types.ModuleType:
    """The host page, and what the two managers ask their sites."""
    from django.http import HttpRequest, HttpResponse  # noqa: TID251 - these are views
    from django.template import engines
    from django.urls import include, path

    from bench.browser import django_cookie_consent

    def page(text: str) -> Callable[[HttpRequest], HttpResponse]:
        template = engines["django"].from_string(text.replace(host.PORT, str(port)))
        return lambda request: HttpResponse(template.render({"request": request}, request))

    module = types.ModuleType("bench_browser_addresses")
    module.urlpatterns = [  # type: ignore[attr-defined]
        path(f"{NAME}/", page(_template())),
        path("consent/", include("consent.urls")),
        path("cms/", page(""), name="wagtailadmin_home"),
        path("django-cookie-consent/", page(django_cookie_consent.template())),
        path("django-cookie-consent/views/", include("cookie_consent.urls")),
    ]
    sys.modules[module.__name__] = module
    return module


def _template() -> str:
    return "{% load consent_tags %}" + host.page(
        _gate, attributes="{% consent_attributes %}", before_styles="{% consent_head %}", start="{% consent_banner %}"
    )


def _gate(gated: Gated) -> str:
    """As an author pastes it: what comes from elsewhere is found and held back by the site; code has to be wrapped."""
    if gated.address:
        return host.plain(gated)
    return f'<template data-consent-gate="{gated.group}" data-service="{gated.service}">{host.plain(gated)}</template>'


def module() -> bytes:
    from django.contrib.staticfiles import finders

    with open(finders.find(MODULE), "rb") as file:
        return file.read()


def variant() -> Variant:
    return Variant(
        NAME,
        banner=".consent-banner",
        accept=".consent-banner button[value=accept]",
        files={f"/static/{MODULE}": (SCRIPT, module())},
    )
