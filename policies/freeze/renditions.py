"""How does a translated page's text become part of a version: one number and one instant for all languages?"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.models import Revision

from policies import chain, clauses
from policies.freeze import texts
from policies.freeze.texts import Act
from policies.models import PolicyPage, PolicyRendition, PolicyVersion
from records.terms import Kind


def add(
    page: PolicyPage, revision: Revision, written: clauses.Text, effective_from: datetime, act: Act
) -> PolicyRendition | None:
    """The next rendition in the page's language; None when its text is the newest one already.

    Raises ValidationError when there is nothing to translate, when the translation is to take force at an instant of
    its own, and when it promises something else than the original.
    """
    version = target(page)
    if effective_from > act.now and effective_from != version.effective_from:
        raise ValidationError({"go_live_at": _("A translation takes force with its original: leave the date empty.")})
    _compare_terms(written, version)
    last = version.renditions.filter(language=page.language).order_by("-number").first()
    if last and last.content_sha256 == chain.digest(written.content):
        return None
    act = replace(act, now=max(act.now, last.frozen_at)) if last else act  # by clocks that differ, too, it is the newer
    rendition = PolicyRendition(
        version=version,
        number=last.number + 1 if last else 1,
        effective_from=max(version.effective_from, act.now),
        **texts.fields(page, revision, written, act),
    )
    chain.seal(rendition, last)
    rendition.save(force_insert=True)
    return rendition


def target(page: PolicyPage) -> PolicyVersion:
    """The version that `page` translates: the one it names, else the newest. Raises ValidationError without one."""
    standing = page.versions.standing().filter(ends=False)
    if page.translates:
        version = standing.filter(number=page.translates).first()
    else:
        version = standing.order_by("-effective_from", "-number").first()
    if version is None:
        raise ValidationError(_("There is no such version to translate: publish or schedule the original first."))
    return version


def _compare_terms(written: clauses.Text, version: PolicyVersion) -> None:
    """What the site acts on is the original's; a translation that says otherwise would mislead whoever reads it."""
    here, there = _comparable(written.content["terms"]), _comparable(version.terms)
    if here != there:
        keys = ", ".join(sorted({key for (_kind, key) in here.keys() ^ there.keys()} | _changed(here, there)))
        sentence = _("The translation does not promise the same as version %(number)d: %(keys)s.")
        raise ValidationError({"body": sentence % {"number": version.number, "keys": keys}})


def _comparable(terms: list[dict[str, Any]]) -> dict[tuple[str, str], Any]:
    """By kind and key; a definition's key is a word of its language."""
    return {(term["kind"], term["key"]): term["value"] for term in terms if term["kind"] != Kind.DEFINITION}


def _changed(here: dict[tuple[str, str], Any], there: dict[tuple[str, str], Any]) -> set[str]:
    return {place[1] for place in here.keys() & there.keys() if here[place] != there[place]}
