"""Does the site do what its policies say? Exit status 1 when a promise is broken."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from records import promises


class Command(BaseCommand):
    help = (
        "Compares what the policy versions in force promise with what the database, the pages and the mails show, all "
        "of it anew. Exits 1 when a promise is broken. What no version covers, or nothing shows yet, is named, and "
        "breaks nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON for another program")

    def handle(self, *args: Any, **options: Any) -> None:
        report = promises.report(timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps(report, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False))
        else:
            self._print(report)
        if report["broken"]:
            sys.exit(1)

    def _print(self, report: dict[str, Any]) -> None:
        for promise in report["promises"]:
            source = promise["stated_by"] or "declared in code"
            line = (
                f"{promise['state_label']}: {promise['title']}: {promise['promised']} ({source}). {promise['evidence']}"
            )
            details = f" [{promise['details']}]" if promise["details"] else ""
            self.stdout.write(self.style.ERROR(line + details) if promise["state"] == promises.State.BROKEN else line)
        for term in report["terms"]:
            self.stdout.write(f"in force: {term['heading']}: {term['title']} ({term['stated_by']})")
        for name, seconds in report["seconds"].items():
            self.stdout.write(f"checked: {name} in {seconds:.3f} s")
