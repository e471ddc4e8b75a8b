"""One worker's turn at a campaign: take rows, ask the fence, hand over, write down what became of each."""

import logging
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.conf import settings
from django.utils import timezone

from mailing import campaigns, compose, transport
from mailing.addresses import Provider
from mailing.compose.shapes import Edition
from mailing.deliver import claim, fence, journal
from mailing.deliver.fence import Ready
from mailing.deliver.journal import Slot
from mailing.deliver.settle import settle, unwritable
from mailing.models import Campaign
from mailing.transport import Closed, Parcel, Transport, rates

logger = logging.getLogger(__name__)

BATCH = 250  # rows taken at a time
CHUNK = 50  # rows let out by one fence: what is withdrawn later is at most this late
CHUNK_SECONDS = 30  # and at most this long
TURN_SECONDS = 20  # then the task ends and another one goes on, so that no campaign keeps the others waiting
CALLS = 3  # times that a turn calls a server which hangs up
WAIT = 0.25  # seconds between two looks at an empty token bucket


@dataclass
class Turn:
    """Everything that one turn keeps in its hands."""

    campaign: Campaign | None  # None: letters
    slot: Slot
    out: Transport
    ends: float  # time.monotonic()
    editions: dict[tuple[str, str], Edition | ValueError] = field(default_factory=dict)
    handled: int = 0
    hung_up: int = 0
    provider: Provider | None = None  # whose rows came last: there are probably more

    def edition(self, ready: Ready, now: datetime) -> Edition:
        if ready.letter:
            return compose.of_letter(ready.letter, now=now)
        assert self.campaign, "rows without a letter are of a campaign"
        key = (ready.language, ready.version)
        if key not in self.editions:
            self.editions[key] = _edition(self.campaign, ready, now)
        found = self.editions[key]
        if isinstance(found, ValueError):
            raise found
        return found


def _edition(campaign: Campaign, ready: Ready, now: datetime) -> Edition | ValueError:
    """What cannot be written is tried once, not for each reader."""
    try:
        return compose.edition(campaign, language=ready.language, version=ready.version, now=now)
    except ValueError as error:
        return error


def send(campaign_id: int | None, *, seconds: float = TURN_SECONDS) -> int:
    """Sends or skips waiting rows of a campaign (None: letters) for up to `seconds`; returns how many it took, 0 also
    when all connections of this machine are in use.

    Raises OSError (smtplib.SMTPException is one) when the mail server or Valkey cannot be reached; rows not begun wait.
    """
    with journal.slot(settings.MAIL_JOURNAL, settings.MAIL_CONNECTIONS) as slot:
        if slot is None:
            return 0
        recover(slot)
        campaign = campaign_id and Campaign.objects.select_related("mailing_list", "policy_version").get(pk=campaign_id)
        if campaign and campaign.state != Campaign.State.SENDING:
            return 0
        slot.begin()
        with transport.opened() as out:
            turn = Turn(campaign or None, slot, out, time.monotonic() + seconds)
            try:
                _work(turn)
            finally:
                claim.give_back(slot.owner)
        slot.clear()  # not where a chunk could not be settled: whoever finds the file does that
    if campaign_id:
        campaigns.finish(campaign_id, now=timezone.now())
    return turn.handled


def recover(slot: Slot) -> int:
    """Settles what an owner that is gone left in this slot; returns how many rows that were."""
    said = slot.left()
    settled = settle(said, now=timezone.now(), alive=False) if said else 0
    if settled:
        logger.warning("%d deliveries of a connection that is gone were settled from its journal", settled)
    slot.clear()
    return settled


def _work(turn: Turn) -> None:
    while time.monotonic() < turn.ends:
        taken, granted = _take(turn)
        if not taken:
            return
        if not granted:
            time.sleep(WAIT)
        for start in range(0, len(granted), CHUNK):
            if time.monotonic() > turn.ends:
                return
            _try(turn, granted[start : start + CHUNK])


def _try(turn: Turn, keys: list[int]) -> None:
    """A server that hangs up is called again, a few times: many do so after a number of messages of their own."""
    try:
        _chunk(turn, keys)
    except Closed as error:
        turn.hung_up += 1
        if turn.hung_up > CALLS:
            raise
        logger.info("the mail server ended the connection (%s); it is called again", error)


def _take(turn: Turn) -> tuple[list[int], list[int]]:
    """Rows of the first provider that has some, and those of them that the rates allow now; the others wait again."""
    campaign_id = turn.campaign.pk if turn.campaign else None
    per_minute = turn.campaign.per_minute if turn.campaign else None
    limited = bool(settings.MAIL_RATES or per_minute)
    some: list[int] = []
    others = random.sample(list(Provider), len(Provider))
    for provider in dict.fromkeys([turn.provider, *others] if turn.provider else others):
        limit = CHUNK if limited else BATCH
        taken = claim.claim(campaign_id, owner=turn.slot.owner, provider=provider, limit=limit, now=timezone.now())
        if not taken:
            continue
        some = taken
        may = rates.take(len(taken), provider=provider, campaign=campaign_id or 0, per_minute=per_minute)
        if may < len(taken):
            claim.give_back(turn.slot.owner, taken[may:])
        if may:
            turn.provider = provider
            return taken, taken[:may]
    return some, []


def _chunk(turn: Turn, keys: list[int]) -> None:
    turn.slot.begin()
    now = timezone.now()
    owner = turn.slot.owner
    ends = time.monotonic() + CHUNK_SECONDS  # from before the fence: what it found may be as old as this
    if turn.campaign:
        ready = fence.pass_chunk(turn.campaign, keys, owner=owner, now=now)
    else:
        ready = fence.pass_letters(keys, owner=owner, now=now)
    turn.handled += len(keys)
    spoilt: list[int] = []
    try:
        turn.out.send(_parcels(turn, ready, spoilt, now), turn.slot, lambda: time.monotonic() < ends)
    finally:
        if spoilt:
            unwritable(owner, spoilt, now=timezone.now())
        settle(turn.slot.said, now=timezone.now(), alive=True, handed_over=len(ready) - len(spoilt))


def _parcels(turn: Turn, ready: list[Ready], spoilt: list[int], now: datetime) -> Iterator[Parcel]:
    for each in ready:
        try:
            edition = turn.edition(each, now)
            wire = edition.wire(each.reader)
            sender = edition.sender(each.reader)
        except ValueError:  # a header with a line break, an address nobody can have
            spoilt.append(each.delivery)
            continue
        yield Parcel(
            number=each.delivery,
            sender=sender,
            recipient=each.reader.email,
            wire=partial(bytes, wire),
            message=partial(edition.message, each.reader),
        )
