"""Templates, scripts and forms made for django-cookie-consent go on working, and are told what our cookie says."""

from typing import Any

import pytest
from cookie_consent import util
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from time_machine import Traveller

from cms.cache import ForgivingCache
from consent.catalogue import Published
from consent.models import Decision, Service
from policies.models import PolicyPage
from tests import make
from tests.consent import tagged

pytestmark = pytest.mark.urls(tagged.URLS)
SCRIPT = {"X-Cookie-Consent-Fetch": "1"}


@pytest.fixture
def published(policy: PolicyPage) -> Published:
    return tagged.catalogue()


def status(client: Client, **headers: str) -> dict[str, Any]:
    said: dict[str, Any] = client.get("/cookies/status/", headers=headers).json()
    return said


def states(client: Client) -> tuple[list[str], list[str], list[str]]:
    said = status(client)
    return said["acceptedCookieGroups"], said["declinedCookieGroups"], said["notAcceptedOrDeclinedCookieGroups"]


def test_its_names_lead_to_addresses_of_ours(published: Published) -> None:
    names = ["accept", "decline", "status", "cookie_group_list"]
    addresses = [reverse(f"cookie_consent_{name}") for name in names]
    assert addresses == ["/cookies/accept/", "/cookies/decline/", "/cookies/status/", "/cookies/"]


def test_its_list_of_cookies_is_our_page(client: Client, published: Published) -> None:
    assert client.get("/cookies/")["Location"] == "/consent/"


def test_a_form_is_one_decision_and_leads_on(client: Client, published: Published) -> None:
    answer = tagged.accept(client, "analytics")
    assert (answer.status_code, answer["Location"]) == (302, "/consent/")
    decision = Decision.objects.get()
    assert (decision.source, decision.action, decision.snapshot_id) == ("no_js", "give", published.pk)
    assert (decision.choices, decision.services) == ({"analytics": True}, {"tally": True})


def test_its_script_is_a_program_and_gets_an_empty_answer(client: Client, published: Published) -> None:
    answer = tagged.accept(client, "analytics", "marketing", **SCRIPT)
    assert (answer.status_code, answer.content) == (200, b"")
    decision = Decision.objects.get()
    assert (decision.source, decision.choices) == ("api", {"analytics": True, "marketing": True})


@pytest.mark.parametrize(
    ("wish", "led_to"),
    [("/contact/", "/contact/"), ("https://evil.example/", "/consent/"), ("//evil.example", "/consent/")],
)
def test_a_form_leads_to_the_page_it_names_if_that_is_ours(
    client: Client, published: Published, wish: str, led_to: str
) -> None:
    form = {"all_groups": "true", "next": wish}
    assert client.post("/cookies/accept/", form, **make.HERE)["Location"] == led_to


def test_what_was_chosen_about_other_groups_stands_and_what_was_not_is_still_open(
    client: Client, published: Published
) -> None:
    assert states(client) == ([], [], ["analytics", "marketing"])
    tagged.accept(client, "analytics")
    assert states(client) == (["analytics"], [], ["marketing"])
    tagged.decline(client, "marketing")
    assert states(client) == (["analytics"], ["marketing"], [])
    newest = Decision.objects.order_by("-seq")[0]
    assert newest.choices == {"analytics": True, "marketing": False}
    assert newest.action == "give"


def test_its_addresses_and_ours_tell_of_the_same_choice(client: Client, published: Published) -> None:
    client.post("/consent/", {"snapshot": published.sha256, "choice": "save", "group": ["marketing"]}, **make.HERE)
    assert states(client) == (["marketing"], ["analytics"], [])


def test_a_group_of_which_a_service_was_refused_is_not_accepted_as_a_whole(
    client: Client, published: Published
) -> None:
    tagged.make_group("maps")
    choice = {"choices": {"analytics": True, "marketing": True}, "services": {"tally": False}}
    client.post(
        "/consent/decide/",
        choice | {"snapshot": published.sha256, "key": "0191d7a0-0000-7000-8000-000000000001"},
        content_type="application/json",
        **make.HERE,
    )
    assert states(client) == (["marketing"], ["analytics"], [])
    assert not tagged.accepted(client)
    assert tagged.says(client, 'request|consent_allows:"tally"') == "False"


