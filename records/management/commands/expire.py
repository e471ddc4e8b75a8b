"""What retention would delete, now or on a day to come, or deletes."""

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from records import instants, keys, retention
from records.retention import Outcome


class Command(BaseCommand):
    help = (
        "Deletes every row whose period has ended, in batches, and writes one evidence row per data set. The period is "
        "that of the policy version in force, else the one declared in the data map. A worker does the same every hour."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what is due; delete and write nothing")
        parser.add_argument(
            "--at",
            metavar="WHEN",
            help="with --dry-run: what will be due by the end of a day (2027-03-01, in the site's time zone) or at an "
            "instant (2027-03-01T00:00Z), by the versions announced for then",
        )
        parser.add_argument("--json", action="store_true", help="print JSON for another program")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["at"] and not options["dry_run"]:
            raise CommandError("--at looks ahead, and nothing is deleted ahead of its time: add --dry-run.")
        now = _instant(options["at"]) if options["at"] else timezone.now()
        act = retention.preview if options["dry_run"] else retention.expire
        outcomes = act(now=now)
        if not options["dry_run"]:
            keys.drop_unused()
        if options["json"]:
            report = [asdict(outcome) for outcome in outcomes]
            self.stdout.write(json.dumps(report, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False))
            return
        verb = "due" if options["dry_run"] else "deleted"
        for outcome in outcomes:
            self.stdout.write(_line(outcome, verb))


def _instant(said: str) -> datetime:
    """A day stands for its last moment: whatever takes force or falls due on it is counted."""
    instant = instants.read(said)
    if instant is None:
        raise CommandError(f"--at {said}: write a day, 2027-03-01, or an instant with its zone, 2027-03-01T00:00Z.")
    return instant


def _line(outcome: Outcome, verb: str) -> str:
    oldest = f"{outcome.oldest_left_at:%Y-%m-%d %H:%M} UTC" if outcome.oldest_left_at else "none"
    source = outcome.stated_by or "declared in code: no version covers it"
    up_to = f"up to {outcome.cut_off_at:%Y-%m-%d %H:%M} UTC"
    counted = f"{outcome.rows} {verb}" + (f", {outcome.held} held" if outcome.held else "")
    return f"{outcome.title}: {counted} (kept {outcome.period}, {up_to}; {source}); oldest left: {oldest}"
