"""A test of the draft goes to the editor's own addresses, and says what the mail server answered."""

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from mailing.models import Campaign, Delivery, MailingList
from mailing.viewsets import trying
from tests import make
from tests.desk import campaign_form, signed_in, text_form, told
from tests.mailing.conftest import PostOffice

MINE = "vera@mail.example"


@pytest.fixture
def cms(news: MailingList) -> Client:
    return signed_in("add_campaign", "change_campaign", "view_campaign")


def screen(campaign: Campaign) -> str:
    return f"/cms/mailing/campaigns/test/{campaign.pk}/"


def test_a_test_arrives_with_a_mark_on_its_subject(cms: Client, news: MailingList, post_office: PostOffice) -> None:
    campaign = make.campaign(news)
    page = cms.get(screen(campaign))
    assert MINE in page.content.decode()
    answer = cms.post(screen(campaign), {"addresses": MINE, "text": "en:a"})
    assert answer["Location"] == screen(campaign)
    assert f"{MINE}: accepted by the mail server (250" in told(answer)
    assert post_office.letter(MINE)["Subject"] == "[Test] Spring"
    assert not Delivery.objects.exists()
    assert campaign.texts.get().subject == "Spring"


def test_it_tries_the_draft_not_what_is_approved(cms: Client, news: MailingList, post_office: PostOffice) -> None:
    campaign = make.campaign(news)
    draft = campaign_form(news, text_form("Later", id=campaign.texts.get().pk), initial=1)
    cms.post(f"/cms/mailing/campaigns/edit/{campaign.pk}/", draft)
    cms.post(screen(campaign), {"addresses": MINE, "text": "en:a"})
    assert post_office.letter(MINE)["Subject"] == "[Test] Later"


def test_it_tries_the_language_and_version_that_is_chosen(
    cms: Client, news: MailingList, post_office: PostOffice
) -> None:
    campaign = make.campaign(news)
    make.written(campaign, "Весна", language="ru")
    make.written(campaign, "Other", version="b")
    cms.post(screen(campaign), {"addresses": MINE, "text": "ru:a"})
    cms.post(screen(campaign), {"addresses": make.BEN, "text": "en:b"})
    assert post_office.letter(MINE)["Subject"] == "[Test] Весна"
    assert post_office.letter(make.BEN)["Subject"] == "[Test] Other"


def test_each_address_has_its_own_answer(cms: Client, news: MailingList, post_office: PostOffice) -> None:
    post_office.to_recipient[make.BEN] = "550 5.1.1 no such mailbox"
    said = told(cms.post(screen(make.campaign(news)), {"addresses": f"{make.BEN}, {MINE}", "text": "en:a"}))
    assert f"{make.BEN}: refused by the mail server (550 5.1.1 no such mailbox)" in said
    assert f"{MINE}: accepted by the mail server" in said
    assert post_office.addresses == [MINE]


def test_a_mail_server_that_is_away_is_said(cms: Client, news: MailingList, post_office: PostOffice) -> None:
    post_office.hang_up_on.add(MINE)
    assert "The mail server cannot be reached, or has hung up" in told(
        cms.post(screen(make.campaign(news)), {"addresses": MINE, "text": "en:a"})
    )


def test_the_log_says_how_many_and_to_nobody(cms: Client, news: MailingList, post_office: PostOffice) -> None:
    cms.post(screen(make.campaign(news)), {"addresses": MINE, "text": "en:a"})
    [entry] = ModelLogEntry.objects.filter(action="mailing.test")
    assert entry.data == {"language": "en", "version": "a", "addresses": 1}


@pytest.mark.parametrize("addresses", ["", "vera", " ".join(f"a{number}@mail.example" for number in range(6))])
def test_what_is_no_address_is_refused(cms: Client, news: MailingList, post_office: PostOffice, addresses: str) -> None:
    answer = cms.post(screen(make.campaign(news)), {"addresses": addresses, "text": "en:a"})
    assert "addresses" in answer.context["form"].errors
    assert not post_office.letters


def test_whoever_sends_many_is_asked_to_wait(
    cms: Client, news: MailingList, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trying, "RATE", "1/h")
    campaign = make.campaign(news)
    for address in (MINE, make.BEN):
        said = told(cms.post(screen(campaign), {"addresses": address, "text": "en:a"}))
    assert "Wait an hour" in said
    assert post_office.addresses == [MINE]


def test_a_campaign_without_a_text_has_nothing_to_try(cms: Client, news: MailingList) -> None:
    campaign = Campaign.objects.create(title="Bare", mailing_list=news)
    assert "There is no text to try yet." in cms.get(screen(campaign)).content.decode()
