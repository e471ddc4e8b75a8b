"""Mail without a consent or a purpose, or without a way to the policy, breaks a promise for as long as it shows."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from consent.models import Decision
from consent.told import Told
from mailing import audience, letters
from mailing.models import Campaign, Delivery
from records import alarms
from records.models import PromiseCheck
from records.registry import Purpose
from tests import make
from tests.records.promised import broken, command, one, tamper

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
LIST, PURPOSE, LINK = "Mail to lists", "What mail is for", "The way from a mail to the policy"


@pytest.fixture
def sent(clock: Any, db: None) -> Campaign:
    """A campaign that Ana got with her consent."""
    home = make.site()
    make.policy(home)
    news = make.mailing_list()
    subscription = make.subscriber(make.ANA, news)
    campaign = make.queued(make.campaign(news))
    values = {"state": "sent", "sent_at": make.NOW + MINUTE, "purpose": Purpose.PROMOTION}
    Delivery.objects.update(decision=subscription.decision_id, **values)
    clock.move_to(make.NOW + DAY)
    return campaign


def now() -> Any:
    return timezone.now()


def test_mail_that_a_consent_covered_keeps_it(sent: Campaign) -> None:
    found = one("mailing.consent", now())
    assert (found.state, found.stated_by) == ("kept", "Privacy policy, version 1")
    assert one("mailing.purpose", now()).state == "kept"


@pytest.mark.parametrize(
    ("what", "statement"),
    [
        ("none is named", "UPDATE mailing_delivery SET decision_id = NULL"),
        ("it refuses", "UPDATE consent_decision SET choices = '{\"mail:news\": false}'"),
        ("it is about another list", "UPDATE consent_decision SET choices = '{\"mail:other\": true}'"),
        ("it was over", "UPDATE consent_decision SET expires_at = '2026-03-01 11:00Z'"),
        ("it came later", "UPDATE consent_decision SET decided_at = '2026-03-01 12:30Z'"),
    ],
)
def test_mail_that_no_consent_covered(sent: Campaign, what: str, statement: str) -> None:
    [decision] = Decision.objects.all()
    tamper(statement)
    status, printed = command()
    assert (status, LIST in broken(printed)) == (1, True), what
    assert "no consent allowed as they left: fewer than 5." in printed
    assert make.ANA not in printed
    tamper(
        "UPDATE consent_decision SET choices = '{\"mail:news\": true}', expires_at = NULL, decided_at = %s",
        decision.decided_at,
    )
    tamper("UPDATE mailing_delivery SET decision_id = %s", decision.pk)
    assert LIST not in broken(command()[1])


def test_mail_after_the_consent_was_withdrawn(sent: Campaign) -> None:
    subscription = Delivery.objects.get().subscription
    assert subscription
    audience.leave(subscription=subscription, told=Told(), now=make.NOW + 2 * MINUTE)
    assert LIST not in broken(command()[1]), "it left before"
    Delivery.objects.update(sent_at=make.NOW + 11 * MINUTE)
    assert LIST not in broken(command()[1]), "it was being handed over"
    Delivery.objects.update(sent_at=make.NOW + 13 * MINUTE)
    assert LIST in broken(command()[1])
    Delivery.objects.update(sent_at=make.NOW + MINUTE)
    assert LIST not in broken(command()[1])


def test_mail_for_a_purpose_that_no_version_named_at_the_time(sent: Campaign) -> None:
    make.purpose(number=2, at=make.NOW + 30 * MINUTE, named=False)
    assert PURPOSE not in broken(command()[1]), "it was named as it left"
    Delivery.objects.update(sent_at=make.NOW + 31 * MINUTE)
    status, printed = command()
    assert (status, PURPOSE in broken(printed)) == (1, True)
    Delivery.objects.update(sent_at=make.NOW + 29 * MINUTE)
    assert PURPOSE not in broken(command()[1])


def letter(purpose: Purpose) -> None:
    letters.write(email=make.BEN, subject="Re: boats", text="Yes.", locale="en", now=make.NOW, purpose=purpose)
    Delivery.objects.filter(letter__isnull=False).update(state="sent", sent_at=make.NOW + MINUTE)


@pytest.mark.parametrize(
    ("purpose", "state"), [(Purpose.COMMUNICATION, "broken"), (Purpose.PROMOTION, "kept"), (Purpose.LEGAL, "kept")]
)
def test_a_letter_needs_a_named_purpose_unless_the_law_asks_for_it(
    sent: Campaign, purpose: Purpose, state: str
) -> None:
    letter(purpose)
    assert one("mailing.purpose", now()).state == state


def test_where_no_version_names_any_purpose_a_letter_breaks_nothing(db: None, clock: Any) -> None:
    make.purpose(number=2, at=make.NOW, named=False)
    letter(Purpose.COMMUNICATION)
    assert one("mailing.purpose", now() + DAY).state == "uncovered"


def test_after_ninety_days_nothing_is_looked_up_any_more(sent: Campaign) -> None:
    Delivery.objects.update(decision=None)
    assert one("mailing.consent", make.NOW + 90 * DAY).state == "broken"
    assert one("mailing.consent", make.NOW + 91 * DAY).state == "kept"


FOOTERS = ["mailing/mail/footer.txt", "mailing/mail/footer.mjml"]


@pytest.mark.parametrize("name", FOOTERS)
def test_a_mail_that_does_not_lead_to_the_policy(sent: Campaign, name: str, settings: Any) -> None:
    assert LINK not in broken(command()[1])
    engine = {**settings.TEMPLATES[0], "APP_DIRS": False}
    loaders = ["django.template.loaders.app_directories.Loader"]
    override = ("django.template.loaders.locmem.Loader", {name: "Yours."})
    with override_settings(TEMPLATES=[engine | {"OPTIONS": engine["OPTIONS"] | {"loaders": [override, *loaders]}}]):
        status, printed = command()
    assert (status, LINK in broken(printed)) == (1, True)
    assert "letter in en" in printed
    assert "Spring in en" in printed
    assert LINK not in broken(command()[1])


def test_without_a_policy_there_is_nowhere_to_lead(db: None) -> None:
    make.site()
    assert one("mailing.linked", make.NOW).state == "uncovered"


def test_what_was_found_clean_is_looked_at_again_once_a_day(sent: Campaign) -> None:
    alarms.watch(now=make.NOW + 5 * DAY)
    Delivery.objects.update(decision=None)
    assert one("mailing.consent", make.NOW + 5 * DAY + 23 * HOUR).state == "kept", "it is older than what came since"
    assert one("mailing.consent", make.NOW + 6 * DAY).state == "broken"


def test_while_it_is_broken_all_of_it_is_looked_at_every_time(sent: Campaign) -> None:
    before = Delivery.objects.get().decision_id
    Delivery.objects.update(decision=None)
    alarms.watch(now=make.NOW + 5 * DAY)
    assert PromiseCheck.objects.get(key="mailing.consent").state == "broken"
    assert one("mailing.consent", make.NOW + 5 * DAY + HOUR).state == "broken"
    Delivery.objects.update(decision=before)
    assert one("mailing.consent", make.NOW + 5 * DAY + HOUR).state == "kept"
