"""Which requests does bench/consent.py send, to django-cookie-consent's own views and to ours, and over which data?"""

import json
import sys
import types
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

GROUPS = [f"group{number}" for number in range(4)]
TEXT = "What is counted here is how often a page was read, by whom nobody knows, and for how long it stayed open. "
BOTH = ["django.middleware.security.SecurityMiddleware", "django.middleware.csrf.CsrfViewMiddleware"]
OURS = [BOTH[0], "consent.middleware.choices_in_templates", BOTH[1]]

Environ = dict[str, Any]


@dataclass
class Scenario:
    """One kind of request: to whose stack, and what each call of it sends."""

    name: str
    theirs: bool
    environ: Callable[[int], Environ]
    status: int = 200
    seconds: list[float] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def environ(path: str, *, body: str = "", kind: str = "application/x-www-form-urlencoded", **headers: str) -> Environ:
    raw = body.encode()
    return {
        "REQUEST_METHOD": "POST" if raw else "GET",
        "PATH_INFO": path,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "testserver",
        "CONTENT_LENGTH": str(len(raw)) if raw else "",
        "CONTENT_TYPE": kind if raw else "",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(raw),
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **headers,
    }


def address(number: int) -> str:
    """Of a client: limits on rates are on, and each call is another client's."""
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def handler(middleware: list[str]) -> Any:
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler

    settings.MIDDLEWARE = middleware
    return WSGIHandler()


def call(application: Any, sent: Environ) -> tuple[int, dict[str, str], bytes]:
    """Status, cookies and body of one request."""
    answer: list[Any] = []
    response = application(sent, lambda status, headers: answer.extend([status, headers]))
    body = b"".join(response)
    response.close()
    cookies = dict(value.strip().split(";")[0].split("=", 1) for name, value in answer[1] if name == "Set-Cookie")
    return int(answer[0].split()[0]), cookies, body


def addresses() -> types.ModuleType:
    """The package's own addresses and ours beside each other, an empty page, and pages with tags."""
    from django.http import HttpRequest, HttpResponse  # noqa: TID251 - these are views
    from django.template import engines as templates
    from django.urls import include, path

    def page(tags: str) -> Callable[[HttpRequest], HttpResponse]:
        template = templates["django"].from_string("{% load cookie_consent_tags consent_tags %}" + tags)
        return lambda request: HttpResponse(template.render({"request": request}, request))

    module = types.ModuleType("bench_addresses")
    module.urlpatterns = [  # type: ignore[attr-defined]
        path("ping/", lambda request: HttpResponse("pong")),
        path("theirs/", include("cookie_consent.urls")),
        path("their-tag/", page('{% if request|cookie_group_accepted:"group0" %}yes{% endif %}')),
        path("our-tag/", page('{% if request|consent_allows:"group0" %}yes{% endif %}')),
        path("banner/", page("{% consent_attributes %}{% consent_head %}{% consent_banner %}")),
        path("consent/", include("consent.urls")),
        path("cookies/", include("consent.urls_compatible")),
    ]
    sys.modules[module.__name__] = module
    return module


def inventory() -> Any:
    """One group that cannot be refused with two cookies, four others with five cookies and a service each."""
    from cookie_consent.models import CookieGroup

    from consent import catalogue
    from consent.models import Service
    from tests import make

    cookies = {f"needed{number}": TEXT for number in range(2)}
    catalogue.add_group(key="needed", name="Needed", description=TEXT, required=True, cookies=cookies)
    for key in GROUPS:
        cookies = {f"{key}_cookie{number}": TEXT for number in range(5)}
        catalogue.add_group(key=key, name=key.capitalize(), description=TEXT, cookies=cookies)
        group = CookieGroup.objects.get(varname=key)
        vendor = make.recipient()
        Service.objects.create(key=f"of-{key}", name=key, vendor=vendor, group=group, description=TEXT)
    return make.publish()


def theirs(application: Any) -> list[Scenario]:
    named = urlencode({"cookie_groups": GROUPS}, doseq=True)
    _status, cookies, body = call(application, environ("/theirs/status/"))
    secret, token = cookies["csrftoken"], json.loads(body)["csrftoken"]
    sent = {"HTTP_COOKIE": f"csrftoken={secret}", "HTTP_X_CSRFTOKEN": token, "HTTP_X_COOKIE_CONSENT_FETCH": "1"}
    _status, cookies, _body = call(application, environ("/theirs/accept/", body=named, **sent))
    decided = {"HTTP_COOKIE": f"csrftoken={secret}; cookie_consent={cookies['cookie_consent']}"}

    def post(path: str, body: str) -> Callable[[int], Environ]:
        return lambda number: environ(path, body=body, REMOTE_ADDR=address(number), **sent)

    def get(path: str, **headers: str) -> Callable[[int], Environ]:
        return lambda number: environ(path, REMOTE_ADDR=address(number), **headers)

    return [
        Scenario("ping", True, get("/ping/")),
        Scenario("its status, nothing decided", True, get("/theirs/status/")),
        Scenario("its status, all decided", True, get("/theirs/status/", **decided)),
        Scenario("its accept, all groups", True, post("/theirs/accept/", "all_groups=true")),
        Scenario("its accept, 4 named", True, post("/theirs/accept/", named)),
        Scenario("its decline, all groups", True, post("/theirs/decline/", "all_groups=true")),
        Scenario("its list of cookies", True, get("/theirs/")),
        Scenario("page with its tag", True, get("/their-tag/", **decided)),
    ]


def ours(application: Any, published: Any) -> list[Scenario]:
    here = {"HTTP_SEC_FETCH_SITE": "same-origin"}
    named = urlencode({"cookie_groups": GROUPS}, doseq=True)

    def decide(choices: dict[str, bool]) -> Callable[[int], Environ]:
        def sent(number: int) -> Environ:
            body = json.dumps({"choices": choices, "snapshot": published.sha256, "key": str(uuid.uuid4())})
            return environ("/consent/decide/", body=body, kind="application/json", REMOTE_ADDR=address(number), **here)

        return sent

    accepted, mixed = dict.fromkeys(GROUPS, True), {name: name < "group2" for name in GROUPS}
    status, cookies, _body = call(application, decide(accepted)(0))
    assert status == 201
    decided = {"HTTP_COOKIE": f"candor_consent={cookies['candor_consent']}"}
    fetched = here | {"HTTP_X_COOKIE_CONSENT_FETCH": "1"}

    def get(path: str, **headers: str) -> Callable[[int], Environ]:
        return lambda number: environ(path, REMOTE_ADDR=address(number), **headers)

    def form(number: int) -> Environ:
        return environ("/cookies/accept/", body=named, REMOTE_ADDR=address(number), **fetched)

    return [
        Scenario("our status, nothing decided", False, get("/cookies/status/")),
        Scenario("our status, all decided", False, get("/cookies/status/", **decided)),
        Scenario("our decision, all groups", False, decide(accepted), 201),
        Scenario("our decision, 2 yes and 2 no", False, decide(mixed), 201),
        Scenario("our accept at its address, 4 named", False, form),
        Scenario("page with our tag", False, get("/our-tag/", **decided)),
        Scenario("page with our banner and gates", False, get("/banner/", **decided)),
        Scenario("page with its tag, on our stack", False, get("/their-tag/", **decided)),
    ]