@pytest.mark.parametrize(("act", "allowed"), [(tagged.accept, True), (tagged.decline, False)])
def test_its_tags_say_what_was_chosen(client: Client, published: Published, act: Any, allowed: bool) -> None:
    assert (tagged.accepted(client), tagged.declined(client)) == (False, False)
    act(client)
    assert (tagged.accepted(client), tagged.declined(client)) == (allowed, not allowed)
    assert tagged.says(client, "request|all_cookies_accepted") == str(allowed)


def test_its_tags_speak_no_longer_of_a_choice_that_has_expired(
    client: Client, published: Published, clock: Traveller
) -> None:
    tagged.accept(client)
    clock.shift(183 * 24 * 3600)
    assert not tagged.accepted(client)
    assert states(client) == ([], [], ["analytics", "marketing"])


@pytest.mark.parametrize("signal", ["Sec-GPC", "DNT"])
def test_its_tags_obey_the_signal_of_a_browser(
    client: Client, published: Published, settings: Any, signal: str
) -> None:
    settings.CONSENT_HONOUR_DNT = True
    Service.objects.update(gpc=True)
    make.publish()
    tagged.accept(client)
    assert tagged.accepted(client)
    assert status(client, **{signal: "1"})["declinedCookieGroups"] == ["analytics"]
    answer = client.get("/say/", {"say": 'request|cookie_group_accepted:"analytics"'}, headers={signal: "1"})
    assert answer.content == b"False"
    assert signal in answer["Vary"]


@pytest.mark.parametrize(("headers", "allowed"), [({}, True), (SCRIPT, False)])
def test_under_a_browsers_signal_a_form_names_a_group_and_a_script_presses_one_button(
    client: Client, published: Published, headers: dict[str, str], allowed: bool
) -> None:
    Service.objects.update(gpc=True)
    make.publish()
    tagged.accept(client, "analytics", **headers, **{"Sec-GPC": "1"})
    assert Decision.objects.get().choices == {"analytics": allowed}


def test_its_one_button_widens_nothing_that_was_allowed_by_name_under_the_signal(
    client: Client, published: Published
) -> None:
    [tally] = Service.objects.all()
    tally.pk, tally.key = None, "gauge"
    tally.save()
    Service.objects.update(gpc=True)
    said = {"choices": {"analytics": True}, "services": {"gauge": False}, "source": "panel"}
    said |= {"snapshot": make.publish().sha256, "key": "0191d7a0-0000-7000-8000-000000000002"}
    client.defaults["HTTP_SEC_GPC"] = "1"
    client.post("/consent/decide/", said, content_type="application/json", **make.HERE)
    tagged.accept(client, "analytics", "marketing", **SCRIPT)
    newest = Decision.objects.order_by("-seq")[0]
    assert newest.services == {"gauge": False, "tally": True}
    assert newest.choices == {"analytics": True, "marketing": True}


def cookie_of(answer: Any) -> Any:
    return answer.cookies["cookie_consent"]


def test_its_cookie_is_written_with_every_decision(client: Client, published: Published) -> None:
    tagged.accept(client, "analytics")
    written = cookie_of(tagged.decline(client, "marketing"))
    assert util.parse_cookie_str(written.value) == {"analytics": "2026-03-01T12:00:00+00:00", "marketing": "-1"}
    assert written["max-age"] == client.cookies["candor_consent"]["max-age"]


def test_other_software_that_reads_its_cookie_finds_the_choice(client: Client, published: Published) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["cookie_consent"] = cookie_of(tagged.accept(client, "analytics")).value
    assert util.get_cookie_value_from_request(request, "analytics") is True
    assert util.get_cookie_value_from_request(request, "marketing") is None


