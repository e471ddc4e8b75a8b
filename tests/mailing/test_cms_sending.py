"""The last look before a campaign leaves, the button, and what may be done with it on its way."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from wagtail.models import ModelLogEntry

from mailing.models import Campaign, Delivery, MailingList, Segment
from tests import make
from tests.desk import signed_in, told

pytestmark = pytest.mark.usefixtures("clock")
WRITE = ["add_campaign", "change_campaign", "view_campaign"]
LATER = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def cms(news: MailingList) -> Client:
    """Vera, who may write campaigns and send them."""
    return signed_in(*WRITE, "send_campaign")


@pytest.fixture
def ready(news: MailingList) -> Campaign:
    """An approved campaign, and Ana who would get it."""
    make.subscriber(make.ANA, news)
    return make.campaign(news)


def screen(name: str, campaign: Campaign, more: str = "") -> str:
    return f"/cms/mailing/campaigns/{name}/{campaign.pk}/{more}"


def read(client: Client, url: str) -> str:
    return " ".join(client.get(url).content.decode().split())


def logged() -> list[tuple[str, dict[str, object]]]:
    entries = ModelLogEntry.objects.filter(action__startswith="mailing.").order_by("pk")
    return [(entry.action, entry.data) for entry in entries]


def test_the_screen_before_sending_says_to_whom_and_shows_the_text(cms: Client, news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    make.request(make.BEN, news)
    campaign = make.campaign(news, "<i>Spring</i>")
    assert "Send…" in read(cms, screen("edit", campaign))
    page = read(cms, screen("send", campaign))
    for words in (
        "This campaign goes to 1 person who confirmed “News”.",
        "It is spring.",
        "&lt;i&gt;Spring&lt;/i&gt;",
        "Privacy policy, version 1 names “",
        "As fast as the mail server takes them.",
        "<td>English</td><td>English</td><td>1</td>",
    ):
        assert words in page
    assert not Delivery.objects.exists()


def test_it_says_what_follows_from_the_settings(cms: Client, news: MailingList) -> None:
    for email in (make.ANA, make.BEN, make.CLEO):
        make.subscriber(email, news)
    campaign = make.campaign(news, per_minute=2, test_share=20, in_recipient_zone=True, in_archive=True)
    make.written(campaign, version="b")
    page = read(cms, screen("send", campaign))
    for words in (
        "At most 2 a minute: at least 2 minutes.",
        "About 10 % of the readers get A, as many get B; the others wait until you choose",
        "own time zone; where it is not known, of the site&#x27;s (UTC).",
        "Shown to everybody once it was sent.",
    ):
        assert words in page


def test_readers_of_a_language_without_a_text_are_named_with_the_text_they_get(
    cms: Client, ready: Campaign, news: MailingList
) -> None:
    subscription = make.subscriber(make.BEN, news)
    subscription.subscriber.locale = "ru"
    subscription.subscriber.save()
    assert "<td>Russian</td><td>English</td><td>1</td>" in read(cms, screen("send", ready))
    make.written(ready, language="ru")
    assert "<td>Russian</td><td>Russian</td><td>1</td>" in read(cms, screen("send", ready))


def test_what_mailboxes_would_hold_against_it_is_said_before_it_leaves(cms: Client, news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    page = read(cms, screen("send", make.campaign(news, "Re: your order")))
    refused, thought = page.index("mailboxes may refuse the mail"), page.index("Worth a thought")
    assert refused < page.index("The subject begins as an answer does") < thought
    assert thought < page.index("There is no preview line") < page.index("Send now")


def test_sending_queues_it_and_leads_to_its_results(cms: Client, ready: Campaign) -> None:
    answer = cms.post(screen("send", ready), {"now": "now"})
    assert answer["Location"] == screen("inspect", ready)
    assert "A worker is sending the campaign to 1 subscriber." in told(answer)
    assert Campaign.objects.values_list("state", "send_at").get() == ("scheduled", make.NOW)
    assert logged() == [("mailing.send", {"recipients": 1, "at": "2026-03-01T12:00:00+00:00"})]


def test_it_leaves_at_a_date_and_time(cms: Client, ready: Campaign) -> None:
    answer = cms.post(screen("send", ready), {"later": "later", "at": "2026-03-02 09:00:00"})
    assert "it leaves on 2 March 2026, 09:00 UTC." in told(answer)
    assert Campaign.objects.values_list("state", "send_at").get() == ("scheduled", LATER)


@pytest.mark.parametrize(("at", "said"), [("", "Write a date"), ("2026-03-01 11:59:00", "past"), ("soon", "valid")])
def test_what_is_no_later_instant_sends_nothing(cms: Client, ready: Campaign, at: str, said: str) -> None:
    answer = cms.post(screen("send", ready), {"later": "later", "at": at})
    assert said in " ".join(answer.context["form"].errors["at"])
    assert said in answer.content.decode()
    assert Campaign.objects.get().state == Campaign.State.DRAFT


def test_an_instant_is_read_in_the_time_zone_of_the_account(cms: Client, ready: Campaign) -> None:
    in_zone("Europe/Berlin")
    assert "In the time zone Europe/Berlin." in read(cms, screen("send", ready))
    cms.post(screen("send", ready), {"later": "later", "at": "2026-03-02 10:00:00"})
    assert Campaign.objects.get().send_at == LATER


def test_the_hour_of_each_reader_is_one_of_the_clock_of_the_site(cms: Client, news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    campaign = make.campaign(news, in_recipient_zone=True)
    in_zone("Europe/Berlin")
    assert "In the time zone of this site: UTC." in read(cms, screen("send", campaign))
    answer = cms.post(screen("send", campaign), {"later": "later", "at": "2026-03-02 09:00:00"})
    assert Campaign.objects.get().send_at == LATER
    assert "it leaves on 2 March 2026, when it is 09:00 for each reader." in told(answer)


def in_zone(name: str) -> None:
    """Vera sets the time zone of her account."""
    from django.contrib.auth.models import User
    from wagtail.users.models import UserProfile

    profile = UserProfile.get_for_user(User.objects.get(username="vera"))
    profile.current_time_zone = name
    profile.save()


def test_sending_to_nobody_says_so_and_sends_nothing(cms: Client, news: MailingList) -> None:
    campaign = make.campaign(news)
    assert "Nobody has confirmed" in read(cms, screen("send", campaign))
    assert "Nobody has confirmed" in told(cms.post(screen("send", campaign)))
    assert Campaign.objects.get().state == Campaign.State.DRAFT


def test_a_segment_without_people_says_so(cms: Client, ready: Campaign) -> None:
    Campaign.objects.update(segment=Segment.objects.create(name="Nobody"))
    assert "Nobody has confirmed" in read(cms, screen("send", ready))


@pytest.mark.parametrize("change", [{"live": False}, {"has_unpublished_changes": True}])
def test_only_what_is_approved_is_sent(cms: Client, ready: Campaign, change: dict[str, bool]) -> None:
    Campaign.objects.update(**change)
    page = read(cms, screen("send", ready))
    assert "Nobody has approved this text yet." in page
    assert "Send now" not in page
    assert "Nobody has approved this text yet." in told(cms.post(screen("send", ready)))
    assert Campaign.objects.get().state == Campaign.State.DRAFT


def test_sending_twice_says_so_and_queues_nothing_more(cms: Client, ready: Campaign) -> None:
    make.queued(ready)
    assert "This campaign was sent already." in read(cms, screen("send", ready))
    assert "This campaign was sent already." in told(cms.post(screen("send", ready)))
    assert Delivery.objects.count() == 1


def test_who_may_write_may_not_send(news: MailingList, ready: Campaign) -> None:
    writer = signed_in(*WRITE)
    assert "Send…" not in read(writer, screen("edit", ready))
    for answer in (writer.get(screen("send", ready)), writer.post(screen("send", ready))):
        assert (answer.status_code, answer["Location"]) == (302, "/cms/")
    assert "do not have permission" in told(answer)
    make.queued(ready)
    for act in ("pause/", "resume/", "cancel/"):
        assert writer.post(f"/cms/mailing/campaigns/{act}{ready.pk}/")["Location"] == "/cms/"
    assert Campaign.objects.get().state == Campaign.State.SENDING


def test_a_campaign_is_paused_and_goes_on(cms: Client, ready: Campaign) -> None:
    make.queued(ready)
    assert screen("pause", ready) in read(cms, screen("inspect", ready))
    answer = cms.post(screen("pause", ready))
    assert answer["Location"] == screen("inspect", ready)
    assert "paused" in told(answer)
    assert Campaign.objects.values_list("state", "paused_by").get() == ("paused", "editor")
    assert screen("resume", ready) in read(cms, screen("inspect", ready))
    assert "goes on where it stood" in told(cms.post(screen("resume", ready)))
    assert Campaign.objects.get().state == Campaign.State.SENDING
    assert [action for action, _data in logged()] == ["mailing.pause", "mailing.resume"]


@pytest.mark.parametrize("act", ["pause", "resume", "choose"])
def test_looking_at_a_button_presses_nothing(cms: Client, ready: Campaign, act: str) -> None:
    make.queued(ready)
    assert cms.get(screen(act, ready, "a/" if act == "choose" else "")).status_code == 405
    assert Campaign.objects.get().state == Campaign.State.SENDING


def test_cancelling_asks_first_and_what_has_not_left_never_does(cms: Client, ready: Campaign) -> None:
    make.queued(ready)
    page = read(cms, screen("cancel", ready))
    assert "The mail to 1 reader has not left yet." in page
    assert Campaign.objects.get().state == Campaign.State.SENDING
    assert "never does" in told(cms.post(screen("cancel", ready)))
    assert Campaign.objects.get().state == Campaign.State.CANCELLED
    assert Delivery.objects.get().reason == Delivery.Reason.CANCELLED
    assert [action for action, _data in logged()] == ["mailing.cancel"]


def test_what_is_scheduled_is_cancelled_before_it_begins(cms: Client, ready: Campaign) -> None:
    cms.post(screen("send", ready), {"later": "later", "at": "2026-03-02 09:00:00"})
    assert "has not begun to leave" in read(cms, screen("cancel", ready))
    cms.post(screen("cancel", ready))
    assert Campaign.objects.get().state == Campaign.State.CANCELLED


@pytest.mark.parametrize("act", ["pause", "resume", "cancel"])
def test_an_act_that_comes_too_late_says_so(cms: Client, ready: Campaign, act: str) -> None:
    assert "any more" in told(cms.post(screen(act, ready))) or "another state" in told(cms.post(screen(act, ready)))
    assert Campaign.objects.get().state == Campaign.State.DRAFT
    assert logged() == []


def test_the_rest_of_the_audience_gets_the_version_that_is_chosen(cms: Client, news: MailingList) -> None:
    for number in range(40):
        make.subscriber(f"reader{number}@mail.example", news)
    campaign = make.campaign(news, test_share=50)
    make.written(campaign, "Spring again", version="b")
    make.queued(campaign)
    held = Delivery.objects.filter(state=Delivery.State.HELD).count()
    assert 0 < held < 40
    assert f"Send version B to {held} more" in read(cms, screen("inspect", campaign))
    assert f"Version B goes to the {held} readers who waited for it." in told(
        cms.post(screen("choose", campaign, "b/"))
    )
    assert not Delivery.objects.filter(state=Delivery.State.HELD).exists()
    assert "Send version" not in read(cms, screen("inspect", campaign))
    assert "another state" in told(cms.post(screen("choose", campaign, "a/")))
    assert cms.post(screen("choose", campaign, "c/")).status_code == 404


def test_a_late_instant_counts_from_the_moment_it_is_sent(cms: Client, ready: Campaign) -> None:
    """An editor who leaves the screen open and sends an hour later sends then."""
    cms.get(screen("send", ready))
    Campaign.objects.update(send_at=make.NOW - timedelta(hours=1))
    cms.post(screen("send", ready), {"now": "now"})
    assert Campaign.objects.get().send_at == make.NOW
