"""How does a published or scheduled text become a version that nobody can change?"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import rfc8785
from django.db import transaction
from django.db.models import Max
from django.template.loader import render_to_string
from wagtail.models import Page, Revision

from policies import clauses
from policies.models import PolicyPage, PolicyVersion, PolicyWithdrawal


def freeze(
    *, page: PolicyPage, revision: Revision, effective_from: datetime, now: datetime, by: str = ""
) -> PolicyVersion | None:
    """Freezes `page`'s text as the next version, in force from `effective_from` (UTC).

    Returns None when nothing changed: the version that would be in force at that instant has the same content.
    Raises ValidationError for a text with gaps. Runs in the caller's transaction, so that a publication and its
    version stand or fall together.
    """
    page.clean_for_publishing()
    content = clauses.content(page.title, page.body)
    digest = hashlib.sha256(rfc8785.dumps(content)).hexdigest()
    with _alone(page.pk):
        last = page.versions.aggregate(number=Max("number"), frozen_at=Max("frozen_at"))
        # Of two who publish at once, or by clocks that differ, the one served last is the newer.
        now = max(now, last["frozen_at"] or now)
        effective_from = max(effective_from, now)
        _take_back_other_instants(revision, effective_from, now=now, by=by)
        current = page.versions.effective_by(effective_from).first()
        if current and current.content_sha256 == digest:
            return None
        frozen = [clauses.Clause(**clause) for clause in content["clauses"]]
        return PolicyVersion.objects.create(
            page=page,
            revision=revision,
            number=(last["number"] or 0) + 1,
            effective_from=effective_from,
            frozen_at=now,
            frozen_by=by,
            change_note=page.change_note,
            content=content,
            content_sha256=digest,
            html=render_to_string("policies/frozen.html", {"clauses": frozen}),
            text="\n\n".join(clause.text for clause in frozen) + "\n",
        )


@contextmanager
def _alone(page_id: object) -> Iterator[None]:
    """One at a time per page, so that numbers have no gap and no double and nothing is withdrawn twice."""
    with transaction.atomic():
        Page.objects.select_for_update().get(pk=page_id)
        yield


def frozen_when_scheduled(*, page: PolicyPage, revision: Revision, now: datetime) -> bool:
    """Is `revision` only published now because the instant it was scheduled and frozen for has come?"""
    due = page.versions.filter(revision=revision, effective_from__lte=now)
    return due.filter(effective_from=revision.approved_go_live_at).exists()


def _take_back_other_instants(revision: Revision, effective_from: datetime, *, now: datetime, by: str) -> None:
    """A revision scheduled again for another instant takes force once, at the new one."""
    others = PolicyVersion.objects.pending(now).filter(revision=revision).exclude(effective_from=effective_from)
    for version in others:
        _withdraw(version, now=now, by=by, reason=f"Rescheduled to {effective_from:%Y-%m-%d %H:%M} UTC.")


def withdraw(*, revision: Revision, now: datetime, by: str = "", reason: str) -> int:
    """Withdraws the pending versions of `revision`; returns how many. One already in force stays: it can only be
    superseded."""
    with _alone(revision.object_id):
        pending = PolicyVersion.objects.pending(now).filter(revision=revision)
        return len([_withdraw(version, now=now, by=by, reason=reason) for version in pending])


def _withdraw(version: PolicyVersion, *, now: datetime, by: str, reason: str) -> PolicyWithdrawal:
    return PolicyWithdrawal.objects.create(version=version, withdrawn_at=now, withdrawn_by=by, reason=reason)
