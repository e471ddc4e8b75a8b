"""Which rows must stay although their period ends, or although somebody asks for erasure (GDPR Art. 17(3)(e))?"""

from datetime import datetime
from functools import reduce
from operator import or_

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from records import cipher
from records.models import Hold
from records.registry import Holding, declared

_LOCK = (0x52656373, 0x486F6C64)  # "Recs", "Hold": among the advisory locks of this database
_NOTHING = Q(pk__in=[])


def place(
    *,
    reason: str,
    by: User,
    now: datetime,
    holding: str = "",
    email: str = "",
    rows_from: datetime | None = None,
    rows_to: datetime | None = None,
    until: datetime | None = None,
) -> Hold:
    """Holds the rows of one data set, or of all; of whoever has this address, or of everybody; of an interval (UTC), or
    of all time. From then on no run deletes them. Of the address a keyed hash is stored, and nothing else.

    Raises ValidationError for no reason, a data set that is not declared or cannot be searched for a person, an
    interval that ends before it begins, and an end that has passed.
    """
    hold = Hold(
        holding=holding,
        subject=cipher.blind("email", email) if email else None,
        rows_from=rows_from,
        rows_to=rows_to,
        reason=reason.strip(),
        until=until,
        placed_at=now,
        placed_by=by,
    )
    check(hold, now=now)
    return _write(hold)


def check(hold: Hold, *, now: datetime) -> None:
    """Raises ValidationError, by field, for a hold that could not be what somebody meant."""
    wrong = {}
    if not hold.reason:
        wrong["reason"] = _("Say why, such as the number of a case.")
    if hold.holding and hold.holding not in declared():
        wrong["holding"] = _("No such data set is declared.")
    elif hold.holding and hold.subject and "subject" not in declared()[hold.holding].find_by:
        wrong["holding"] = _("This data set cannot be searched for a person: hold it whole, or an interval of it.")
    if hold.rows_from and hold.rows_to and hold.rows_to < hold.rows_from:
        wrong["rows_to"] = _("It ends before it begins.")
    if hold.until and hold.until <= now:
        wrong["until"] = _("That instant has passed.")
    if wrong:
        raise ValidationError(wrong)


def lift(hold: Hold, *, by: User, now: datetime) -> Hold:
    """What the hold kept goes at the next run. Raises ValidationError for one that holds nothing any more."""
    with transaction.atomic():
        standing = Hold.objects.select_for_update().standing(now).filter(pk=hold.pk).first()
        if standing is None:
            raise ValidationError(_("It was lifted already, or its end has come."))
        standing.lifted_at, standing.lifted_by = now, by
        standing.save(update_fields=["lifted_at", "lifted_by"])
    return standing


def extend(hold: Hold, *, until: datetime | None, reason: str, now: datetime) -> Hold:
    """Gives a standing hold another end, or none. Raises ValidationError as `place` does, and for one that holds
    nothing any more: what it kept may be gone."""
    with transaction.atomic():
        standing = Hold.objects.select_for_update().standing(now).filter(pk=hold.pk).first()
        if standing is None:
            raise ValidationError(_("It was lifted already, or its end has come."))
        standing.until, standing.reason = until, reason.strip()
        check(standing, now=now)
        return _write(standing)


def _write(hold: Hold) -> Hold:
    """Waits for the batches that are under way, and they for it: once it is written, nothing it covers is deleted."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", _LOCK)
        hold.save()
    return hold


def heed() -> None:
    """First in a transaction that deletes: no hold is placed before it ends, and it sees every one that was."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", _LOCK)


def covering(entry: Holding, at: datetime, *, but: Hold | None = None) -> Q:
    """Which rows of a data set a hold covers at `at` (UTC), any hold `but` that one; none is `Q(pk__in=[])`.

    A hold over an interval goes by the columns from which the data set's periods count. A row that has no such instant
    yet, and a data set without periods, it covers whole: what is deleted does not come back.
    """
    standing = Hold.objects.standing(at).filter(holding__in=["", entry.label])
    return reduce(or_, (covered(hold, entry) for hold in standing if hold != but), _NOTHING)


def covered(hold: Hold, entry: Holding) -> Q:
    """Which rows of a data set this hold covers while it stands."""
    if hold.holding not in {"", entry.label}:
        return _NOTHING
    if hold.subject is None:
        return _in_interval(hold, entry) or ~_NOTHING
    find = entry.find_by.get("subject")
    return find(bytes(hold.subject).hex()) & _in_interval(hold, entry) if find else _NOTHING


def _in_interval(hold: Hold, entry: Holding) -> Q:
    # A rule for rows that have the instant says nothing about those that have none.
    columns = {keep.since: (f"{keep.since}__isnull", False) not in keep.only.children for keep in entry.keeps.values()}
    if not columns or not (hold.rows_from or hold.rows_to):
        return Q()
    return reduce(or_, (_between(column, hold, or_none=columns[column]) for column in sorted(columns)))


def _between(column: str, hold: Hold, *, or_none: bool) -> Q:
    inside = Q()
    if hold.rows_from:
        inside &= Q(**{f"{column}__gte": hold.rows_from})
    if hold.rows_to:
        inside &= Q(**{f"{column}__lte": hold.rows_to})
    return inside | Q(**{f"{column}__isnull": True}) if or_none else inside
