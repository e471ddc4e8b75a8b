"""The privacy officer's inbox: who may see it, what it says, and what each button does."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from wagtail.models import ModelLogEntry

from mailing.models import Delivery, Subscriber
from records.models import ExportFile, SubjectRequest
from records.subject_requests import copies, handling
from tests import desk, make
from tests.records import asking

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
HANDLE = "handle_subjectrequest"
INBOX = "/cms/data-requests/"
State = SubjectRequest.State


@pytest.fixture(autouse=True)
def _site() -> None:
    make.policy(make.site())


@pytest.fixture
def officer() -> Client:
    return desk.signed_in(HANDLE)


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def of(row: SubjectRequest, act: str = "") -> str:
    return f"{INBOX}{row.pk}/{act}/" if act else f"{INBOX}{row.pk}/"


def back(officer: Client) -> Client:
    """A later day: she signs in anew."""
    officer.force_login(User.objects.get(username="vera"))
    return officer


def again(row: SubjectRequest) -> SubjectRequest:
    return SubjectRequest.objects.get(pk=row.pk)


ACTS = ["assign", "answer", "done", "extend", "stop", "resume", "copy", "erase", "refuse"]


def test_who_has_not_the_right_sees_nothing_of_it(client: Client) -> None:
    row = asking.chosen(client, "correction")
    marketer = desk.signed_in("change_campaign", "view_subscriber", "change_subjectrequest")
    for path in (INBOX, f"{INBOX}results/", of(row), *(of(row, act) for act in ACTS)):
        assert marketer.get(path).status_code == 302
        assert marketer.post(path).status_code in {302, 405}
    assert "Data requests" not in marketer.get("/cms/").content.decode()
    assert again(row).state == State.OPEN


def test_who_may_view_requests_reads_and_does_nothing(client: Client) -> None:
    row = asking.chosen(client, "correction")
    reader = desk.signed_in("view_subjectrequest")
    assert str(row) in text(reader.get(INBOX))
    assert "What you can do" not in text(reader.get(of(row)))
    for act in ACTS:
        assert reader.get(of(row, act)).status_code == 302
        assert reader.post(of(row, act), {"reason": "No.", "text": "No."})["Location"] != of(row)
    assert again(row).state == State.OPEN
    assert len(asking.letters()) == 1


def test_an_empty_inbox_says_where_requests_come_from(client: Client, officer: Client) -> None:
    asking.ask(client)  # not confirmed: nobody's business yet
    page = text(officer.get(INBOX))
    assert "There is no request, or none like this." in page
    assert "People ask on the page “Your data”" in page
    assert "Data requests" in officer.get("/cms/").content.decode()


def test_the_list_says_what_is_due_and_names_nobody(
    client: Client, officer: Client, clock: time_machine.Traveller
) -> None:
    row = asking.chosen(client, "correction")
    clock.shift(timedelta(days=21))
    page = text(back(officer).get(INBOX))
    assert "correction of what is wrong" in page
    assert "2026-04-01: 10 days left" in page
    clock.shift(timedelta(days=12))
    page = officer.get(INBOX)
    assert "2026-04-01: late by 2 days" in text(page)
    assert make.ANA not in page.content.decode()
    assert str(row) in text(page)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", 3),
        ("state=open", 2),
        ("state=stopped", 1),
        ("kind=correction", 2),
        ("due=late", 1),
        ("due=soon", 1),
        ("mine=me", 0),
        ("mine=nobody", 3),
        ("state=asked", 3),
        ("state=%00&due=x", 3),
    ],
)
def test_it_is_narrowed_down(
    client: Client, officer: Client, clock: time_machine.Traveller, query: str, shown: int
) -> None:
    asking.chosen(client, "correction")
    clock.shift(timedelta(days=3))
    handling.stop(asking.chosen(client, "correction").pk, reason="Who?", by=None, now=make.NOW + timedelta(days=3))
    asking.chosen(client, "objection")
    clock.shift(timedelta(days=29))
    page = text(back(officer).get(f"{INBOX}?{query}"))
    assert len(re.findall(r"Request [0-9a-f]{8}", page)) == shown


def test_a_request_shows_who_asks_for_what_and_that_is_logged(client: Client, officer: Client) -> None:
    row = asking.chosen(client, "correction")
    page = text(officer.get(of(row)))
    for said in (make.ANA, asking.WORDS, "correction of what is wrong", "The person confirmed the address and chose"):
        assert said in page
    entry = ModelLogEntry.objects.get(action="records.request.read")
    assert (entry.label, entry.object_id) == (str(row), str(row.pk))


def test_one_that_nobody_confirmed_is_shown_to_nobody(client: Client, officer: Client) -> None:
    asking.ask(client)
    row = SubjectRequest.objects.get()
    assert officer.get(of(row)).status_code == 404
    assert officer.get(of(row, "answer")).status_code == 404


@pytest.mark.parametrize(
    ("act", "sent", "acts", "letter"),
    [
        ("assign", {}, ["assigned"], ""),
        ("answer", {"text": "We look."}, ["answered"], "We look."),
        ("done", {"text": "Put right."}, ["done"], "Put right."),
        ("extend", {"reason": "It is much."}, ["extended"], "It is much."),
        ("stop", {"reason": "Which name?"}, ["stopped"], "Which name?"),
        ("refuse", {"reason": "It is right."}, ["refused"], "It is right."),
    ],
)
def test_each_button_asks_first_then_acts_and_is_logged(
    client: Client, officer: Client, act: str, sent: dict[str, str], acts: list[str], letter: str
) -> None:
    row = asking.chosen(client, "correction")
    assert of(row, act) in officer.get(of(row)).content.decode()
    text(officer.get(of(row, act)))
    assert row.events.count() == 1
    answer = officer.post(of(row, act), sent)
    assert (answer.status_code, answer["Location"]) == (302, of(row))
    assert [event.act for event in row.events.all()][1:] == acts
    assert letter in asking.letters()[0].text
    entry = ModelLogEntry.objects.get(action=f"records.request.{act}")
    assert make.ANA not in f"{entry.label}{entry.data}"
    if letter:
        assert letter in text(officer.get(of(row)))


@pytest.mark.parametrize(
    ("act", "field"), [("answer", "text"), ("done", "text"), ("extend", "reason"), ("refuse", "reason")]
)
def test_without_its_words_nothing_is_sent(client: Client, officer: Client, act: str, field: str) -> None:
    row = asking.chosen(client, "correction")
    for words in ("", "   ", "x" * 30_000):
        assert officer.post(of(row, act), {field: words}).status_code == 200
    assert len(asking.letters()) == 1


def test_what_came_too_late_says_so(client: Client, officer: Client) -> None:
    row = asking.chosen(client, "correction")
    officer.post(of(row, "done"), {"text": "Done."})
    answer = officer.post(of(row, "refuse"), {"reason": "No."})
    assert "by now the request is “done”" in desk.told(answer)
    assert again(row).state == State.DONE
    assert not ModelLogEntry.objects.filter(action="records.request.refuse").exists()


def test_the_clock_is_stopped_and_goes_on(client: Client, officer: Client, clock: time_machine.Traveller) -> None:
    row = asking.chosen(client, "correction")
    officer.post(of(row, "stop"), {"reason": "Which name?"})
    assert "clock stopped; was 2026-04-01" in text(officer.get(INBOX))
    clock.shift(timedelta(days=5))
    officer.post(of(row, "resume"))
    assert "2026-04-06" in text(officer.get(of(row)))
    assert again(row).state == State.OPEN


def test_a_copy_is_made_by_a_worker_for_access_alone(client: Client, officer: Client) -> None:
    row = asking.chosen(client, "access")
    assert of(row, "copy") in officer.get(of(row)).content.decode()
    assert officer.post(of(row, "copy")).status_code == 302
    assert ModelLogEntry.objects.filter(action="records.request.copy").exists()
    assert copies.make(row.pk, now=make.NOW, again=True)
    assert ExportFile.objects.get().request == row
    other = asking.chosen(client, "correction")
    assert "No copy can be made" in desk.told(officer.post(of(other, "copy")))


def test_the_plan_is_shown_and_carried_out_with_its_hash(client: Client, officer: Client) -> None:
    make.subscriber(make.ANA, make.mailing_list())
    row = asking.chosen(client, "erasure")
    page = officer.get(of(row, "erase"))
    assert "Subscribers: 1 entry" in text(page)
    shown = re.search(r'value="([0-9a-f]{64})"', page.content.decode())
    assert shown
    Subscriber.objects.update(name="Ana")
    assert "what is stored changed" in desk.told(officer.post(of(row, "erase"), {"plan": shown[1]}))
    assert again(row).plan_sha256 == ""
    shown = re.search(r'value="([0-9a-f]{64})"', officer.get(of(row, "erase")).content.decode())
    assert shown
    assert officer.post(of(row, "erase"), {"plan": shown[1]}).status_code == 302
    Delivery.objects.update(state=Delivery.State.SENT)
    assert asking.erase() == [True]
    assert not Subscriber.objects.exists()
    assert [event.by_id for event in row.events.filter(act="started")] == [User.objects.get(username="vera").pk]
    page = text(officer.get(of(row)))
    assert "Receipt of the erasure" in page
    assert make.ANA not in page
    assert "by now the request is in another state" in text(officer.get(of(row, "erase")))


def test_whoever_is_erased_is_written_to_no_more(client: Client, officer: Client) -> None:
    row = asking.chosen(client, "correction")
    row.subject_key.delete()
    page = officer.get(of(row))
    assert "What you can do" not in page.content.decode()
    assert "can no longer be read" in desk.told(officer.post(of(row, "answer"), {"text": "Hello?"}))
