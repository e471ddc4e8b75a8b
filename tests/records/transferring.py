"""A site with something of everything in it, and a second, new one beside it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone
from wagtail.models import Site

from consent.proof import seal
from home import inquiries
from policies.models import PolicyPage
from records.disclosures import orders
from records.models import Action, DisclosureOrder
from records.registry import Ground, holdings
from records.site_transfer import tables
from records.site_transfer.packing import stored
from tests import make
from tests.committed import _run
from tests.policies import typed
from tests.records.disclosing import asked, ben, disclose, vera

WORDS = "correct horse battery staple"


def filled() -> DisclosureOrder:
    """Pages, a policy, decisions under a seal, readers, an inquiry, a request, actions, a disclosure, uploads; and an
    approved order for a new owner."""
    home = make.site()
    listing(make.policy(home), *Ground)
    published = make.catalogue_of_one()
    make.decision(published, "analytics")
    seal.seal(now=make.NOW)
    news = make.mailing_list()
    make.subscriber(make.ANA, news)
    make.subscriber(make.BEN, news)
    written = {"name": "Ana\tB\\c\n'\"", "email": make.ANA, "phone": "+44 1", "message": "Grüße\r\n\\N"}
    inquiries.receive(page=make.contact(home), now=make.NOW, **written)
    asked(make.ANA)
    Action.objects.create(at=timezone.now(), event=uuid.uuid4(), kind="page", path="/", visitor=b"\\x\n\t")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE records_action_2026_03 PARTITION OF records_action"
            " FOR VALUES FROM ('2026-03-01T00:00:00+00') TO ('2026-04-01T00:00:00+00')"
        )
    Action.objects.create(at=make.NOW, event=uuid.uuid4(), kind="page", path="/early/")
    disclose(now=timezone.now())
    default_storage.save("documents/plan.pdf", ContentFile(b"%PDF-1.7 plan"))
    default_storage.save("original_images/quay.png", ContentFile(bytes(range(256)) * 900))
    return succession()


def listing(page: PolicyPage, *grounds: Ground) -> None:
    """Its next version lists these grounds from now on."""
    draft = page.get_latest_revision_as_object()
    draft.body = [*draft.body.raw_data, typed.grounds(*grounds)]
    draft.save_revision().publish()


def succession() -> DisclosureOrder:
    everything = {entry.label: sorted(entry.personal) for entry in holdings()}
    by, second = vera(), ben()
    order = orders.propose(
        recipient=make.recipient("New Quay Ltd"),
        ground=Ground.SUCCESSION,
        reference="Contract of sale 7",
        sets=everything,
        by=by,
        now=timezone.now(),
    )
    orders.approve(order=order, by=second, now=timezone.now())
    return DisclosureOrder.objects.get(pk=order.pk)


def contents() -> dict[str, bytes]:
    """Every row of every table that goes along, as text."""
    with transaction.atomic(), connection.cursor() as cursor:
        tables.plainly(cursor)
        return {name: b"".join(map(bytes, tables.read(cursor, name))) for name in tables.names(connection)}


def sequences() -> dict[str, int]:
    with connection.cursor() as cursor:
        return {name: value for name, table, _column, value in tables.sequences(cursor) if table not in tables.LEFT_OUT}


@contextmanager
def another_site(settings: Any, media: Path) -> Iterator[None]:
    """A database that was migrated and holds nothing else, and no upload; the one before is there again afterwards."""
    used = connection.settings_dict["NAME"]
    made = f"{used}_new"
    connection.close()
    _run(f"CREATE DATABASE {made} TEMPLATE {used.removesuffix('_copy')}")
    before = settings.MEDIA_ROOT
    connection.settings_dict["NAME"], settings.MEDIA_ROOT = made, str(media)
    _forget()
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"], settings.MEDIA_ROOT = used, before
        _run(f"DROP DATABASE {made} WITH (FORCE)")
        _forget()


def _forget() -> None:
    Site.clear_site_root_paths_cache()
    ContentType.objects.clear_cache()


def uploads() -> dict[str, bytes]:
    def read(name: str) -> bytes:
        with default_storage.open(name) as file:
            return bytes(file.read())

    return {name: read(name) for name in stored("")}
