"""Do decisions that were made before there was a ledger come through the migration with leaves that verify?"""

import hashlib
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import F
from wagtail.models import Site

from consent import catalogue
from consent.models import Decision, Service, Snapshot
from consent.proof import seal, verify
from tests import make

BEFORE = [("consent", "0002_append_only")]
CONTENTS = ['{"groups":[{"key":"analytics"}]}', '{"groups":[{"key":"analytics"},{"key":"ads"}]}']


def migrate(targets: list[tuple[str, str]] | None = None) -> Any:
    """Goes to `targets`, or to the newest of everything; returns the models of that time."""
    executor = MigrationExecutor(connection)
    targets = targets or executor.loader.graph.leaf_nodes()
    return executor.migrate(targets).apps


def decide(apps: Any, snapshot: Any, choices: dict[str, bool], source: str, statement: str = "") -> None:
    apps.get_model("consent", "Decision").objects.create(
        consent_id=uuid.uuid4(),
        key=uuid.uuid4(),
        snapshot=snapshot,
        statement=statement,
        choices=choices,
        source=source,
        locale="en",
        decided_at=make.NOW,
        expires_at=make.NOW + timedelta(days=182) if snapshot else None,
    )


@pytest.fixture
def migrated(committed: None) -> None:
    """Two published configurations, a choice, a refusal and a confirmed subscription of before; the newest database."""
    apps = migrate(BEFORE)
    group = apps.get_model("cookie_consent", "CookieGroup").objects.create(varname="analytics", name="Statistics")
    for key in ("tally", "count"):
        apps.get_model("consent", "Service").objects.create(
            key=key, name=key, vendor="Tally Works", group=group, script_url="https://tally.example/count.js"
        )
    first, second = (
        apps.get_model("consent", "Snapshot").objects.create(
            sha256=hashlib.sha256(content.encode()).hexdigest(), content=content, published_at=make.NOW
        )
        for content in CONTENTS
    )
    decide(apps, first, {"analytics": True}, "banner")
    decide(apps, second, {"analytics": False, "ads": False}, "no_js")
    decide(apps, None, {"mail:news": True}, "mail", statement="You may write to me.")
    migrate()


@pytest.mark.usefixtures("migrated")
def test_decisions_of_before_have_leaves_and_can_be_sealed() -> None:
    report = verify.verify()
    assert (report.first, report.unsealed) == ([], 3)
    assert seal.seal(now=make.NOW) == 3
    report = verify.verify()
    assert (report.first, report.entries) == ([], 3)
    actions = dict(Decision.objects.order_by("seq").values_list("source", "action"))
    assert actions == {"banner": "give", "no_js": "refuse", "mail": "give"}
    site = Site.objects.get(is_default_site=True)
    assert list(Snapshot.objects.order_by("pk").values_list("site", "number")) == [(site.pk, 1), (site.pk, 2)]
    assert list(Snapshot.objects.order_by("pk").values_list("content", flat=True)) == CONTENTS
    assert catalogue.current(site.pk) is None, "it is evidence, and shown to nobody"
    assert {service.vendor.name for service in Service.objects.all()} == {"Tally Works"}
    for model in (Decision, Snapshot):  # the guards are up again
        with pytest.raises(DatabaseError, match="is append-only"), transaction.atomic():
            model.objects.update(id=F("id"))
