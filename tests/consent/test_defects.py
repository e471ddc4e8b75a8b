"""What goes wrong with django-cookie-consent alone does not go wrong here: each fault by its name, shown on the package
where that is cheap, and then on this site."""

import json
import uuid
from typing import Any

import pytest
from cookie_consent import cache as their_cache
from cookie_consent.models import Cookie, CookieGroup, LogItem
from django.core import serializers
from django.db import IntegrityError, connection, transaction
from django.test import Client

from consent.catalogue import Published
from consent.models import Decision, Service, Snapshot
from policies.models import PolicyPage
from tests import make
from tests.consent import tagged

pytestmark = pytest.mark.urls(tagged.URLS)


@pytest.fixture
def published(policy: PolicyPage) -> Published:
    return tagged.catalogue()


def holding(value: str) -> Client:
    """A browser with this in the package's cookie."""
    client = Client()
    client.cookies["cookie_consent"] = value
    return client


def decide(client: Client, published: Published, choices: dict[str, bool], **changes: Any) -> Any:
    said = {"choices": choices, "snapshot": published.sha256, "key": str(uuid.uuid4())} | changes
    return client.post("/consent/decide/", json.dumps(said), content_type="application/json", **make.HERE)


def leaks(visitor: Client, stranger: Client) -> bool:
    """Does the page cache show one visitor's page to another?"""
    [mine, theirs] = [tagged.says(who, "request|all_cookies_accepted", at="/cached/") for who in (visitor, stranger)]
    assert mine == "True"
    return theirs == mine


def test_a_page_cache_shows_nobody_the_page_of_another(published: Published) -> None:
    with tagged.without_us() as alone:
        tagged.accept(alone, at="/theirs/accept/")
        assert leaks(alone, Client())
        their_cache._get_cache().clear()
    visitor = Client()
    tagged.accept(visitor)
    assert not leaks(visitor, Client())


def test_deleting_a_group_erases_no_proof(client: Client, published: Published) -> None:
    with tagged.without_us() as alone:
        tagged.accept(alone, at="/theirs/accept/")
    tagged.accept(client)
    assert LogItem.objects.filter(cookiegroup__varname="marketing").exists()
    CookieGroup.objects.get(varname="marketing").delete()
    assert not LogItem.objects.filter(cookiegroup__varname="marketing").exists()
    decision = Decision.objects.get()
    assert decision.choices["marketing"] is True
    assert json.loads(Snapshot.objects.get(pk=decision.snapshot_id).content)["groups"][-1]["key"] == "marketing"


def test_a_change_of_purpose_is_asked_about_again(client: Client, published: Published) -> None:
    tagged.accept(client)
    Service.objects.filter(key="tally").update(purposes=["advertising"])
    with tagged.without_us() as alone:
        alone.cookies = client.cookies
        assert tagged.accepted(alone)
    make.publish()
    assert not tagged.accepted(client)
    assert tagged.accepted(client, "marketing")


def test_a_choice_made_before_a_cookie_was_added_and_taken_away_does_not_come_back(
    client: Client, published: Published
) -> None:
    tagged.accept(client)
    Service.objects.filter(key="tally").update(purposes=["advertising"])
    make.publish()
    Cookie.objects.filter(cookiegroup__varname="analytics").delete()
    assert not tagged.accepted(client)


@pytest.mark.parametrize("version", ["9", "zzz", "2999-01-01"])
def test_nobody_can_write_a_consent_by_hand(published: Published, version: str) -> None:
    forged = f"analytics={version}|marketing={version}"
    with tagged.without_us() as alone:
        alone.cookies["cookie_consent"] = forged
        assert tagged.accepted(alone)
    assert not tagged.accepted(holding(forged))


