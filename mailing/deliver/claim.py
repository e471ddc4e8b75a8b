"""Which rows does a connection take, so that no two take the same? And who gets back what nobody works on?"""

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from mailing.addresses import Provider
from mailing.models import Delivery

State = Delivery.State
LEASE = timedelta(minutes=10)  # longer than a turn; the fence asks again whether a row is still its taker's
LOST_AFTER = timedelta(hours=24)  # a machine that was silent for so long does not come back with its journal

_CLAIM = """
UPDATE mailing_delivery SET state = 'claimed', owner = %s, lease_until = %s, changed_at = %s
WHERE id IN (
    SELECT d.id FROM mailing_delivery d
    WHERE {stream} AND d.provider = %s AND d.state IN ('pending', 'deferred') AND d.not_before <= %s
        AND NOT EXISTS (
            SELECT 1 FROM mailing_slowdown s
            WHERE s.until > %s AND (s.target = d.domain OR (s.target = d.provider AND d.provider <> 'other'))
        )
    ORDER BY d.not_before, d.id LIMIT %s FOR UPDATE SKIP LOCKED
) RETURNING id
"""


_LETTERS = "d.campaign_id IS NULL"
# Nothing is taken of one that was paused or cancelled meanwhile; what was taken before, the fence stops.
_OF_CAMPAIGN = "d.campaign_id = (SELECT c.id FROM mailing_campaign c WHERE c.id = %s AND c.state = 'sending')"


def claim(campaign_id: int | None, *, owner: str, provider: Provider, limit: int, now: datetime) -> list[int]:
    """Takes up to `limit` waiting rows of a campaign (None: of letters) whose hour has come; returns their keys."""
    query = _CLAIM.format(stream=_LETTERS if campaign_id is None else _OF_CAMPAIGN)
    of = [] if campaign_id is None else [campaign_id]
    with connection.cursor() as cursor:
        cursor.execute(query, [owner, now + LEASE, now, *of, provider, now, now, limit])
        return sorted(key for (key,) in cursor.fetchall())


def give_back(owner: str, keys: list[int] | None = None) -> int:
    """What `owner` took and has not begun waits again: these rows, or all of them."""
    taken = Delivery.objects.filter(state=State.CLAIMED, owner=owner)
    if keys is not None:
        taken = taken.filter(pk__in=keys)
    return taken.update(state=State.PENDING, owner="", lease_until=None, changed_at=timezone.now())


def take_back(*, alive: set[str], now: datetime) -> int:
    """Rows that were taken and never begun wait again once their lease is over. Those being handed over are never taken
    back by time: what their machine was silent about for a day is unknown. `alive`: owners known to be at work."""
    expired = Delivery.objects.filter(state=State.CLAIMED, lease_until__lt=now)
    freed = expired.update(state=State.PENDING, owner="", lease_until=None, changed_at=now)
    lost = Delivery.objects.filter(state=State.SENDING, changed_at__lt=now - LOST_AFTER).exclude(owner__in=alive)
    return freed + lost.update(state=State.UNKNOWN, reason=Delivery.Reason.LOST, owner="", changed_at=now)
