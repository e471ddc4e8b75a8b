"""A copy has the files that somebody sent, as they sent them; once erased, nothing opens them."""

import json

import pytest

from home.models import Attachment, Inquiry
from records import keys, people
from records.subject_requests import erasing
from tests import make
from tests.records import copied

pytestmark = pytest.mark.django_db
CONTENT = b"%PDF-1.7 the kingfisher"


def attached(email: str, name: str = "plan.pdf") -> Attachment:
    row = make.inquiry(email)
    row.answers = json.dumps([{"key": "port", "label": "Port", "kind": "line", "said": "the heron"}])
    row.save()
    said = {"name": name, "content": CONTENT, "media_type": "application/pdf", "size": len(CONTENT)}
    return Attachment.objects.create(inquiry=row, subject_key=row.subject_key, key="plan", **said)


def test_a_copy_holds_the_file_and_says_where() -> None:
    row, other = attached(make.ANA), attached(make.BEN)
    copy = copied.of(make.ANA)
    [told] = copy.rows("home.Attachment")
    assert told["content"] == f"files/home.Attachment/{row.pk}-plan.pdf"
    assert copy.files[told["content"]] == CONTENT
    assert not any(f"/{other.pk}-" in name for name in copy.files)
    assert copy.faults() == []
    assert told["content"] in copy.page.get_text()


def test_a_copy_holds_every_answer() -> None:
    attached(make.ANA)
    [told] = copied.of(make.ANA).rows("home.Inquiry")
    assert "the heron" in told["answers"]


@pytest.mark.parametrize("name", ["../../x", "a/b.pdf", "...", "a\nb.pdf"])
def test_no_name_leads_out_of_the_copy(name: str) -> None:
    row = attached(make.ANA, name)
    [where] = [each for each in copied.of(make.ANA).files if each.startswith("files/")]
    assert where.startswith(f"files/home.Attachment/{row.pk}-")
    assert where.count("/") == 2
    assert "\n" not in where


def test_an_erasure_takes_the_files_and_the_answers_along() -> None:
    attached(make.ANA)
    kept = attached(make.BEN)
    erasing.carry_out(make.ANA, now=make.NOW)
    assert list(Attachment.objects.all()) == [kept]
    assert Inquiry.objects.count() == 1
    assert Attachment.objects.get().content == CONTENT


def test_a_restored_row_opens_no_more_once_its_key_is_gone() -> None:
    attached(make.ANA)
    keys.shred(people.subject_of(make.ANA))
    assert Attachment.objects.get().content == b""
    assert Inquiry.objects.get().answers == "(erased)"
