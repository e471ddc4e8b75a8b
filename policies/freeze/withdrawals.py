"""How is a pending version taken back? One that took force stays: it can only be superseded."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.models import Revision

from policies.freeze.texts import Act, alone
from policies.models import PolicyPage, PolicyVersion, PolicyWithdrawal
from records import terms


def withdraw(*, version: PolicyVersion, now: datetime, by: str = "", reason: str) -> PolicyWithdrawal:
    """Raises ValidationError for a version that took force or was withdrawn before."""
    with alone(version.policy):
        pending = PolicyVersion.objects.pending(now).filter(pk=version.pk).first()
        if pending is None:
            raise ValidationError(_("This version is not pending any more: it took force or was withdrawn."))
        return _withdraw(pending, Act(now, by), reason)


def cancel(*, revision: Revision, now: datetime, by: str = "", reason: str) -> int:
    """Withdraws the pending versions frozen from `revision`, but no end of the policy; returns how many."""
    with alone(PolicyPage.objects.get(pk=revision.object_id).key):
        pending = PolicyVersion.objects.pending(now).filter(revision=revision, ends=False)
        return len([_withdraw(version, Act(now, by), reason) for version in pending])


def take_back_other_instants(revision: Revision, effective_from: datetime, act: Act) -> None:
    """A revision scheduled again for another instant takes force once, at the new one."""
    pending = PolicyVersion.objects.pending(act.now).filter(revision=revision, ends=False)
    for version in pending.exclude(effective_from=effective_from):
        _withdraw(version, act, f"Rescheduled to {effective_from:%Y-%m-%d %H:%M} UTC.")


def _withdraw(version: PolicyVersion, act: Act, reason: str) -> PolicyWithdrawal:
    at = max(act.now, version.frozen_at)  # by clocks that differ, too, it was frozen first
    terms.withdraw(policy=version.policy, number=version.number, now=at)
    withdrawal = PolicyWithdrawal.objects.create(
        version=version, withdrawn_at=at, withdrawn_by=act.by, reason=reason[:300]
    )
    if not version.ends:  # an end has no mark of its own
        # Not save(), which would tell our own signal handler. Only this instant: the revision may have a newer one.
        scheduled = Revision.objects.filter(pk=version.revision_id, approved_go_live_at=version.effective_from)
        scheduled.update(approved_go_live_at=None)
    return withdrawal
