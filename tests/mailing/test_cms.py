"""The editor's screens: a draft is written and sent by who may, and what was sent stays as it was."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from wagtail.models import ModelLogEntry
from wagtail.test.utils.form_data import rich_text

from mailing import campaigns
from mailing.models import Campaign, Delivery, MailingList
from tests import make
from tests.committed import together
from tests.desk import signed_in, told

WRITE = [f"{act}_{model}" for model in ("campaign", "mailinglist") for act in ("add", "change", "delete", "view")]


@pytest.fixture
def cms(news: MailingList) -> Client:
    """Vera with the rights to write and send campaigns, and no other."""
    return signed_in(*WRITE, "send_campaign")


@pytest.fixture
def sent(news: MailingList) -> Campaign:
    """A campaign that is on its way to Ana."""
    make.subscriber(make.ANA, news)
    campaign = make.campaign(news)
    campaigns.queue(campaign=campaign, now=make.NOW)
    return Campaign.objects.get(pk=campaign.pk)


def form(news: MailingList, **changes: str) -> dict[str, Any]:
    return {"subject": "Summer", "mailing_list": news.pk, "body": rich_text("<p>It is summer.</p>")} | changes


def screen(name: str, campaign: Campaign) -> str:
    return f"/cms/mailing/campaigns/{name}/{campaign.pk}/"


def test_a_campaign_is_written_changed_listed_and_deleted(cms: Client, news: MailingList) -> None:
    cms.post("/cms/mailing/campaigns/new/", form(news))
    campaign = Campaign.objects.get(subject="Summer")
    assert (campaign.state, campaign.queued_at) == (Campaign.State.DRAFT, None)
    answer = cms.post(screen("edit", campaign), form(news, subject="Autumn"))
    assert answer["Location"] == screen("edit", campaign)
    assert "Autumn" in cms.get("/cms/mailing/campaigns/").content.decode()
    cms.post(screen("delete", campaign))
    assert not Campaign.objects.exists()


def test_what_the_form_does_not_ask_cannot_be_set_through_it(cms: Client, news: MailingList) -> None:
    cms.post("/cms/mailing/campaigns/new/", form(news, state="sent", queued_at="2026-03-01"))
    assert Campaign.objects.values_list("state", "queued_at").get() == ("draft", None)


def test_the_screen_before_sending_says_to_how_many_and_shows_the_text(cms: Client, news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    make.request(make.BEN, news)
    campaign = make.campaign(news, "<i>Spring</i>")
    assert "Send…" in cms.get(screen("edit", campaign)).content.decode()
    page = cms.get(screen("send", campaign)).content.decode()
    assert "This campaign goes to 1 person who confirmed “News”." in page
    assert "It is spring." in page
    assert "&lt;i&gt;Spring&lt;/i&gt;" in page
    assert not Delivery.objects.exists()


def test_sending_queues_it_and_leads_to_its_deliveries(cms: Client, news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    campaign = make.campaign(news)
    answer = cms.post(screen("send", campaign))
    assert answer["Location"] == screen("inspect", campaign)
    assert "A worker is sending the campaign to 1 subscriber." in told(answer)
    assert Delivery.objects.count() == 1
    [entry] = ModelLogEntry.objects.filter(action="mailing.send")
    assert (entry.label, entry.data) == ("Spring", {"recipients": 1})


def test_sending_to_nobody_says_so_and_sends_nothing(cms: Client, news: MailingList) -> None:
    campaign = make.campaign(news)
    assert "Nobody has confirmed" in cms.get(screen("send", campaign)).content.decode()
    assert "Nobody has confirmed" in told(cms.post(screen("send", campaign)))
    assert Campaign.objects.get().state == Campaign.State.DRAFT


def test_sending_twice_says_so_and_queues_nothing_more(cms: Client, sent: Campaign) -> None:
    assert "This campaign was sent already." in cms.get(screen("send", sent)).content.decode()
    assert "This campaign was sent already." in told(cms.post(screen("send", sent)))
    assert Delivery.objects.count() == 1


def test_who_may_write_may_not_send(news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    writer, campaign = signed_in(*WRITE), make.campaign(news)
    assert "Send…" not in writer.get(screen("edit", campaign)).content.decode()
    for answer in (writer.get(screen("send", campaign)), writer.post(screen("send", campaign))):
        assert (answer.status_code, answer["Location"]) == (302, "/cms/")
    assert "do not have permission" in told(answer)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("address", ["", "new/", "edit/{}/", "delete/{}/", "copy/{}/", "inspect/{}/", "send/{}/"])
def test_who_has_no_right_sees_no_screen(news: MailingList, address: str) -> None:
    campaign, stranger = make.campaign(news), signed_in()
    url = "/cms/mailing/campaigns/" + address.format(campaign.pk)
    assert "mailing" not in stranger.get("/cms/").content.decode()
    for answer in (stranger.get(url), stranger.post(url, form(news))):
        assert answer.status_code in {302, 405}
    assert Campaign.objects.values_list("subject", "state").get() == ("Spring", "draft")


@pytest.mark.parametrize("name", ["edit", "delete"])
def test_what_was_sent_is_neither_changed_nor_deleted(cms: Client, sent: Campaign, name: str) -> None:
    for answer in (cms.get(screen(name, sent)), cms.post(screen(name, sent), form(sent.mailing_list))):
        assert answer["Location"] == screen("inspect", sent)
        assert "it can be read, not changed and not deleted" in told(answer)
    assert Campaign.objects.values_list("subject", "body", "state").get() == (sent.subject, sent.body, "sending")


def test_a_copy_of_what_was_sent_is_a_draft_of_its_own(cms: Client, sent: Campaign) -> None:
    assert "It is" in cms.get(screen("copy", sent)).content.decode()
    cms.post(screen("copy", sent), form(sent.mailing_list))
    original, copy = Campaign.objects.order_by("pk")
    assert (original.subject, original.state) == ("Spring", Campaign.State.SENDING)
    assert (copy.subject, copy.state, copy.queued_at) == ("Summer", Campaign.State.DRAFT, None)


def test_the_results_name_states_and_decisions_and_nobody(cms: Client, sent: Campaign) -> None:
    delivery = Delivery.objects.get()
    page = cms.get(screen("inspect", sent)).content.decode()
    assert "waiting: 1" in page
    assert str(delivery.decision_id) in page
    assert make.ANA not in page
    assert make.ANA not in cms.get("/cms/mailing/campaigns/").content.decode()


def test_a_list_is_added_changed_and_deleted(cms: Client, news: MailingList) -> None:
    offers = {"name": "Offers", "key": "offers", "description": "Prices."}
    cms.post("/cms/mailing/lists/new/", offers)
    row = MailingList.objects.get(key="offers")
    cms.post(f"/cms/mailing/lists/edit/{row.pk}/", offers | {"key": "prices"})
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
    answer = cms.post(edit, {"name": "News", "key": "offers", "description": "Prices."})
    assert answer.context["form"].errors.keys() == {"key"}
    cms.post(edit, {"name": "Harbour news", "key": "news", "description": "What happens."})
    assert MailingList.objects.values_list("name", "key").get() == ("Harbour news", "news")


def test_a_draft_that_is_sent_while_it_is_being_saved_stays_sent(committed: None) -> None:
    make.site()
    news = make.mailing_list()
    make.subscriber(make.ANA, news)
    campaign, editor = make.campaign(news), make.vera()

    def save() -> Any:
        client = Client()
        client.force_login(editor)
        return client.post(screen("edit", campaign), form(news))

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            campaigns.queue(campaign=campaign, now=make.NOW)
            saving = pool.submit(together, save)
            wait_until_somebody_waits()
        [answer] = saving.result(timeout=20)
    assert answer["Location"] == screen("inspect", campaign)
    assert Campaign.objects.values_list("subject", "state").get() == ("Spring", "sending")


def wait_until_somebody_waits() -> None:
    """For a lock that this test's transaction holds."""
    waiting: list[Any] = []
    while not waiting:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pid FROM pg_locks WHERE NOT granted")
            waiting = cursor.fetchall()
