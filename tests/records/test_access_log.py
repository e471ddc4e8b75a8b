"""Does reading somebody's data in the CMS leave one entry, and does nothing show what could not be written down?"""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.test import Client
from time_machine import Traveller

from home import inquiries
from home.models import Inquiry
from mailing.models import Campaign, MailingList, Subscriber, Suppression
from records import access_log, retention
from records.access_log import Act
from records.models import AccessEntry
from tests import make
from tests.desk import signed_in

WORDS = "The crane on quay 9 squeaks."
here = pytest.mark.django_db


def inquiry() -> Inquiry:
    page = make.contact(make.site())
    said = {"name": "Ben", "email": make.BEN, "phone": "", "message": WORDS}
    return inquiries.receive(page=page, now=make.NOW, **said)


def only() -> AccessEntry:
    return AccessEntry.objects.get()


def entry(**fields: Any) -> AccessEntry:
    values = {"holding": "home.Inquiry", "act": Act.INSPECT, "keys": ["1"], "count": 1}
    reading = access_log.Reading(**values | {name: fields.pop(name) for name in values if name in fields})
    said = {"user": 1, "username": "vera", "screen": "inquiries:inspect", "at": make.NOW} | fields
    [written] = access_log.record([reading], **said)
    return written


@here
def test_reading_one_row_says_who_read_which_and_when(clock: Traveller) -> None:
    row, vera = inquiry(), signed_in("view_inquiry")
    assert WORDS in vera.get(f"/cms/inquiries/inspect/{row.pk}/").content.decode()
    found = only()
    assert (found.username, found.user, found.at) == ("vera", User.objects.get(username="vera"), make.NOW)
    assert (found.holding, found.act, found.keys, found.count) == ("home.Inquiry", Act.INSPECT, [str(row.pk)], 1)
    assert (found.screen, found.why) == ("inquiries:inspect", "")


@here
def test_a_list_says_which_rows_it_showed_and_an_empty_one_nothing() -> None:
    vera = signed_in("view_inquiry")
    make.site()
    vera.get("/cms/inquiries/")
    assert not AccessEntry.objects.exists()
    page = make.contact(make.HomePage.objects.get())
    rows = [
        inquiries.receive(page=page, name="Ben", email=make.BEN, phone="", message=WORDS, now=make.NOW)
        for _number in range(3)
    ]
    vera.get("/cms/inquiries/")
    assert only().act == Act.LIST
    assert sorted(only().keys) == sorted(str(row.pk) for row in rows)
    assert only().count == 3


@here
def test_who_is_refused_reads_nothing() -> None:
    row = inquiry()
    signed_in().get(f"/cms/inquiries/inspect/{row.pk}/")
    Client().get(f"/cms/inquiries/inspect/{row.pk}/")
    signed_in_again = Client()
    signed_in_again.force_login(User.objects.get(username="vera"))
    signed_in_again.get("/cms/inquiries/inspect/999999/")
    assert not AccessEntry.objects.exists()


@here
def test_answering_and_its_letter_are_readings_too() -> None:
    row, vera = inquiry(), signed_in("view_inquiry", "answer_inquiry")
    vera.get(f"/cms/inquiries/answer/{row.pk}/")
    assert only().act == Act.ANSWER
    inquiries.answer(inquiry=row, subject="The crane", text="Oiled.", reply_to="q@quay.example", now=make.NOW)
    vera.get(f"/cms/inquiries/inspect/{row.pk}/")
    assert set(AccessEntry.objects.values_list("holding", "act")) == {
        *(("home.Inquiry", "answer"), ("home.Inquiry", "inspect"), ("mailing.Letter", "inspect"))
    }


@pytest.fixture
def news(db: None) -> MailingList:
    make.site()
    make.purpose()
    return make.mailing_list()


def test_a_search_that_finds_somebody_is_a_reading(news: MailingList) -> None:
    ana, vera = make.subscriber(make.ANA, news).subscriber, signed_in("view_subscriber")
    vera.post("/cms/mailing/subscribers/search/", {"who": "nobody@mail.example"})
    assert not AccessEntry.objects.exists()
    vera.post("/cms/mailing/subscribers/search/", {"who": make.ANA})
    assert (only().act, only().keys, only().screen) == (Act.SEARCH, [str(ana.pk)], "subscribers:search")


def test_whoever_asks_whether_an_address_is_suppressed_learns_it(news: MailingList) -> None:
    vera = signed_in("view_suppression", "add_suppression")
    vera.post("/cms/mailing/suppressed/check/", {"email": make.ANA})
    assert (only().holding, only().act, only().keys) == ("mailing.Suppression", Act.SEARCH, [])
    assert not Suppression.objects.exists()


