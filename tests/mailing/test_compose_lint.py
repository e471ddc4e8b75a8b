"""What editors are told of a campaign before it leaves."""

from typing import Any

import pytest
from pytest_django import Settings
from wagtail.rich_text import RichText

from mailing.compose import lint
from mailing.compose.body import Picture, Section
from mailing.models import Campaign, MailingList, Text
from policies.models import PolicyPage
from tests import make


@pytest.fixture(autouse=True)
def _site(settings: Settings) -> None:
    settings.SITE_URL = "https://quay.example"
    settings.DEFAULT_FROM_EMAIL = "Quay Ltd <news@quay.example>"


def found(campaign: Campaign) -> list[tuple[str, str]]:
    return [(problem.level, problem.sentence) for problem in lint.problems(Campaign.objects.get(pk=campaign.pk))]


@pytest.fixture
def spring(news: MailingList) -> Campaign:
    campaign = make.campaign(news, "Spring on the quay")
    campaign.texts.update(preheader="Three new boats")
    return campaign


def test_a_sound_campaign_has_no_problem(spring: Campaign) -> None:
    assert found(spring) == []


@pytest.mark.parametrize(
    ("fields", "level", "words"),
    [
        ({"subject": " "}, "error", "The subject is empty."),
        ({"subject": "Re: your order"}, "error", "begins as an answer does"),
        ({"subject": "FWD : your order"}, "error", "begins as an answer does"),
        ({"subject": "Re[2]: your order"}, "error", "begins as an answer does"),
        ({"subject": "SPRING ON THE QUAY"}, "warning", "in capitals"),
        ({"subject": "ВЕСНА НА ПРИЧАЛЕ"}, "warning", "in capitals"),
        ({"subject": "S" + "o" * 70}, "warning", "71 characters; more than 70"),
        ({"subject": "Spring, {{ name }}"}, "error", "says nothing where it is not known"),
        ({"preheader": ""}, "warning", "There is no preview line"),
        ({"preheader": "{{ size|x }}"}, "error", "nothing of that name is known"),
        ({"plain": "See http://b.example/x."}, "warning", "http://b.example/x is not encrypted"),
        ({"plain": "See https://localhost:8000/x"}, "error", "https://localhost:8000/x cannot be reached from outside"),
        ({"plain": "See https://192.168.0.7/x"}, "error", "https://192.168.0.7/x cannot be reached"),
        ({"plain": "See https://[::1]/x and https://wiki/"}, "error", "https://wiki/ cannot be reached"),
    ],
)
def test_what_is_wrong_with_a_text(spring: Campaign, fields: dict[str, Any], level: str, words: str) -> None:
    spring.texts.update(**fields)
    [(said, sentence)] = found(spring)
    assert (said, words in sentence) == (level, True), sentence


@pytest.mark.parametrize("subject", ["Regatta", "Reply to our question", "ОК", "A", "Regarding: boats", "2026"])
def test_a_subject_that_only_looks_odd_is_left_alone(spring: Campaign, subject: str) -> None:
    spring.texts.update(subject=subject)
    assert found(spring) == []


@pytest.mark.parametrize(
    ("sender", "words"),
    [
        (
            "Quay <news@elsewhere.example>",
            "Mail from elsewhere.example is not signed by it: this site signs as quay.example",
        ),
        ("Quay <news>", "The sender has no valid address."),
    ],
)
def test_a_sender_that_providers_refuse(spring: Campaign, sender: str, words: str) -> None:
    MailingList.objects.update(sender=sender)
    assert [(level, words in sentence) for level, sentence in found(spring)] == [("error", True)]


@pytest.mark.parametrize("sender", ["Quay <offers@news.quay.example>", "offers@quay.example"])
def test_a_domain_below_the_signing_one_is_aligned(spring: Campaign, sender: str) -> None:
    MailingList.objects.update(sender=sender)
    assert found(spring) == []


def test_answers_must_reach_somebody(spring: Campaign) -> None:
    Campaign.objects.update(reply_to="vera at quay.example")
    assert found(spring) == [("error", "The address for answers is not valid.")]


def test_a_site_without_https_is_warned(spring: Campaign, settings: Settings) -> None:
    settings.SITE_URL = "http://quay.example"
    [(level, sentence)] = found(spring)
    assert level == "warning"
    assert "does not begin with https" in sentence


def test_a_picture_without_words_and_a_button_without_address() -> None:
    bare, described = Picture("u", 1, 1, ""), Picture("u", 1, 1, "A quay")
    decorative = Picture("u", 1, 1, "", is_decorative=True)
    sections = [Section("image", picture=each) for each in (bare, described, decorative)]
    columns = Section("columns", columns=[Section("column", picture=bare)])
    said = [problem.sentence for problem in lint._of_sections([*sections, columns, Section("button", words="Go")])]
    no_words = "An image has no words in its place. Describe it, or mark it as decorative."
    assert said == [no_words, no_words, "The button “Go” leads nowhere."]


def test_a_mail_that_says_nothing_as_text(spring: Campaign) -> None:
    text = spring.texts.get()
    text.body = [("text", RichText("<p> </p>"))]
    text.save()
    assert found(spring) == [
        ("error", "The mail says nothing as plain text. Write something, or a plain text of its own.")
    ]


def test_a_mail_that_gmail_cuts_off(spring: Campaign) -> None:
    text = spring.texts.get()
    text.body = [("text", RichText(f"<p>{'word ' * 21000}</p>"))]
    text.save()
    [(level, sentence)] = found(spring)
    assert level == "warning"
    assert "Gmail cuts off what is beyond 102 kB" in sentence


def test_each_text_is_named_where_there_are_several(spring: Campaign) -> None:
    make.written(spring, "Re: весна", language="ru", preheader="Лодки")
    assert found(spring) == [
        ("error", "ru, A: The subject begins as an answer does, and this is none: that counts as deceit.")
    ]


def test_errors_come_first_and_nothing_is_said_twice(spring: Campaign) -> None:
    spring.texts.update(preheader="", subject="{{ x|a }} {{ x|a }}", plain="{{ x|a }} https://wiki/ http://b.example")
    levels = [level for level, _sentence in found(spring)]
    assert levels == sorted(levels)
    assert len(set(found(spring))) == len(levels) == 4


def test_a_campaign_without_a_text_and_a_draft_without_a_list(news: MailingList) -> None:
    bare = Campaign.objects.create(title="Bare", mailing_list=news)
    assert found(bare) == [("error", "There is no text yet.")]
    draft = Campaign(title="Draft")
    draft.texts = [Text(language="en", subject="Spring", preheader="x", body=[("heading", "Spring")])]
    assert lint.problems(draft) == []


def test_a_notice_has_none(policy: PolicyPage) -> None:
    make.revise(policy, "We keep less.", material=True)
    version = policy.versions.get(number=2)
    campaign, _new = Campaign.objects.get_or_create(kind="notice", policy_version=version)
    assert found(campaign) == []
