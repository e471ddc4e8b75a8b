"""Did data reach third parties only on grounds, and only reach those, that a policy in force at the time listed?"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from records import disclosures, terms
from records.models import Disclosure
from records.promises.counting import counted
from records.promises.shapes import Promise, State, later, listed
from records.promises.stated import Stated
from records.promises.stretches import stretches
from records.terms import Kind

A_YEAR = timedelta(days=365)


def on_listed_grounds(now: datetime) -> Iterator[Promise]:
    unlisted = list(_unlisted(now - A_YEAR, now))
    stated = Stated(terms.Kind.GROUND, now)
    shown = State.KEPT if stated.terms else State.UNCOVERED
    yield Promise(
        key="records.grounds",
        title=_title(),
        promised=_promised(),
        stated_by=stated.by_any(),
        state=State.BROKEN if unlisted else shown,
        evidence=_evidence(len(unlisted)),
        measured={"unlisted": bool(unlisted)},
        details=listed(*(f"#{number}" for number in unlisted)),
        mend="disclosures:index",
    )


def _unlisted(since: datetime, now: datetime) -> Iterator[int]:
    """The numbers of disclosures whose ground no version in force at their instant listed."""
    for stretch in stretches(Kind.GROUND, since, now + timedelta(microseconds=1)):
        within = Disclosure.objects.filter(at__gte=stretch.since, at__lt=stretch.until)
        yield from within.exclude(ground__in=stretch.stated).order_by("number").values_list("number", flat=True)


def to_named_recipients(now: datetime) -> Iterator[Promise]:
    found = disclosures.drift(now)
    stated = Stated(terms.Kind.GROUND, now)
    yield Promise(
        key="records.recipients",
        title=_recipients(),
        promised=_named(),
        stated_by=stated.by_any(),
        state=State.BROKEN if found else State.KEPT if stated.terms else State.UNCOVERED,
        evidence=_unnamed(len(found)),
        measured={"unnamed": bool(found)},
        details=listed(*(each.recipient for each in found)),
        mend="disclosures:index",
    )


@later
def _title() -> str:
    return _("Data that reached third parties")


@later
def _promised() -> str:
    return _("Only on grounds that the policy in force lists")


@later
def _evidence(number: int) -> str:
    if not number:
        return _("Within a year, every disclosure was on a ground that was listed at the time.")
    return _("Disclosures within a year on a ground that no policy listed at the time: %(number)s.") % {
        "number": counted(number)
    }


@later
def _recipients() -> str:
    return _("Who received data")


@later
def _named() -> str:
    return _("Everybody who receives data is named in a policy in force")


@later
def _unnamed(number: int) -> str:
    if not number:
        return _("Everybody who received data within three years is named.")
    return _("Recipients within three years whom no policy in force names: %(number)s.") % {"number": counted(number)}
