"""A fix is published while versions are pending: what has to be decided about each, and how is it done in one go?"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log
from wagtail.models import Revision

from policies import chain, effective, freeze, projection
from policies.freeze.texts import alone
from policies.models import PolicyPage, PolicyVersion
from policies.reissue.merge import TITLE, Merged, Wording, merge, plain

CARRIED = ("slug", "seo_title", "search_description", "show_in_menus")  # what a pending revision may change besides
_deciding: ContextVar[bool] = ContextVar("deciding", default=False)


class Stale(Exception):
    """What was asked about is not so any more; the message is for the editor."""


class Fate(models.TextChoices):
    KEEP = "keep", gettext_lazy("Keep it as it is")
    WITHDRAW = "withdraw", gettext_lazy("Withdraw it")
    REISSUE = "reissue", gettext_lazy("Re-issue it with this text merged in")


@dataclass(frozen=True)
class Decision:
    fate: str
    reason: str = ""  # of a withdrawal
    settled: Mapping[str, str] = field(default_factory=dict)  # whose side each conflict takes, by its key


@dataclass(frozen=True)
class Question:
    """What is to become of one pending version."""

    version: PolicyVersion
    base: Wording
    fix: Wording

    @property
    def pending(self) -> Wording:
        return Wording(self.version.title, self.version.source)

    @cached_property
    def merged(self) -> Merged:
        return self.settled({})

    def settled(self, sides: Mapping[str, str]) -> Merged:
        return merge(base=self.base, fix=self.fix, pending=self.pending, settled=sides)

    @property
    def has_the_fix(self) -> bool:
        """Does the pending version say already what the fix changes?"""
        return not self.version.ends and not (self.merged.changes or self.merged.conflicts)

    @property
    def is_in_the_fix(self) -> bool:
        """Does the fix say already what the pending version would change?"""
        return not self.version.ends and not self.merged.conflicts and self.merged.text.says_the_same(self.fix)

    @property
    def is_ahead(self) -> bool:
        """Would the fix bring into force now what the pending version was to bring?"""
        base, fix, pending = ({TITLE: text.title} | text.keyed for text in (self.base, self.fix, self.pending))
        taken = (key for key in {*base, *fix, *pending} if plain(fix.get(key)) == plain(pending.get(key)))
        return bool(self.base.blocks) and any(plain(fix.get(key)) != plain(base.get(key)) for key in taken)

    @property
    def fates(self) -> list[Fate]:
        pointless = self.version.ends or self.has_the_fix or self.is_in_the_fix
        return [fate for fate in Fate if not (fate is Fate.REISSUE and pointless)]


@dataclass(frozen=True)
class Situation:
    """A text about to be published now, what is in force, and each pending version with its question."""

    page: PolicyPage
    revision: Revision
    draft: PolicyPage
    current: PolicyVersion | None
    questions: list[Question]

    @property
    def seen(self) -> str:
        """Alike as long as nothing that the editor decides about has changed."""
        current = self.current.pk if self.current else 0
        parts = [self.revision.pk, self.revision.created_at.timestamp(), current]
        return "/".join(str(part) for part in [*parts, *(question.version.pk for question in self.questions)])


def pending_beside(draft: PolicyPage, now: datetime) -> list[PolicyVersion]:
    """The pending versions that publishing `draft` leaves open at `now` (UTC): none for a translation or a schedule,
    and none for a text that is in force already. Raises ValidationError as `draft.written` does."""
    if (draft.go_live_at and draft.go_live_at > now) or draft.original.pk != draft.pk:
        return []
    pending = list(draft.versions.pending(now))
    current = effective.in_force(draft, now) if pending else None
    return [] if current and current.content_sha256 == chain.digest(draft.written().content) else pending


def look(page: PolicyPage, revision: Revision, now: datetime) -> Situation:
    """Raises Stale when there is a newer draft, or nothing to decide."""
    if page.latest_revision_id != revision.pk:
        raise Stale(_("There is a newer draft of this policy. Look at it, and publish it from here."))
    draft = revision.as_object()
    pending = pending_beside(draft, now)
    if not pending:
        raise Stale(_("No version is pending beside this text any more. Look at it again, and publish it from here."))
    current = effective.in_force(page, now)
    base = Wording(current.title, current.source) if current else Wording("", [])
    fix = Wording(draft.title, draft.body.get_prep_value())
    return Situation(page, revision, draft, current, [Question(version, base, fix) for version in pending])


def changed_meanwhile() -> str:
    return _("The versions of this policy have changed meanwhile. Look at them, and decide again.")


def rehearse(draft: PolicyPage, revision: Revision, now: datetime) -> None:
    """Freezes `draft` and takes it back at once. Raises ValidationError when it could not be published or scheduled."""
    with transaction.atomic():
        freeze.freeze(page=draft, revision=revision, effective_from=max(draft.go_live_at or now, now), now=now)
        transaction.set_rollback(True)


def publish(
    *, situation: Situation, decisions: Mapping[int, Decision], user: AbstractBaseUser, by: str, now: datetime
) -> None:
    """Publishes the fix and does with each pending version (by id) what was decided, wholly or not at all.

    Raises Stale when the situation is another one by now, and ValidationError for a text that cannot be frozen.
    """
    with alone(situation.page.key), _decided():
        page = PolicyPage.objects.get(pk=situation.page.pk)
        current = look(page, Revision.objects.get(pk=situation.revision.pk), now)
        if current.seen != situation.seen:
            raise Stale(changed_meanwhile())
        current.revision.publish(user=user)
        fixed = page.versions.get(revision=current.revision)
        act = _Act(current, fixed, user, by, fixed.effective_from)  # the clock went on while it was published
        for question in current.questions:
            act.do(question, decisions[question.version.pk])
        projection.mark_next(page, act.now)
        log_kept(page, fixed, act.now, user=user)


def log_kept(page: PolicyPage, published: PolicyVersion, now: datetime, *, user: Any = None) -> None:
    """Says in the page's history which versions stay pending beside the one published now."""
    for kept in page.versions.brief().pending(now).filter(number__lt=published.number):
        log(page, "policies.kept", user=user, data={"number": kept.number, "beside": published.number})


