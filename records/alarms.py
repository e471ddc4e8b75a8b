"""Who is told that a promise no longer holds, or holds again? The owner, once each; the CMS shows the rest."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records import chained, post, promises
from records.models import Controller, PromiseCheck
from records.promises import State
from records.promises.remembering import is_due, remember, remembered, words
from records.registry import Purpose

ABOUT = PromiseCheck._meta.label
MOST = 20  # of each kind, in one letter


def watch(*, now: datetime) -> int:
    """Makes each check whose hour is over, remembers it as it ends, and tells the owner what has changed; returns how
    many promises are broken. Killed on the way, it leaves what it found, and the next goes on and tells of it."""
    known = remembered()
    for check in promises.registered():
        if is_due(known.get(check.name, []), now):
            remember(promises.answers(check, now), now)
    tell(now=now)
    return PromiseCheck.objects.filter(state=State.BROKEN).count()


def tell(*, now: datetime) -> int:
    """Writes to the owner of what broke and what was mended since they were last told; returns how many letters.

    The letter and the mark that they know stand in one transaction: a promise is told of once.
    """
    with transaction.atomic():
        chained.wait_for_turn(ABOUT)
        is_broken = Q(state=State.BROKEN)
        news = PromiseCheck.objects.filter(is_broken & Q(told_at=None) | ~is_broken & Q(told_at__isnull=False))
        rows = list(news.order_by("checked_by", "place", "key"))
        owners = set(Controller.objects.exclude(email="").values_list("email", flat=True)) if rows else set()
        broken, mended = _parted(rows)
        for email in sorted(owners):
            _write(email, broken, mended, now)
        if owners:
            PromiseCheck.objects.filter(pk__in=[row.pk for row in broken]).update(told_at=now)
            PromiseCheck.objects.filter(pk__in=[row.pk for row in mended]).update(told_at=None)
    return len(owners)


def _parted(rows: Iterable[PromiseCheck]) -> tuple[list[PromiseCheck], list[PromiseCheck]]:
    rows = list(rows)
    broken = [row for row in rows if row.state == State.BROKEN]
    return broken, [row for row in rows if row.state != State.BROKEN]


def _write(email: str, broken: list[PromiseCheck], mended: list[PromiseCheck], now: datetime) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        post.write(
            email=email,
            subject=_subject(len(broken), len(mended)),
            text=_text(broken, mended),
            locale=settings.LANGUAGE_CODE,
            now=now,
            purpose=Purpose.LEGAL,
            about=ABOUT,
        )


def _subject(broken: int, mended: int) -> str:
    if broken:
        said = ngettext(
            "%(number)d promise of your site is broken", "%(number)d promises of your site are broken", broken
        )
        return said % {"number": broken}
    said = ngettext(
        "%(number)d promise of your site is kept again", "%(number)d promises of your site are kept again", mended
    )
    return said % {"number": mended}


def _text(broken: list[PromiseCheck], mended: list[PromiseCheck]) -> str:
    parts = []
    if broken:
        parts += [_("Your site no longer does what it promises:"), *map(_in_full, broken[:MOST]), *_more(broken)]
    if mended:
        parts += [
            _("What was broken holds again, or is promised no longer:"),
            *map(_in_short, mended[:MOST]),
            *_more(mended),
        ]
    public, desk = (f"{settings.SITE_URL}{reverse(name)}" for name in ("records:promises", "wagtailadmin_home"))
    parts.append(_("What everybody can see: %(address)s") % {"address": public})
    parts.append(_("Where it is mended: %(address)s") % {"address": desk})
    return "\n\n".join(parts)


def _in_full(row: PromiseCheck) -> str:
    said = words(row)
    lines = [
        f"{said.get('title', row.key)}: {said.get('promised', '')}",
        said.get("evidence", ""),
        said.get("details", ""),
    ]
    return "\n".join(line for line in lines if line)


def _in_short(row: PromiseCheck) -> str:
    said = words(row)
    return f"{said.get('title', row.key)}: {said.get('evidence', '')}"


def _more(rows: list[PromiseCheck]) -> list[str]:
    left = len(rows) - MOST
    return [ngettext("and %(number)d more", "and %(number)d more", left) % {"number": left}] if left > 0 else []
