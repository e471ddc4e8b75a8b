"""A marketer uploads a file, sees what it would do, and says yes; a worker writes it while the screen tells how far."""

import random
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.models import ModelLogEntry

from cms.celery import app
from consent.models import Decision
from mailing import incoming, tasks
from mailing.models import AudienceImport, Field, MailingList, Subscriber, Subscription
from tests import make
from tests.consent.numbers import listed
from tests.desk import signed_in, told
from tests.mailing.test_import import AGREED, HEAD, WORDS, file
from tests.mailing.test_import_fuzz import hostile

HERE = "/cms/mailing/imports/"
State = AudienceImport.State


@pytest.fixture
def cms(news: MailingList) -> Client:
    return signed_in("add_audienceimport")


def hinted() -> tuple[str, list[int]]:
    """What the broker holds for a worker: the task's name and its arguments."""
    with app.connection_for_read() as connection, connection.SimpleQueue("mail") as queue:
        message = queue.get(timeout=10)
        message.ack()
        return message.headers["task"], message.payload[0]


def upload(cms: Client, news: MailingList, content: bytes, **changes: Any) -> Any:
    sent = SimpleUploadedFile(changes.pop("name", "people.csv"), content, content_type="text/csv")
    return cms.post(f"{HERE}new/", {"mailing_list": news.pk, "file": sent, "words": WORDS} | changes)


def look(cms: Client, job: AudienceImport, **asked: Any) -> Any:
    answer = cms.get(f"{HERE}{job.pk}/", asked)
    assert answer.status_code == 200
    return answer


def checked(cms: Client, news: MailingList, *lines: str) -> AudienceImport:
    upload(cms, news, file(*lines))
    return AudienceImport.objects.get()


