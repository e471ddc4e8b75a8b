"""Whom does a campaign reach beside its readers? The provider that carries its mail, where one is registered: a row of
the register of disclosures for each campaign.

A provider works for the owner (GDPR Art. 28). Its row counts the people; the campaign's deliveries name them.
"""

import json
from datetime import datetime
from typing import IO

from mailing.models import Campaign, Delivery
from records import disclosures
from records.models import Recipient
from records.registry import Ground, Receiver

MEANS = "mail provider, message by message"
SETS = {"mailing.Subscriber": ["email", "fields", "name"]}  # what a message may hold of its reader


def refusal(at: datetime) -> str:
    """Why no campaign may go through a provider at `at` (UTC); empty where it may, or no provider is registered."""
    if Ground.PURPOSE in disclosures.grounds(at) or not _providers():
        return ""
    return disclosures.why_not(Ground.PURPOSE, at)


def put_on_record(campaign: Campaign, *, count: int, now: datetime) -> None:
    """In the transaction that wrote the campaign's `count` rows. Raises disclosures.Refused."""
    for provider in _providers() if count else []:
        disclosures.disclose(
            recipient=provider,
            ground=Ground.PURPOSE,
            sets=SETS,
            people=(),
            unnamed=count,
            means=MEANS,
            content=lambda file: _list(campaign, file),
            asked_by=None,
            reference=f"{Campaign._meta.label}:{campaign.pk}",
            now=now,
        ).file.close()


def _providers() -> list[Recipient]:
    return list(Recipient.objects.filter(role=Receiver.MAIL).order_by("pk"))


def _list(campaign: Campaign, file: IO[bytes]) -> None:
    """Which delivery goes to which subscription: what the hash in the register covers, for the messages are yet to be
    written."""
    rows = Delivery.objects.filter(campaign=campaign).order_by("pk").values_list("pk", "subscription_id")
    for pair in rows.iterator(chunk_size=10_000):
        file.write(json.dumps(pair).encode() + b"\n")
