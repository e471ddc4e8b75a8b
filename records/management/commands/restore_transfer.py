"""Is an archive of a site whole? And: makes a new, migrated site the one in it."""

import os
from pathlib import Path
from typing import IO, Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from records import site_transfer
from records.management import passphrase
from records.site_transfer import Archive, Unfit, Unreadable

PROOFS = ("verify_policies", "verify_proof", "verify_disclosures", "verify_retention")


class Command(BaseCommand):
    help = (
        "Reads an archive that transfer_site wrote from its first byte to its last and says whether it is whole. Then "
        "restores it into a database that was migrated and holds nothing else, reads every table back, and runs the "
        "proofs. A damaged archive, or one for another version, is refused, and nothing is written."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument(
            "--passphrase-file", metavar="FILE", default="", help="its first line; else it is asked for"
        )
        parser.add_argument("--verify-only", action="store_true", help="say whether it is whole; write nothing")
        parser.add_argument(
            "--keys-to",
            metavar="FILE",
            default="",
            help="write the keys that the new site's environment needs, and end",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        words = passphrase.read(options["passphrase_file"], twice=False)
        try:
            with open(options["file"], "rb") as file:
                self._act(file, words, options)
        except OSError as error:
            raise CommandError(f"{error.filename or options['file']}: {error.strerror}.") from None
        except (Unreadable, Unfit) as refused:
            raise CommandError(str(refused)) from None

    def _act(self, file: IO[bytes], words: str, options: dict[str, Any]) -> None:
        with site_transfer.opened(file, passphrase=words) as archive:
            self._tell(archive)
            if options["keys_to"]:
                self._write_keys(archive, Path(options["keys_to"]))
            elif not options["verify_only"]:
                site_transfer.restore(archive)
                self.stdout.write("Restored: every table was read back and is what it was.")
                self._prove()

    def _tell(self, archive: Archive) -> None:
        found = archive.manifest
        rows = sum(part["rows"] for part in found["tables"].values())
        self.stdout.write(
            f"The archive is whole: {found['site']}, made at {found['made_at']} for {found['recipient']}; "
            f"{len(found['tables'])} tables, {rows} rows, {len(found['media'])} uploads."
        )

    def _write_keys(self, archive: Archive, to: Path) -> None:
        handle = os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(site_transfer.as_environment(archive.settings()))
        self.stdout.write(f"{to}: lines for the environment of the new site.")

    def _prove(self) -> None:
        for name in PROOFS:
            try:
                call_command(name, stdout=self.stdout, stderr=self.stderr)
            except SystemExit:
                raise CommandError(f"{name} found a fault, which the archive brought along: see above.") from None
