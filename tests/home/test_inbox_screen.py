"""One inquiry in the CMS: what was asked and said, what followed, until when it is kept, and what a button does."""

import io
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from home import inquiries
from home.models import Attachment, IncomingMessage, Inquiry, Note
from records import cipher, keys, retention, terms
from records.models import AccessEntry
from tests import make
from tests.desk import signed_in, told
from tests.records import copied

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
RIGHTS = ("view_inquiry", "answer_inquiry")
PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def row() -> Inquiry:
    row = make.inquiry()
    answers = [{"key": "port", "label": "Port", "kind": "line", "said": "Alder"}]
    answers += [{"key": "urgent", "label": "Urgent", "kind": "tick", "said": True}]
    row.answers, row.locale = json.dumps(answers), "ru"
    row.save()
    return Inquiry.objects.get(pk=row.pk)


def page(cms: Client, row: Inquiry) -> str:
    return " ".join(BeautifulSoup(cms.get(url(row)).content, "html.parser").get_text(" ").split())


def url(row: Inquiry, act: str = "inspect") -> str:
    return f"/cms/inquiries/{act}/{row.pk}/"


def act(cms: Client, row: Inquiry, name: str, **fields: Any) -> str:
    answer = cms.post(url(row, name), fields)
    assert (answer.status_code, answer["Location"]) == (302, url(row))
    return told(answer)


def file(row: Inquiry, name: str = 'плакат ".pdf') -> Attachment:
    words = {"name": name, "content": PDF, "media_type": "application/pdf", "size": len(PDF)}
    return Attachment.objects.create(inquiry=row, subject_key=row.subject_key, key="plan", **words)


def mail(row: Inquiry, sender: str = make.BEN) -> IncomingMessage:
    said = {"sender": sender, "subject": "Re: Hello", "text": "Seven would do.", "digest": sender.encode()}
    return IncomingMessage.objects.create(
        inquiry=row, subject_key=row.subject_key, received_at=timezone.now(), message_id="<7@mail.example>", **said
    )


def test_it_says_what_was_asked_and_that_nobody_checked_it(row: Inquiry) -> None:
    shown = page(signed_in(*RIGHTS), row)
    for words in ("Not verified: nobody checked that this is true, or theirs.", "Hello", make.BEN, "Port Alder"):
        assert words in shown
    assert "Urgent yes" in shown
    assert "Russian" in shown
    assert "Contact" in shown


def test_what_cannot_be_read_as_answers_shows_the_rest(row: Inquiry) -> None:
    for stored in ("nonsense", '{"a": 1}', "[1, null]", '[{"key": "port", "said": ["a", "b"]}]'):
        row.answers = stored
        row.save()
        assert "Hello" in [line.said for line in inquiries.lines(Inquiry.objects.get(pk=row.pk))]
    assert [line.said for line in inquiries.lines(Inquiry.objects.get(pk=row.pk))][-1] == "a, b"


def test_it_says_when_it_goes_and_who_says_so(row: Inquiry) -> None:
    assert inquiries.ending(row, at=make.NOW).at == make.NOW + timedelta(days=365)
    stated = terms.Statement(terms.Kind.RETENTION, "home.Inquiry", {"period": "P6M"})
    label = "Privacy policy, version 3"
    terms.write(policy=uuid.UUID(int=9), number=3, label=label, effective_from=make.NOW, statements=[stated])
    end = inquiries.ending(row, at=make.NOW)
    assert f"{end.at:%Y-%m-%d}" == "2026-09-01"
    assert end.why == "6 months, from the day they arrive: Privacy policy, version 3" or label in end.why
    row.keep_until = make.NOW + timedelta(days=7)
    row.save()
    assert inquiries.ending(row, at=make.NOW).at == row.keep_until
    assert "its form is set to keep it for a shorter time" in page(signed_in(*RIGHTS), row)


def test_a_file_is_handed_out_as_one_and_the_reading_is_logged(row: Inquiry) -> None:
    attached = file(row)
    cms = signed_in("view_inquiry")
    assert "плакат" in page(cms, row)
    answer = cms.get(url(attached, "file"))  # type: ignore[arg-type]
    assert b"".join(answer.streaming_content) == PDF  # type: ignore[arg-type]
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/octet-stream"
    assert "no-store" in answer["Cache-Control"]
    assert AccessEntry.objects.get(holding="home.Attachment", act="export").keys == [str(attached.pk)]
    assert ModelLogEntry.objects.get(action="home.read_file").object_id == str(row.pk)


def test_a_file_is_nobody_elses_business(row: Inquiry, clock: time_machine.Traveller) -> None:
    attached, vera = file(row), signed_in("access_admin")
    assert vera.get(url(attached, "file")).status_code == 302  # type: ignore[arg-type]
    assert Client().get(url(attached, "file"))["Location"].startswith("/cms/login/")  # type: ignore[arg-type]
    user = User.objects.get(username="vera")
    user.user_permissions.add(Permission.objects.get(codename="view_inquiry"))
    keys.shred(cipher.blind("email", make.BEN))
    assert vera.get(url(attached, "file")).status_code == 404  # type: ignore[arg-type]
    clock.move_to(make.NOW + timedelta(days=366))
    vera.force_login(user)
    assert vera.get(url(attached, "file")).status_code == 404  # type: ignore[arg-type]


