"""Writes the whole site into one encrypted archive, for the new owner that a second person approved."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from records import site_transfer
from records.disclosures import Refused
from records.management import passphrase
from records.models import DisclosureOrder


class Command(BaseCommand):
    help = (
        "Writes every table, every upload and the keys of what is sealed into one encrypted archive, and puts that on "
        "record. The policy in force lists the ground, one person proposed it under Reports > Disclosures, and another "
        "approved it there. restore_transfer reads the archive."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", metavar="FILE", required=True, help="a file that does not exist yet")
        parser.add_argument("--recipient", metavar="NAME", required=True, help="the new owner, as the order names them")
        parser.add_argument("--order", metavar="ID", type=int, required=True, help="the number of the approved order")
        parser.add_argument(
            "--passphrase-file", metavar="FILE", default="", help="its first line; else it is asked for"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        to, order = Path(options["to"]), DisclosureOrder.objects.filter(pk=options["order"]).first()
        if order is None:
            raise CommandError(f"There is no order {options['order']}: propose it under Reports > Disclosures.")
        if order.recipient.name != options["recipient"]:
            raise CommandError(f"Order {order.pk} is for {order.recipient.name}, not for {options['recipient']}.")
        if to.exists():
            raise CommandError(f"{to} is there already; nothing is overwritten.")
        words = passphrase.read(options["passphrase_file"], twice=True)
        try:
            row, manifest = site_transfer.hand_over(order=order, to=to, passphrase=words, now=timezone.now())
        except Refused as refused:
            raise CommandError(str(refused)) from None
        except OSError as error:
            raise CommandError(f"{to} cannot be written: {error.strerror}. Nothing is on record.") from None
        rows = sum(part["rows"] for part in manifest["tables"].values())
        self.stdout.write(
            f"{to}: {row.bytes_sent} bytes, {len(manifest['tables'])} tables, {rows} rows, {len(manifest['media'])} "
            f"uploads, data of {row.subjects} people. Disclosure {row.number}, SHA-256 {row.sha256_sent}. Send the "
            "passphrase another way than the file."
        )
