"""Whatever is done to the page, its revisions and its authors: are the answers to the public the same bytes?"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from time_machine import Traveller
from wagtail.models import Revision

from home.models import HomePage
from policies import chain, tasks
from policies.models import PolicyPage
from tests import make
from tests.policies import editing

SOON = make.NOW + timedelta(days=10)
PUBLIC = ["/privacy/", "/privacy/?on=2026-03-05", "/privacy/?on=2026-03-20"]
PUBLIC += [f"/privacy/{path}" for path in ("v/1/", "v/2/", "v/3/", "history/")]


@pytest.fixture
def page(home: HomePage, vera: User) -> PolicyPage:
    """Versions 1 and 2 were in force, 3 is announced, and a draft is newer than all of them."""
    page = make.policy(home, live=False)
    page.save_revision(user=vera).publish()
    page = make.revise(page, "In force.")
    page = make.revise(page, "Announced.", at=SOON)
    page.body[0].value["text"].source = "<p>A draft.</p>"
    page.go_live_at = None
    page.save_revision(user=vera)
    return PolicyPage.objects.get(pk=page.pk)


def answers(client: Client) -> list[tuple[int, bytes]]:
    got = [client.get(path) for path in PUBLIC]
    return [(answer.status_code, answer.content) for answer in got]


def _sql(page: PolicyPage) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE wagtailcore_revision SET content = '{}', object_str = '', user_id = NULL")


def _delete(page: PolicyPage) -> None:
    """As in `manage.py shell`, where no transaction is around it."""
    with pytest.raises(ProtectedError):
        PolicyPage.objects.get(pk=page.pk).delete()


def _delete_revisions(page: PolicyPage) -> None:
    with pytest.raises(ProtectedError):
        page.revisions.all().delete()


def _forge_row(page: PolicyPage) -> None:
    PolicyPage.objects.update(live=False, body=[make.text("Forged.")], live_revision=None, latest_revision=None)


ACTS: dict[str, Callable[[PolicyPage], object]] = {
    "purge_revisions": lambda page: call_command("purge_revisions"),
    "purge_revisions --days=0": lambda page: call_command("purge_revisions", days=0),
    "delete": _delete,
    "delete of its revisions": _delete_revisions,
    "unpublish": lambda page: page.unpublish(),
    "expiry": lambda page: PolicyPage.objects.update(expire_at=make.NOW - timedelta(days=1)),
    "rewritten revisions": _sql,
    "a rewritten page": _forge_row,
    "lost marks": lambda page: Revision.objects.update(approved_go_live_at=None),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_nothing_done_to_the_page_changes_what_was_published(
    page: PolicyPage, client: Client, act: Callable[[PolicyPage], object]
) -> None:
    before = answers(client)
    act(page)
    call_command("publish_scheduled")
    assert {status for status, _content in before} == {200}
    assert answers(client) == before
    assert list(chain.faults()) == []


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_what_was_announced_takes_force_all_the_same(
    page: PolicyPage, client: Client, clock: Traveller, act: Callable[[PolicyPage], object]
) -> None:
    act(page)
    clock.move_to(SOON)
    tasks.publish_scheduled()
    assert "Announced." in client.get("/privacy/").text
    assert page.versions.count() == 3


def test_deleting_the_author_changes_nothing(page: PolicyPage, client: Client, vera: User) -> None:
    before = answers(client)
    vera.delete()
    assert answers(client) == before
    assert page.versions.get(number=1).written_by == "Vera Holt"


@pytest.mark.parametrize("name", ["delete", "unpublish", "unpublish_all"])
def test_the_buttons_of_the_cms_change_nothing(page: PolicyPage, cms: Client, client: Client, name: str) -> None:
    before = answers(client)
    more = {"include_descendants": "on"} if name == "unpublish_all" else {}
    target = page.get_parent() if more else page
    cms.post(reverse(f"wagtailadmin_pages:{name.removesuffix('_all')}", args=(target.pk,)), more)
    assert answers(client) == before


def autosave(cms: Client, page: PolicyPage, revision: int, words: str, **more: str) -> Any:
    """What the editor's browser sends by itself while somebody types: over the revision it saved last."""
    body = editing.rows(page)
    body[0] = editing.clause(words, block_id=body[0]["id"])
    sent = editing.form(body, overwrite_revision_id=str(revision), loaded_revision_id=str(revision), **more)
    address = reverse("wagtailadmin_pages:edit", args=(page.pk,))
    return cms.post(address, sent, headers={"Accept": "application/json"})


def test_autosave_rewrites_a_draft(page: PolicyPage, cms: Client) -> None:
    revision = page.latest_revision_id
    assert autosave(cms, page, revision, "Typed on.").json()["success"] is True
    assert "Typed on." in str(Revision.objects.get(pk=revision).content["body"])


@pytest.mark.parametrize("date", [None, SOON + timedelta(days=1)])
def test_autosave_does_not_rewrite_what_somebody_else_published_meanwhile(
    page: PolicyPage, cms: Client, client: Client, date: Any
) -> None:
    """The editor's browser still holds the number of the revision it saved; a colleague published that very one."""
    revision = page.get_latest_revision()
    if date:
        revision.content["go_live_at"] = date.isoformat()
        revision.save()
    revision.publish()
    before, content = answers(client), Revision.objects.get(pk=revision.pk).content
    assert page.versions.count() == 4
    answer = autosave(cms, page, revision.pk, "Nobody published this.")
    assert answer.status_code == 200
    assert Revision.objects.get(pk=revision.pk).content == content
    assert answers(client) == before
    assert editing.rows(page)[0]["value"]["text"].count("Nobody published this.") == 1, "and it is not lost"
