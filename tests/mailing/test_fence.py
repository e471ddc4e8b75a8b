"""Nothing leaves later than the chunk in hand once a consent, a purpose or an address is withdrawn."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from consent import decide
from consent.models import Decision
from consent.told import Told
from mailing import audience, campaigns, suppression
from mailing.deliver import turn as turns
from mailing.models import Campaign, Delivery, MailingList, Subscriber, Subscription, Suppression
from tests import make
from tests.mailing.conftest import PostOffice, is_sent, queued, row, states, turn

MINUTE = timedelta(minutes=1)
CHUNK = 5
READERS = [f"reader-{number:02}@mail.example" for number in range(20)]
State = Delivery.State


@pytest.fixture
def campaign(news: MailingList, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    """Queued to twenty readers, five at a time."""
    monkeypatch.setattr(turns, "CHUNK", CHUNK)
    return queued(news, *READERS)


def leave_all(campaign: Campaign) -> None:
    for subscription in Subscription.objects.live():
        audience.leave(subscription=subscription, told=Told(), now=make.NOW)


def withdraw_elsewhere(campaign: Campaign) -> None:
    """Each consent is withdrawn in the ledger alone: the subscription does not know of it."""
    for subscription in Subscription.objects.live().select_related("decision"):
        assert subscription.decision
        decide.record(
            choices={"mail:news": False},
            source=Decision.Source.API,
            at=make.NOW,
            key=subscription.decision.id,
            told=Told(),
            statement="No more.",
            consent_id=subscription.decision.consent_id,
            action=Decision.Action.WITHDRAW,
        )


def suppress_all(campaign: Campaign) -> None:
    found = Subscriber.objects.values_list("email", flat=True)
    suppression.suppress(found, scope=Suppression.Scope.LISTS, reason=Suppression.Reason.COMPLAINT, now=make.NOW)


WITHDRAWALS: dict[str, tuple[Callable[[Campaign], object], str]] = {
    "left": (leave_all, "skipped: the consent was withdrawn or has expired"),
    "ledger": (withdraw_elsewhere, "skipped: the consent was withdrawn or has expired"),
    "suppressed": (suppress_all, "skipped: the address is on the suppression list"),
    "purpose": (
        lambda campaign: make.purpose(number=2, at=make.NOW, named=False),
        "skipped: no policy in force names this purpose",
    ),
    "cancelled": (
        lambda campaign: campaigns.cancel(campaign=campaign, now=make.NOW),
        "skipped: the campaign was cancelled",
    ),
    "paused": (
        lambda campaign: campaigns.pause(campaign=campaign, by=Campaign.Paused.EDITOR, now=make.NOW),
        "pending",
    ),
}


@pytest.mark.parametrize("what", WITHDRAWALS)
def test_whatever_is_withdrawn_in_mid_campaign_nothing_leaves_after_the_chunk_in_hand(
    campaign: Campaign, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    act, outcome = WITHDRAWALS[what]
    pass_chunk, chunks = turns.fence.pass_chunk, []

    def then_something_happens(*arguments: object, **named: object) -> object:
        """Between two questions of the fence: the second chunk is in hand by then."""
        passed = pass_chunk(*arguments, **named)  # type: ignore[arg-type]
        chunks.append(len(passed))
        if len(chunks) == 2:
            act(campaign)
        return passed

    monkeypatch.setattr(turns.fence, "pass_chunk", then_something_happens)
    turn(campaign)
    assert len(post_office.letters) == 2 * CHUNK
    assert chunks[:2] == [CHUNK, CHUNK]
    assert sum(chunks[2:]) == 0
    found = list(states().values())
    assert (found.count("sent"), found.count(outcome)) == (2 * CHUNK, len(READERS) - 2 * CHUNK)


def test_who_left_since_the_queue_is_skipped(campaign: Campaign, post_office: PostOffice) -> None:
    audience.leave(subscription=row(READERS[0]).subscription, told=Told(), now=make.NOW)
    turn(campaign)
    assert post_office.addresses == READERS[1:]
    assert states()[READERS[0]] == "skipped: the consent was withdrawn or has expired"
    assert is_sent(campaign)


def test_who_left_and_came_back_is_written_to_under_the_new_decision(
    campaign: Campaign, post_office: PostOffice
) -> None:
    subscription, earlier = row(READERS[0]).subscription, row(READERS[0]).decision
    assert subscription
    audience.leave(subscription=subscription, told=Told(), now=make.NOW - 2 * MINUTE)
    make.subscriber(READERS[0], campaign.mailing_list)
    turn(campaign)
    assert states()[READERS[0]] == "sent"
    assert row(READERS[0]).decision == Subscription.objects.get(pk=subscription.pk).decision != earlier


def test_who_was_erased_since_the_queue_leaves_no_row_and_no_error(campaign: Campaign, post_office: PostOffice) -> None:
    Subscriber.objects.get(email=READERS[0]).delete()
    turn(campaign)
    assert READERS[0] not in states()
    assert len(post_office.letters) == len(READERS) - 1
    assert is_sent(campaign)


def test_a_consent_that_has_expired_allows_nothing(
    news: MailingList, clock: time_machine.Traveller, post_office: PostOffice
) -> None:
    subscription = make.subscriber(make.ANA, news)
    assert subscription.decision
    decision, _new = decide.record(
        choices={"mail:news": True},
        source=Decision.Source.MAIL,
        at=make.NOW,
        key=subscription.decision.id,
        told=Told(),
        statement="Until then.",
        expires_at=make.NOW + MINUTE,
    )
    Subscription.objects.update(decision=decision)
    make.subscriber(make.BEN, news)
    campaign = make.queued(make.campaign(news))
    clock.move_to(make.NOW + MINUTE)
    turn(campaign)
    assert post_office.addresses == [make.BEN]


def test_a_consent_to_another_list_allows_nothing(campaign: Campaign, post_office: PostOffice) -> None:
    MailingList.objects.update(key="offers")
    turn(campaign)
    assert post_office.addresses == []
    assert {state.partition(":")[0] for state in states().values()} == {"skipped"}


def test_the_row_names_what_allowed_it(campaign: Campaign, post_office: PostOffice, news: MailingList) -> None:
    turn(campaign)
    found = row(READERS[0])
    assert found.subscription
    assert found.decision == found.subscription.decision
    assert (found.purpose, found.sent_at, found.smtp_code) == ("dpv:DirectMarketing", make.NOW, 250)
    assert found.attempts == 1


def test_a_hash_of_an_address_stops_it_whatever_its_capitals(campaign: Campaign, post_office: PostOffice) -> None:
    suppression.suppress(
        [READERS[3].upper()], scope=Suppression.Scope.ALL, reason=Suppression.Reason.EDITOR, now=make.NOW
    )
    turn(campaign)
    assert READERS[3] not in post_office.addresses
    assert len(post_office.letters) == len(READERS) - 1


def test_links_are_counted_only_for_who_agreed_to_that(
    news: MailingList, clock: time_machine.Traveller, post_office: PostOffice
) -> None:
    for email in (make.ANA, make.BEN, make.CLEO):
        make.subscriber(email, news)
    counted(make.ANA, True)
    counted(make.CLEO, True)
    counted(make.CLEO, False)
    campaign = make.campaign(news, html='<p><a href="https://quay.example/prices">Prices</a></p>', count_links=True)
    turn(make.queued(campaign))
    assert {email: row(email).tracked for email in (make.ANA, make.BEN, make.CLEO)} == {
        make.ANA: True,
        make.BEN: False,
        make.CLEO: False,
    }
    for email, is_counted in ((make.ANA, True), (make.BEN, False)):
        html = post_office.letter(email).get_body(("html",)).get_content()  # type: ignore[union-attr]
        assert ("/mail/go/" in html, "https://quay.example/prices" in html) == (is_counted, not is_counted)


def counted(email: str, yes: bool) -> None:
    """This person says whether links may be counted."""
    subscription = Subscription.objects.get(subscriber__email=email)
    assert subscription.decision
    decide.record(
        choices={"mail-links:news": yes},
        source=Decision.Source.MAIL,
        at=make.NOW,
        key=uuid.uuid4(),
        told=Told(),
        statement="You may count them.",
        consent_id=subscription.decision.consent_id,
    )
