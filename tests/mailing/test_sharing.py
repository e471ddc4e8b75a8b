"""Whether somebody else gets a reader's data is the reader's choice: asked, never ticked before, taken back there."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from consent.models import Decision
from mailing import audience, outgoing
from mailing.models import MailingList, Subscriber, Subscription
from mailing.views import links
from records.models import Recipient
from tests import make
from tests.mailing.test_export import agreed


@pytest.fixture
def ana(db: None, clock: Any) -> Subscription:
    make.site()
    return make.subscriber(make.ANA, make.mailing_list())


def ferry(**changes: Any) -> Recipient:
    values = {"name": "Ferry Ltd", "country": "NL", "asks": True, "words": "It writes to me about ferries."}
    return Recipient.objects.create(**values | changes)


def address(subscription: Subscription) -> str:
    return f"/mail/preferences/{links.preferences_token(subscription.subscriber_id, make.NOW)}/"


def page(subscription: Subscription) -> str:
    return Client().get(address(subscription)).content.decode()


def save(subscription: Subscription, *shares: Recipient, was: tuple[Recipient, ...] = (), **changes: Any) -> Any:
    found = re.search(r'name="words" value="(\w+)"', page(subscription))
    assert found
    said = {"act": "save", "words": found[1], "mail": "news", "mail_was": "news", "locale": "en", "time_zone": ""}
    said |= {"shares": [each.pk for each in shares], "shares_was": [each.pk for each in was]}
    return Client().post(address(subscription), said | changes, **make.HERE)


def about(recipient: Recipient) -> list[Decision]:
    return list(Decision.objects.filter(choices__has_key=outgoing.purpose(recipient)).order_by("seq"))


def test_a_recipient_that_asks_is_offered_and_not_ticked(ana: Subscription) -> None:
    silent = ferry(name="Silent Ltd", asks=False)
    shown = page(ana)
    assert "Who else may get your data" not in shown
    asking = ferry()
    shown = page(ana)
    assert "It writes to me about ferries." in shown
    assert re.search(rf'name="shares" value="{asking.pk}" aria-describedby="\w+">', shown)
    assert silent.name not in shown


def test_a_tick_is_one_decision_with_the_words_beside_it(ana: Subscription) -> None:
    tally = ferry()
    assert save(ana, tally).status_code == 303
    [decision] = about(tally)
    assert decision.choices == {f"share:{tally.pk}": True}
    assert decision.statement == (
        "Quay Ltd may give my e-mail address, my name and what I say about myself here to Ferry Ltd (Netherlands). It "
        "writes to me about ferries. I can take this back here at any time."
    )
    assert (decision.source, decision.action, decision.locale) == ("mail", "give", "en")
    assert outgoing.agreed(tally, [make.ANA], make.NOW) == {make.ANA: decision.pk}
    assert "checked" in re.findall(r'name="shares"[^>]*>', page(ana))[0]
    assert Subscription.objects.live().count() == 1


def test_the_same_tick_again_and_a_form_without_it_say_nothing(ana: Subscription) -> None:
    tally = ferry()
    save(ana)
    assert about(tally) == []
    save(ana, tally)
    save(ana, tally, was=(tally,))
    assert len(about(tally)) == 1
    save(ana, tally)
    assert len(about(tally)) == 1


def test_it_is_taken_back_where_it_was_given(ana: Subscription) -> None:
    tally = ferry()
    save(ana, tally)
    save(ana, was=(tally,))
    assert [decision.action for decision in about(tally)] == ["give", "withdraw"]
    assert outgoing.agreed(tally, [make.ANA], make.NOW) == {}
    assert Subscription.objects.live().count() == 1


def test_what_was_given_can_be_taken_back_when_nobody_is_asked_any_more(ana: Subscription) -> None:
    tally = ferry()
    save(ana, tally)
    Recipient.objects.update(asks=False)
    assert "Ferry Ltd" in page(ana)
    save(ana, was=(tally,))
    assert "Ferry Ltd" not in page(ana)


def test_other_words_than_those_shown_are_agreed_to_by_nobody(ana: Subscription) -> None:
    tally = ferry()
    found = re.search(r'name="words" value="(\w+)"', page(ana))
    assert found
    Recipient.objects.update(words="It sells my address.")
    assert save(ana, tally, words=found[1]).status_code == 409
    assert about(tally) == []


def test_whoever_is_offered_to_nobody_is_allowed_by_nobody(ana: Subscription) -> None:
    silent = ferry(asks=False)
    answer = save(ana, silent)
    assert answer.status_code == 422
    assert about(silent) == []


def test_before_an_address_is_confirmed_nobody_is_asked(ana: Subscription) -> None:
    ferry()
    waiting = make.request(make.BEN, MailingList.objects.get())
    assert "Who else may get your data" not in page(waiting)
    wishes = [audience.Share(Recipient.objects.get(), "Yes.", True)]
    told = {"locale": "en", "told": make.Told(), "now": make.NOW}
    assert audience.share(subscriber=waiting.subscriber, wishes=wishes, **told) == 0


def test_the_newest_word_counts_whichever_list_it_stands_beside(ana: Subscription) -> None:
    tally = ferry()
    other = MailingList.objects.create(key="offers", name="Offers", description="Prices.")
    second = make.subscriber(make.ANA, other)
    agreed(ana, outgoing.purpose(tally), True)
    agreed(second, outgoing.purpose(tally), False)
    assert audience.offered(Subscriber.objects.get(), make.NOW) == [(tally, False)]
    agreed(ana, outgoing.purpose(tally), True, expires_at=make.NOW + timedelta(days=1))
    assert audience.offered(Subscriber.objects.get(), make.NOW) == [(tally, True)]
    assert audience.offered(Subscriber.objects.get(), make.NOW + timedelta(days=1)) == [(tally, False)]


@pytest.mark.django_db
def test_nobody_is_asked_without_being_told_what_for() -> None:
    with pytest.raises(ValidationError, match="say what it is used for"):
        Recipient(name="Ferry Ltd", asks=True, words=" ").full_clean()
