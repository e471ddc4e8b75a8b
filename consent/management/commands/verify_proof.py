"""Was any decision altered, removed, added or moved? Exit status 1 and the first bad row when one was."""

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from consent.proof import checked
from consent.proof.faults import Report

STEP = 100_000  # entries between two lines of progress


class Command(BaseCommand):
    help = (
        "Checks every decision against its leaf, the leaves against the seals, the seals against each other, their "
        "signatures and their anchors. Exits 1 and names the first bad row when anything was altered, removed, added, "
        "moved or put back. What was erased in due form is counted, and no fault. A worker does the same every day."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON for another program")
        parser.add_argument(
            "--against",
            metavar="FILE",
            default="",
            help="compare with seals written down outside, too: a copy of the file of anchors, or saved mails",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self._tells = options["verbosity"] > 1 or sys.stderr.isatty()
        try:
            report = checked.check(against=options["against"], now=timezone.now(), told=self._told)
        except OSError as error:
            raise CommandError(f"--against {options['against']} cannot be read: {error.strerror}.") from None
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report) | {"sound": report.is_sound}, indent=2, ensure_ascii=False))
        else:
            self._print(report)
        if not report.is_sound:
            sys.exit(1)

    def _told(self, entries: int) -> None:
        if self._tells and entries // STEP != self._said:
            self._said = entries // STEP
            self.stderr.write(f"{entries} entries")

    _said = 0

    def _print(self, report: Report) -> None:
        for fault in report.first:
            self.stdout.write(self.style.ERROR(str(fault)))
        verdict = "Nothing was altered" if report.is_sound else f"Faults: {report.faults}, the first above"
        self.stdout.write(
            f"{verdict}: {report.entries} entries under {report.seals} seals, {report.redacted} erased in due form, "
            f"{report.unsealed} not sealed yet; {report.seconds:.1f} s."
        )
