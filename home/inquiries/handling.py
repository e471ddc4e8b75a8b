"""Who takes care of an inquiry, how far is it, and what did colleagues note about it?"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from home.models import FormPage, Inquiry, Note
from home.spam import KEPT
from records import keys
from records.models import SubjectKey
from records.sealed import Erased

READ = "home.view_inquiry"
State = Inquiry.State


class Refused(ValueError):
    """It was not done; the sentence says why."""


def readers() -> QuerySet[Any]:
    """The accounts that may read inquiries, and so be given one."""
    backend = "django.contrib.auth.backends.ModelBackend"
    return get_user_model().objects.with_perm(READ, backend=backend).order_by("username")


def assign(inquiries: Collection[int], *, to: Any, now: datetime) -> list[int]:
    """Gives inquiries to an account, or with None to nobody; those that were new are being handled from then on.
    Returns the numbers of those that changed. Raises Refused where the account may not read inquiries."""
    if to is not None and not (to.is_active and to.has_perm(READ)):
        raise Refused(
            gettext("%(name)s may not read inquiries, and so cannot be given one. Give them the right first.")
            % {"name": to.get_username()}
        )
    others = Q(assigned_to__isnull=False) if to is None else ~Q(assigned_to=to) | Q(assigned_to=None)
    with transaction.atomic():
        changed = _locked(inquiries, others)
        Inquiry.objects.filter(pk__in=changed).update(assigned_to=to, changed_at=now)
        if to is not None:
            Inquiry.objects.filter(pk__in=changed, state=State.NEW).update(state=State.OPEN)
    return changed


def set_state(inquiries: Collection[int], *, state: str, now: datetime) -> list[int]:
    """Returns the numbers of those that were in another state. Raises ValueError for what is no state."""
    state = State(state)
    with transaction.atomic():
        changed = _locked(inquiries, ~Q(state=state))
        Inquiry.objects.filter(pk__in=changed).update(state=state, changed_at=now)
    return changed


def mark_spam(inquiries: Collection[int], *, spam: bool, now: datetime) -> list[int]:
    """Puts inquiries with the spam, where they stay for 30 days at most; or back among the new ones, where they stay
    as long as any other. Returns the numbers of those that changed."""
    with transaction.atomic():
        changed = _locked(inquiries, ~Q(state=State.SPAM) if spam else Q(state=State.SPAM))
        rows = Inquiry.objects.filter(pk__in=changed)
        rows.update(state=State.SPAM if spam else State.NEW, changed_at=now)
        if spam:
            soon = now + KEPT
            rows.filter(Q(keep_until=None) | Q(keep_until__gt=soon)).update(keep_until=soon)
        else:
            _keep_as_long_as_others(rows.exclude(keep_until=None))
    return changed


def _keep_as_long_as_others(rows: QuerySet[Inquiry]) -> None:
    for pk, page, received_at in rows.values_list("pk", "page", "received_at"):
        days = FormPage.objects.filter(pk=page).values_list("keep_days", flat=True).first()
        until = received_at + timedelta(days=days) if days else None
        Inquiry.objects.filter(pk=pk).update(keep_until=until)


def delete(inquiries: Collection[int]) -> list[int]:
    """Deletes inquiries with their files, notes and mails that came in. Our own answers stay for their own period.
    Returns the numbers of those that were there."""
    with transaction.atomic():
        there = _locked(inquiries, Q())
        Inquiry.objects.filter(pk__in=there).delete()
    return there


def note(*, inquiry: Inquiry, author: Any, text: str, now: datetime) -> Note:
    """Adds a note, sealed under the person's key: it is about them, and goes when they do. Raises Refused where the
    person was erased."""
    with transaction.atomic():
        key = key_for(inquiry, now=now)
        return Note.objects.create(inquiry=inquiry, subject_key=key, author=author, text=text, written_at=now)


def key_for(inquiry: Inquiry, *, now: datetime) -> SubjectKey | None:
    """The key under which more about an inquiry is sealed, in the caller's transaction. Raises Refused."""
    Inquiry.objects.select_for_update(no_key=True).filter(pk=inquiry.pk).first()
    email = inquiry.email
    key = SubjectKey.objects.filter(pk=inquiry.subject_key_id).first() if inquiry.subject_key_id else None
    if key is None or isinstance(email, Erased):
        raise Refused(gettext("Whoever wrote this was erased: nothing more is stored about them."))
    return keys.of_person(email, now=now) if email else key


def _locked(inquiries: Collection[int], wanted: Q) -> list[int]:
    """Always in one order, so that two who act on the same ones wait for each other and no more."""
    rows = Inquiry.objects.select_for_update(no_key=True).filter(wanted, pk__in=inquiries).order_by("pk")
    return list(rows.values_list("pk", flat=True))
