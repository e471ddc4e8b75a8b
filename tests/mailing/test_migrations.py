"""Do lists, people, campaigns and deliveries of before the engine come through its migration?"""

from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from mailing import addresses
from mailing.models import Campaign, Delivery, Subscriber
from tests import make

BEFORE = [("mailing", "0002_notices")]


def migrate(targets: list[tuple[str, str]] | None = None) -> Any:
    """Goes to `targets`, or to the newest of everything; returns the models of that time."""
    executor = MigrationExecutor(connection)
    targets = targets or executor.loader.graph.leaf_nodes()
    return executor.migrate(targets).apps


@pytest.fixture
def migrated(committed: None) -> None:
    """A campaign on its way to Ana and Ben, and one that nobody has sent."""
    news = make.mailing_list()
    decisions = [make.subscriber(email, news).decision_id for email in (make.ANA, make.BEN)]
    connection.cursor().execute(
        "DELETE FROM mailing_subscription; DELETE FROM mailing_subscriber; DELETE FROM mailing_mailinglist"
    )
    apps = migrate(BEFORE)
    model = {
        name: apps.get_model("mailing", name)
        for name in ("MailingList", "Subscriber", "Subscription", "Campaign", "Delivery")
    }
    news = model["MailingList"].objects.create(key="news", name="News", description="What happens here.")
    sent = model["Campaign"].objects.create(
        subject="Spring", mailing_list=news, body="<p>It is spring.</p>", state="sending", queued_at=make.NOW
    )
    model["Campaign"].objects.create(subject="Summer", mailing_list=news, body="<p>Not yet.</p>")
    for email, decision, state in zip((make.ANA, make.BEN), decisions, ("sent", "pending"), strict=True):
        person = model["Subscriber"].objects.create(email=email, locale="ru", created_at=make.NOW)
        row = model["Subscription"].objects.create(
            subscriber=person,
            mailing_list=news,
            statement="Yes.",
            requested_at=make.NOW,
            decision_id=decision,
            confirmed_at=make.NOW,
        )
        model["Delivery"].objects.create(
            campaign=sent,
            subscription=row,
            decision_id=decision,
            state=state,
            reason="words of before",
            changed_at=make.NOW,
        )
    migrate()


def test_what_an_editor_wrote_is_the_campaigns_text(migrated: None) -> None:
    texts = {text.subject: str(text.body) for text in (each.texts.get() for each in Campaign.objects.all())}
    assert set(texts) == {"Spring", "Summer"}
    assert "It is spring." in texts["Spring"]
    assert Campaign.objects.get(title="Summer").text_for("ru").subject == "Summer"  # type: ignore[union-attr]


def test_addresses_have_their_hashes_and_deliveries_what_the_engine_asks(migrated: None) -> None:
    ana = Subscriber.objects.get(email=make.ANA)
    assert bytes(ana.digest) == addresses.digest(make.ANA)
    assert (ana.domain, ana.provider) == ("mail.example", "other")
    rows = {row.state: row for row in Delivery.objects.all()}
    assert set(rows) == {"sent", "pending"}
    for row in rows.values():
        assert (row.purpose, row.language, row.domain, row.reason) == ("dpv:DirectMarketing", "ru", "mail.example", "")
        assert row.queued_at == row.not_before == make.NOW
    assert (rows["sent"].sent_at, rows["pending"].sent_at) == (make.NOW, None)
