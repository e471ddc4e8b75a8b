"""Where does a command get a passphrase from? A file or a prompt: whoever lists processes reads their arguments."""

import getpass
import sys
from pathlib import Path

from django.core.management.base import CommandError

SHORTEST = 16  # characters


def read(file: str, *, twice: bool) -> str:
    """The first line of `file`, else what is typed. Raises CommandError."""
    if file:
        try:
            lines = Path(file).read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"--passphrase-file {file} cannot be read: {error}.") from None
        return _long_enough(lines[0] if lines else "")
    if not sys.stdin.isatty():
        raise CommandError("There is no terminal to type a passphrase at: name a file with --passphrase-file.")
    typed = getpass.getpass("Passphrase: ")
    if twice and getpass.getpass("Once more: ") != typed:
        raise CommandError("The two were not the same.")
    return _long_enough(typed)


def _long_enough(passphrase: str) -> str:
    if len(passphrase) < SHORTEST:
        raise CommandError(f"The passphrase is too short: {SHORTEST} characters at least. openssl rand -base64 24")
    return passphrase