def test_its_cookie_has_the_flags_of_its_settings(client: Client, published: Published, settings: Any) -> None:
    settings.COOKIE_CONSENT_DOMAIN, settings.COOKIE_CONSENT_SAMESITE = "shop.example", "Strict"
    settings.COOKIE_CONSENT_HTTPONLY, settings.COOKIE_CONSENT_NAME = False, "their_cookie"
    settings.SESSION_COOKIE_SECURE = True
    written = tagged.accept(client).cookies["their_cookie"]
    assert (written["domain"], written["samesite"], written["httponly"]) == ("shop.example", "Strict", "")
    assert written["secure"]


def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes every use of the cache."""
    seen: list[str] = []
    for name in ("get", "get_many", "add", "incr", "set"):
        monkeypatch.setattr(ForgivingCache, name, lambda *_, name=name, **__: seen.append(name))
    return seen


@pytest.mark.parametrize(
    "address",
    ["/cookies/status/", "/plain/", "/say/?say=request|consent_allows_everything"],
)
def test_asking_what_was_chosen_costs_no_query_and_no_cache(
    client: Client, published: Published, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tagged.accept(client)
    client.get(address)
    seen = reads(monkeypatch)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]  # the transaction of the test
    assert (seen, asked) == ([], [])


def test_a_decision_is_one_insert_and_one_question(client: Client, published: Published) -> None:
    tagged.accept(client)
    with CaptureQueriesContext(connection) as queries:
        tagged.decline(client)
    assert [query["sql"].split()[0] for query in queries] == ["SELECT", "INSERT"]  # was a policy published since?


def test_a_page_that_asks_for_no_choice_is_everybodys_who_made_the_same(client: Client, published: Published) -> None:
    tagged.accept(client)
    answer = client.get("/plain/")
    assert "private" not in answer.get("Cache-Control", "")


@pytest.mark.parametrize("tag", ["cookie_group_accepted", "consent_allows"])
def test_a_page_that_asks_is_kept_for_nobody_else(client: Client, published: Published, tag: str) -> None:
    answer = client.get("/say/", {"say": f'request|{tag}:"analytics"'})
    assert "Cookie" in answer["Vary"]
    assert answer["Cache-Control"] == "private"


def test_what_else_the_browser_sent_is_there_unchanged(client: Client, published: Published) -> None:
    tagged.accept(client)
    client.cookies["other"] = "one"
    assert tagged.says(client, "request.COOKIES.other") == "one"
    assert tagged.says(client, "request.COOKIES.cookie_consent").startswith("analytics=")
    assert tagged.says(client, "request.COOKIES.nobody") == ""


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("essential", True),
        ("analytics", True),
        ("tally", True),
        ("marketing", False),
        ("analytics=_tally", True),
        ("analytics=_tally:.shop.example", True),
        ("analytics=_tally_7", True),
        ("analytics=_nope", False),
        ("marketing=ad", False),
        ("essential=candor_consent", True),
        ("nobody", False),
        ("=", False),
        ("", False),
    ],
)
def test_our_own_tag_knows_groups_services_and_cookies(
    client: Client, published: Published, name: str, allowed: bool
) -> None:
    tagged.accept(client, "analytics")
    assert tagged.says(client, f'request|consent_allows:"{name}"') == str(allowed)


def test_before_anything_is_published_there_is_nothing_to_choose(client: Client, policy: PolicyPage) -> None:
    assert states(client) == ([], [], [])
    assert tagged.accept(client).status_code == 409
    assert tagged.says(client, 'request|consent_allows:"analytics"') == "False"
    assert not tagged.accepted(client)


def test_in_another_language_the_decision_says_so(client: Client, published: Published) -> None:
    tagged.accept(client, at="/ru/cookies/accept/")
    assert Decision.objects.get().locale == "ru"


def test_a_post_of_another_site_is_refused(client: Client, published: Published) -> None:
    answer = client.post("/cookies/accept/", {"all_groups": "1"}, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403
    assert not Decision.objects.exists()
