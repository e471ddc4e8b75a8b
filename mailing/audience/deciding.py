"""How does a choice about mail get into the ledger, and which choices stand?"""

import uuid
from collections.abc import Mapping
from datetime import datetime

from django.utils import translation

from consent import decide
from consent.models import Decision
from consent.told import Told
from mailing.models import Subscription


def record(
    subscription: Subscription,
    choices: Mapping[str, bool],
    *,
    statement: str,
    locale: str = "",
    told: Told,
    now: datetime,
) -> Decision:
    """Writes one decision of the person behind `subscription`, beside those they made about it before. `locale` is the
    language of the words, that of the page where it is left empty."""
    earlier = subscription.decision
    decision, _new = decide.record(
        choices=choices,
        source=Decision.Source.MAIL,
        at=now,
        key=uuid.uuid4(),
        told=told,
        statement=statement,
        consent_id=earlier.consent_id if earlier else None,
        action=Decision.Action.GIVE if any(choices.values()) else Decision.Action.WITHDRAW,
        locale=locale or translation.get_language() or "",
    )
    return decision


def is_live(subscription: Subscription | None) -> bool:
    """Confirmed and not left."""
    return subscription is not None and subscription.decision_id is not None and subscription.left_at is None


def tracking_allowed(subscription: Subscription, at: datetime) -> bool:
    """Does this person let followed links of the list's mails be counted, at `at` (UTC)? Only who is on the list."""
    if subscription.decision is None or subscription.left_at is not None:
        return False
    purpose = subscription.mailing_list.tracking
    return decide.standing_for(consent_id=subscription.decision.consent_id, purpose=purpose, at=at) is not None
