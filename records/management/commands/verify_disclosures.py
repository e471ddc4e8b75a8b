"""Was the register of disclosures altered? Exit status 1 and the first bad row when it was."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from records import disclosures
from records.models import Disclosure


class Command(BaseCommand):
    help = (
        "Recomputes the hash chain of the register of disclosures, with whose data each held. Exits 1 and names the "
        "first row that was altered, removed, added or moved."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON for another program")

    def handle(self, *args: Any, **options: Any) -> None:
        faults = [{"number": number, "what": what} for number, what in disclosures.faults()]
        rows = Disclosure.objects.count()
        if options["json"]:
            self.stdout.write(json.dumps({"intact": not faults, "rows": rows, "faults": faults}, indent=2))
        else:
            for fault in faults:
                self.stdout.write(self.style.ERROR("disclosure {number}: {what}".format(**fault)))
            if not faults:
                self.stdout.write(f"{rows} disclosures are as they were put on record.")
        if faults:
            sys.exit(1)
