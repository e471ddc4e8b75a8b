"""What has come into the mailbox of the return address? Exit status 1 when it cannot be read."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from mailing.returns import mailbox


class Command(BaseCommand):
    help = (
        "Reads bounces and complaints from the mailbox in MAIL_RETURN_MAILBOX (IMAP over TLS) and acts upon them. What "
        "was understood is deleted there; what was not goes to its folder Unrecognised."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=500, metavar="MESSAGES", help="read no more than these; 500")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.MAIL_RETURN_MAILBOX:
            raise CommandError("MAIL_RETURN_MAILBOX is not set: imaps://name:password@host/INBOX.")
        if options["limit"] < 1:
            raise CommandError("--limit is more than 0.")
        try:
            counted = mailbox.read(url=settings.MAIL_RETURN_MAILBOX, now=timezone.now(), limit=options["limit"])
        except mailbox.NoMailbox as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(
            f"{counted.recorded} recorded, {counted.ignored} with nothing to do, {counted.unrecognised} unrecognised"
        )
