"""Does a downloaded receipt hold? Exit status 1, and a sentence for what does not."""

import sys
import uuid
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from consent.proof import keys
from consent.receipts import checking, standing
from consent.receipts.checking import Published
from consent.receipts.files import Document


class Command(BaseCommand):
    help = (
        "Checks a receipt that somebody downloaded: the site's signature, the way from its leaf to the root of a seal, "
        "the seal's own signature; and, in the database of this site, that the row and its leaf still agree with it. "
        "Exits 1 and says what does not hold."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the receipt, as it was downloaded")
        parser.add_argument(
            "--seals", type=Path, help="what was published: /consent/seals.json, or the lines of an anchor file or mail"
        )
        parser.add_argument("--offline", action="store_true", help="ask neither this site's database nor its keys")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            said = checking.read(_text(options["file"]))
            published = _published(options["seals"], offline=options["offline"])
            found = checking.faults(said, published)
            if not options["offline"]:
                found += standing.faults(said)
        except checking.NoReceipt as error:
            raise CommandError(f"{options['file']}: {error}") from error
        for sentence in found:
            self.stdout.write(self.style.ERROR(sentence))
        if found:
            sys.exit(1)
        self.stdout.write(_holds(said, published, offline=options["offline"]))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise CommandError(f"{path} cannot be read: {reason}.") from None


def _published(path: Path | None, *, offline: bool) -> Published:
    """What is known from elsewhere; this site's own keys unless nothing of it is to be asked."""
    own = {} if offline else {key_id: keys.public(key_id).hex() for key_id in keys.known()}
    if path is None:
        return Published(own)
    _text(path)
    said = checking.read_published(path)
    if not said.seals:
        raise CommandError(f"{path} holds no seal.")
    return Published({**own, **said.keys}, said.seals)


def _holds(said: Document, published: Published, *, offline: bool) -> str:
    pk = uuid.UUID(said["receipt_id"])
    sealed = f"under seal {said['proof']['seal']['number']}" if checking.is_sealed(said) else "and not sealed yet"
    checked = f"Receipt {pk} is as the site signed it, {sealed}."
    if published.keys:
        where = " The row in this database agrees." if not offline else ""
        return checked + where
    return f"{checked} Whose key that is, only --seals or the site itself can say."
