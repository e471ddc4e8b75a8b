"""Does a password alone open the CMS to nobody who reads personal data? And does a telephone, with it?"""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from pytest_django import Settings
from time_machine import Traveller
from wagtail.models import ModelLogEntry

from cms.two_factor import accounts
from cms.two_factor.models import Authenticator, RecoveryCode
from mailing.models import Letter
from tests.cms.second_steps import CODE, LOGIN, SET_UP, give, is_in, key_on, now, person, secret_in, set_up, typed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _required(settings: Settings, clock: Traveller) -> None:
    settings.TWO_FACTOR = "required"


def later(clock: Traveller, **much: float) -> None:
    clock.shift(timedelta(**much))


def test_who_reads_personal_data_sets_it_up_before_anything_else() -> None:
    person()
    client, answer = typed()
    assert answer["Location"] == "/cms/"
    assert client.get("/cms/")["Location"] == f"{SET_UP}?next=/cms/"
    _key, codes = set_up(client)
    assert len(set(codes)) == 10
    assert is_in(client)


def test_the_next_time_the_code_is_asked_for(clock: Traveller) -> None:
    person()
    key, _codes = set_up(typed()[0])
    later(clock, minutes=5)
    client, _answer = typed()
    answer = client.get("/cms/inquiries/?q=crane")
    assert answer["Location"] == f"{CODE}?next=/cms/inquiries/%3Fq%3Dcrane"
    assert give(client, now(key), "/cms/inquiries/?q=crane")["Location"] == "/cms/inquiries/?q=crane"
    assert is_in(client)


@pytest.mark.parametrize("steps", [-1, 1])
def test_a_clock_may_be_off_by_half_a_minute(clock: Traveller, steps: int) -> None:
    person()
    key, _codes = set_up(typed()[0])
    later(clock, minutes=5)
    client, _answer = typed()
    give(client, now(key, steps))
    assert is_in(client)


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "\0", "9" * 300, "000000 000000"])
def test_what_is_no_code_lets_nobody_in(clock: Traveller, code: str) -> None:
    person()
    set_up(typed()[0])
    later(clock, minutes=5)
    client, _answer = typed()
    assert give(client, code).status_code == 200
    assert not is_in(client)


def test_a_code_too_old_lets_nobody_in(clock: Traveller) -> None:
    person()
    key, _codes = set_up(typed()[0])
    later(clock, minutes=5)
    client, _answer = typed()
    give(client, now(key, -2))
    assert not is_in(client)


def test_a_code_counts_once(clock: Traveller) -> None:
    person()
    key, _codes = set_up(typed()[0])
    later(clock, minutes=5)
    one, other = typed()[0], typed()[0]
    give(one, now(key))
    give(other, now(key))
    assert is_in(one)
    assert not is_in(other)


def test_a_recovery_code_lets_in_once_and_its_owner_is_told(clock: Traveller, settings: Settings) -> None:
    user = person()
    _key, codes = set_up(typed()[0])
    later(clock, minutes=5)
    one, other = typed()[0], typed()[0]
    give(one, codes[3])
    give(other, codes[3])
    assert is_in(one)
    assert not is_in(other)
    assert RecoveryCode.objects.count() == 9
    later(clock, minutes=5)
    give(other, codes[4].replace("-", " "))
    assert is_in(other)
    acts = ModelLogEntry.objects.filter(object_id=user.pk).values_list("action", flat=True)
    assert list(acts).count("two_factor.recovery_code") == 2


def test_what_is_stored_tells_no_code_and_no_secret(clock: Traveller) -> None:
    person()
    key, codes = set_up(typed()[0])
    row = Authenticator.objects.values().get()
    with pytest.raises(TypeError):
        str(row["secret"])
    assert Authenticator.objects.get().secret == accounts.Authenticator.objects.get().secret
    assert bytes.fromhex(Authenticator.objects.get().secret) not in bytes(row["secret"])
    for code in codes:
        assert not any(code.replace("-", "").encode() in bytes(each.digest) for each in RecoveryCode.objects.all())
    assert key not in repr(row)


def test_wrong_codes_make_the_next_one_wait(clock: Traveller) -> None:
    person()
    key, codes = set_up(typed()[0])
    later(clock, minutes=5)
    client, _answer = typed()
    for wait in (1, 2, 4, 8):
        wrong = "000000" if now(key) != "000000" else "111111"
        assert f"Wait {wait} second" in give(client, wrong).content.decode()
        assert "Wait" in give(client, now(key)).content.decode(), "not even the right one is looked at"
        assert "Wait" in give(client, codes[0]).content.decode()
        later(clock, seconds=wait)
    give(client, now(key))
    assert is_in(client)


