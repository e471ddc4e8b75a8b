"""How does somebody get in again who has lost telephone and recovery codes, where no administrator is left to ask?"""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cms.two_factor import accounts


class Command(BaseCommand):
    help = "Takes the second step of signing in off an account, which sets it up anew at its next sign-in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", metavar="USERNAME")

    def handle(self, *args: Any, **options: Any) -> None:
        found = get_user_model()._default_manager.filter(username=options["username"]).first()
        if found is None:
            raise CommandError("No account has this name.")
        if not accounts.remove(found, by=None, now=timezone.now()):
            raise CommandError("This account has no second step.")
        self.stdout.write("It is reset: the account sets it up anew at its next sign-in.")
