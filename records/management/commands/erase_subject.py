"""What an erasure of one person would do, or does."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from records.registry import OnErase, holding
from records.subject_requests import erasing, plan, tombstones
from records.subject_requests.plan import Plan


class Command(BaseCommand):
    help = (
        "Erases whoever has this address from every data set (GDPR Art. 17): their key first, then the rows. What a "
        "legal hold covers stays, and what the law asks to be kept; the receipt says which and why. Prints the plan "
        "and asks, unless --yes. Exits 1 when nothing was erased although something is stored."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--dry-run", action="store_true", help="print the plan; erase and write nothing")
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--json", action="store_true", help="print JSON for another program")
        parser.add_argument("--plan", metavar="SHA256", default="", help="refuse where the plan is another by now")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = plan.of(options["email"], now=timezone.now())
        except ValueError as error:
            raise CommandError(str(error)) from None
        if options["dry_run"] or not options["json"]:
            self._print(found, as_json=options["json"])
        if options["dry_run"] or (found.does_nothing and not tombstones.unfinished(found.subject).exists()):
            return
        if not (options["yes"] or self._agreed()):
            raise CommandError("Nothing was erased.")
        try:
            receipt = erasing.carry_out(
                options["email"], plan_sha256=options["plan"] or found.sha256, now=timezone.now()
            )
        except (erasing.PlanChanged, tombstones.NotWritten) as error:
            raise CommandError(str(error)) from None
        self.stdout.write(json.dumps(receipt, indent=2, ensure_ascii=False))

    def _agreed(self) -> bool:
        """Only a terminal is asked."""
        if not sys.stdin.isatty():
            raise CommandError("Nothing was erased: nobody can answer. Add --yes.")
        return input("Erase all this? It cannot be undone. Type yes: ").strip() == "yes"

    def _print(self, found: Plan, *, as_json: bool) -> None:
        steps = [step for step in found.steps if step.versions or step.kept]
        if as_json:
            sets = [
                {
                    "holding": step.entry.label,
                    "act": step.act.value,
                    "rows": _goes(step),
                    "kept": step.kept,
                    "why": step.why,
                }
                for step in steps
            ]
            key = {"gone": found.has_key and not found.key_stays, "why": found.key_stays}
            self.stdout.write(
                json.dumps({"plan_sha256": found.sha256, "key": key, "sets": sets}, indent=2, ensure_ascii=False)
            )
            return
        for step in steps:
            kept = f"; {step.kept} kept: {step.why or 'written since'}" if step.kept else ""
            self.stdout.write(f"{holding(step.entry.label).title}: {_goes(step)} to {step.act.value}{kept}")
        if found.key_stays:
            self.stdout.write(f"The key of the person stays: {found.key_stays}.")
        self.stdout.write(f"Plan {found.sha256}" if steps else "Nothing is stored.")


def _goes(step: plan.Step) -> int:
    return 0 if step.act == OnErase.KEEP else len(step.versions)
