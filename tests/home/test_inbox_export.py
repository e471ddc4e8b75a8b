"""Inquiries leave the site as a file: what the list shows, by those who may, on record, and on a ground for others."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from home import inquiries
from home.models import Inquiry
from records import cipher, keys
from records.models import AccessEntry, Disclosure
from records.registry import Ground
from tests import make
from tests.desk import signed_in
from tests.records import disclosing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
RIGHTS = ("view_inquiry", "export_inquiry")
URL = "/cms/inquiries/export/"


@pytest.fixture
def rows() -> list[Inquiry]:
    page = make.contact(make.site())
    said = ((make.BEN, "=1+1"), (make.ANA, "Hello"), (make.CLEO, " @SUM(A1)"))
    return [inquiries.receive(page=page, name="Ode", email=email, message=words, now=make.NOW) for email, words in said]


def export(cms: Client, query: str = "", **fields: Any) -> Any:
    said = {"columns": ["email", "message", "answers"], "use": "own", "why": "The yearly count"}
    return cms.post(URL + query, said | fields)


def lines(answer: Any) -> list[list[str]]:
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    content = b"".join(answer.streaming_content)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_the_file_holds_what_was_chosen_and_no_formula(rows: list[Inquiry]) -> None:
    answer = export(signed_in(*RIGHTS))
    assert answer["Content-Disposition"] == 'attachment; filename="inquiries.csv"'
    assert "no-store" in answer["Cache-Control"]
    assert lines(answer) == [
        ["inquiry", "email", "message", "answers"],
        [str(rows[0].pk), make.BEN, "'=1+1", ""],
        [str(rows[1].pk), make.ANA, "Hello", ""],
        [str(rows[2].pk), make.CLEO, "' @SUM(A1)", ""],
    ]


def test_the_form_asks_in_this_order_and_says_what_is_kept(rows: list[Inquiry]) -> None:
    answer = signed_in(*RIGHTS, "disclose").get(URL)
    form, page = answer.context["form"], answer.content.decode()
    assert list(form.fields) == ["columns", "use", "recipient", "ground", "why"]
    assert "with how many inquiries it was and a hash of the file. Name nobody here." in page
    assert "Those that the policy in force lists." in page


def test_it_holds_what_the_list_shows(rows: list[Inquiry]) -> None:
    cms = signed_in(*RIGHTS)
    inquiries.set_state([rows[0].pk], state="closed", now=make.NOW)
    keys.shred(cipher.blind("email", make.CLEO))
    assert [line[1] for line in lines(export(cms))[1:]] == [make.ANA]
    assert [line[1] for line in lines(export(cms, "?state=closed"))[1:]] == [make.BEN]
    nobody = export(cms, "?state=spam")
    assert "No inquiry would be in the file" in nobody.content.decode()
    assert "The 1 inquiry that the list shows" in cms.get(f"{URL}?state=closed").content.decode()


def test_it_is_logged_with_its_reason(rows: list[Inquiry]) -> None:
    lines(export(signed_in(*RIGHTS)))
    entry = AccessEntry.objects.get(act="export")
    assert (entry.holding, entry.count, entry.why) == ("home.Inquiry", 3, "The yearly count")
    assert sorted(entry.keys) == sorted(str(row.pk) for row in rows)
    kept = ModelLogEntry.objects.get(action="home.export")
    assert kept.message == "Exported 3 inquiries for the owner's own use"
    assert "mail.example" not in str(kept.data)


@pytest.mark.parametrize("fields", [{"why": ""}, {"columns": ["nonsense"]}, {"use": "third"}, {"columns": []}])
def test_what_is_not_said_is_not_handed_out(rows: list[Inquiry], fields: dict[str, Any]) -> None:
    answer = export(signed_in(*RIGHTS), **fields)
    assert answer.status_code == 200
    assert "Nothing was done" in answer.content.decode()
    assert not AccessEntry.objects.filter(act="export").exists()


def test_it_takes_a_right_of_its_own(rows: list[Inquiry]) -> None:
    cms = signed_in("view_inquiry", "answer_inquiry")
    assert "Export…" not in cms.get("/cms/inquiries/").content.decode()
    assert export(cms).status_code == 302
    assert not ModelLogEntry.objects.filter(action="home.export").exists()


def test_a_third_party_gets_it_on_a_ground_of_the_policy_and_on_record(rows: list[Inquiry]) -> None:
    cms = signed_in(*RIGHTS, "disclose")
    third = {"use": "third", "recipient": make.recipient().pk, "ground": Ground.PURPOSE.value}
    assert "No policy in force lists a ground" in cms.get(URL).content.decode()
    assert export(cms, **third).status_code == 200
    assert not Disclosure.objects.exists()
    disclosing.listed(Ground.PURPOSE, Ground.CONSENT)
    assert len(lines(export(cms, **third))) == 4
    row = Disclosure.objects.get()
    assert (row.subjects, row.reference) == (3, "The yearly count")
    assert row.sets == {"home.Inquiry": ["answers", "email", "message"]}
    refused = export(cms, **third | {"ground": Ground.CONSENT.value})
    assert "is not part of what people are asked to agree to" in refused.content.decode()
    assert Disclosure.objects.count() == 1


def test_whoever_may_not_disclose_is_offered_no_third_party(rows: list[Inquiry]) -> None:
    cms = signed_in(*RIGHTS)
    assert "for a third party" not in cms.get(URL).content.decode()
    assert export(cms, use="third", recipient=make.recipient().pk).status_code == 200
    assert not AccessEntry.objects.filter(act="export").exists()