def test_a_person_is_read_with_what_hangs_on_them(news: MailingList) -> None:
    ana, vera = make.subscriber(make.ANA, news), signed_in("view_subscriber")
    vera.get(f"/cms/mailing/subscribers/{ana.subscriber_id}/")
    read = dict(AccessEntry.objects.values_list("holding", "keys"))
    assert read == {"mailing.Subscriber": [str(ana.subscriber_id)], "mailing.Subscription": [str(ana.pk)]}


def test_a_file_of_people_is_written_down_with_its_reason(news: MailingList) -> None:
    ana, vera = make.subscriber(make.ANA, news).subscriber, signed_in("view_subscriber", "change_subscriber")
    vera.get("/cms/mailing/subscribers/export/")
    assert not AccessEntry.objects.exists(), "the form shows nobody"
    form = {"mailing_list": news.pk, "columns": ["name"], "use": "own", "why": "Invitations"}
    answer = vera.post("/cms/mailing/subscribers/export/", form)
    assert make.ANA in b"".join(answer).decode()
    assert (only().act, only().keys, only().count, only().why) == (Act.EXPORT, [str(ana.pk)], 1, "Invitations")


def sent(news: MailingList) -> Campaign:
    make.subscriber(make.ANA, news)
    make.subscriber(make.BEN, news)
    return make.queued(make.campaign(news))


def test_the_rows_of_a_campaign_show_people_to_those_alone_who_may_see_them(news: MailingList) -> None:
    address, vera = f"/cms/mailing/results/{sent(news).pk}/rows/", signed_in("view_campaign")
    vera.get(address)
    assert (only().holding, only().count) == ("mailing.Delivery", 2)
    vera.logout()
    vera.force_login(make.User.objects.create_superuser("admin"))
    vera.get(address)
    people = AccessEntry.objects.get(holding="mailing.Subscriber")
    assert sorted(people.keys) == sorted(str(pk) for pk in Subscriber.objects.values_list("pk", flat=True))


def test_a_file_that_streams_is_written_down_before_it_does(news: MailingList) -> None:
    campaign, vera = sent(news), signed_in("view_campaign", "view_subscriber")
    answer = vera.get(f"/cms/mailing/results/{campaign.pk}/rows.csv")
    assert answer.streaming
    assert set(AccessEntry.objects.values_list("holding", "act", "count")) == {
        *(("mailing.Delivery", "export", 2), ("mailing.Subscriber", "export", 2))
    }


@here
def test_a_file_of_wagtails_own_is_not_counted() -> None:
    vera = Client()
    vera.force_login(make.vera())
    vera.get("/cms/reports/site-history/?export=csv")
    acts = AccessEntry.objects.values_list("holding", "act", "count")
    assert set(acts) == {*(("wagtailcore.PageLogEntry", "export", None), ("wagtailcore.ModelLogEntry", "export", None))}


def test_what_cannot_be_written_down_is_not_shown(committed: None) -> None:
    row, vera = inquiry(), signed_in("view_inquiry")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_accessentry RENAME TO elsewhere")
    answer = vera.get(f"/cms/inquiries/inspect/{row.pk}/")
    assert answer.status_code == 503
    assert WORDS not in answer.content.decode()
    assert "Nothing is shown" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


@here
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE records_accessentry SET why = 'other'",
        "UPDATE records_accessentry SET user_id = NULL",
        "DELETE FROM records_accessentry",
        "TRUNCATE records_accessentry",
    ],
)
def test_nobody_changes_an_entry(statement: str) -> None:
    entry()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert only().username == "vera"


@here
def test_an_entry_outlives_the_account_and_keeps_its_name() -> None:
    vera = make.vera()
    entry(user=vera.pk)
    vera.delete()
    assert only().username == "vera"
    assert AccessEntry.objects.select_related("user").get().user_id


@here
def test_entries_go_with_their_period_and_no_other() -> None:
    old, new = entry(at=make.NOW - timedelta(days=366)), entry()
    retention.expire(now=make.NOW)
    assert list(AccessEntry.objects.all()) == [new]
    assert access_log.forget([old.pk], make.NOW) == 0


def test_a_command_reads_and_no_person() -> None:
    access_log.note(holding="home.Inquiry", act=Act.EXPORT, count=3)  # outside a request: nothing to write to
    with access_log.noting() as noted:
        access_log.note(holding="home.Inquiry", act=Act.EXPORT, count=3)
    assert [(each.count, each.keys) for each in noted] == [(3, [])]


@here
def test_a_reading_of_very_many_rows_keeps_their_number() -> None:
    keys = [str(number) for number in range(access_log.MOST_KEYS + 5)]
    written = entry(keys=keys, count=len(keys))
    assert (len(written.keys), written.count) == (access_log.MOST_KEYS, len(keys))
