"""No promotional message leaves unless a policy in force names promotional mail as a purpose."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from mailing import campaigns
from mailing.deliver import turn as turns
from mailing.models import Campaign, Delivery, MailingList
from policies.models import PolicyPage
from records.models import TermSheet
from records.registry import Basis, Purpose
from tests import make
from tests.desk import signed_in, told
from tests.mailing.conftest import PostOffice, is_sent, queued, states, turn

SOON = make.NOW + timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
UNNAMED = "skipped: no policy in force names this purpose"


@pytest.fixture
def ended(news: MailingList, clock: time_machine.Traveller) -> TermSheet:
    """A policy version that drops the purpose tomorrow."""
    return make.purpose(number=2, at=SOON, named=False)


def test_before_a_policy_names_the_purpose_nothing_is_queued(news: MailingList) -> None:
    make.purpose(number=2, at=make.NOW, named=False)
    make.subscriber(make.ANA, news)
    campaign = make.campaign(news)
    with pytest.raises(campaigns.CannotSend, match="names “promotional and information mail” among its purposes"):
        campaigns.schedule(campaign=campaign, send_at=make.NOW, now=make.NOW)
    assert Campaign.objects.get().state == Campaign.State.DRAFT
    assert not Delivery.objects.exists()


def test_a_purposes_clause_of_the_policy_is_what_allows_it(
    clock: time_machine.Traveller, news: MailingList, ended: TermSheet
) -> None:
    page = PolicyPage.objects.get().get_latest_revision_as_object()
    item = {"purpose": Purpose.PROMOTION.value, "words": "", "basis": Basis.CONSENT.value}
    page.body = [*page.body.raw_data, {"type": "purposes", "value": {"text": "", "items": [item], "anchor": ""}}]
    page.go_live_at = SOON + timedelta(days=1)
    page.save_revision().publish()
    campaign = make.campaign(news)
    assert campaigns.is_covered(campaign, SOON + timedelta(days=1))
    assert not campaigns.is_covered(campaign, SOON + timedelta(days=1) - MICROSECOND)


def test_without_a_policy_nothing_is_covered(db: None) -> None:
    assert not campaigns.is_covered(make.campaign(make.mailing_list()), make.NOW - timedelta(days=2))


@pytest.mark.parametrize(
    ("at", "letters", "outcome"),
    [(SOON - MICROSECOND, 2, "sent"), (SOON, 0, UNNAMED), (SOON + MICROSECOND, 0, UNNAMED)],
)
def test_a_campaign_on_its_way_stops_at_the_instant_the_purpose_ends(
    news: MailingList,
    ended: TermSheet,
    post_office: PostOffice,
    clock: time_machine.Traveller,
    at: datetime,
    letters: int,
    outcome: str,
) -> None:
    campaign = queued(news)
    clock.move_to(at)
    turn(campaign)
    assert len(post_office.letters) == letters
    assert states() == {make.ANA: outcome, make.BEN: outcome}
    assert is_sent(campaign)


def test_a_campaign_stops_between_two_chunks(
    news: MailingList,
    ended: TermSheet,
    post_office: PostOffice,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "CHUNK", 1)
    campaign = queued(news)
    arrived = post_office.letters.append

    class Slow(list[tuple[str, bytes]]):
        def append(self, letter: tuple[str, bytes]) -> None:
            arrived(letter)
            clock.move_to(SOON)

    letters, post_office.letters = post_office.letters, Slow()
    turn(campaign)
    assert len(letters) == 1
    assert sorted(states().values()) == ["sent", UNNAMED]


def test_the_screen_before_sending_says_which_clause_is_missing(
    news: MailingList, ended: TermSheet, clock: time_machine.Traveller
) -> None:
    make.subscriber(make.ANA, news)
    campaign, cms = make.campaign(news), signed_in("change_campaign", "send_campaign")
    address = f"/cms/mailing/campaigns/send/{campaign.pk}/"
    assert "Send now" in cms.get(address).content.decode()
    clock.move_to(SOON)
    page = cms.get(address).content.decode()
    assert "clause “Purposes”" in page
    assert "Send now" not in page
    assert "clause “Purposes”" in told(cms.post(address))
    assert not Delivery.objects.exists()


def test_a_question_to_confirm_promotes_nothing_and_is_answered_all_the_same(
    news: MailingList, ended: TermSheet, clock: time_machine.Traveller, client: Client
) -> None:
    clock.move_to(SOON)
    answer = client.post("/mail/join/", {"email": make.ANA, "mailing_list": "news"}, **make.HERE)
    assert answer.status_code == 303
