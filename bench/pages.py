"""What does a page cost beside a bare Wagtail page with the same content, and beside a file once nginx keeps it?
Writes its tables into docs/operators.md."""

import os
import re
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from bench.consent_requests import address, call, environ, handler
from bench.table import here_and_now, own_engines, publish

DOCUMENT = Path(__file__).resolve().parents[1] / "docs" / "operators.md"
ROUNDS, WARM = 60, 8
BATCHES, ASKED, AT_ONCE = 5, 600, 4
BAR = 0.8
# What `wagtail start` writes into a new project.
BARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]
BASE = """{% load static wagtailcore_tags %}{% wagtail_site as site %}<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{ page.seo_title|default:page.title }}</title>
<meta name="description" content="{{ page.search_description }}">
<link rel="stylesheet" href="{% static "cms/site.css" %}"></head>
<body><header><a href="{{ site.root_page.url }}">{{ site.site_name }}</a><nav><ul>
{% for entry in site.root_page.get_children.live.in_menu %}<li><a href="{% pageurl entry %}">{{ entry.title }}</a></li>
{% endfor %}</ul></nav></header><main>{% block content %}{% endblock %}</main>
<footer>{{ settings.records.Controller.name }}, {{ settings.records.Controller.email }}</footer></body></html>"""
SAME = '{% extends "base.html" %}{% load wagtailcore_tags %}{% block content %}{{ page.body|richtext }}{% endblock %}'


@dataclass
class Row:
    name: str
    ours: float  # milliseconds
    bare: float
    queries: int
    bare_queries: int

    @property
    def ratio(self) -> float:
        """Requests a second, ours against the bare page's."""
        return self.bare / self.ours


def site() -> dict[str, tuple[str, str]]:
    """Our address of each kind of page, and that of the bare page with the same content."""
    from home.models import StandardPage
    from tests import make

    home = make.site()
    make.catalogue_of_one(datetime.now(UTC))
    _news(home)
    pages = {"form": make.contact(home), "policy": make.policy(home)}
    found = {"home": ("/", "/"), "article": ("/news/open/", "/news/open/")}
    for name, page in pages.items():
        _status, _cookies, body = call(_ours(), environ(page.url, REMOTE_ADDR=address(1)))
        main = re.search(rb"<main[^>]*>(.*)</main>", body, re.DOTALL)
        assert main
        home.add_child(instance=StandardPage(title=name, slug=f"same-{name}", body=main[1].decode()))
        found[name] = (page.url, f"/same-{name}/")
    return found


def _news(home: Any) -> None:
    """An article with a picture among others, and a home page with what companies put there."""
    from django.core.files.base import ContentFile
    from wagtail.images.models import Image
    from wagtail.rich_text import RichText

    from cms.demo import pictures
    from tests import make

    picture = Image.objects.create(title="Quay", file=ContentFile(pictures.harbour(), name="quay.jpg"))
    text = RichText("".join(f"<p>{'The tide comes and goes. ' * 20}</p>" for _paragraph in range(8)))
    news = make.articles(home)
    for number in range(6):
        make.article(news, slug=f"n{number}", title=f"News {number}", picture=picture, topics=["Tides"])
    quote = ("quote", {"text": "It came.", "who": "Nell", "role": "crane"})
    make.article(news, picture=picture, topics=["Tides"], body=[("text", text), quote, ("text", text)])
    home.picture, home.body, home.sections = picture, text.source, [quote]
    home.save()


def _ours() -> Any:
    from django.conf import settings

    return handler(settings.MIDDLEWARE)


def _bare() -> Any:
    """Pages of the same tree in a template of its own, which asks for what pages of most projects ask for."""
    import sys
    import types

    from django.conf import settings
    from django.http import HttpRequest, HttpResponse  # noqa: TID251 - this is a view
    from django.template.backends.django import DjangoTemplates
    from django.urls import re_path
    from wagtail.views import serve as wagtail_serve

    from cms import urls

    loaders = [
        ("django.template.loaders.locmem.Loader", {"base.html": BASE, "same.html": SAME}),
        "django.template.loaders.app_directories.Loader",
    ]
    options = settings.TEMPLATES[0]["OPTIONS"] | {"loaders": [("django.template.loaders.cached.Loader", loaders)]}
    engine = DjangoTemplates({"NAME": "bare", "DIRS": [], "APP_DIRS": False, "OPTIONS": options})

    def serve(request: HttpRequest, path: str) -> HttpResponse:
        response = wagtail_serve(request, path)
        same = response.context_data["page"].slug.startswith("same-")
        response.template_name = engine.get_template("same.html" if same else response.template_name)
        return response.render()

    module = types.ModuleType("bench_bare")
    # The site's own addresses come behind, for links to them.
    module.urlpatterns = [re_path(r"^(?P<path>.*)$", serve), *urls.urlpatterns]  # type: ignore[attr-defined]
    sys.modules[module.__name__] = module
    return handler([*BARE, "bench.pages.of_bare"])


