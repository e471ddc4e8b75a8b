"""Mailing lists at the desk: what people agreed to keeps its key, and stays."""

import pytest
from django.test import Client

from mailing.models import MailingList
from records.registry import Purpose
from tests import make
from tests.desk import signed_in, told

OFFERS = {
    "name": "Offers",
    "key": "offers",
    "description": "Prices.",
    "policy_purpose": Purpose.PROMOTION,
    "sender": "",
}


@pytest.fixture
def cms(news: MailingList) -> Client:
    return signed_in(*(f"{act}_mailinglist" for act in ("add", "change", "delete", "view")))


def test_a_list_is_added_changed_and_deleted(cms: Client) -> None:
    cms.post("/cms/mailing/lists/new/", OFFERS)
    row = MailingList.objects.get(key="offers")
    cms.post(f"/cms/mailing/lists/edit/{row.pk}/", OFFERS | {"key": "prices"})
    assert MailingList.objects.get(pk=row.pk).key == "prices"
    cms.post(f"/cms/mailing/lists/delete/{row.pk}/")
    assert not MailingList.objects.filter(pk=row.pk).exists()


def test_a_list_people_asked_for_stays_and_says_why(cms: Client, news: MailingList) -> None:
    make.request(make.ANA, news)
    make.campaign(news)
    assert cms.get(f"/cms/mailing/lists/delete/{news.pk}/").status_code == 200
    answer = cms.post(f"/cms/mailing/lists/delete/{news.pk}/")
    assert answer["Location"] == "/cms/mailing/lists/"
    assert "News is still used by campaigns, subscriptions, so it stays." in told(answer)
    assert MailingList.objects.exists()


def test_a_list_people_agreed_to_keeps_its_key(cms: Client, news: MailingList) -> None:
    """The key is the name of the purpose in every decision: another one would be a purpose nobody agreed to."""
    make.subscriber(make.ANA, news)
    edit = f"/cms/mailing/lists/edit/{news.pk}/"
    answer = cms.post(edit, OFFERS | {"name": "News"})
    assert answer.context["form"].errors.keys() == {"key"}
    cms.post(edit, OFFERS | {"name": "Harbour news", "key": "news"})
    assert MailingList.objects.values_list("name", "key").get() == ("Harbour news", "news")


def test_a_sender_is_a_name_and_an_address(cms: Client) -> None:
    answer = cms.post("/cms/mailing/lists/new/", OFFERS | {"sender": "Quay Ltd"})
    assert answer.context["form"].errors.keys() == {"sender"}
    cms.post("/cms/mailing/lists/new/", OFFERS | {"sender": "Quay Ltd <offers@quay.example>"})
    assert MailingList.objects.get(key="offers").sender == "Quay Ltd <offers@quay.example>"
