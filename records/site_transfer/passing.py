"""How does the whole site pass to a new owner? On a ground of the policy, approved by a second person, on record."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from wagtail.models import Site

from records import disclosures
from records.disclosures import contents
from records.models import Disclosure, DisclosureOrder
from records.registry import Ground
from records.site_transfer import packing

MEANS = "encrypted archive of the whole site"


def hand_over(*, order: DisclosureOrder, to: Path, passphrase: str, now: datetime) -> tuple[Disclosure, dict[str, Any]]:
    """Writes the archive to a new file that its owner alone may read; returns the row of the register and the manifest.
    Raises disclosures.Refused, and OSError where the file cannot be written: then nothing is on record."""
    made: list[dict[str, Any]] = []
    about = {
        "site": Site.objects.get(is_default_site=True).root_url,
        "recipient": order.recipient.name,
        "order": order.pk,
        "reference": order.reference,
    }

    def content(file: Any) -> None:
        made.append(packing.pack(file, passphrase=passphrase, about=about, now=now))

    with transaction.atomic():
        row = disclosures.disclose(
            recipient=order.recipient,
            ground=Ground.SUCCESSION,
            sets=order.sets,
            people=contents.everybody(now),
            means=MEANS,
            content=content,
            asked_by=order.proposed_by,
            order=order,
            now=now,
        )
        with row.file:
            _copy(row.file, to)
    return row, made[0]


def _copy(archive: IO[bytes], to: Path) -> None:
    to.touch(mode=0o600, exist_ok=False)
    try:
        with to.open("wb") as file:
            shutil.copyfileobj(archive, file, 1 << 20)
    except BaseException:
        to.unlink()
        raise