def test_nobody_is_kept_out_for_longer_than_an_hour(clock: Traveller) -> None:
    person()
    key, _codes = set_up(typed()[0])
    client, _answer = typed()
    for _number in range(30):
        later(clock, hours=1)
        give(client, "000001" if now(key) != "000001" else "000002")
    later(clock, hours=1)
    give(client, now(key))
    assert is_in(client)


def test_whoever_knows_the_password_and_types_codes_is_reported(clock: Traveller) -> None:
    person()
    key, _codes = set_up(typed()[0])
    client, _answer = typed()
    for _number in range(9):
        later(clock, hours=1)
        give(client, "000001" if now(key) != "000001" else "000002")
    assert [letter.subject for letter in Letter.objects.all()] == ["Somebody knows your password"]


def test_after_some_hours_the_code_is_asked_for_again(clock: Traveller, settings: Settings) -> None:
    person()
    client, _answer = typed()
    key, _codes = set_up(client)
    later(clock, hours=11)
    assert is_in(client)
    later(clock, hours=1)
    assert client.get("/cms/")["Location"].startswith(CODE)
    give(client, now(key))
    assert is_in(client)


def test_what_was_written_meanwhile_can_still_be_sent(clock: Traveller) -> None:
    person()
    client, _answer = typed()
    set_up(client)
    later(clock, hours=12, minutes=30)
    assert client.post("/cms/account/", {}).status_code == 200
    later(clock, minutes=31)
    assert client.post("/cms/account/", {})["Location"].startswith(LOGIN)


def test_the_session_is_another_after_the_second_step(clock: Traveller) -> None:
    person()
    key, _codes = set_up(typed()[0])
    later(clock, minutes=5)
    client, _answer = typed()
    before = client.cookies["sessionid"].value
    give(client, now(key))
    assert client.cookies["sessionid"].value != before


def test_who_reads_nothing_of_people_may_leave_it() -> None:
    person("Editor", "erin")
    client, _answer = typed("erin")
    assert is_in(client)
    _key, codes = set_up(client)
    assert codes
    again, _answer = typed("erin")
    assert not is_in(again)


@pytest.mark.parametrize("right", ["view_inquiry", "view_subscriber", "view_decision", "handle_subjectrequest"])
def test_it_goes_by_rights_and_not_by_the_names_of_roles(right: str) -> None:
    user = person("Editor", "erin")
    assert not accounts.must_have(user)
    user.user_permissions.add(Permission.objects.get(codename=right))
    assert accounts.must_have(user)


def test_where_it_is_offered_nobody_must(settings: Settings) -> None:
    settings.TWO_FACTOR = "offered"
    person(is_superuser=True)
    client, _answer = typed()
    assert is_in(client)


def test_where_it_is_off_nobody_is_asked(settings: Settings) -> None:
    person()
    set_up(typed()[0])
    settings.TWO_FACTOR = "off"
    client, _answer = typed()
    assert is_in(client)
    assert client.get(SET_UP)["Location"] == "/cms/"


def test_a_wrong_first_code_sets_nothing_up() -> None:
    person()
    client, _answer = typed()
    page = client.get(SET_UP)
    answer = client.post(SET_UP, {"secret": secret_in(page), "code": "12345"})
    assert "not the code of now" in answer.content.decode()
    assert key_on(answer) == key_on(page), "the app need not read another picture"
    assert not Authenticator.objects.exists()


def test_a_key_of_somebody_elses_page_is_not_taken() -> None:
    person()
    person(name="pia")
    page = typed("pia")[0].get(SET_UP)
    client, _answer = typed()
    client.post(SET_UP, {"secret": secret_in(page), "code": now(key_on(page))})
    assert not Authenticator.objects.exists()


def test_the_way_on_leads_nowhere_else() -> None:
    person()
    client, _answer = typed()
    answer = client.post(
        SET_UP, {"secret": secret_in(page := client.get(SET_UP)), "code": now(key_on(page)), "next": "//evil.example/"}
    )
    assert "evil" not in answer.content.decode()


def test_signing_in_as_somebody_else_ends_the_half_signed_session() -> None:
    person()
    client, _answer = typed()
    client.post("/cms/sign-in/leave/")
    assert client.get(SET_UP)["Location"] == LOGIN


def test_a_stranger_finds_none_of_these_pages(client: Client) -> None:
    for address in (CODE, SET_UP):
        assert client.get(address)["Location"] == LOGIN