def test_taking_it_says_that_it_is_being_handled(row: Inquiry) -> None:
    cms = signed_in(*RIGHTS)
    vera = User.objects.get(username="vera")
    assert "The inquiry is yours." in act(cms, row, "assign", to=vera.pk)
    row.refresh_from_db()
    assert (row.assigned_to, row.state) == (vera, "open")
    assert "Assigned to vera" in page(cms, row)
    assert "it was so already" in act(cms, row, "assign", to=vera.pk)
    assert "assigned to nobody" in act(cms, row, "assign", to="")


def test_nobody_is_given_what_they_may_not_read(row: Inquiry) -> None:
    otto = User.objects.create_user("otto", is_staff=True)
    assert "given to people who may read them" in act(signed_in(*RIGHTS), row, "assign", to=otto.pk)
    assert Inquiry.objects.get().assigned_to is None


@pytest.mark.parametrize(("state", "words"), [("waiting", "waits for the person"), ("closed", "is closed")])
def test_its_state_is_set_by_hand(row: Inquiry, state: str, words: str) -> None:
    cms = signed_in(*RIGHTS)
    assert words in act(cms, row, "state", state=state)
    assert Inquiry.objects.get().state == state
    assert "State:" in page(cms, row)


@pytest.mark.parametrize("said", ["new", "spam", "nonsense", ""])
def test_what_is_no_state_to_be_set_changes_nothing(row: Inquiry, said: str) -> None:
    act(signed_in(*RIGHTS), row, "state", state=said)
    assert Inquiry.objects.get().state == "new"


def test_spam_is_marked_and_unmarked(row: Inquiry) -> None:
    cms = signed_in(*RIGHTS)
    act(cms, row, "spam", spam="yes")
    shown = page(cms, row)
    assert "This is no spam" in shown
    assert "spam goes sooner" in shown
    act(cms, row, "spam", spam="no")
    assert Inquiry.objects.get().state == "new"


def test_a_note_has_its_author_and_is_the_persons(row: Inquiry) -> None:
    cms = signed_in(*RIGHTS)
    assert "The note is added." in act(cms, row, "note", text="Called back, nobody in.")
    assert "required" in act(cms, row, "note", text=" ")
    shown = page(cms, row)
    assert "Called back, nobody in." in shown
    assert "2026-03-01 12:00 UTC: vera" in shown
    assert b"Called" not in bytes(Note.objects.values_list("text", flat=True).get())
    assert AccessEntry.objects.filter(holding="home.Note", act="inspect").exists()


def test_notes_and_mails_are_exported_and_erased_with_their_person(row: Inquiry) -> None:
    vera = make.vera()
    inquiries.note(inquiry=row, author=vera, text="Called back.", now=make.NOW)
    mail(row), file(row)
    copy = copied.of(make.BEN)
    assert copy.faults() == []
    assert copy.rows("home.Note")[0]["text"] == "Called back."
    assert copy.rows("home.IncomingMessage")[0]["text"] == "Seven would do."
    assert copy.rows("home.Attachment")[0]["name"].startswith("плакат")
    assert not copied.of(make.ANA).files.keys() & {"data/home.Note.json"}
    call_command("erase_subject", make.BEN, yes=True, stdout=io.StringIO())
    assert not Note.objects.exists()
    assert not IncomingMessage.objects.exists()
    assert not Attachment.objects.exists()
    with pytest.raises(inquiries.Refused):
        inquiries.note(inquiry=row, author=vera, text="Once more.", now=make.NOW)


def test_what_is_expired_takes_its_notes_files_and_mails_along(row: Inquiry) -> None:
    inquiries.note(inquiry=row, author=make.vera(), text="Called back.", now=make.NOW)
    mail(row), file(row)
    retention.expire(now=make.NOW + timedelta(days=366))
    assert not Inquiry.objects.exists()
    assert not Note.objects.exists()
    assert not Attachment.objects.exists()
    assert not IncomingMessage.objects.exists()


def test_a_mail_from_elsewhere_says_so(row: Inquiry) -> None:
    mail(row)
    cms = signed_in(*RIGHTS)
    assert "from another address" not in page(cms, row)
    mail(row, make.CLEO)
    shown = page(cms, row)
    assert "from another address" in shown
    assert "Seven would do." in shown


@pytest.mark.parametrize("name", ["assign", "state", "note", "spam"])
def test_whoever_may_only_read_does_nothing(row: Inquiry, name: str) -> None:
    cms = signed_in("view_inquiry")
    assert "What you can do" not in page(cms, row)
    cms.post(url(row, name), {"to": "", "state": "closed", "text": "x", "spam": "yes"})
    assert Inquiry.objects.get().state == "new"
    assert not Note.objects.exists()
    assert signed_in_again(cms).get(url(row, name)).status_code in {302, 405}


def signed_in_again(cms: Client) -> Client:
    """The same with every right: an act is posted, never asked for."""
    user = User.objects.get(username="vera")
    user.user_permissions.add(Permission.objects.get(codename="answer_inquiry"))
    return cms


def test_what_else_is_known_of_the_person_is_a_link_away(row: Inquiry) -> None:
    with transaction.atomic():
        person = make.subscriber(make.BEN, make.mailing_list()).subscriber
    shown = signed_in(*RIGHTS, "view_subscriber").get(url(row)).content.decode()
    assert reverse("subscribers:inspect", args=[person.pk]) in shown
    assert f"by=email&amp;index={cipher.blind('email', make.BEN).hex()}" in shown


def test_an_inquiry_without_an_address_is_not_answered(row: Inquiry) -> None:
    row.email = ""
    row.save()
    cms = signed_in(*RIGHTS)
    assert "Answer…" not in page(cms, row)
    answer = cms.get(url(row, "answer"), follow=True)
    assert "Nobody left an address here" in answer.content.decode()