def test_a_cookie_of_the_same_name_is_deleted_on_every_domain(published: Published, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["www.shop.example"]
    for domain in (".shop.example", ".www.shop.example"):
        tagged.cookie("analytics", "_twice", domain=domain)
    make.publish()
    with tagged.without_us() as alone:
        theirs = tagged.accept(alone, at="/theirs/decline/", Host="www.shop.example")
    ours = Client()
    ours.cookies["_twice"] = "1"
    found = [
        {domain for name, domain, _path in tagged.deletions(answer) if name == "_twice"}
        for answer in (theirs, tagged.decline(ours, Host="www.shop.example"))
    ]
    assert len(found[0]) == 1
    assert found[1] == {"", "shop.example", "www.shop.example"}


@pytest.mark.parametrize("name", ["_tally_ABC123", "_tally_"])
def test_cookies_are_known_by_how_they_begin(client: Client, published: Published, name: str) -> None:
    client.cookies[name] = "1"
    answer = tagged.decline(client)
    assert (name, "", "/") in tagged.deletions(answer)


def test_what_is_refused_does_not_run_so_that_nothing_is_left_to_delete(client: Client, published: Published) -> None:
    tagged.decline(client)
    page = client.get("/").content.decode()
    before, script, _after = page.partition("http://127.0.0.1:9/count.js")
    assert script
    assert before.count("<template") == before.count("</template>") + 1
    assert not client.get("/").cookies


@pytest.mark.parametrize("form", [{}, {"cookie_groups": "nobody"}, {"cookie_groups": ["analytics", "\0"]}])
@pytest.mark.parametrize("act", ["accept", "decline"])
def test_a_post_that_says_nothing_valid_is_an_error(
    client: Client, published: Published, act: str, form: dict[str, Any]
) -> None:
    with tagged.without_us() as alone:
        assert alone.post(f"/theirs/{act}/", form).status_code in {200, 302}
    answer = client.post(f"/cookies/{act}/", form, headers={"Accept": "text/html"}, **make.HERE)
    assert answer.status_code == 422
    assert not answer.cookies
    assert not Decision.objects.exists()


class Undone(Exception):
    """Ends a transaction that nobody wants."""


def save_and_undo() -> None:
    with transaction.atomic():
        tagged.make_group("phantom", "p")
        their_cache.all_cookie_groups()
        raise Undone


def accept_at_theirs() -> None:
    with tagged.without_us() as alone, transaction.atomic():
        tagged.accept(alone, at="/theirs/accept/")
        connection.check_constraints()


def test_a_group_that_was_never_saved_is_never_decided_about(client: Client, published: Published) -> None:
    with pytest.raises(Undone):
        save_and_undo()
    with pytest.raises(IntegrityError):
        accept_at_theirs()
    tagged.accept(client)
    assert Decision.objects.get().choices == {"analytics": True, "marketing": True}
    assert not tagged.accepted(client, "phantom")


def test_rows_that_are_loaded_are_known_at_once(
    client: Client, published: Published, django_capture_on_commit_callbacks: Any
) -> None:
    tagged.accept(client)
    their_cache.all_cookie_groups()
    row = {
        "model": "cookie_consent.cookiegroup",
        "pk": 77,
        "fields": {"varname": "loaded", "created": "2026-01-01T00:00Z"},
    }
    with django_capture_on_commit_callbacks(execute=True):
        for loaded in serializers.deserialize("python", [row]):
            loaded.save()
    assert "loaded" in their_cache.all_cookie_groups()


def test_what_is_published_is_known_at_once_however_it_was_written(
    client: Client, published: Published, django_capture_on_commit_callbacks: Any
) -> None:
    their_cache.all_cookie_groups()
    CookieGroup.objects.bulk_create([CookieGroup(varname="bulk", name="Bulk")])
    assert "bulk" not in their_cache.all_cookie_groups()
    with django_capture_on_commit_callbacks(execute=True):
        make.publish()
    tagged.accept(client)
    assert tagged.accepted(client, "bulk")


@pytest.mark.parametrize("name", ["analytics=_tally", "analytics=_tally:shop.example:8000", "analytics=a=b", "=", ":"])
def test_a_name_nobody_expected_breaks_no_page(client: Client, published: Published, name: str) -> None:
    tagged.accept(client)
    assert tagged.says(client, f'request|consent_allows:"{name}"') in {"True", "False"}


@pytest.mark.parametrize("name", ["analytics=_tally", "analytics=_tally:shop.example:8000"])
def test_the_packages_own_tag_still_breaks_on_such_a_name(client: Client, published: Published, name: str) -> None:
    tagged.accept(client)
    with pytest.raises(ValueError, match="values to unpack"):
        tagged.accepted(client, name)


def test_a_cookie_nobody_declared_is_not_allowed(client: Client, published: Published) -> None:
    tagged.accept(client)
    assert tagged.accepted(client, "analytics=_nope:.evil.example")
    assert tagged.says(client, 'request|consent_allows:"analytics=_nope:.evil.example"') == "False"


def test_what_cannot_be_refused_is_allowed(client: Client, published: Published) -> None:
    assert not tagged.accepted(client, "essential")
    assert tagged.says(client, 'request|consent_allows:"essential"') == "True"
    assert [group["key"] for group in published.groups if group["required"]] == ["essential"]


def test_where_nobody_is_asked_not_everything_is_allowed(client: Client, policy: PolicyPage) -> None:
    tagged.make_group("essential")
    CookieGroup.objects.update(is_required=True)
    make.publish()
    assert tagged.says(client, "request|all_cookies_accepted") == "True"
    assert tagged.says(client, "request|consent_allows_everything") == "False"


def test_one_post_holds_a_choice_for_each_group(client: Client, published: Published) -> None:
    decide(client, published, {"analytics": True, "marketing": False})
    assert Decision.objects.get().choices == {"analytics": True, "marketing": False}
    assert (tagged.accepted(client), tagged.declined(client, "marketing")) == (True, True)


def test_asking_for_the_status_sets_no_cookie_and_is_kept_by_no_cache(client: Client, published: Published) -> None:
    with tagged.without_us() as alone:
        theirs = alone.get("/theirs/status/")
        assert "csrftoken" in theirs.cookies
        assert "no-store" not in theirs.get("Cache-Control", "")
    ours = client.get("/cookies/status/")
    assert not ours.cookies
    assert ours["Cache-Control"] == "no-store"
    assert ours.json().keys() == theirs.json().keys()


@pytest.mark.parametrize("act", [tagged.accept, tagged.decline])
def test_no_page_carries_another_visitors_deletions(client: Client, published: Published, act: Any) -> None:
    client.cookies["_tally_1"] = "1"
    answer = act(client)
    assert "no-store" in answer["Cache-Control"]
    client.cookies["_tally_1"] = "1"
    for address in ("/", "/privacy/", "/cookies/status/", "/say/?say=request|all_cookies_accepted"):
        assert not tagged.deletions(client.get(address))


def test_nobody_can_flood_the_record(client: Client, published: Published) -> None:
    with tagged.without_us() as alone:
        assert {tagged.accept(alone, at="/theirs/accept/").status_code for _time in range(61)} == {302}
    answers = [tagged.decline(client).status_code for _time in range(61)]
    assert (set(answers[:60]), answers[60]) == ({302}, 429)
    assert Decision.objects.count() == 60


def test_a_post_sent_twice_is_one_decision(client: Client, published: Published) -> None:
    key = str(uuid.uuid4())
    answers = [decide(Client(), published, {"analytics": True}, key=key).status_code for _time in range(2)]
    assert (answers, Decision.objects.count()) == ([201, 200], 1)
