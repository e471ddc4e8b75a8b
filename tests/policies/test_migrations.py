"""Do policies that were published before the chain and the terms come through the migration with both?"""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import F
from django.test import Client

from policies import chain
from policies.models import PolicyVersion
from records import terms
from records.models import TermSheet
from tests import make

BEFORE = [("policies", "0003_withdraw_in_time")]
SOON, LATER = make.NOW + timedelta(days=10), make.NOW + timedelta(days=20)
KEY = uuid.uuid4()
BODY = '[{"type": "clause", "value": {"text": "<p>We keep little.</p>", "anchor": ""}, "id": "1"}]'


def migrate(targets: list[tuple[str, str]] | None = None) -> Any:
    """Goes to `targets`, or to the newest of everything; returns the models of that time."""
    executor = MigrationExecutor(connection)
    targets = targets or executor.loader.graph.leaf_nodes()
    return executor.migrate(targets).apps


def publish(apps: Any, page: Any, number: int, at: Any) -> Any:
    """A version as it was frozen then."""
    types = apps.get_model("contenttypes", "ContentType").objects
    policy_page = types.get_or_create(app_label="policies", model="policypage")[0]
    revision = apps.get_model("wagtailcore", "Revision").objects.create(
        content_type=policy_page,
        base_content_type=policy_page,
        object_id=str(page.pk),
        created_at=make.NOW,
        content={"body": BODY},
    )
    content = {"title": "Privacy policy", "clauses": []}
    return apps.get_model("policies", "PolicyVersion").objects.create(
        page=page,
        revision=revision,
        number=number,
        effective_from=at,
        frozen_at=make.NOW,
        frozen_by="Vera Holt",
        content=content,
        content_sha256=chain.digest(content),
        html="<p>We keep little.</p>",
        text="We keep little.\n",
    )


@pytest.fixture
def migrated(committed: None) -> None:
    """Three versions of before (in force, withdrawn, pending), and the newest database."""
    apps = migrate(BEFORE)
    apps.get_model("wagtailcore", "Page").objects.filter(path="00010001").update(numchild=1)
    page = apps.get_model("policies", "PolicyPage").objects.create(
        title="Privacy policy",
        slug="privacy",
        path="000100010001",  # below the page that a new site starts with
        depth=3,
        url_path="/home/privacy/",
        translation_key=KEY,
        locale=apps.get_model("wagtailcore", "Locale").objects.get(),
        content_type=apps.get_model("contenttypes", "ContentType").objects.get_or_create(
            app_label="policies", model="policypage"
        )[0],
        body=BODY,
    )
    publish(apps, page, 1, make.NOW)
    withdrawn = publish(apps, page, 2, SOON)
    apps.get_model("policies", "PolicyWithdrawal").objects.create(
        version=withdrawn, withdrawn_at=make.NOW, reason="A slip."
    )
    publish(apps, page, 3, LATER)
    migrate()


@pytest.mark.usefixtures("migrated")
def test_versions_of_before_are_in_the_chain_and_have_their_sheets() -> None:
    versions = list(PolicyVersion.objects.order_by("number"))
    assert [(row.policy, row.language, row.written_by) for row in versions] == [(KEY, "en", "Vera Holt")] * 3
    assert versions[0].source[0]["value"]["text"] == "<p>We keep little.</p>"
    assert [row.previous_sha256 for row in versions] == ["", versions[0].sha256, versions[1].sha256]
    assert list(chain.faults()) == []
    assert chain.cut_off() == []
    assert [(sheet.number, sheet.effective_from) for sheet in TermSheet.objects.order_by("number")] == [
        (1, make.NOW),
        (2, SOON),
        (3, LATER),
    ]
    assert [hasattr(sheet, "withdrawal") for sheet in TermSheet.objects.order_by("number")] == [False, True, False]
    assert terms.all_in_force(terms.Kind.RETENTION, LATER) == {}
    below = ["", "v/1/", "v/2/", "v/3/", "v/1/text/", "v/1/json/", "history/", "upcoming/", "feed/", "timemap/"]
    answers = {path: Client().get(f"/privacy/{path}").status_code for path in [*below, "compare/1-3/"]}
    assert set(answers.values()) == {200}, answers
    for model in (PolicyVersion, TermSheet):  # the guards are up again
        with pytest.raises(DatabaseError, match="is append-only"), transaction.atomic():
            model.objects.update(id=F("id"))
