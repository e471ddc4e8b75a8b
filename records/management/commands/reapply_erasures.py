"""After a restore: who had been erased since the backup, and is back?"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from records.subject_requests import reapplying, tombstones
from records.subject_requests.reapplying import Outcome


class Command(BaseCommand):
    help = (
        "Erases again whoever had been erased and came back with a restored backup, and finishes erasures that were "
        "interrupted. Run it before the site is opened again. Reads the tombstones of the database, those of "
        "ERASURES_FILE, and those of any other file named here. What somebody wrote after their erasure stays."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say who is back; erase and write nothing")
        parser.add_argument(
            "--from", dest="files", metavar="FILE", action="append", default=[], help="a copy of the file"
        )
        parser.add_argument("--json", action="store_true", help="print JSON for another program")

    def handle(self, *args: Any, **options: Any) -> None:
        files = list(options["files"])
        if settings.ERASURES_FILE and Path(settings.ERASURES_FILE).exists():
            files.append(settings.ERASURES_FILE)
        try:
            outcome = reapplying.reapply(files=files, now=timezone.now(), dry_run=options["dry_run"])
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be read: {error.strerror}.") from None
        except (tombstones.Unreadable, tombstones.NotWritten) as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(asdict(outcome), cls=DjangoJSONEncoder, indent=2))
        else:
            self._print(outcome, dry_run=options["dry_run"], files=files)

    def _print(self, outcome: Outcome, *, dry_run: bool, files: list[str]) -> None:
        verb = "to erase" if dry_run else "erased"
        for each in outcome.again:
            rows = ", ".join(f"{label} {count}" for label, count in each.rows.items()) or "the key alone"
            self.stdout.write(f"Erased on {each.erased_at:%Y-%m-%d %H:%M} UTC, and back: {verb} again: {rows}")
        sources = f"the database and {', '.join(files)}" if files else "the database alone: it knows its own past only"
        self.stdout.write(
            f"{outcome.tombstones} tombstones ({sources}; {outcome.only_in_files} only in files), "
            f"{len(outcome.again)} came back, "
            f"{outcome.finished} interrupted erasures {'left' if dry_run else 'finished'}."
        )
