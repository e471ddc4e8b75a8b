"""Under which master key are people's keys wrapped? Wraps every one under the newest, while the site runs."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from records import cipher, keys


class Command(BaseCommand):
    help = "Wraps people's keys under the newest master key of RECORDS_KEYS. Safe to stop and to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one line of JSON for a program to read")

    def handle(self, *args: Any, json: bool, **options: Any) -> None:
        rows = 0
        try:
            for batch in keys.rotate(now=timezone.now()):
                rows += batch
                if not json:
                    self.stdout.write(f"{rows} wrapped anew. {_under()}")
        except cipher.UnknownKey as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_as_json(rows) if json else _as_text(rows))


def _unused() -> list[str]:
    return [key for key in settings.RECORDS_KEYS if key != cipher.newest() and key not in keys.under()]


def _under() -> str:
    return " ".join(f"Under {master}: {count}." for master, count in keys.under().items()) or "There are no keys."


def _as_text(rows: int) -> str:
    words = [f"{rows} {'key' if rows == 1 else 'keys'} wrapped anew.", _under()]
    if unused := _unused():
        words.append(f"{', '.join(unused)} may be dropped.")
    return " ".join(words)


def _as_json(rows: int) -> str:
    said = {"master": cipher.newest(), "rotated": rows, "under": keys.under(), "unused": _unused()}
    return json.dumps(said)
