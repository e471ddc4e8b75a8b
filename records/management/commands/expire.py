"""What retention would delete now, or deletes."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from records import retention
from records.retention import Outcome


class Command(BaseCommand):
    help = (
        "Deletes every row whose declared period has ended, in batches, and writes one evidence row per data set. "
        "A worker does the same every hour."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what is due; delete and write nothing")
        parser.add_argument("--json", action="store_true", help="print JSON for another program")

    def handle(self, *args: Any, **options: Any) -> None:
        act = retention.preview if options["dry_run"] else retention.expire
        outcomes = act(now=timezone.now())
        if options["json"]:
            report = [asdict(outcome) for outcome in outcomes]
            self.stdout.write(json.dumps(report, cls=DjangoJSONEncoder, indent=2))
            return
        verb = "due" if options["dry_run"] else "deleted"
        for outcome in outcomes:
            self.stdout.write(_line(outcome, verb))


def _line(outcome: Outcome, verb: str) -> str:
    oldest = f"{outcome.oldest_left_at:%Y-%m-%d %H:%M} UTC" if outcome.oldest_left_at else "none"
    return (
        f"{outcome.title}: {outcome.rows} {verb} (kept {outcome.period_days} days, "
        f"up to {outcome.cut_off_at:%Y-%m-%d %H:%M} UTC); oldest left: {oldest}"
    )
