"""How does a text become the next version, with its terms, and how does a policy end?"""

from dataclasses import replace
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _
from wagtail.models import Revision

from policies import chain, clauses
from policies.freeze import texts, withdrawals
from policies.freeze.texts import Act, alone
from policies.models import PolicyPage, PolicyVersion
from records import terms


def add(
    page: PolicyPage, revision: Revision, written: clauses.Text, effective_from: datetime, act: Act
) -> PolicyVersion | None:
    """The next version; None when the one in force has the same content, or the one announced for that instant.

    One announced for an earlier instant does not make it needless: that one may still be withdrawn.
    """
    act, last = _moment(page, act)
    effective_from = max(effective_from, act.now)
    withdrawals.take_back_other_instants(revision, effective_from, act)
    current = page.versions.effective_by(effective_from).first()
    certain = current and (current.effective_from <= act.now or current.effective_from == effective_from)
    if current and certain and current.content_sha256 == chain.digest(written.content):
        return None
    version = PolicyVersion(
        policy=page.key,
        number=last.number + 1 if last else 1,
        effective_from=effective_from,
        material=page.material,
        **texts.fields(page, revision, written, act),
    )
    return _write(version, last, written.statements)


def end(*, page: PolicyPage, effective_from: datetime, now: datetime, by: str = "", note: str) -> PolicyVersion:
    """Ends the policy from `effective_from` (UTC) by a version without a text and without terms; its archive stays.

    `note` tells visitors why. A later version takes the policy up again. Raises ValidationError where no version is in
    force by then.
    """
    with alone(page.key):
        act, last = _moment(page, Act(now, by, by))
        effective_from = max(effective_from, act.now)
        current = page.versions.effective_by(effective_from).first()
        if last is None or current is None or current.ends:
            raise ValidationError(_("There is no version of this policy to end then."))
        original = page.original
        content = {"title": original.title, "language": original.language, "clauses": [], "terms": []}
        fields = texts.fields(original, current.revision, clauses.Text(content, [], {}), act)
        fields |= {"change_note": note, "source": []}
        version = PolicyVersion(
            policy=page.key,
            number=last.number + 1,
            effective_from=effective_from,
            material=True,
            ends=True,
            **fields,
        )
        return _write(version, last, [])


def _moment(page: PolicyPage, act: Act) -> tuple[Act, PolicyVersion | None]:
    """Of two who publish at once, or by clocks that differ, the one served last is the newer."""
    frozen_at = page.versions.aggregate(last=Max("frozen_at"))["last"]
    last = page.versions.brief().order_by("-number").first()
    return replace(act, now=max(act.now, frozen_at or act.now)), last


def _write(version: PolicyVersion, last: PolicyVersion | None, statements: list[terms.Statement]) -> PolicyVersion:
    chain.seal(version, last)
    version.save(force_insert=True)
    terms.write(
        policy=version.policy,
        number=version.number,
        label=str(version),
        effective_from=version.effective_from,
        statements=statements,
    )
    return version
