"""The web version is the very mail, with nobody's name and nobody's rights in it; the other page says why it came."""

import re
from typing import Any

import pytest
from django.test import Client
from wagtail.rich_text import RichText

from mailing import letters
from mailing.models import Campaign, Delivery, MailingList, Subscription
from policies.models import PolicyPage, PolicyVersion
from records.registry import Purpose
from tests import make
from tests.mailing import reader

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def ana(news: MailingList) -> Subscription:
    return make.subscriber(make.ANA, news)


@pytest.fixture
def spring(news: MailingList) -> Campaign:
    """In two languages, and a second version in one of them."""
    campaign = make.campaign(news, html="<p>Dear {{ name|reader }}, it is spring.</p>")
    make.written(campaign, "Весна", html="<p>Весна.</p>", language="ru")
    make.written(campaign, "Spring, too", body=[("text", RichText("<p>Version B.</p>"))], version="b")
    return campaign


def notice(kind: str = "notice") -> Campaign:
    """Of a version that changes what people were told."""
    make.revise(PolicyPage.objects.get(), "We keep everything.", material=True)
    version = PolicyVersion.objects.get(number=2)
    Campaign.objects.filter(policy_version=version).delete()
    return Campaign.objects.create(title="Policy", kind=kind, policy_version=version)


def test_it_is_the_mail_in_its_readers_language_and_version(client: Client, ana: Subscription, spring: Any) -> None:
    delivery = reader.delivered(ana, spring)
    assert "it is spring" in client.get(reader.view(delivery)).content.decode()
    Delivery.objects.update(version="b")
    assert "Version B." in client.get(reader.view(delivery)).content.decode()
    Delivery.objects.update(version="", language="ru")
    answer = client.get(reader.view(delivery))
    assert "Весна." in answer.content.decode()
    assert answer["Content-Language"] == "ru"


def test_it_names_nobody_and_gives_nobody_any_right(client: Client, ana: Subscription, spring: Campaign) -> None:
    ana.subscriber.name = "Ana Lund"
    ana.subscriber.save()
    page = client.get(reader.view(reader.delivered(ana, spring))).content.decode()
    assert "Dear reader, it is spring." in page
    assert "Ana" not in page
    assert not re.search(r"/mail/(unsubscribe|preferences|why|view|go|confirm)/[^\"/]+/", page)


def test_its_styles_apply_and_nothing_else_does(client: Client, ana: Subscription, spring: Campaign) -> None:
    answer = client.get(reader.view(reader.delivered(ana, spring)))
    assert "style=" in answer.content.decode()
    rules = dict(rule.strip().split(" ", 1) for rule in answer["Content-Security-Policy"].split(";"))
    assert rules == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'self'",
    }
    assert "noindex" in answer["X-Robots-Tag"]


def test_a_notice_has_one_too(client: Client, ana: Subscription) -> None:
    answer = client.get(reader.view(reader.delivered(ana, notice(), purpose=Purpose.LEGAL)))
    assert (answer.status_code, "Privacy policy" in answer.content.decode()) == (200, True)


def test_a_letter_and_a_campaign_without_text_have_none(client: Client, ana: Subscription, spring: Campaign) -> None:
    letter = letters.write(email=make.BEN, subject="Yes", text="Private.", locale="en", now=make.NOW)
    delivery = reader.delivered(ana, spring)
    spring.texts.all().delete()
    for row in (letter.deliveries.get(), delivery):
        answer = client.get(reader.view(row))
        assert (answer.status_code, "has no web version" in answer.content.decode()) == (404, True)


def test_why_answers_from_the_row(client: Client, ana: Subscription) -> None:
    Subscription.objects.update(source_note="/mail/join/")
    page = client.get(reader.why(reader.delivered(ana))).content.decode()
    for said in (
        "is on the list “News”",
        "You may write to me.",
        "sign-up form",
        "/mail/join/",
        str(ana.decision_id),
        'datetime="2026-03-01T12:00:00+00:00"',
        "promotional and information mail",
        "consent",
        'href="/privacy/v/1/"',
        "Privacy policy, version 1",
    ):
        assert said in page


def test_why_names_nobody_and_gives_no_right(client: Client, ana: Subscription) -> None:
    page = client.get(reader.why(reader.delivered(ana))).content.decode()
    assert "mail.example" not in page
    assert str(ana.decision.consent_id) not in page  # type: ignore[union-attr]
    assert set(re.findall(r"/mail/\w+/[^\"]*", page)) == {"/mail/preferences/", "/mail/join/"}


def test_the_words_are_those_of_the_decision_behind_the_mail(client: Client, ana: Subscription) -> None:
    delivery = reader.delivered(ana)
    Subscription.objects.update(statement="Other words of later.")
    page = client.get(reader.why(delivery)).content.decode()
    assert "You may write to me." in page
    assert "Other words" not in page


@pytest.mark.parametrize(
    ("kind", "sentence"), [("notice", "The law asks us to tell you"), ("withdrawal", "it does not come")]
)
def test_a_notice_says_what_obliges_us(client: Client, ana: Subscription, kind: str, sentence: str) -> None:
    page = client.get(reader.why(reader.delivered(ana, notice(kind), purpose=Purpose.LEGAL))).content.decode()
    assert sentence in page
    assert "legal obligation" in page
    assert "Words agreed to" not in page


def test_a_letter_is_an_answer(client: Client, news: MailingList) -> None:
    letter = letters.write(email=make.BEN, subject="Yes", text="Private.", locale="en", now=make.NOW)
    page = client.get(reader.why(letter.deliveries.get())).content.decode()
    assert "somebody wrote to us from this address" in page
    assert "Private." not in page
    assert "ben@" not in page


def test_an_erased_row_is_gone(client: Client, ana: Subscription) -> None:
    delivery = reader.delivered(ana)
    addresses = [reader.why(delivery), reader.view(delivery)]
    ana.subscriber.delete()
    for address in addresses:
        answer = client.get(address)
        assert (answer.status_code, "is deleted" in answer.content.decode()) == (410, True)


def test_reading_changes_nothing(client: Client, ana: Subscription) -> None:
    delivery = reader.delivered(ana)
    before = list(Delivery.objects.values())
    for address in (reader.why(delivery), reader.view(delivery)):
        assert [client.get(address).status_code, client.head(address).status_code] == [200, 200]
        assert client.post(address, **make.HERE).status_code == 405
    assert list(Delivery.objects.values()) == before
