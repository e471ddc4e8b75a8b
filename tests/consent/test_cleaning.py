"""A decision takes the cookies away that it permits no longer, wherever they may lie, and no others."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from consent import cleaning
from consent.catalogue import Published
from consent.models import Service
from policies.models import PolicyPage
from tests import make
from tests.consent import tagged

pytestmark = pytest.mark.urls(tagged.URLS)
HERE = {("_tally", "", "/")}


@pytest.fixture
def published(policy: PolicyPage) -> Published:
    return tagged.catalogue()


def sending(*names: str) -> Client:
    """A browser that holds these cookies."""
    client = Client()
    client.cookies.load(dict.fromkeys(names, "1"))
    return client


def refused(*names: str, **headers: str) -> set[tuple[str, str, str]]:
    """What a refusal of everything deletes in a browser that holds these cookies."""
    return tagged.deletions(tagged.decline(sending(*names), **headers))


def test_what_the_browser_does_not_hold_is_not_deleted(published: Published) -> None:
    assert refused() == set()
    assert refused("_tally") == HERE


def test_what_is_allowed_stays(published: Published) -> None:
    client = sending("_tally", "_tally_1", "ad")
    assert tagged.deletions(tagged.accept(client, "analytics")) == {("ad", "", "/")}


@pytest.mark.parametrize("name", ["nobody", "tally", "x_tally", "_TALLY", "candor_consent", "csrftoken"])
def test_what_is_not_declared_or_needed_stays(published: Published, name: str) -> None:
    assert refused(name) == set()


def test_no_pattern_takes_away_what_the_site_needs(published: Published) -> None:
    tagged.cookie("marketing", ".*", match="regex")
    make.publish()
    needed = ("candor_consent", "cookie_consent", "csrftoken", "messages")
    assert refused(*needed, "any") == {("any", "", "/")}


def test_what_another_group_permits_stays(published: Published) -> None:
    tagged.cookie("marketing", "_tal", match="prefix")
    make.publish()
    client = sending("_tally", "_talon")
    assert tagged.deletions(tagged.accept(client, "analytics")) == {("_talon", "", "/")}


def test_of_a_group_that_is_allowed_the_cookies_of_a_refused_service_go(published: Published) -> None:
    client = sending("_tally", "_tally_1")
    said = {"choices": {"analytics": True}, "services": {"tally": False}, "snapshot": published.sha256}
    body = json.dumps(said | {"key": str(uuid.uuid4())})
    answer = client.post("/consent/decide/", body, content_type="application/json", **make.HERE)
    assert tagged.deletions(answer) == {("_tally_1", "", "/")}


def test_a_form_of_our_own_page_takes_them_away_too(published: Published) -> None:
    form = {"snapshot": published.sha256, "choice": "refuse"}
    assert tagged.deletions(sending("_tally").post("/consent/", form, **make.HERE)) == HERE


@pytest.mark.parametrize(
    ("pattern", "name", "goes"),
    [("_ga_[A-Z]+", "_ga_ABC", True), ("_ga_[A-Z]+", "_ga_ABC1", False), ("_ga(", "_ga", False)],
)
def test_a_pattern_fits_the_whole_name(published: Published, pattern: str, name: str, goes: bool) -> None:
    tagged.cookie("analytics", pattern, match="regex")
    make.publish()
    assert bool(refused(name)) is goes


@pytest.mark.parametrize("detail", [{"party": "third"}, {"storage": "local"}, {"storage": "session"}])
def test_what_a_response_cannot_delete_is_not_tried(published: Published, detail: dict[str, Any]) -> None:
    tagged.cookie("analytics", "_far", **detail)
    make.publish()
    assert refused("_far") == set()


@pytest.mark.parametrize(
    ("stored", "host", "domains"),
    [
        ("", "shop.example", ["", "shop.example"]),
        ("", "www.shop.example.", ["", "www.shop.example", "shop.example"]),
        (".shop.example", "www.shop.example", ["", "shop.example"]),
        ("*.Shop.example", "www.shop.example", ["", "shop.example"]),
        (".elsewhere.example", "shop.example", ["", "shop.example"]),
        ("", "localhost", [""]),
        ("", "192.0.2.7", [""]),
        ("", "[2001:db8::7]", [""]),
    ],
)
def test_a_cookie_may_lie_on_the_host_alone_and_on_each_domain_above(
    stored: str, host: str, domains: list[str]
) -> None:
    assert cleaning._domains(stored, host) == domains


def test_each_domain_is_a_line_of_its_own(published: Published, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["www.shop.example"]
    answer = tagged.decline(sending("_tally"), Host="www.shop.example")
    lines = [line for line in str(answer.cookies).splitlines() if "_tally=" in line]
    assert len(lines) == 3
    assert all("Max-Age=0" in line and "Path=/" in line and "01 Jan 1970" in line for line in lines)


@pytest.mark.parametrize(
    ("stored", "path"), [("/shop/", "/shop/"), ("", "/"), ("shop", "/"), ("/a;b", "/"), ("/a\r\nb", "/"), ("/é", "/")]
)
def test_the_path_is_the_one_that_was_declared(published: Published, stored: str, path: str) -> None:
    tagged.cookie("analytics", "_deep", path=stored)
    make.publish()
    assert refused("_deep") == {("_deep", "", path)}


def test_a_cookie_with_a_guarded_name_is_deleted_as_browsers_ask(published: Published) -> None:
    tagged.cookie("analytics", "__Secure-tally")
    make.publish()
    answer = tagged.decline(sending("__Secure-tally"))
    assert answer.cookies["__Secure-tally"]["secure"]


@pytest.mark.parametrize("name", ["_tally_[0]", "_tally_é", "_tally_ x", "_tally_\r\nSet-Cookie: a"])
def test_a_name_that_no_header_can_carry_is_left(client: Client, published: Published, name: str) -> None:
    client.defaults["HTTP_COOKIE"] = f"{name}=1; _tally=1"
    answer = client.post("/cookies/decline/", {"all_groups": "1"}, **make.HERE)
    assert tagged.deletions(answer) == HERE


def test_there_is_an_end_to_it(published: Published) -> None:
    assert len(refused(*(f"_tally_{number}" for number in range(200)))) == cleaning.MOST


def test_a_service_that_cannot_be_refused_keeps_its_cookies(published: Published) -> None:
    Service.objects.create(
        key="guard",
        name="Guard",
        vendor=make.recipient(),
        group=tagged.CookieGroup.objects.get(varname="essential"),
        description="Guards.",
    )
    tagged.cookie("essential", "_guard", service=Service.objects.get(key="guard"))
    make.publish()
    assert refused("_guard") == set()
