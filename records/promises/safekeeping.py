"""Are the keys renewed and all there, and is a backup made, tried, and thrown away in time?"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from records import keys, periods, terms
from records.models import Backup
from records.promises.checks import GRACE
from records.promises.shapes import Promise, State, Text, later, listed, sentences
from records.promises.stated import Stated

BACKUPS = "backups"  # the key under which a policy states how long they are kept
MADE_WITHIN = timedelta(days=2)
TRIED_WITHIN = timedelta(days=365)
Act = Backup.Act


def keys_renewed(now: datetime) -> Iterator[Promise]:
    missing, since = keys.missing(), keys.oldest_master_at()
    days = settings.RECORDS_KEY_DAYS
    old = bool(days and since and since < now - timedelta(days=days))
    verdict = State.BROKEN if missing or old else State.KEPT
    yield Promise(
        key="records.keys",
        title=_keys(),
        promised=_keys_promised(days),
        stated_by="",
        state=verdict if since else State.UNSHOWN,
        evidence=sentences(_missing() if missing else "", _too_old() if old else "", _since(since)),
        measured={"in_use_since": since, "missing": bool(missing)},
        details=listed(*missing),
    )


def backed_up(now: datetime) -> Iterator[Promise]:
    """Two promises: that a backup is made and tried, and that it is kept no longer than the policy says."""
    rows = Backup.objects.filter(at__lte=now).order_by("-at")
    made, tried = rows.filter(act=Act.MADE).first(), rows.filter(act=Act.RESTORED).first()
    first = rows.order_by("at").first()
    trouble = _trouble(made, tried, first, now) if first else []
    made_at, tried_at = made.at if made else None, tried.at if tried else None
    yield Promise(
        key="records.backups",
        title=_backups(),
        promised=_backups_promised(),
        stated_by="",
        state=State.BROKEN if trouble else State.KEPT if first else State.UNSHOWN,
        evidence=sentences(*trouble, _made(made_at), _tried(tried_at)),
        measured={"made_at": made_at, "restored_at": tried_at},
    )
    yield from _thrown_away(now)


def _trouble(made: Backup | None, tried: Backup | None, first: Backup, now: datetime) -> list[Text]:
    """A site that has just begun has a year for its first trial."""
    found = []
    if made is None or made.at < now - MADE_WITHIN:
        found.append(_none_made())
    if (tried.at if tried else first.at) < now - TRIED_WITHIN:
        found.append(_none_tried())
    return found


def _thrown_away(now: datetime) -> Iterator[Promise]:
    """Only where a policy states for how long backups are kept."""
    stated = Stated(terms.Kind.RETENTION, now)
    term = stated.terms.get(BACKUPS)
    if term is None:
        return
    told = Backup.objects.filter(at__lte=now).exclude(oldest_at=None).order_by("-at").first()
    oldest = told.oldest_at if told else None
    noted = told is not None or Backup.objects.exists()
    cut_off_at = periods.parse(term.value["period"]).before(now - GRACE)
    verdict = State.KEPT if oldest and oldest > cut_off_at else State.BROKEN
    yield Promise(
        key="records.backups.kept",
        title=_kept(),
        promised=_period(term.value["period"]),
        stated_by=stated.by(BACKUPS),
        state=verdict if noted else State.UNSHOWN,
        evidence=_oldest(max((now - oldest).days, 0) if oldest else None),
        measured={"oldest_at": oldest},
    )


@later
def _keys() -> str:
    return _("Keys of what is stored of people")


@later
def _keys_promised(days: int) -> str:
    if not days:
        return _("Whatever is sealed can be opened by its keys alone, and all of them are there")
    promised = ngettext(
        "All of them are there, and the master key is renewed every %(days)d day",
        "All of them are there, and the master key is renewed every %(days)d days",
        days,
    )
    return promised % {"days": days}


@later
def _missing() -> str:
    return _("A master key is missing, so something that is stored cannot be read.")


@later
def _too_old() -> str:
    return _("The master key should have been renewed.")


@later
def _since(at: datetime | None) -> str:
    if at is None:
        return _("Nothing is sealed yet.")
    return _("The oldest master key in use has sealed keys since %(day)s.") % {"day": f"{at:%Y-%m-%d}"}


@later
def _backups() -> str:
    return _("Backups")


@later
def _backups_promised() -> str:
    return _("One is made every day, and one is restored for a test every year")


@later
def _none_made() -> str:
    return _("For more than two days none was noted.")


@later
def _none_tried() -> str:
    return _("For more than a year none was restored for a test.")


@later
def _made(at: datetime | None) -> str:
    return _("The last was made on %(day)s.") % {"day": f"{at:%Y-%m-%d}"} if at else _("No backup was noted yet.")


@later
def _tried(at: datetime | None) -> str:
    if at is None:
        return _("None was restored for a test yet.")
    return _("The last test was on %(day)s.") % {"day": f"{at:%Y-%m-%d}"}


@later
def _kept() -> str:
    return _("How long backups are kept")


@later
def _period(iso: str) -> str:
    return periods.parse(iso).words()


@later
def _oldest(days: int | None) -> str:
    if days is None:
        return _("Nobody has said how old the oldest one is.")
    return ngettext("The oldest is %(days)d day old.", "The oldest is %(days)d days old.", days) % {"days": days}