def deciding() -> bool:
    """Is what becomes of the pending versions being decided by an editor at this moment?"""
    return _deciding.get()


@contextmanager
def _decided() -> Iterator[None]:
    token = _deciding.set(True)
    try:
        yield
    finally:
        _deciding.reset(token)


@dataclass(frozen=True)
class _Act:
    situation: Situation
    fixed: PolicyVersion
    user: AbstractBaseUser
    by: str
    now: datetime

    def do(self, question: Question, decision: Decision) -> None:
        reason = decision.reason if decision.fate == Fate.WITHDRAW else ""
        if decision.fate == Fate.REISSUE:
            reason = self._reissue(question, decision)
        if reason:
            freeze.withdraw(version=question.version, now=self.now, by=self.by, reason=reason)

    def _reissue(self, question: Question, decision: Decision) -> str:
        """Schedules the merged text; returns why the pending version goes, or "" where the editor's choices left it
        as it was."""
        text, page = question.settled(decision.settled).text, self.situation.page
        with translation.override(page.language):  # visitors read the reason
            if text.says_the_same(question.fix):
                return _("Taken into version %(fix)d.") % {"fix": self.fixed.number}
            revision = _draft(self.situation, question.version, text).save_revision(user=self.user, log_action=True)
            revision.publish(user=self.user)
            new = page.versions.filter(revision=revision).first()
            numbers = {"new": new.number, "fix": self.fixed.number} if new else {}
            return _("Re-issued as version %(new)d with the fix of version %(fix)d.") % numbers if new else ""


def _draft(situation: Situation, version: PolicyVersion, text: Wording) -> PolicyPage:
    """The page as it is to be from the instant of `version` on, with `text`."""
    draft: Any = Revision.objects.get(pk=situation.revision.pk).as_object()
    draft.live_revision = situation.revision
    draft.title, draft.body = text.title, text.blocks
    draft.go_live_at = version.effective_from
    draft.change_note, draft.material = version.change_note, version.material
    before = situation.current.revision.content if situation.current else {}
    for name in CARRIED:
        wanted = version.revision.content.get(name)
        if before and wanted != before.get(name):
            setattr(draft, name, wanted)
    return draft
