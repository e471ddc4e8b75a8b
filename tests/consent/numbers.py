"""Many decisions at once, and the privacy officer's screens as rows of words."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from bs4 import BeautifulSoup

from consent.catalogue import Published
from consent.models import Decision
from tests import make


def decided(published: Published, count: int, *allowed: str, now: datetime = make.NOW, **fields: Any) -> list[Decision]:
    """So many visitors made the same choice; written at once, and their leaves are no leaves."""
    choices = {key: key in allowed for key in published.optional}
    services = {service["key"]: service["group"] in allowed for service in published.services}
    values = {
        "snapshot_id": published.pk,
        "choices": choices,
        "services": services,
        "source": "banner",
        "action": "give" if allowed else "refuse",
        "locale": "en",
        "gpc": False,
        "decided_at": now,
        "expires_at": now + timedelta(days=182),
        "key_id": "none",
        "leaf": b"",
    } | fields
    return Decision.objects.bulk_create(
        [Decision(consent_id=uuid.uuid4(), key=uuid.uuid4(), **values) for _ in range(count)]
    )


def cells(rows: Iterable[Any]) -> list[list[str]]:
    return [[" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in rows]


def listed(page: str) -> list[list[str]]:
    """The rows of the listing, cell by cell."""
    return cells(BeautifulSoup(page, "html.parser").select("table.listing tbody tr"))


def table(page: str, key: str) -> list[list[str]]:
    """The rows below the heading with this id."""
    heading = BeautifulSoup(page, "html.parser").select_one(f"h2#{key}")
    found = heading.find_next("table") if heading else None
    return cells(found.select("tbody tr")) if found else []
