"""A person saw what an erasure takes and what it leaves, and said yes: what happens until it is done?

The receipt goes out before the address is gone: the letter first, and once the mail server has it, the erasure, which
takes the letter's own record along.
"""

import hmac
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import translation

from records import post
from records.models import SubjectRequest
from records.subject_requests import erasing, events, filing, held, links, telling
from records.subject_requests.events import Act
from records.subject_requests.plan import Plan
from records.subject_requests.telling import Letter

PATIENCE = timedelta(hours=24)  # an erasure waits no longer for a mail server that does not take the receipt
Kind, State = SubjectRequest.Kind, SubjectRequest.State


def agree(row: SubjectRequest, *, plan_sha256: str, now: datetime, by: Any = None) -> Plan:
    """Yes to the plan with this hash; from here a worker carries it out. `row` is locked, in a transaction of the
    caller's; its link is used up. `by` is the user of the CMS who says so in the person's stead.

    Raises erasing.PlanChanged, and changes nothing, where what is stored is no longer what the plan showed.
    """
    shown = held.planned(row, now=now)
    if not hmac.compare_digest(shown.sha256.encode(), plan_sha256.encode(errors="replace")):
        raise erasing.PlanChanged("What is stored changed since the plan was shown.")
    links.use_up(row)
    row.plan_sha256 = shown.sha256
    row.save(update_fields=["plan_sha256"])
    with translation.override(row.locale):
        lines = {"goes": held.goes(shown), "stays": held.stays(shown)}
    telling.tell(row, Letter.ERASING, now=now, **lines)
    events.note(row, Act.STARTED if by else Act.AGREED, now=now, by=by)
    return shown


def carry_out(request_id: Any, *, now: datetime) -> bool:
    """Erases what somebody agreed to, once the receipt has left. Safe to repeat, also after a worker died in it. False
    where it must wait, where there is nothing to do, and where rows changed: then the person is asked anew."""
    own = SubjectRequest.objects.filter(pk=request_id, kind=Kind.ERASURE, state=State.OPEN)
    row = own.exclude(plan_sha256="").first()
    if row is None:
        return False
    since = row.events.filter(act__in=[Act.AGREED, Act.STARTED]).latest("at").at
    if post.on_its_way(telling.reference(row, Letter.ERASING)) and now < since + PATIENCE:
        return False
    try:
        receipt = erasing.carry_out(
            row.email if row.is_readable else "",
            subject=bytes(row.subject or b""),
            plan_sha256=row.plan_sha256,
            until=since,
            beside=held.beside(row),
            now=now,
        )
    except erasing.PlanChanged:
        _ask_again(row.pk, now)
        return False
    _close(row.pk, receipt, now)
    return True


def _ask_again(request_id: Any, now: datetime) -> None:
    with transaction.atomic():
        row = _locked(request_id)
        if row is None:
            return
        row.plan_sha256 = ""
        row.save(update_fields=["plan_sha256"])
        token = links.give(row, links.ERASE, now=now)
        telling.tell(row, Letter.CHANGED, now=now, address=links.address(token, row.locale))
        events.note(row, Act.ASKED_AGAIN, now=now)


def _close(request_id: Any, receipt: dict[str, Any], now: datetime) -> None:
    """The request is done, and with it whatever else the person had asked that nobody can answer any more."""
    with transaction.atomic():
        row = _locked(request_id)
        if row is None:
            return
        row.receipt = receipt
        row.save(update_fields=["receipt"])
        _end(row, now)
        if not row.is_readable:
            for other in SubjectRequest.objects.open().filter(subject=row.subject):
                _end(other, now)


def _locked(request_id: Any) -> SubjectRequest | None:
    """None where another worker was quicker."""
    rows = SubjectRequest.objects.select_for_update(no_key=True)
    return rows.filter(pk=request_id, state=State.OPEN).exclude(plan_sha256="").first()


def _end(row: SubjectRequest, now: datetime) -> None:
    events.note(row, Act.ERASED, now=now)
    filing.end(row, State.DONE, now=now)
