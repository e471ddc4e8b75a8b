"""An erasure takes what the person saw and agreed to: no more, no less, after its receipt has left, and to the end."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from mailing.models import Delivery, Subscriber
from records.models import Erasure, ExportFile, SubjectKey, SubjectRequest
from records.subject_requests import agreed
from tests import make
from tests.records import asking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
State = SubjectRequest.State


@pytest.fixture(autouse=True)
def _site() -> None:
    make.policy(make.site())
    make.subscriber(make.ANA, make.mailing_list())


def press(client: Client, path: str, sha256: str) -> object:
    return client.post(path, {"plan": sha256}, **make.HERE)


def sent() -> None:
    """The mail server takes everything."""
    Delivery.objects.exclude(letter=None).update(state=Delivery.State.SENT)


def test_the_plan_says_what_goes_what_stays_and_why(client: Client) -> None:
    path, _hash = asking.plan(client)
    page = client.get(path).content.decode()
    assert "Subscribers: 1 entry" in page
    assert "it proves that the request was answered" in page
    assert Subscriber.objects.exists()


def test_the_button_shows_a_receipt_and_a_worker_erases(client: Client) -> None:
    answer = press(client, *asking.plan(client))
    assert answer.status_code == 200  # type: ignore[attr-defined]
    assert "Receipt of an erasure" in answer.content.decode()  # type: ignore[attr-defined]
    assert asking.erase() == [False]  # the mail with the receipt has not left
    assert Subscriber.objects.exists()
    letter = asking.letters()[0]
    assert letter.subject == "Your data: the erasure begins"
    assert "- Subscribers: 1 entry" in letter.text
    sent()
    assert asking.erase() == [True]
    assert not Subscriber.objects.exists()
    assert not asking.letters()
    row = SubjectRequest.objects.get()
    assert (row.state, row.ended_at, row.is_readable) == (State.DONE, make.NOW, False)
    assert row.receipt
    assert make.ANA not in str(row.receipt)
    assert [event.act for event in row.events.all()] == ["verified", "agreed", "erased"]


def test_it_waits_a_day_for_a_mail_server_and_no_longer(client: Client, clock: time_machine.Traveller) -> None:
    press(client, *asking.plan(client))
    clock.shift(agreed.PATIENCE - timedelta(seconds=1))
    assert asking.erase() == [False]
    clock.shift(timedelta(seconds=1))
    assert asking.erase() == [True]
    assert not asking.letters()


def test_rows_that_came_meanwhile_refuse_it(client: Client) -> None:
    path, sha256 = asking.plan(client)
    Subscriber.objects.update(name="Ana")
    answer = press(client, path, sha256)
    page = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 409  # type: ignore[attr-defined]
    assert "has changed since you opened this page" in page
    assert asking.letters()[0].subject != "Your data: the erasure begins"
    new = asking.hash_on(answer)
    assert new != sha256
    assert press(client, path, new).status_code == 200  # type: ignore[attr-defined]


@pytest.mark.parametrize("sha256", ["", "0" * 64, "é\0", "x" * 10_000])
def test_no_other_hash_does(client: Client, sha256: str) -> None:
    path, _hash = asking.plan(client)
    assert press(client, path, sha256).status_code == 409  # type: ignore[attr-defined]
    assert SubjectRequest.objects.get().plan_sha256 == ""


def test_it_is_agreed_to_once(client: Client) -> None:
    path, sha256 = asking.plan(client)
    assert press(client, path, sha256).status_code == 200  # type: ignore[attr-defined]
    assert press(client, path, sha256).status_code == 404  # type: ignore[attr-defined]
    assert len([letter for letter in asking.letters() if "begins" in letter.subject]) == 1


def test_what_changes_after_the_click_is_asked_about_anew(client: Client) -> None:
    press(client, *asking.plan(client))
    sent()
    Subscriber.objects.update(name="Ana")
    assert asking.erase() == [False]
    assert Subscriber.objects.exists()
    letter = asking.letters()[0]
    assert letter.subject == "Your data: look at the erasure once more"
    path = asking.link_in(letter)
    assert press(client, path, asking.hash_on(client.get(path))).status_code == 200  # type: ignore[attr-defined]
    sent()
    assert asking.erase() == [True]
    assert not Subscriber.objects.exists()


def test_a_worker_that_died_in_it_is_followed_by_one_that_ends_it(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(client, *asking.plan(client))
    sent()
    with monkeypatch.context() as patch:
        patch.setattr(agreed, "_close", lambda *arguments: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            asking.erase()
    row = SubjectRequest.objects.get()
    assert (row.state, row.is_readable) == (State.OPEN, False)
    assert asking.erase() == [True]
    assert SubjectRequest.objects.get().state == State.DONE
    assert Erasure.objects.count() == 1
    assert asking.erase() == [False]


def test_whatever_else_was_asked_ends_with_it(client: Client) -> None:
    asking.copy(client)
    correction = asking.chosen(client, "correction")
    path, sha256 = asking.plan(client)
    asking.ask(client, "ANA@mail.example")
    press(client, path, sha256)
    sent()
    assert asking.erase() == [True]
    assert not ExportFile.objects.exists()
    assert SubjectRequest.objects.get(pk=correction.pk).state == State.DONE
    assert not SubjectRequest.objects.filter(state=State.ASKED).exists()
    assert not SubjectKey.objects.exists()


def test_whoever_is_known_to_nobody_can_be_erased_too(client: Client) -> None:
    path, sha256 = asking.plan(client, make.CLEO)
    assert press(client, path, sha256).status_code == 200  # type: ignore[attr-defined]
    sent()
    assert asking.erase() == [True]
    assert not asking.letters(make.CLEO)
    assert Subscriber.objects.exists()
