"""An inquiry is answered from the CMS by mail, through the same queue as every mail."""

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from home import inquiries
from home.models import Inquiry
from mailing import deliver
from mailing.models import Delivery
from tests import make
from tests.desk import signed_in, told
from tests.mailing.conftest import PostOffice
from tests.mailing.conftest import _own_journal as _own_journal
from tests.mailing.conftest import post_office as post_office

RIGHTS = ("view_inquiry", "answer_inquiry")


@pytest.fixture
def inquiry(db: None, clock: time_machine.Traveller) -> Inquiry:
    page = make.contact(make.site())
    return inquiries.receive(
        page=page, name="Cleo", email=make.CLEO, phone="", message="When do you open?", now=timezone.now()
    )


def answer(cms: Client, inquiry: Inquiry, **fields: str) -> object:
    form = {"subject": "Your question", "text": "At six.\n\nEvery day."} | fields
    return cms.post(f"/cms/inquiries/answer/{inquiry.pk}/", form)


def test_an_answer_reaches_who_asked_and_its_fate_is_shown(inquiry: Inquiry, post_office: PostOffice) -> None:
    cms = signed_in(*RIGHTS)
    assert "When do you open?" in cms.get(f"/cms/inquiries/answer/{inquiry.pk}/").content.decode()
    sent = answer(cms, inquiry)
    assert "on its way" in told(sent)
    deliver.send(None)
    letter = post_office.letter(make.CLEO)
    assert (letter["Subject"], letter["Reply-To"]) == ("Your question", "privacy@quay.example")
    assert "At six." in letter.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    page = cms.get(f"/cms/inquiries/inspect/{inquiry.pk}/").content.decode()
    assert "accepted by the mail server" in page
    assert "Every day." in page


def test_an_empty_answer_is_not_sent(inquiry: Inquiry) -> None:
    assert answer(signed_in(*RIGHTS), inquiry, text=" ").status_code == 200  # type: ignore[attr-defined]
    assert not Delivery.objects.exists()


def test_who_may_only_read_cannot_answer(inquiry: Inquiry) -> None:
    cms = signed_in("view_inquiry")
    assert "Answer…" not in cms.get(f"/cms/inquiries/inspect/{inquiry.pk}/").content.decode()
    answer(cms, inquiry)
    assert not Delivery.objects.exists()


def test_a_subject_on_two_lines_is_one(inquiry: Inquiry, post_office: PostOffice) -> None:
    answer(signed_in(*RIGHTS), inquiry, subject="Your question\nBcc: ben@mail.example")
    deliver.send(None)
    assert post_office.addresses == [make.CLEO]
    assert post_office.letter(make.CLEO)["Bcc"] is None
