"""Were the records of retention runs left as they were written? Exit status 1 and the first that was not."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from records import retention
from records.models import RetentionRun


class Command(BaseCommand):
    help = (
        "Recomputes the hash of every record of a retention run, each over the one before. Exits 1 and names the first "
        "record that was altered or moved, or before which one is missing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON for another program")

    def handle(self, *args: Any, **options: Any) -> None:
        records, fault = RetentionRun.objects.exclude(sha256="").count(), retention.verify()
        if options["json"]:
            self.stdout.write(json.dumps({"records": records, "fault": asdict(fault) if fault else None}, indent=2))
        elif fault:
            self.stdout.write(self.style.ERROR(f"Record {fault.record}: {fault.what}."))
        else:
            self.stdout.write(f"{records} records of retention runs are as they were written.")
        if fault:
            sys.exit(1)