def of_bare(get_response: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Middleware: the addresses of the bare site, beside those of the whole one in one process."""

    def answer(request: Any) -> Any:
        request.urlconf = "bench_bare"
        return get_response(request)

    return answer


def uncached() -> Iterator[Row]:
    from django.conf import settings

    pages, middleware = site(), settings.MIDDLEWARE
    bare, ours = _bare(), handler(middleware)
    for name, (our_path, bare_path) in pages.items():
        cases = {"ours": (ours, our_path), "bare": (bare, bare_path)}
        taken: dict[str, list[float]] = {case: [] for case in cases}
        for turn in range(WARM + ROUNDS):
            for case, (application, path) in cases.items():
                milliseconds = _timed(application, path, turn)
                if turn >= WARM:
                    taken[case].append(milliseconds)
        yield Row(
            name,
            statistics.median(taken["ours"]),
            statistics.median(taken["bare"]),
            _queries(ours, our_path),
            _queries(bare, bare_path),
        )


def _timed(application: Any, path: str, turn: int) -> float:
    sent = environ(path, REMOTE_ADDR=address(turn))
    started = time.perf_counter()
    status, _cookies, _body = call(application, sent)
    assert status == 200, (path, status)
    return (time.perf_counter() - started) * 1000


def _queries(application: Any, path: str) -> int:
    from django.db import connection

    counted: list[str] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        counted.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        call(application, environ(path, REMOTE_ADDR=address(9999)))
    return len(counted)


def kept() -> list[tuple[str, float, float]]:
    """Pages a second that nginx has kept, and files of the same bytes, by page."""
    from tests.house import stage as stages

    with stages.opened(ALLOWED_HOSTS="candor.example") as stage:
        stages.prepare(stage)
        with stages.running(stage, "web", ready="/healthz/"), stages.behind_nginx(stage):
            found = []
            for name, path in {"home": "/", "article": "/news/second-crane/"}.items():
                body = _get(stage.door, path, 1)
                (stage.home / "static" / f"{name}.html").write_bytes(body)
                rates: dict[str, list[float]] = {path: [], f"/static/{name}.html": []}
                for batch in range(BATCHES):
                    for asked, measured in rates.items():
                        measured.append(_rate(stage.door, asked, batch))
                found.append((name, *(statistics.median(measured) for measured in rates.values())))
            return found


def _get(port: int, path: str, number: int) -> bytes:
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        return _ask(connection, path, number)


def _ask(connection: HTTPConnection, path: str, number: int) -> bytes:
    by = f"198.18.{number // 250 % 250}.{number % 250 + 1}"
    headers = {"Host": "candor.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": by}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (path, answer.status)
    return body


def _rate(port: int, path: str, batch: int) -> float:
    def walk(walker: int) -> None:
        with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            for number in range(ASKED // AT_ONCE):
                _ask(connection, path, batch * ASKED + walker * (ASKED // AT_ONCE) + number)

    started = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(walk, range(AT_ONCE)))
    return ASKED / (time.perf_counter() - started)


def table(rows: list[Row], files: list[tuple[str, float, float]]) -> str:
    made = "".join(
        f"| {row.name} | {row.ours:.1f} | {row.bare:.1f} | × {row.ratio:.2f} | × {BAR} | {row.queries} | "
        f"{row.bare_queries} |\n"
        for row in rows
    )
    given = "".join(f"| {name} | {page:,.0f} | {file:,.0f} | × {page / file:.2f} |\n" for name, page, file in files)
    return (
        "| page, made each time | ms | bare Wagtail, ms | requests a second, against it | at least | queries | "
        f"bare |\n|---|--:|--:|--:|--:|--:|--:|\n{made}\n"
        "| page, kept by nginx | a second | a file of the same bytes | ratio |\n|---|--:|--:|--:|\n"
        f"{given}\nMedians of {ROUNDS} turns with the whole middleware and the action log, through WSGI in one "
        f"process; of {BATCHES} batches of {ASKED} requests through nginx, {AT_ONCE} at once, the client on the same "
        "cores.\n"
        f"{here_and_now()}.\n"
    )


def measure() -> str:
    import django
    from django.conf import settings
    from django.core.management import call_command

    os.environ["ACTION_LOG"] = "True"
    django.setup()
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    rows = list(uncached())
    return table(rows, kept())


def main() -> None:
    with own_engines():
        text = measure()
    publish(text, DOCUMENT, "pages")


if __name__ == "__main__":
    main()
