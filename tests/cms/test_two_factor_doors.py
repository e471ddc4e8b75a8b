"""Is every address of the CMS closed until the second step is done? And may nobody try passwords without end?"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext
from pytest_django import Settings
from time_machine import Traveller
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction
from wagtail.users.models import UserProfile

from cms.two_factor.forms import SignInForm
from cms.two_factor.middleware import DOORS
from mailing.models import Letter
from tests import filled, make
from tests.cms.second_steps import CODE, LOGIN, PASSWORD, SET_UP, give, is_in, now, person, set_up, typed
from tests.desk import told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _required(settings: Settings) -> None:
    settings.TWO_FACTOR = "required"


def half_signed(clock: Traveller) -> tuple[Client, str]:
    """Sam, an administrator, has typed the password and not the code."""
    person(is_superuser=True)
    key, _codes = set_up(typed()[0])
    clock.shift(timedelta(minutes=5))
    return typed()[0], key


@pytest.mark.timeout(600)
@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")
def test_no_address_of_the_cms_answers_before_the_second_step(clock: Traveller) -> None:
    client, _key = half_signed(clock)
    filled.fill()
    found: dict[str, Any] = {}
    for address in filled.addresses():
        if address.name in DOORS or address.name.startswith("two_factor:"):
            continue
        found[address.name] = [client.get(address.url), client.post(address.url)]
        found[address.name].append(client.get(address.url, headers={"x-requested-with": "XMLHttpRequest"}))
    assert len(found) > 300
    opened = {name: [answer.status_code for answer in answers] for name, answers in found.items()}
    assert {codes[0] for codes in opened.values()} == {302}
    assert {answers[0]["Location"].partition("?")[0] for answers in found.values()} == {CODE}
    assert not {name for name, (_get, post, script) in opened.items() if post not in {302, 403, 405} or script != 403}
    assert {answers[1].get("Location", LOGIN).partition("?")[0] for answers in found.values()} == {LOGIN}


def test_the_pages_of_the_second_step_speak_the_language_of_the_account(clock: Traveller) -> None:
    UserProfile.objects.create(user=person(is_superuser=True), preferred_language="ru")
    with translation.override("ru"):
        title, digits = gettext("Set up your second step"), gettext("The six digits that the app shows")
    page = typed()[0].get(SET_UP).text
    assert title in page
    assert digits in page
    assert "Set up your second step" not in page


def test_an_address_that_nobody_knows_tells_nothing_either(clock: Traveller) -> None:
    client, _key = half_signed(clock)
    assert client.get("/cms/nothing/")["Location"].startswith(CODE)


def test_a_private_document_stays_private_until_then(clock: Traveller, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
    client, key = half_signed(clock)
    make.site()
    CollectionViewRestriction.objects.create(
        collection=Collection.objects.get(depth=1), restriction_type=CollectionViewRestriction.LOGIN
    )
    document = Document.objects.create(title="Rates", file=ContentFile(b"rates", name="rates.txt"))
    assert client.get(document.url).status_code == 302
    give(client, now(key))
    answer = client.get(document.url)
    assert b"".join(answer.streaming_content) == b"rates"  # type: ignore[arg-type]


def test_public_pages_are_the_same_for_whoever_is_half_signed_in(clock: Traveller) -> None:
    client, _key = half_signed(clock)
    make.site()
    assert client.get("/").content == Client().get("/").content


def test_a_new_password_does_not_skip_the_second_step(clock: Traveller) -> None:
    client, key = half_signed(clock)
    client.post("/cms/password_reset/", {"email": "sam@staff.example"})
    link = next(line for line in mail.outbox[-1].body.splitlines() if "/cms/password_reset/confirm/" in line)
    address = client.get(link.strip().removeprefix("http://testserver"))["Location"]
    client.post(address, {"new_password1": "low tide at nine", "new_password2": "low tide at nine"})
    other, _answer = typed(password="low tide at nine")
    assert not is_in(other)
    give(other, now(key))
    assert is_in(other)


def test_who_changes_the_password_stays_signed_in(clock: Traveller) -> None:
    client, key = half_signed(clock)
    give(client, now(key))
    fields = {"old_password": PASSWORD, "new_password1": "low tide at nine", "new_password2": "low tide at nine"}
    form = client.get("/cms/account/").context["panels_by_tab"]
    sent = {f"password-{name}": value for name, value in fields.items()}
    for panels in form.values():
        for panel in panels:
            bound = panel.get_form()
            sent |= {f"{bound.prefix}-{name}": bound[name].value() or "" for name in bound.fields if name not in fields}
    client.post("/cms/account/", sent | {f"password-{name}": value for name, value in fields.items()})
    assert is_in(client)


def test_a_password_may_not_be_tried_often_from_one_address() -> None:
    person("Editor", "erin")
    for number in range(10):
        assert "didn&#x27;t match" in typed(f"nobody-{number}", "wrong")[1].content.decode()
    client, answer = typed("erin")
    assert "Too many wrong passwords" in answer.content.decode()
    assert not is_in(client)


def test_nor_for_one_account_from_many(settings: Settings, clock: Traveller) -> None:
    person("Editor", "erin")
    for number in range(30):
        Client(REMOTE_ADDR=f"198.51.100.{number}").post(LOGIN, {"username": "ERIN", "password": "wrong"})
    other = Client(REMOTE_ADDR="203.0.113.9")
    _client, answer = typed("erin", client=other)
    assert "Too many wrong passwords" in answer.content.decode()
    clock.shift(timedelta(minutes=10))
    typed("erin", client=other)
    assert is_in(other)


def test_right_passwords_are_not_counted() -> None:
    person("Editor", "erin")
    for _number in range(12):
        assert is_in(typed("erin")[0])


def test_the_form_says_what_it_says_without_a_request() -> None:
    assert not SignInForm(data={"username": "erin", "password": "wrong"}).is_valid()


def test_an_administrator_resets_what_somebody_has_lost(clock: Traveller) -> None:
    sam = person()
    set_up(typed()[0])
    client, _answer = half_signed_as_vera(clock)
    page = client.get("/cms/second-steps/").content.decode()
    assert f"/cms/second-steps/reset/{sam.pk}/" in page
    assert "@staff.example" not in page
    address = f"/cms/second-steps/reset/{sam.pk}/"
    assert "call back" in client.get(address).content.decode()
    assert "set it up anew" in told(client.post(address))
    assert [letter.subject for letter in Letter.objects.all()] == ["Your second step was reset"]
    history = client.get(f"/cms/users/history/{sam.pk}/").content.decode()
    assert "Second step reset by an administrator" in history
    assert typed()[0].get("/cms/")["Location"].startswith(SET_UP)


def half_signed_as_vera(clock: Traveller) -> tuple[Client, str]:
    person(name="vera", is_superuser=True)
    client, _answer = typed("vera")
    key, _codes = set_up(client)
    return client, key


def test_only_a_superuser_resets_a_superuser(clock: Traveller) -> None:
    sam = person("Editor", "erin")
    sam.user_permissions.add(Permission.objects.get(codename="change_user"))
    half_signed_as_vera(clock)
    boss = User.objects.get(username="vera")
    client, _answer = typed("erin")
    set_up(client)
    assert "only a superuser" in client.get(f"/cms/second-steps/reset/{boss.pk}/").content.decode()
    client.post(f"/cms/second-steps/reset/{boss.pk}/")
    assert User.objects.get(username="vera").authenticator


def test_ones_own_page_makes_new_codes_and_switches_it_off(clock: Traveller) -> None:
    client, key = half_signed(clock)
    give(client, now(key))
    assert "10 recovery codes are left" in client.get("/cms/second-step/").content.decode()
    clock.shift(timedelta(minutes=1))
    assert "is wrong" in client.post("/cms/second-step/codes/", {"code": "12"}).content.decode()
    clock.shift(timedelta(minutes=1))
    answer = client.post("/cms/second-step/codes/", {"code": now(key)})
    assert "no-store" in answer["Cache-Control"]
    assert answer.content.decode().count("<li><code>") == 10
    clock.shift(timedelta(minutes=1))
    assert client.post("/cms/second-step/remove/", {"code": now(key)})["Location"] == "/cms/second-step/"
    assert client.get("/cms/")["Location"].startswith(SET_UP), "who must have it sets it up anew"


def test_the_command_lets_the_last_administrator_in_again(clock: Traveller) -> None:
    half_signed(clock)
    call_command("reset_two_factor", "sam")
    with pytest.raises(CommandError, match="no second step"):
        call_command("reset_two_factor", "sam")
    with pytest.raises(CommandError, match="No account"):
        call_command("reset_two_factor", "nobody")
