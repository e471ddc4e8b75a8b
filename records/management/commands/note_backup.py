"""A backup was made, or restored for a test: notes it, so that the site can say so."""

from datetime import UTC, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_date

from records.models import Backup


class Command(BaseCommand):
    help = (
        "Notes that a backup was made; call it at the end of the job that makes one. With --restored: that one was "
        "restored for a test. The promises of the site rest on it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--restored", action="store_true", help="a backup was restored for a test, and was whole")
        parser.add_argument(
            "--oldest", metavar="DATE", help="day of the oldest backup that is kept, such as 2026-03-01"
        )
        parser.add_argument("--note", default="", help="where, or by whom; up to 200 signs")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        act = Backup.Act.RESTORED if options["restored"] else Backup.Act.MADE
        oldest_at = _day(options["oldest"], now) if options["oldest"] else None
        if len(options["note"]) > 200:
            raise CommandError("The note is longer than 200 signs.")
        Backup.objects.create(act=act, at=now, oldest_at=oldest_at, note=options["note"])
        self.stdout.write(
            f"Noted: a backup was {act.value}." + (f" The oldest is of {options['oldest']}." if oldest_at else "")
        )


def _day(said: str, now: datetime) -> datetime:
    """Its first instant: a backup of that day may hold what was due to go since."""
    try:
        day = parse_date(said)
    except ValueError:
        day = None
    if day is None:
        raise CommandError(f"{said!r} is no day: write it as 2026-03-01.")
    at = datetime.combine(day, time.min, UTC)
    if at > now:
        raise CommandError(f"{said} has not come yet.")
    return at
