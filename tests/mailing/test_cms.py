"""The editor's screens: a draft is written, listed and deleted by who may, and what was queued stays as it was."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from mailing import campaigns
from mailing.models import Campaign, Delivery, MailingList
from tests import make
from tests.committed import together
from tests.desk import campaign_form, signed_in, text_form, told

WRITE = [f"{act}_{model}" for model in ("campaign", "mailinglist") for act in ("add", "change", "delete", "view")]


@pytest.fixture
def cms(news: MailingList) -> Client:
    """Vera with the rights to write, approve and send campaigns, and no other."""
    return signed_in(*WRITE, "publish_campaign", "send_campaign")


@pytest.fixture
def sent(news: MailingList) -> Campaign:
    """A campaign that is on its way to Ana."""
    make.subscriber(make.ANA, news)
    return make.queued(make.campaign(news))


def screen(name: str, campaign: Campaign) -> str:
    return f"/cms/mailing/campaigns/{name}/{campaign.pk}/"


def test_a_campaign_is_written_changed_listed_and_deleted(cms: Client, news: MailingList) -> None:
    cms.post("/cms/mailing/campaigns/add/", campaign_form(news))
    campaign = Campaign.objects.get(title="Summer")
    assert (campaign.state, campaign.live, campaign.queued_at) == (Campaign.State.DRAFT, False, None)
    row = {"id": campaign.texts.get().pk}
    answer = cms.post(screen("edit", campaign), campaign_form(news, text_form(**row), initial=1, title="Autumn"))
    assert answer["Location"] == screen("edit", campaign)
    assert "Autumn" in cms.get("/cms/mailing/campaigns/").content.decode()
    cms.post(screen("delete", campaign))
    assert not Campaign.objects.exists()


def test_what_the_form_does_not_ask_cannot_be_set_through_it(cms: Client, news: MailingList) -> None:
    smuggled = {"state": "sent", "queued_at": "2026-03-01", "chosen": "b", "kind": "notice", "go_live_at": "2099-03-01"}
    cms.post("/cms/mailing/campaigns/add/", campaign_form(news) | smuggled)
    stored = Campaign.objects.values_list("state", "queued_at", "chosen", "kind", "go_live_at").get()
    assert stored == ("draft", None, "", "promotion", None)


@pytest.mark.parametrize(
    "address",
    [
        *("", "add/", "edit/{}/", "delete/{}/", "copy/{}/", "inspect/{}/", "send/{}/", "test/{}/", "history/{}/"),
        *("pause/{}/", "resume/{}/", "cancel/{}/", "choose/{}/a/", "unpublish/{}/", "preview/{}/"),
    ],
)
def test_who_has_no_right_sees_no_screen(news: MailingList, address: str) -> None:
    campaign, stranger = make.campaign(news), signed_in()
    url = "/cms/mailing/campaigns/" + address.format(campaign.pk)
    assert "mailing" not in stranger.get("/cms/").content.decode()
    for answer in (stranger.get(url), stranger.post(url, campaign_form(news))):
        assert answer.status_code in {302, 405}
    assert Campaign.objects.values_list("title", "state", "live").get() == ("Spring", "draft", True)


@pytest.mark.parametrize("name", ["edit", "delete", "unpublish"])
def test_what_was_queued_is_neither_changed_nor_deleted(
    cms: Client, news: MailingList, sent: Campaign, name: str
) -> None:
    form = campaign_form(news) | {"action-publish": "action-publish"}
    for answer in (cms.get(screen(name, sent)), cms.post(screen(name, sent), form)):
        assert answer["Location"] == screen("inspect", sent)
        assert "it can be read, not changed and not deleted" in told(answer)
    assert Campaign.objects.values_list("title", "state", "live").get() == (sent.title, "sending", True)
    assert sent.texts.get().subject == "Spring"


def test_an_earlier_text_is_not_put_back_once_it_was_queued(cms: Client, news: MailingList) -> None:
    """Publishing an old revision would write the state that it remembers: a draft, which could be sent again."""
    make.subscriber(make.ANA, news)
    campaign = make.campaign(news)
    revision = campaign.save_revision()
    revision.publish()
    sent = make.queued(campaign)
    url = f"/cms/mailing/campaigns/history/{sent.pk}/revisions/{revision.pk}/revert/"
    for answer in (cms.get(url), cms.post(url, campaign_form(news) | {"action-publish": "action-publish"})):
        assert answer["Location"] == screen("inspect", sent)
    assert Campaign.objects.get().state == Campaign.State.SENDING


def test_an_editor_that_saves_by_itself_is_told_that_it_is_too_late(
    cms: Client, news: MailingList, sent: Campaign
) -> None:
    answer = cms.post(screen("edit", sent), campaign_form(news), HTTP_ACCEPT="application/json")
    assert (answer.status_code, answer.json()["error_code"]) == (400, "locked")
    assert Campaign.objects.get().title == "Spring"


def test_what_was_queued_is_not_deleted_among_others_either(cms: Client, news: MailingList, sent: Campaign) -> None:
    draft = make.campaign(news, "Winter")
    url = f"/cms/bulk/mailing/campaign/delete/?id={sent.pk}&id={draft.pk}"
    assert "Spring" in cms.get(url).content.decode()
    cms.post(url)
    assert Campaign.objects.get() == sent


def test_the_list_leads_from_a_draft_to_its_text_and_from_the_others_to_the_results(
    cms: Client, news: MailingList, sent: Campaign
) -> None:
    draft = make.campaign(news, "Winter")
    page = cms.get("/cms/mailing/campaigns/").content.decode()
    assert screen("edit", draft) in page
    assert screen("edit", sent) not in page
    assert screen("delete", sent) not in page
    assert screen("inspect", sent) in page


def test_the_list_says_what_is_approved_and_how_much_has_left(cms: Client, news: MailingList, sent: Campaign) -> None:
    make.campaign(news, "Winter", live=False)
    make.campaign(news, "Summer")
    make.campaign(news, "Autumn", has_unpublished_changes=True)
    Delivery.objects.update(state=Delivery.State.SENT)
    rows = {row.title: row for row in cms.get("/cms/mailing/campaigns/").context["object_list"]}
    assert (rows["Spring"].accepted, rows["Spring"].rows) == (1, 1)
    page = " ".join(cms.get("/cms/mailing/campaigns/").content.decode().split())
    for words in ("1 of 1", "approved", "draft, changed since it was approved"):
        assert words in page


def test_campaigns_are_found_by_title_list_and_state(cms: Client, news: MailingList, sent: Campaign) -> None:
    make.campaign(news, "Winter")
    for asked, found in (("q=wint", {"Winter"}), ("state=sending", {"Spring"}), ("kind=notice", set())):
        rows = cms.get(f"/cms/mailing/campaigns/?{asked}").context["object_list"]
        assert {row.title for row in rows} == found


def test_a_copy_of_what_was_queued_is_a_draft_of_its_own(cms: Client, news: MailingList, sent: Campaign) -> None:
    page = cms.get(screen("copy", sent))
    assert page.context["form"].instance.pk is None
    assert "Spring" in page.content.decode()
    shown = page.context["form"].formsets["texts"].forms
    assert [form["subject"].value() for form in shown] == ["Spring"]
    cms.post(screen("copy", sent), campaign_form(news, initial=1))
    original, copy = Campaign.objects.order_by("pk")
    assert (original.title, original.state, original.texts.get().subject) == ("Spring", "sending", "Spring")
    assert (copy.title, copy.state, copy.live, copy.texts.get().subject) == ("Summer", "draft", False, "Summer")


def test_nobody_is_named_on_the_screens(cms: Client, news: MailingList, sent: Campaign) -> None:
    for url in ("/cms/mailing/campaigns/", screen("inspect", sent), screen("history", sent)):
        assert make.ANA not in cms.get(url).content.decode()


def test_a_draft_that_is_sent_while_it_is_being_saved_stays_sent(committed: None) -> None:
    make.site()
    news = make.mailing_list()
    make.subscriber(make.ANA, news)
    campaign, editor = make.campaign(news), make.vera()

    def save() -> Any:
        client = Client()
        client.force_login(editor)
        return client.post(screen("edit", campaign), campaign_form(news) | {"action-publish": "action-publish"})

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            campaigns.schedule(campaign=campaign, send_at=make.NOW, now=make.NOW)
            saving = pool.submit(together, save)
            wait_until_somebody_waits()
        [answer] = saving.result(timeout=20)
    assert answer["Location"] == screen("inspect", campaign)
    assert Campaign.objects.values_list("title", "state").get() == ("Spring", "scheduled")


def wait_until_somebody_waits() -> None:
    """For a lock that this test's transaction holds."""
    waiting: list[Any] = []
    while not waiting:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pid FROM pg_locks WHERE NOT granted")
            waiting = cursor.fetchall()
