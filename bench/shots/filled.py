"""A site that has one of each thing, so that every screen of ours can be opened: the one that tests crawl."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext

NAME, PASSWORD = "superuser", "secret"


@contextmanager
def served() -> Iterator[tuple[str, dict[str, str]]]:
    """Where it answers, and the paths of its screens by name; within `own_engines`."""
    import django

    django.setup()

    from django.core.management import call_command
    from django.db import connections

    from tests.consent import flood

    call_command("migrate", verbosity=0, skip_checks=True)
    paths = made()
    connections.close_all()
    with tempfile.TemporaryDirectory() as folder, flood.served(Path(folder), os.environ["DATABASE_URL"]) as door:
        yield f"http://127.0.0.1:{door.port}", paths


def made() -> dict[str, str]:
    """Fills an empty database, with an administrator; returns the paths of its screens by name."""
    from django.db import transaction

    from tests import filled
    from tests.cms import crawl

    with transaction.atomic():
        filled.fill()
        crawl.account(NAME)
    return {screen.name.replace(":", "-"): screen.url for screen in filled.screens()}


def is_a_page(profile: BrowserContext, url: str) -> bool:
    """A whole one: neither a part that scripts ask for, nor a file, nor what answers to posts alone."""
    answer = profile.request.get(url)
    kind, disposition = (answer.headers.get(name, "") for name in ("content-type", "content-disposition"))
    return answer.ok and kind.startswith("text/html") and "attachment" not in disposition and "<html" in answer.text()
