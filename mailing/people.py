"""Where does this floor store something about one person, and what does a copy of their data tell of it?

Keys are looked up first, step by step: PostgreSQL then finds each table by its index, whatever its size.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _

from mailing import addresses, incoming
from mailing.models import Delivery, Letter, Subscriber, Subscription
from records.accounts import of_account
from records.registry import Told, telling
from records.registry.declarations import FindBy
from records.sealed import found_by

_INDEX = found_by("subject")


def _searched(by: Callable[[Q, Q], Q]) -> dict[str, FindBy]:
    """`by` makes of a condition on subscribers and one on letters that on its own rows."""
    return {
        "email": lambda email: by(_subscriber(email), found_by("email_index")["email"](email)),
        "subject": lambda index: by(_INDEX["subject"](index), found_by("email_index")["subject"](index)),
    }


def _subscriber(email: str) -> Q:
    return _INDEX["email"](email) | Q(email__lower=addresses.normal(email))


def _keys(model: type[Model], condition: Q) -> list[Any]:
    return list(model._base_manager.filter(condition).values_list("pk", flat=True))


def _subscriptions(subscriber: Q, _letter: Q) -> Q:
    return Q(subscriber__in=_keys(Subscriber, subscriber))


def _deliveries(subscriber: Q, letter: Q) -> Q:
    subscriptions = _keys(Subscription, _subscriptions(subscriber, letter))
    return Q(subscription__in=subscriptions) | Q(letter__in=_keys(Letter, letter))


def _of_deliveries(subscriber: Q, letter: Q) -> Q:
    return Q(delivery__in=_keys(Delivery, _deliveries(subscriber, letter)))


def _decisions(subscriber: Q, letter: Q) -> Q:
    theirs = Subscription.objects.filter(_subscriptions(subscriber, letter), decision__isnull=False)
    return Q(consent_id__in=list(theirs.values_list("decision__consent_id", flat=True)))


SUBSCRIBER = _searched(lambda subscriber, _letter: subscriber)
SUBSCRIPTION = _searched(_subscriptions)
LETTER = _searched(lambda _subscriber, letter: letter)
DELIVERY = _searched(_deliveries)
OF_DELIVERY = _searched(_of_deliveries)
DECISION = _searched(_decisions)  # of the floor below, which knows no address


def suppressed(email: str) -> Q:
    return Q(digest=addresses.digest(email))


def imported(email: str) -> Q:
    """Files on their way in that have the address, and those that this person uploaded."""
    return Q(pk__in=incoming.holding(email)) | of_account("uploaded_by")["email"](email)


def forget_imported(keys: Sequence[Any], email: str, _now: datetime) -> int:
    """Takes the lines of this person out of files that wait; without the address, nothing can be told from others."""
    return sum(incoming.forget(key, email) for key in keys) if email else 0


SUPPRESSION: dict[str, FindBy] = {"email": suppressed}
IMPORT: dict[str, FindBy] = {"email": imported}

TELLS_SUBSCRIPTION = telling(
    "statement",
    "locale",
    "confirmation_sent_at",
    related=("mailing_list",),
    list=Told(_("list"), str, lambda row: row.mailing_list.name),
    consent=Told(_("consent"), str, lambda row: str(row.decision_id) if row.decision_id else None),
)
TELLS_DELIVERY = telling(
    *("purpose", "state", "reason", "attempts", "first_tried_at"),
    related=("campaign", "subscription__mailing_list"),
    kind=Told(_("kind"), str, lambda row: str(row.campaign.get_kind_display() if row.campaign else _("letter"))),
    list=Told(_("list"), str, lambda row: row.subscription.mailing_list.name if row.subscription else None),
    consent=Told(_("consent"), str, lambda row: str(row.decision_id) if row.decision_id else None),
)
TELLS_RETURN = telling("source", "received_at")
TELLS_FOLLOWED = telling(related=("link",), address=Told(_("address"), str, lambda row: row.link.url))
TELLS_LETTER = telling("purpose")
TELLS_SUPPRESSION = telling("scope")
