"""Which screens of ours has the CMS? Found by following its links, one of each pattern; and what no link leads to."""

import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup
from playwright.sync_api import Browser, BrowserContext

from cms.places import addresses_in
from tests.journeys import desk
from tests.journeys.demo import Demo

ADMIN = "admin"
ROLES = ("erin", "milo", "petra", "sam")
_TELLING = ("app_name", "model_name", "app_label", "content_type_app_name", "content_type_model_name")
_LEFT_OUT = re.compile(r"/cms/(?:logout|sprite|api|jsi18n|.*/results/|.*\.json$|.*\.csv$)")


def connect(demo: Demo) -> None:
    """Makes this process one of the demo's own: it then knows the patterns, and the rows."""
    os.environ.update(addresses_in(demo.home))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")
    import django

    django.setup()


def asked(question: Callable[[], Any]) -> Any:
    """Asks the database from a thread: Playwright's event loop keeps Django's database layer out of this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(question).result()


def speak(language: str) -> None:
    """The language in which the administrator reads the CMS."""

    def write() -> None:
        from django.contrib.auth.models import User
        from django.db import connections
        from wagtail.users.models import UserProfile

        for user in User.objects.all():
            profile = UserProfile.get_for_user(user)
            profile.preferred_language = language
            profile.save()
        connections.close_all()

    asked(write)


def found(profile: BrowserContext, demo: Demo) -> tuple[dict[str, str], list[str]]:
    """Addresses of screens by their name, and the patterns of ours that no link led to."""
    reached: dict[str, str] = {}
    seen: set[str] = set()
    waiting = [f"{demo.site}/cms/", *_editors(profile, demo)]
    while waiting:
        url = waiting.pop(0).split("#")[0]
        name, ours = _known(url, demo)
        if not name or name in seen:
            continue
        seen.add(name)
        answer = profile.request.get(url)
        if not answer.ok or "text/html" not in answer.headers.get("content-type", ""):
            continue
        if ours:
            reached[name] = url
        waiting += list(_links(answer.text(), answer.url))
    return reached, sorted(set(_patterns()) - seen)


def _links(text: str, url: str) -> Iterator[str]:
    """Those in the page, and those of the menu, which is told as data."""
    for link in BeautifulSoup(text, "html.parser").select("a[href]"):
        yield urljoin(url, str(link["href"]))
    yield from (urljoin(url, path) for path in re.findall(r'"url": "(/cms/[^"]*)"', text))


def _known(url: str, demo: Demo) -> tuple[str, bool]:
    """The name of what stands there, "" where that is not looked at; and whether it is a screen of ours."""
    from django.urls import Resolver404, resolve

    from tests.filled.walk import is_ours

    path = urlsplit(url).path
    if not url.startswith(f"{demo.site}/cms/") or _LEFT_OUT.match(path):
        return "", False
    try:
        match = resolve(path)
    except Resolver404:
        return "", False
    told = [str(match.kwargs[part]) for part in _TELLING if part in match.kwargs]
    kind = re.search(r"#(.*)", url)
    name = "-".join([match.view_name.replace(":", "-"), *told, *([kind[1]] if kind else [])])
    return name, is_ours(match.func, match.view_name, told)


def _patterns() -> Iterator[str]:
    """Names of the patterns of ours that need no row, or some."""
    from tests.filled.walk import is_ours, patterns

    for name, _parts, view in patterns():
        if is_ours(view, name, [""]) and not re.search(r"results|json|csv|download|file", name):
            yield name.replace(":", "-")


def _editors(profile: BrowserContext, demo: Demo) -> Iterator[str]:
    """The editor of one page of each type, empty and filled."""
    from django.apps import apps
    from wagtail.models import Page

    from tests.filled.walk import FLOORS

    above = desk.home(profile.pages[0], demo.site)
    for model in apps.get_models():
        if issubclass(model, Page) and model._meta.app_label in FLOORS:
            label = f"{model._meta.app_label}/{model._meta.model_name}"
            yield f"{demo.site}/cms/pages/add/{label}/{above}/"


def edited(profile: BrowserContext, demo: Demo) -> dict[str, str]:
    """The editors of pages that are there, one of each type: their patterns are one, so they are named by type."""
    from tests.filled.walk import FLOORS

    rows: dict[str, int] = {}
    for start in range(0, 200, 20):  # no answer of the API holds more
        answer = profile.request.get(f"{demo.site}/cms/api/main/pages/?offset={start}&limit=20")
        rows |= {row["meta"]["type"]: row["id"] for row in answer.json().get("items", [])}
    return {
        f"edit-{kind.replace('.', '-').lower()}": f"{demo.site}/cms/pages/{number}/edit/"
        for kind, number in rows.items()
        if kind.split(".")[0] in FLOORS
    }


def signed_in(
    browser: Browser, site: str, options: dict[str, Any], name: str = ADMIN, password: str = desk.PASSWORD
) -> BrowserContext:
    profile = browser.new_context(**options)
    page = profile.new_page()
    page.goto(f"{site}/cms/login/")
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(f"{site}/cms/**")
    return profile
