"""A copy of everything that is stored about one person, as a zip."""

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from records.subject_requests import exporting


class Command(BaseCommand):
    help = (
        "Writes a zip with everything that is stored about whoever has this address (GDPR Art. 15 and 20): JSON for "
        "programs, a page for people. Give it to nobody before you know that the address is theirs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("--out", metavar="FILE.zip", required=True, help="a file that does not exist yet")
        parser.add_argument("--language", choices=sorted(dict(settings.LANGUAGES)), help="of the page inside")
        parser.add_argument("--json", action="store_true", help="print JSON for another program")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            # Readable by whoever runs this, and by nobody else.
            file = os.fdopen(os.open(options["out"], os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")
        except OSError as error:
            raise CommandError(f"--out {options['out']} cannot be written: {error.strerror}.") from None
        try:
            with file:
                language = options["language"] or settings.LANGUAGE_CODE
                copy = exporting.write(file, email=options["email"], now=timezone.now(), locale=language)
        except BaseException as error:
            Path(options["out"]).unlink()
            if isinstance(error, ValueError):
                raise CommandError(str(error)) from None
            raise
        if options["json"]:
            said = {"file": options["out"], "sha256": copy.sha256, "bytes": copy.size, "rows": copy.rows}
            self.stdout.write(json.dumps(said, indent=2))
            return
        for label, count in copy.rows.items():
            self.stdout.write(f"{label}: {count}")
        self.stdout.write(f"{options['out']}: {copy.size} bytes, SHA-256 {copy.sha256}")
