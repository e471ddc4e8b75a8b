"""An answer begins with the words of a template, stands below the mail it answers, and replies to it find back."""

from email.message import EmailMessage

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from home import inquiries, returns
from home.models import AnswerTemplate, Inquiry
from mailing import compose, deliver
from mailing.models import Delivery
from tests import make
from tests.desk import signed_in, told
from tests.home import replies
from tests.home.replies import reply
from tests.home.test_answers import answer
from tests.mailing.conftest import PostOffice
from tests.mailing.conftest import _own_journal as _own_journal
from tests.mailing.conftest import post_office as post_office

RIGHTS = ("view_inquiry", "answer_inquiry")


@pytest.fixture
def row(db: None, clock: time_machine.Traveller) -> Inquiry:
    return make.inquiry(make.CLEO)


def template(language: str = "en", **fields: str) -> AnswerTemplate:
    said = {"title": "Hours", "subject": "When we open", "text": "Dear {name},\n\nat six.", "language": language}
    return AnswerTemplate.objects.create(**said | fields)


def form(cms: Client, row: Inquiry, query: str = "") -> dict[str, str]:
    page = cms.get(f"/cms/inquiries/answer/{row.pk}/{query}")
    assert page.status_code == 200
    initial: dict[str, str] = page.context_data["form"].initial  # type: ignore[attr-defined]
    return initial


def sent(office: PostOffice) -> EmailMessage:
    """The newest."""
    deliver.send(None)
    address, _raw = office.letters[-1]
    office.letters[:-1] = []
    return office.letter(address)


def test_a_template_fills_the_form(row: Inquiry) -> None:
    cms, chosen = signed_in(*RIGHTS), template()
    assert form(cms, row) == {"subject": "Your message of 2026-03-01", "text": ""}
    assert form(cms, row, f"?template={chosen.pk}") == {"subject": "When we open", "text": "Dear Ben,\n\nat six."}
    for nothing in ("?template=", "?template=999", "?template=x", "?template=" + "9" * 30, "?template=²"):
        assert form(cms, row, nothing)["text"] == ""


def test_a_name_that_nobody_gave_is_not_sent(row: Inquiry) -> None:
    row.name = ""
    row.save()
    cms = signed_in(*RIGHTS)
    filled = form(cms, row, f"?template={template().pk}")
    assert filled["text"].startswith("Dear {name},")
    page = answer(cms, row, **filled)
    assert "nobody gave a name" in page.content.decode()  # type: ignore[attr-defined]
    assert not Delivery.objects.exists()


def test_templates_in_the_persons_language_come_first(row: Inquiry) -> None:
    template("en", title="Hours"), template("ru", title="Часы")
    Inquiry.objects.update(locale="ru")
    words = signed_in(*RIGHTS).get(f"/cms/inquiries/answer/{row.pk}/").content.decode()
    assert words.index("Часы") < words.index("Hours")


def test_templates_are_written_in_the_cms(db: None) -> None:
    cms = signed_in("view_answertemplate", "add_answertemplate", "change_answertemplate")
    fields = {"title": "Hours", "language": "en", "subject": "", "text": "Dear {name}"}
    assert cms.post("/cms/answer-templates/new/", fields).status_code == 302
    made = AnswerTemplate.objects.get()
    assert "Hours" in cms.get("/cms/answer-templates/").content.decode()
    cms.post(f"/cms/answer-templates/edit/{made.pk}/", fields | {"text": "Hello {name}"})
    assert AnswerTemplate.objects.get().text == "Hello {name}"


def test_whoever_may_not_write_templates_does_not(db: None) -> None:
    signed_in(*RIGHTS).post("/cms/answer-templates/new/", {"title": "x", "language": "en", "text": "x"})
    assert not AnswerTemplate.objects.exists()


def test_without_an_address_for_replies_they_go_to_the_owner(row: Inquiry, post_office: PostOffice) -> None:
    answer(signed_in(*RIGHTS), row)
    assert sent(post_office)["Reply-To"] == "privacy@quay.example"


def test_a_reply_finds_back_and_the_next_answer_stands_below_it(
    row: Inquiry, post_office: PostOffice, settings: Settings
) -> None:
    settings.INQUIRY_REPLY_ADDRESS = replies.ADDRESS
    cms = signed_in(*RIGHTS)
    answer(cms, row)
    first = sent(post_office)
    assert Inquiry.objects.get().state == "waiting"
    assert first["Reply-To"] == inquiries.reply_address(row)
    assert first["In-Reply-To"] is None
    number = first["Message-ID"]
    assert number == compose.message_id(Delivery.objects.get().pk)

    theirs = reply(row, to=first["Reply-To"], sender=make.CLEO, In_Reply_To=number)
    assert returns.take_in(theirs.as_bytes(), now=make.NOW) is returns.Taken.STORED
    assert Inquiry.objects.get().state == "open"
    assert form(cms, row)["subject"] == "Re: Your question"
    assert form(cms, row, f"?template={template().pk}")["subject"] == "Re: Your question"

    answered = answer(cms, row, subject="Re: Your question", text="Seven it is.", close="on")
    assert "on its way" in told(answered)
    second = sent(post_office)
    assert (second["Subject"], second["In-Reply-To"]) == ("Re: Your question", "<b1@mail.example>")
    assert second["References"] == f"{number} <b1@mail.example>"
    assert Inquiry.objects.get().state == "closed"


def test_a_second_answer_stands_below_the_first(row: Inquiry, post_office: PostOffice) -> None:
    cms = signed_in(*RIGHTS)
    answer(cms, row)
    first = sent(post_office)
    assert form(cms, row)["subject"] == "Re: Your question"
    answer(cms, row, text="And on Sundays.")
    assert sent(post_office)["In-Reply-To"] == first["Message-ID"]
