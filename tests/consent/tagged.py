"""A site whose templates ask what the visitor chose, as those made for django-cookie-consent do; its own views beside
ours, below /theirs/; and the stack without us, where nothing stands between a template and the package."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cookie_consent.models import Cookie, CookieGroup
from django.conf import settings
from django.http import HttpRequest, HttpResponse  # noqa: TID251 - these are views
from django.template import RequestContext, Template
from django.test import Client, override_settings
from django.urls import include, path
from django.views.decorators.cache import cache_page

from cms.urls import urlpatterns as ours
from consent.catalogue import Published, add_group
from consent.models import CookieDetail, Service
from tests import make

URLS = "tests.consent.tagged"
THEIR_MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("consent.")]


def say(request: HttpRequest) -> HttpResponse:
    """What an expression of a template gives for this visitor."""
    template = Template("{% load cookie_consent_tags consent_tags %}{{ " + request.GET["say"] + " }}")
    return HttpResponse(template.render(RequestContext(request)))


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("plain")


urlpatterns = [
    path("say/", say),
    path("cached/", cache_page(60)(say)),
    path("plain/", plain),
    path("theirs/", include("cookie_consent.urls")),
    *ours,
]


@contextmanager
def without_us() -> Iterator[Client]:
    """A client of the package alone, with its own defaults."""
    with override_settings(MIDDLEWARE=THEIR_MIDDLEWARE, COOKIE_CONSENT_LOG_ENABLED=True):
        yield Client()


def says(client: Client, expression: str, *, at: str = "/say/") -> str:
    answer = client.get(at, {"say": expression})
    assert answer.status_code == 200
    return answer.content.decode()


def accepted(client: Client, group: str = "analytics") -> bool:
    """As the package's own tag has it."""
    return says(client, f'request|cookie_group_accepted:"{group}"') == "True"


def declined(client: Client, group: str = "analytics") -> bool:
    return says(client, f'request|cookie_group_declined:"{group}"') == "True"


def catalogue() -> Published:
    """One group that cannot be refused; analytics with a service, whose cookies are known by a prefix; marketing."""
    make.catalogue_of_one()
    tally = Service.objects.get(key="tally")
    cookie("analytics", "_tally")
    cookie("analytics", "_tally_", match="prefix", service=tally)
    make_group("marketing", "ad")
    return make.publish()


def make_group(key: str, *cookies: str) -> CookieGroup:
    return add_group(key=key, name=key.title(), description="", cookies=dict.fromkeys(cookies, "Says."))


def cookie(group: str, name: str, *, domain: str = "", path: str = "/", **detail: Any) -> Cookie:
    row = Cookie.objects.create(
        cookiegroup=CookieGroup.objects.get(varname=group), name=name, domain=domain, path=path, description="Counts."
    )
    CookieDetail.objects.create(cookie=row, **detail)
    return row


def accept(client: Client, *groups: str, at: str = "/cookies/accept/", **headers: str) -> Any:
    """As a form of the package's list page does; all groups unless some are named."""
    form = {"cookie_groups": groups} if groups else {"all_groups": "true"}
    return client.post(at, form, headers=headers, **make.HERE)


def decline(client: Client, *groups: str, **headers: str) -> Any:
    return accept(client, *groups, at="/cookies/decline/", **headers)


def deletions(answer: Any) -> set[tuple[str, str, str]]:
    """Name, domain and path of every cookie that a response deletes."""
    return {(line.key, line["domain"], line["path"]) for line in answer.cookies.values() if line["max-age"] == 0}
