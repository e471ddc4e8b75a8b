"""A row whose period is over is gone for whoever looks, on every screen that could show it, before the worker comes."""

import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from home import entries
from home.models import Inquiry
from mailing import letters
from mailing.models import AudienceImport, Delivery, Link, LinkFollowed, MailingList, Subscriber
from records import holds, terms
from records.models import AccessEntry, DisclosureOrder, Hold, SubjectRequest
from records.registry import kept
from tests import make
from tests.mailing import reader
from tests.records import asking, disclosing

pytestmark = pytest.mark.django_db
MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)
START = make.NOW


class Desk:
    """Vera, who may read everything, and somebody with a browser."""

    def __init__(self) -> None:
        self.home = make.site()
        self.vera = make.vera()

    @property
    def cms(self) -> Client:
        """Signed in anew: sessions end too."""
        client = Client()
        client.force_login(self.vera)
        return client

    def shows(self, address: str, words: str, *, signed_in: bool) -> bool:
        answer = (self.cms if signed_in else Client()).get(address, follow=True)
        assert answer.status_code in {200, 404, 410}
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return answer.status_code == 200 and words.encode() in body


Shown = Iterator[tuple[str, str, bool]]  # address, words that stand there, whether one has to be signed in
Planted = Callable[[Desk], Shown]


def an_inquiry(desk: Desk) -> Shown:
    row = make.inquiry(make.BEN, START)
    yield reverse("inquiries:index"), str(row), True
    yield reverse("inquiries:inspect", args=[row.pk]), str(row), True
    yield reverse("inquiries:answer", args=[row.pk]), str(row), True
    yield f"{reverse('inquiries:index')}?by=email&index={bytes(row.email_index).hex()}", str(row), True


def an_inquiry_of_a_form_that_keeps_less(desk: Desk) -> Shown:
    row = make.inquiry(make.BEN, START - 30 * DAY)
    Inquiry.objects.filter(pk=row.pk).update(keep_until=START)
    yield reverse("inquiries:index"), str(row), True
    yield reverse("inquiries:inspect", args=[row.pk]), str(row), True


def an_entry(desk: Desk) -> Shown:
    row = make.entry(make.reviews(desk.home), "All went well.", now=START)
    yield "/said/", "All went well.", False
    yield reverse("entries:index"), str(row), True
    yield reverse("entries:inspect", args=[row.pk]), "All went well.", True


def an_entry_that_was_refused(desk: Desk) -> Shown:
    row = make.entry(make.reviews(desk.home, moderated=True), "All went well.", now=START - DAY)
    entries.refuse(row, by=desk.vera, now=START)
    yield reverse("entries:inspect", args=[row.pk]), "All went well.", True


def an_answer(desk: Desk) -> Shown:
    row = make.inquiry(make.BEN, START + 30 * DAY)
    letters.write(email=make.BEN, subject="The ferry sails", text="Yes.", locale="en", about=_about(row), now=START)
    yield reverse("inquiries:inspect", args=[row.pk]), "The ferry sails", True


def _about(row: Inquiry) -> str:
    return f"{row._meta.label}:{row.pk}"


def a_request_to_subscribe(desk: Desk) -> Shown:
    ana = make.subscriber(make.ANA, make.mailing_list(), START).subscriber
    offers = MailingList.objects.create(key="offers", name="Seldom Offers", description="Prices.")
    asked = make.request(make.ANA, offers, START)
    yield reverse("subscribers:index"), "Seldom Offers (not confirmed", True
    yield reverse("subscribers:inspect", args=[ana.pk]), "Seldom Offers", True
    yield f"{reader.preferences(ana)}my-mail.json", "Seldom Offers", False
    yield reader.confirm(asked), "Seldom Offers", False


def an_address(desk: Desk) -> Shown:
    asked = make.request(make.CLEO, make.mailing_list(), START)
    person = asked.subscriber
    yield reverse("subscribers:index"), make.CLEO, True
    yield reverse("subscribers:inspect", args=[person.pk]), make.CLEO, True
    yield reverse("subscribers:edit", args=[person.pk]), str(person), True
    yield reader.preferences(person), "News", False


