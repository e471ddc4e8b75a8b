"""What tests of promises ask: one of them by its key, and the command with its exit status."""

import io
from datetime import datetime

from django.core.management import call_command
from django.db import connection

from records import promises
from records.promises import Promise


def one(key: str, now: datetime) -> Promise:
    """No check behind the one that answers for it is made."""
    found = (promise for check in promises.registered() for promise in promises.answers(check, now).promises)
    return next(promise for promise in found if promise.key == key)


def command(*options: str) -> tuple[int, str]:
    """Exit status and what was printed."""
    out = io.StringIO()
    try:
        call_command("promises", *options, stdout=out)
    except SystemExit as stop:
        return int(str(stop.code)), out.getvalue()
    return 0, out.getvalue()


def broken(said: str) -> list[str]:
    """The titles that the command names as broken."""
    return [line.split(": ")[1] for line in said.splitlines() if line.startswith("broken: ")]


def tamper(statement: str, *values: object) -> None:
    """As somebody does who has the database in their hands: no trigger keeps them from it."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = 'replica'")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = 'origin'")
