"""How is a person forgotten, and what stays so that nobody writes to them by mistake?"""

from datetime import datetime

from django.db import transaction

from consent.told import Told
from mailing import suppression
from mailing.audience.leaving import leave_all
from mailing.models import Subscriber


def erase(*, subscriber: Subscriber, keep_hash: bool, told: Told, now: datetime) -> None:
    """Withdraws what they agreed to, then deletes the address, the subscriptions and what was sent (GDPR Art. 17).

    `keep_hash` leaves a keyed hash of the address on the suppression list, so that no import brings it back. Decisions
    stay in the ledger: they name nobody, and prove that mail was allowed (Art. 17(3)(e)).
    """
    with transaction.atomic():
        leave_all(subscriber=subscriber, told=told, now=now)
        if keep_hash:
            # Answers to what they write themselves later are no mail of lists.
            scope, reason = suppression.Scope.LISTS, suppression.Reason.ERASURE
            suppression.suppress([subscriber.email], scope=scope, reason=reason, now=now)
        subscriber.delete()
