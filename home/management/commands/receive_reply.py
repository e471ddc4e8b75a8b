"""What did somebody reply by mail, from a mail server that hands it over on standard input?"""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from home import returns
from mailing.returns import mime

TEMPORARY = 75  # EX_TEMPFAIL of sysexits.h: the mail server keeps the message and tries again


class Command(BaseCommand):
    help = (
        "Reads one message from standard input, such as of a pipe of Postfix: a reply to an answer from the inbox is "
        "put below its inquiry. Exits 0, also where it is no reply to anything of ours; 75 when the database is away, "
        "so that the mail server tries again."
    )
    requires_system_checks: list[str] = []  # for each message that comes in

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", default="", metavar="ADDRESS", help="the address that it was sent to")

    def handle(self, *args: Any, **options: Any) -> None:
        raw = sys.stdin.buffer.read(mime.MOST_BYTES)
        while sys.stdin.buffer.read(mime.MOST_BYTES):
            pass  # else the mail server finds the pipe broken and takes the message for undeliverable
        try:
            outcome = returns.take_in(raw, to=[options["to"]], now=timezone.now())
        except (DatabaseError, InterfaceError) as error:
            self.stderr.write(f"The database is away: {type(error).__name__}.")
            sys.exit(TEMPORARY)
        self.stdout.write(outcome.value)