def a_file_of_addresses(desk: Desk) -> Shown:
    report = {"accepted": 1, "left_out": [], "words": "", "ignore": False}
    job = AudienceImport.objects.create(
        mailing_list=make.mailing_list(),
        filename="fair.csv",
        content=b"email\n",
        report=report,
        uploaded_by=desk.vera,
        uploaded_at=START,
    )
    yield reverse("imports:index"), "fair.csv", True
    yield reverse("imports:look", args=[job.pk]), "fair.csv", True


def a_link_that_was_followed(desk: Desk) -> Shown:
    ana = make.subscriber(make.ANA, make.mailing_list(), START)
    delivery = reader.delivered(ana, tracked=True, state=Delivery.State.SENT)
    link = Link.objects.create(campaign=delivery.campaign, url="https://quay.example/spring")
    LinkFollowed.objects.create(delivery=delivery, link=link, followed_at=START)
    yield f"{reader.preferences(ana.subscriber)}my-mail.json", "https://quay.example/spring", False


def a_decision(desk: Desk) -> Shown:
    made = make.decision(make.catalogue_of_one(START - 500 * DAY), now=START - 400 * DAY, expires_at=START)
    yield reverse("consent:receipt", args=[made.pk]), str(made.pk), False
    yield reverse("consent:receipt_json", args=[made.pk]), str(made.pk), False
    read = reverse("consent_decisions:read", args=[made.pk])
    yield reverse("consent_decisions:index"), f'"{read}"', True
    yield f"{reverse('consent_decisions:index')}?q={made.pk}", f'"{read}"', True
    yield read, str(made.pk), True


def a_reading(desk: Desk) -> Shown:
    said = {"user": desk.vera, "username": "somebody-else", "screen": "inquiries:inspect", "keys": ["4711"]}
    AccessEntry.objects.create(holding="home.Inquiry", act="inspect", count=1, at=START, **said)
    yield reverse("readings:index"), "4711", True


def a_proposed_disclosure(desk: Desk) -> Shown:
    disclosing.listed(*disclosing.Ground, at=START - 5 * DAY)
    row = disclosing.proposed(desk.vera)
    DisclosureOrder.objects.filter(pk=row.pk).update(decided_at=START, state="refused")
    yield reverse("disclosures:orders"), reverse("disclosures:order", args=[row.pk]), True
    yield reverse("disclosures:order", args=[row.pk]), row.reference, True


def a_hold(desk: Desk, **how: Any) -> Shown:
    hold = holds.place(reason="Case 7", by=desk.vera, now=START - 5 * DAY, **how)
    if not how:
        Hold.objects.filter(pk=hold.pk).update(lifted_at=START, lifted_by=desk.vera)
    yield reverse("holds:index"), str(hold), True


def a_hold_that_ended(desk: Desk) -> Shown:
    return a_hold(desk, until=START)


def an_answered_request(desk: Desk) -> Shown:
    row = disclosing.asked()
    SubjectRequest.objects.filter(pk=row.pk).update(ended_at=START, state="done", verified_at=START, due_at=START)
    yield reverse("subject_requests:index"), reverse("subject_requests:inspect", args=[row.pk]), True
    yield reverse("subject_requests:inspect", args=[row.pk]), str(row), True


def a_request_that_nobody_confirmed(desk: Desk) -> Shown:
    token = asking.link(Client())
    SubjectRequest.objects.update(link_until=START + 900 * DAY)  # the link itself would open longer
    yield token, "<form", False


