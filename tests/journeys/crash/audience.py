"""Many people who asked and confirmed, and what they are written: made quickly, and as valid as one by one."""

import uuid
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from consent import decide
from consent.models import Decision
from consent.told import Told
from mailing import addresses, campaigns
from mailing.addresses import Provider
from mailing.models import Campaign, MailingList, Subscriber, Subscription
from policies.models import PolicyPage
from tests import make

STATEMENT = "You may write to me."
MAILBOXES = [  # and who runs them, as DNS might have said
    ("mail.example", Provider.OTHER),
    ("harbour.example", Provider.OTHER),
    ("isle.example", Provider.GMAIL),
    ("quay.example", Provider.MICROSOFT),
]


def site(now: datetime) -> PolicyPage:
    """A site whose policy in force names promotional mail."""
    page = make.policy(make.site())
    make.purpose(at=now - timedelta(days=1))
    return page


def readers(to: MailingList, count: int, *, now: datetime) -> None:
    """So many people on a list. The part of their addresses before the @ is the list's key and a number."""
    emails = (f"{to.key}-{place}@{MAILBOXES[place % len(MAILBOXES)][0]}" for place in range(count))
    people = Subscriber.objects.bulk_create(_person(email, now) for email in emails)
    Subscription.objects.bulk_create(
        Subscription(
            subscriber=person,
            mailing_list=to,
            statement=STATEMENT,
            locale="en",
            requested_at=now,
            confirmation_sent_at=now,
            decision=_decision(to, now),
            confirmed_at=now,
        )
        for person in people
    )


def _person(email: str, now: datetime) -> Subscriber:
    domain = addresses.domain(email)
    known = {"digest": addresses.digest(email), "domain": domain, "provider": dict(MAILBOXES)[domain]}
    return Subscriber(email=email, name=email.partition("@")[0].title(), locale="en", created_at=now, **known)


def _decision(to: MailingList, now: datetime) -> Decision:
    decision, _new = decide.record(
        choices={to.purpose: True},
        source=Decision.Source.MAIL,
        at=now,
        key=uuid.uuid4(),
        told=Told(),
        statement=STATEMENT,
        locale="en",
    )
    return decision


def mailing_list(key: str, count: int) -> MailingList:
    """A list of its own for each campaign: whom one server refuses is not missing elsewhere."""
    with transaction.atomic():
        made = MailingList.objects.create(key=key, name=key.title(), description="What happens here.")
        readers(made, count, now=timezone.now())
    return made


def scheduled(key: str, count: int) -> Campaign:
    """A campaign to so many people whose instant has come; a worker is to begin it."""
    made = make.campaign(mailing_list(key, count), subject="{{ name|Spring }}, it is spring")
    campaigns.schedule(campaign=made, send_at=timezone.now(), now=timezone.now())
    return made


def clear() -> None:
    """Nobody is on a list, and nothing is on its way: a notice concerns everybody, and what one test leaves unfinished
    is none of another's."""
    Subscription.objects.filter(left_at=None).update(left_at=timezone.now())
    Campaign.objects.filter(state=Campaign.State.SENDING).update(state=Campaign.State.CANCELLED)


def changed(page: PolicyPage) -> int:
    """A material version of the policy, in force at once; returns its key. Workers find it by themselves."""
    revised = make.revise(page, f"We keep nothing, as of {timezone.now():%H:%M:%S.%f}.", material=True)
    return int(revised.versions.order_by("number").values_list("pk", flat=True).last() or 0)
