"""A campaign goes to whoever confirmed, each once, and names the decision that allows it."""

import pytest

from consent.told import Told
from mailing import audience, campaigns
from mailing.models import Campaign, Delivery, MailingList
from tests import make
from tests.committed import together

pytestmark = pytest.mark.usefixtures("clock")


def queued(campaign: Campaign) -> list[str]:
    campaigns.queue(campaign=campaign, now=make.NOW)
    return list(campaign.deliveries.order_by("pk").values_list("subscription__subscriber__email", flat=True))


def test_only_who_confirmed_and_stayed_is_queued(news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    make.request(make.BEN, news)
    gone = make.subscriber(make.CLEO, news)
    audience.leave(subscription=gone, told=Told(), now=make.NOW)
    assert queued(make.campaign(news)) == [make.ANA]


def test_another_lists_subscribers_are_not(news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    make.subscriber(make.BEN, MailingList.objects.create(key="offers", name="Offers", description="Prices."))
    assert queued(make.campaign(news)) == [make.ANA]


def test_each_row_names_the_decision_that_allows_it(news: MailingList) -> None:
    ana = make.subscriber(make.ANA, news)
    campaign = make.campaign(news)
    assert campaigns.queue(campaign=campaign, now=make.NOW) == 1
    row = Delivery.objects.get()
    assert (row.subscription, row.decision, row.state) == (ana, ana.decision, Delivery.State.PENDING)
    campaign.refresh_from_db()
    assert (campaign.state, campaign.queued_at) == (Campaign.State.SENDING, make.NOW)


def test_more_rows_than_one_statement_takes_are_queued(news: MailingList, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(campaigns, "ROWS_AT_ONCE", 2)
    for number in range(5):
        make.subscriber(f"reader-{number}@mail.example", news)
    assert len(queued(make.campaign(news))) == 5


def test_a_campaign_is_queued_once(news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    campaign = make.campaign(news)
    campaigns.queue(campaign=campaign, now=make.NOW)
    with pytest.raises(campaigns.CannotSend, match="sent already"):
        campaigns.queue(campaign=campaign, now=make.NOW)
    assert Delivery.objects.count() == 1


def test_a_campaign_that_reaches_nobody_stays_a_draft(news: MailingList) -> None:
    make.request(make.ANA, news)
    campaign = make.campaign(news)
    with pytest.raises(campaigns.CannotSend, match="Nobody has confirmed"):
        campaigns.queue(campaign=campaign, now=make.NOW)
    campaign.refresh_from_db()
    assert campaign.state == Campaign.State.DRAFT


def test_two_editors_who_send_at_once_send_once(committed: None) -> None:
    news = make.mailing_list()
    make.subscriber(make.ANA, news)
    campaign = make.campaign(news)

    def send() -> int:
        try:
            return campaigns.queue(campaign=campaign, now=make.NOW)
        except campaigns.CannotSend:
            return 0

    assert sorted(together(send, send)) == [0, 1]
    assert Delivery.objects.count() == 1