SCREENS: dict[str, Planted] = {
    "consent.Decision": a_decision,
    "home.Inquiry": an_inquiry,
    "home.Inquiry:sooner": an_inquiry_of_a_form_that_keeps_less,
    "home.PublicEntry": an_entry,
    "home.PublicEntry:refused": an_entry_that_was_refused,
    "mailing.AudienceImport": a_file_of_addresses,
    "mailing.Letter": an_answer,
    "mailing.LinkFollowed": a_link_that_was_followed,
    "mailing.Subscriber": an_address,
    "mailing.Subscription": a_request_to_subscribe,
    "records.AccessEntry": a_reading,
    "records.DisclosureOrder": a_proposed_disclosure,
    "records.Hold": a_hold,
    "records.Hold:ended": a_hold_that_ended,
    "records.SubjectRequest": an_answered_request,
    "records.SubjectRequest:unconfirmed": a_request_that_nobody_confirmed,
}
NO_SCREEN = "no screen shows it"
NOT_SHOWN = {
    "cookie_consent.LogItem": NO_SCREEN,
    "home.PublicEntry:withdrawn": "nobody sees it from the press of the button: tests of entries",
    "mailing.Letter:data_links": NO_SCREEN,
    "mailing.Letter:links": NO_SCREEN,
    "records.Action": NO_SCREEN,
    "records.Erasure": NO_SCREEN,
    "records.ExportFile": "its link opens by the same week: tests of the copy",
    "records.HeldAction": NO_SCREEN,
    "sessions.Session": "Django opens none that has expired: below",
    "wagtailadmin.EditingSession": "Wagtail shows those of the last minutes",
    "wagtailadmin.FormState": "Wagtail clears them itself before it shows a preview",
    "wagtailcore.APIToken": "Wagtail lets none in that was revoked",
    "wagtailcore.Comment": "Wagtail shows none that was resolved",
    "wagtailcore.UploadedFile": NO_SCREEN,
    # What people who work in the CMS did, for people who work in the CMS: until the next run, an hour at most.
    "wagtailcore.ModelLogEntry": "histories of the CMS",
    "wagtailcore.PageLogEntry": "histories of the CMS",
    "wagtailcore.PageLogEntry:comments": "histories of the CMS",
    "wagtailcore.Revision": "histories of the CMS",
    "wagtailcore.WorkflowState": "histories of the CMS",
}


def test_each_rule_says_where_its_rows_are_shown() -> None:
    assert SCREENS.keys() | NOT_SHOWN.keys() == kept().keys()
    assert not SCREENS.keys() & NOT_SHOWN.keys()


@pytest.mark.parametrize("key", sorted(SCREENS))
def test_it_is_there_to_the_last_microsecond_and_no_longer(key: str, clock: Any) -> None:
    desk = Desk()
    shown = list(SCREENS[key](desk))
    end = START + kept()[key][1].period
    for late, there in ((-MICROSECOND, True), (timedelta(0), False), (MICROSECOND, False)):
        clock.move_to(end + late)
        seen = {address: desk.shows(address, words, signed_in=inside) for address, words, inside in shown}
        assert seen == dict.fromkeys(seen, there)
    assert kept()[key][0].model._base_manager.exists(), "no worker has come by"


def test_a_visitor_is_not_found_by_an_address_whose_week_is_over(clock: Any) -> None:
    desk = Desk()
    make.request(make.CLEO, make.mailing_list(), START)
    clock.move_to(START + 7 * DAY)
    found = desk.cms.post(reverse("subscribers:search"), {"who": make.CLEO})
    assert found["Location"] == reverse("subscribers:index")
    assert Subscriber.objects.exists()


def test_a_request_of_this_week_keeps_an_address_of_last_year(clock: Any) -> None:
    desk, news = Desk(), make.mailing_list()
    make.request(make.CLEO, news, START - 30 * DAY)
    make.request(make.CLEO, MailingList.objects.create(key="offers", name="Offers", description=""), START)
    assert desk.shows(reverse("subscribers:index"), make.CLEO, signed_in=True)


def test_a_decision_on_which_a_mail_rests_is_shown_while_it_does(clock: Any) -> None:
    desk = Desk()
    ana = make.subscriber(make.ANA, make.mailing_list(), START - 3000 * DAY)
    assert ana.decision
    address = reverse("consent:receipt", args=[ana.decision.pk])
    clock.move_to(START + 3000 * DAY)
    assert desk.shows(address, str(ana.decision.pk), signed_in=False)


def test_a_policy_that_takes_force_takes_rows_from_every_screen_at_that_instant(clock: Any) -> None:
    desk, row = Desk(), make.inquiry(make.BEN, START)
    said = [terms.Statement(terms.Kind.RETENTION, "home.Inquiry", {"period": "P6M", "then": "delete"})]
    at = START + 250 * DAY
    terms.write(policy=uuid.uuid4(), number=2, label="Version 2", effective_from=at, statements=said)
    address = reverse("inquiries:inspect", args=[row.pk])
    for late, there in ((-MICROSECOND, True), (timedelta(0), False)):
        clock.move_to(at + late)
        assert desk.shows(address, str(row), signed_in=True) is there


def test_who_was_signed_in_is_not_once_it_has_expired(clock: Any) -> None:
    desk = Desk()
    client = desk.cms
    end: datetime = Session.objects.get().expire_date
    for late, status in ((-MICROSECOND, 200), (timedelta(0), 302)):
        clock.move_to(end + late)
        assert client.get("/cms/").status_code == status
