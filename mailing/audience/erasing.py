"""How is a person forgotten, and what stays so that nobody writes to them by mistake?

An erasure goes through all data sets of the site; what this floor adds is done first, whoever starts it.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from consent.told import Told
from mailing import addresses, suppression
from mailing.audience.leaving import leave_all
from mailing.models import Subscriber, Suppression
from records.subject_requests import erasing


def before(*, email: str, subject: bytes, now: datetime) -> None:
    """Withdraws what the person agreed to, and leaves a keyed hash of the address on the suppression list, so that no
    import brings it back. Decisions stay in the ledger: they name nobody, and prove that mail was allowed
    (GDPR Art. 17(3)(e)). Nobody shows a text to them at that moment: none is claimed to have been."""
    with transaction.atomic():
        same = Q(subject=subject) | Q(email__lower=addresses.normal(email)) if email else Q(subject=subject)
        known = list(Subscriber.objects.filter(same))
        for subscriber in known:
            leave_all(subscriber=subscriber, told=Told(), now=now)
        emails = {each.email for each in known} | ({email} if email else set())
        # Answers to what they write themselves later are no mail of lists.
        scope, reason = suppression.Scope.LISTS, suppression.Reason.ERASURE
        suppression.suppress(sorted(emails), scope=scope, reason=reason, now=now)


def erase(*, subscriber: Subscriber, keep_hash: bool, now: datetime) -> dict[str, Any]:
    """Erases the person everywhere, and returns the receipt. `keep_hash` False takes the hash off the suppression list
    again, where it was not there before."""
    email, before_it = subscriber.email, _hashes(subscriber.email)
    receipt = erasing.carry_out(email, now=now)
    if not keep_hash:
        Suppression.objects.filter(pk__in=_hashes(email) - before_it, reason=suppression.Reason.ERASURE).delete()
    return receipt


def _hashes(email: str) -> set[int]:
    return set(Suppression.objects.filter(digest=addresses.digest(email)).values_list("pk", flat=True))
