"""A campaign goes to whoever confirmed, each once, and names the decision that allows it; and may be stopped."""

from datetime import timedelta

import pytest
import time_machine

from consent.told import Told
from mailing import audience, campaigns, deliver
from mailing.models import Campaign, Condition, Delivery, MailingList, Segment
from tests import make
from tests.committed import together
from tests.mailing.conftest import PostOffice, is_sent, queued, states, turn

pytestmark = pytest.mark.usefixtures("clock")
HOUR = timedelta(hours=1)


def rows(campaign: Campaign) -> list[str]:
    make.queued(campaign)
    return list(campaign.deliveries.order_by("pk").values_list("subscription__subscriber__email", flat=True))


def test_only_who_confirmed_and_stayed_is_queued(news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    make.request(make.BEN, news)
    gone = make.subscriber(make.CLEO, news)
    audience.leave(subscription=gone, told=Told(), now=make.NOW)
    assert rows(make.campaign(news)) == [make.ANA]


def test_another_lists_subscribers_are_not(news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    make.subscriber(make.BEN, MailingList.objects.create(key="offers", name="Offers", description="Prices."))
    assert rows(make.campaign(news)) == [make.ANA]


def test_a_segment_narrows_it(news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    make.subscriber("ben@quay.example", news)
    segment = Segment.objects.create(name="At Quay")
    Condition.objects.create(segment=segment, attribute="domain", comparison="is", value="quay.example")
    assert rows(make.campaign(news, segment=segment)) == ["ben@quay.example"]


def test_each_row_names_the_decision_that_allows_it(news: MailingList) -> None:
    ana = make.subscriber(make.ANA, news)
    campaign = make.queued(make.campaign(news))
    row = Delivery.objects.get()
    assert (row.subscription, row.decision, row.state) == (ana, ana.decision, Delivery.State.PENDING)
    assert (row.domain, row.provider, row.language, row.purpose) == (
        "mail.example",
        "other",
        "en",
        "dpv:DirectMarketing",
    )
    assert (campaign.state, campaign.queued_at) == (Campaign.State.SENDING, make.NOW)


def test_a_campaign_is_queued_once(news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    campaign = make.queued(make.campaign(news))
    with pytest.raises(campaigns.CannotSend, match="sent already"):
        campaigns.schedule(campaign=campaign, send_at=make.NOW, now=make.NOW)
    assert campaigns.start(campaign.pk, now=make.NOW) == 0
    assert Delivery.objects.count() == 1


def test_a_campaign_that_reaches_nobody_stays_a_draft(news: MailingList) -> None:
    make.request(make.ANA, news)
    campaign = make.campaign(news)
    with pytest.raises(campaigns.CannotSend, match="Nobody has confirmed"):
        campaigns.schedule(campaign=campaign, send_at=make.NOW, now=make.NOW)
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.DRAFT


@pytest.mark.parametrize("draft", [{"live": False}, {"has_unpublished_changes": True}])
def test_what_nobody_approved_is_not_sent(news: MailingList, draft: dict[str, bool]) -> None:
    make.subscriber(make.ANA, news)
    with pytest.raises(campaigns.CannotSend, match="Nobody has approved"):
        campaigns.schedule(campaign=make.campaign(news, **draft), send_at=make.NOW, now=make.NOW)


def test_a_campaign_without_a_text_is_not_sent(news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    campaign = make.campaign(news)
    campaign.texts.all().delete()
    with pytest.raises(campaigns.CannotSend, match="no text"):
        campaigns.schedule(campaign=campaign, send_at=make.NOW, now=make.NOW)


def test_two_editors_who_send_at_once_send_once(committed: None) -> None:
    news = make.mailing_list()
    make.subscriber(make.ANA, news)
    campaign = make.campaign(news)

    def send() -> int:
        try:
            campaigns.schedule(campaign=campaign, send_at=make.NOW, now=make.NOW)
        except campaigns.CannotSend:
            return 0
        return 1

    assert sorted(together(send, send)) == [0, 1]
    assert sorted(together(*[lambda: campaigns.start(campaign.pk, now=make.NOW)] * 3)) == [0, 0, 1]
    assert Delivery.objects.count() == 1


def test_its_rows_are_written_when_its_hour_comes(
    news: MailingList, post_office: PostOffice, clock: time_machine.Traveller
) -> None:
    make.subscriber(make.ANA, news)
    campaign = make.campaign(news)
    campaigns.schedule(campaign=campaign, send_at=make.NOW + HOUR, now=make.NOW)
    assert list(deliver.unfinished(now=make.NOW)) == []
    assert campaigns.start(campaign.pk, now=make.NOW) == 0
    make.subscriber(make.BEN, news)  # who joins meanwhile is on the list by then
    clock.shift(HOUR)
    assert list(deliver.unfinished(now=make.NOW + HOUR)) == [("start", campaign.pk)]
    assert campaigns.start(campaign.pk, now=make.NOW + HOUR) == 2


def test_what_is_paused_waits_and_goes_on_where_it_stood(news: MailingList, post_office: PostOffice) -> None:
    campaign = queued(news)
    assert campaigns.pause(campaign=campaign, by=Campaign.Paused.EDITOR, now=make.NOW)
    assert turn(campaign) == 0
    assert list(deliver.unfinished(now=make.NOW)) == []
    assert not campaigns.pause(campaign=campaign, by=Campaign.Paused.EDITOR, now=make.NOW)
    assert campaigns.resume(campaign=campaign, now=make.NOW)
    turn(campaign)
    assert post_office.addresses == [make.ANA, make.BEN]
    assert is_sent(campaign)


def test_what_is_cancelled_never_leaves_and_each_row_says_so(news: MailingList, post_office: PostOffice) -> None:
    campaign = queued(news)
    assert campaigns.cancel(campaign=campaign, now=make.NOW)
    assert turn(campaign) == 0
    assert states() == dict.fromkeys((make.ANA, make.BEN), "skipped: the campaign was cancelled")
    assert not campaigns.cancel(campaign=campaign, now=make.NOW)
    assert not campaigns.resume(campaign=campaign, now=make.NOW)


def test_a_scheduled_one_is_cancelled_before_anything_is_written(news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    campaign = make.campaign(news)
    campaigns.schedule(campaign=campaign, send_at=make.NOW + HOUR, now=make.NOW)
    assert campaigns.cancel(campaign=campaign, now=make.NOW)
    assert campaigns.start(campaign.pk, now=make.NOW + HOUR) == 0
    assert not Delivery.objects.exists()


def test_an_unknown_row_is_sent_again_when_somebody_says_so(news: MailingList, post_office: PostOffice) -> None:
    campaign = queued(news)
    Delivery.objects.filter(subscription__subscriber__email=make.ANA).update(state="unknown", reason="interrupted")
    turn(campaign)
    assert is_sent(campaign)
    keys = [row.pk for row in Delivery.objects.all()]
    assert campaigns.send_again(campaign=campaign, deliveries=keys, now=make.NOW) == 1  # the other one was sent
    assert not is_sent(campaign)
    turn(campaign)
    assert post_office.addresses == [make.ANA, make.BEN]
    assert is_sent(campaign)