def test_a_file_is_checked_looked_at_confirmed_and_written(
    cms: Client, news: MailingList, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    answer = upload(cms, news, file(f"{make.ANA},{AGREED}", f"{make.BEN},,2025-09-12", f"{make.ANA},{AGREED}"))
    job = AudienceImport.objects.get()
    assert answer["Location"] == f"{HERE}{job.pk}/"
    page = look(cms, job).content.decode()
    assert "1 person would come onto the list. Nothing is written yet." in page
    assert "Import 1 person" in page
    assert ["2", make.ANA, "Trade fair Hamburg 2025-09-12 00:00", WORDS, "–", "English", ""] in listed(page)
    assert ["3", "It does not say where and how the person agreed."] in listed(page)
    assert ["4", "The address stands further up in the file."] in listed(page)
    assert not Subscriber.objects.exists()
    app.control.purge()
    with django_capture_on_commit_callbacks(execute=True):
        cms.post(f"{HERE}{job.pk}/answer/", {"answer": "import"})
    assert hinted() == ("mailing.tasks.write_import", [job.pk])
    waiting = look(cms, job)
    assert waiting["Refresh"] == "3"
    assert "A worker is writing: 0 of 1 people." in waiting.content.decode()
    assert not Subscriber.objects.exists()
    assert tasks.write_import(job.pk) == 1
    done = look(cms, job)
    assert "Refresh" not in done
    assert "1 person came onto the list, with the consent of their line. The file is deleted." in done.content.decode()
    assert make.ANA not in done.content.decode()
    assert Subscription.objects.live().count() == 1


def test_what_is_imported_is_logged_without_anybodys_address(cms: Client, news: MailingList) -> None:
    job = checked(cms, news, f"{make.ANA},{AGREED}")
    cms.post(f"{HERE}{job.pk}/answer/", {"answer": "import"})
    [entry] = ModelLogEntry.objects.filter(action="mailing.import")
    assert (entry.label, entry.data) == (f"Import #{job.pk}", {"list": "news", "people": 1})
    assert str(entry.message) == "Had 1 person imported to the list news"


def test_an_answer_counts_once(
    cms: Client, news: MailingList, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    job = checked(cms, news, f"{make.ANA},{AGREED}")
    with django_capture_on_commit_callbacks() as hints:
        for _twice in range(2):
            answer = cms.post(f"{HERE}{job.pk}/answer/", {"answer": "import"})
    assert len(hints) == 1
    assert "this import was answered already" in told(answer)
    assert "this import was answered already" in told(cms.post(f"{HERE}{job.pk}/answer/", {"answer": "discard"}))


def test_a_file_that_is_not_wanted_is_forgotten(cms: Client, news: MailingList) -> None:
    job = checked(cms, news, f"{make.ANA},{AGREED}")
    answer = cms.post(f"{HERE}{job.pk}/answer/", {"answer": "discard"})
    assert "The file is forgotten. Nobody was imported." in told(answer)
    assert not AudienceImport.objects.exists()


def test_a_look_alone_changes_nothing(cms: Client, news: MailingList) -> None:
    job = checked(cms, news, f"{make.ANA},{AGREED}")
    assert cms.get(f"{HERE}{job.pk}/answer/").status_code == 405
    look(cms, job)
    assert AudienceImport.objects.get().state == State.CHECKED


def test_a_file_without_anybody_to_import_cannot_be_imported(cms: Client, news: MailingList) -> None:
    job = checked(cms, news, f"nobody,{AGREED}")
    page = look(cms, job).content.decode()
    assert "Nobody would come onto the list: every line is left out." in page
    assert 'value="import"' not in page
    cms.post(f"{HERE}{job.pk}/answer/", {"answer": "import"})
    assert AudienceImport.objects.get().state == State.CHECKED


@pytest.mark.parametrize(
    ("content", "changes", "sentence"),
    [
        (b"name\nAna", {}, "Missing: email, consent_source, consent_at."),
        (file(f"{make.ANA},{AGREED}"), {"words": " "}, "Type the words people agreed to"),
        (file(f"{make.ANA},{AGREED},43", head=HEAD + ",shoe"), {}, "no field for these columns: shoe"),
        (b"\xff\xfe\xff", {}, "neither UTF-8 nor UTF-16"),
        (b"", {}, "The submitted file is empty."),
        (file(f"{make.ANA},{AGREED}"), {"mailing_list": "99999"}, "Select a valid choice"),
        (b"a" * (incoming.MOST_BYTES + 1), {}, "The file is larger than 10 MB. Split it."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(
    cms: Client, news: MailingList, content: bytes, changes: dict[str, Any], sentence: str
) -> None:
    answer = upload(cms, news, content, **changes)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not AudienceImport.objects.exists()


def test_unknown_columns_are_ignored_by_choice_and_named(cms: Client, news: MailingList) -> None:
    upload(cms, news, file(f"{make.ANA},{AGREED},43", head=HEAD + ",shoe"), ignore="on")
    assert "Ignored columns: shoe." in look(cms, AudienceImport.objects.get()).content.decode()


def test_many_lines_that_are_left_out_fill_pages(cms: Client, news: MailingList) -> None:
    job = checked(cms, news, *(f"nobody{number},{AGREED}" for number in range(120)))
    page = look(cms, job, p=3).content.decode()
    assert [row[0] for row in listed(page)] == [str(line) for line in range(102, 122)]
    assert "120: This is no e-mail address." in page
    assert "nobody1" not in page


def test_the_preview_shows_twenty_people_and_no_markup_of_theirs(cms: Client, news: MailingList) -> None:
    Field.objects.create(key="town", label="Town", why="To tell.")
    lines = [f"p{number}@mail.example,<script>alert(1)</script>,2025-09-12,=1+1" for number in range(25)]
    upload(cms, news, file(*lines, head=HEAD + ",town"))
    page = look(cms, AudienceImport.objects.get()).content.decode()
    assert len(listed(page)) == 20
    assert "<script>alert" not in page
    assert "town: =1+1" in page


def test_the_template_can_be_downloaded_and_is_explained(cms: Client, news: MailingList) -> None:
    Field.objects.create(key="town", label="Home town", why="To tell.")
    page = cms.get(f"{HERE}new/").content.decode()
    assert f'href="{HERE}template/"' in page
    assert ["town", "Home town"] in listed(page)
    answer = cms.get(f"{HERE}template/")
    assert answer["Content-Disposition"] == 'attachment; filename="import.csv"'
    assert answer.content == incoming.template()


def test_imports_are_listed_without_anybodys_address(cms: Client, news: MailingList) -> None:
    assert "No file was imported yet." in cms.get(HERE).content.decode()
    job = checked(cms, news, f"{make.ANA},{AGREED}")
    page = cms.get(HERE).content.decode()
    assert listed(page)[0][:5] == ["people.csv", "News", "waits for your look", "1", "vera"]
    assert f'href="{HERE}{job.pk}/"' in page
    assert make.ANA not in page


def test_who_may_not_import_sees_no_screen(news: MailingList) -> None:
    job = checked(signed_in("add_audienceimport"), news, f"{make.ANA},{AGREED}")
    make.User.objects.all().delete()
    stranger = signed_in("view_subscriber", "change_subscriber", "view_audienceimport", "change_audienceimport")
    assert HERE not in stranger.get("/cms/").content.decode()
    for address in (HERE, f"{HERE}new/", f"{HERE}template/", f"{HERE}{job.pk}/"):
        assert stranger.get(address)["Location"] == "/cms/"
    assert stranger.post(f"{HERE}{job.pk}/answer/", {"answer": "import"})["Location"] == "/cms/"
    assert upload(stranger, news, file(f"{make.BEN},{AGREED}"))["Location"] == "/cms/"
    assert AudienceImport.objects.values_list("state").get() == ("checked",)


def test_no_file_makes_the_screen_fail(cms: Client, news: MailingList) -> None:
    Field.objects.create(key="visits", label="Visits", kind="number", why="To tell.")
    for seed in range(10_000, 10_150):
        chance = random.Random(seed)
        answer = upload(cms, news, hostile(chance) or b" ", name=chance.choice(["a.csv", "x" * 300, "é\x01.csv"]))
        assert answer.status_code in {200, 302}, seed
        for job in AudienceImport.objects.all():
            look(cms, job)
            job.delete()
    assert not Subscriber.objects.exists()
    assert not Decision.objects.exists()
