"""Does every way to publish, schedule or cancel in the CMS freeze or withdraw exactly once, under the right name?"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from time_machine import Traveller
from wagtail.models import APIToken, Revision, Workflow

from home.models import HomePage
from policies import tasks
from policies.models import PolicyPage, PolicyVersion, PolicyWithdrawal
from records.models import Controller, TermSheet
from tests import make
from tests.policies import editing

SOON = make.NOW + timedelta(days=10)
TYPED = "2026-03-11 12:00"  # SOON, as the schedule dialog takes it


def frozen() -> list[tuple[int, str]]:
    return [(version.number, version.text.strip()) for version in PolicyVersion.objects.order_by("number")]


def cancel(cms: Client, page: PolicyPage) -> None:
    revision = Revision.objects.page_revisions().get(object_id=page.pk, approved_go_live_at__isnull=False)
    cms.post(reverse("wagtailadmin_pages:revisions_unschedule", args=(page.pk, revision.pk)))


def test_the_editor_publishes_a_new_page(cms: Client, home: HomePage) -> None:
    editing.add(cms, home, [editing.clause("We keep nothing.")], **{"action-publish": "on"})
    assert frozen() == [(1, "1 We keep nothing.")]
    assert PolicyVersion.objects.get().frozen_by == "Vera Holt"


def test_a_saved_draft_freezes_nothing(cms: Client, home: HomePage) -> None:
    editing.add(cms, home, [editing.clause("We keep nothing.")])
    assert PolicyPage.objects.exists()
    assert frozen() == []


def test_the_editor_publishes_a_change(cms: Client, home: HomePage) -> None:
    page = make.policy(home, "Old.")
    editing.publish(cms, page, [editing.clause("New.")])
    assert frozen() == [(1, "1 Old."), (2, "1 New.")]


def test_the_editor_publishes_without_a_change(cms: Client, home: HomePage) -> None:
    page = make.policy(home, 'We “keep” <b>less</b> &amp; <a href="https://quay.example/?a=1&amp;b=2">say</a> so.')
    editing.publish(cms, page, editing.rows(page))
    editing.publish(cms, page, editing.rows(page))
    assert len(frozen()) == 1


def test_the_editor_schedules_a_change(cms: Client, home: HomePage) -> None:
    page = make.policy(home, "Old.")
    editing.publish(cms, page, [editing.clause("New.")], go_live_at=TYPED)
    pending = page.versions.pending(make.NOW).get()
    assert (pending.number, pending.effective_from, pending.frozen_by) == (2, SOON, "Vera Holt")


def test_the_editor_schedules_the_first_version(cms: Client, home: HomePage) -> None:
    editing.add(cms, home, [editing.clause("First.")], go_live_at=TYPED, **{"action-publish": "on"})
    assert [version.effective_from for version in PolicyVersion.objects.all()] == [SOON]


def test_the_editor_cancels_a_schedule(cms: Client, home: HomePage) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    cancel(cms, page)
    withdrawal = PolicyWithdrawal.objects.get()
    assert (withdrawal.version.number, withdrawal.withdrawn_by) == (2, "Vera Holt")


def test_a_cancelled_text_never_takes_force(cms: Client, home: HomePage, clock: Traveller, client: Client) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    cancel(cms, page)
    clock.move_to(SOON)
    assert "Old." in client.get("/privacy/").text


def test_a_cancelled_text_can_be_scheduled_again(cms: Client, home: HomePage) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    cancel(cms, page)
    editing.publish(cms, page, editing.rows(page), go_live_at="2026-03-21 12:00")
    assert [version.effective_from for version in page.versions.pending(make.NOW)] == [SOON + timedelta(days=10)]


def test_a_bulk_publication(cms: Client, home: HomePage) -> None:
    page = make.policy(home, "First.", live=False)
    page.save_revision()
    editing.bulk(cms, "publish", page)
    editing.bulk(cms, "publish", page)
    assert frozen() == [(1, "1 First.")]
    assert PolicyVersion.objects.get().frozen_by == "Vera Holt"


def test_an_approved_workflow(home: HomePage, vera: User) -> None:
    page = make.policy(home, "First.", live=False)
    page.save_revision(user=vera)
    boss = User.objects.create_user("boss")
    boss.groups.add(Group.objects.get(name="Moderators"))
    Workflow.objects.get(name="Moderators approval").start(page, user=vera)
    page.current_workflow_task_state.approve(user=boss)
    assert frozen() == [(1, "1 First.")]


def test_an_alias_follows_its_original(home: HomePage, client: Client) -> None:
    page = make.policy(home, "Old.")
    page.create_alias(update_slug="data-protection")
    make.revise(page, "New.")
    assert "New." in client.get("/data-protection/").text


def api_publish(user: User, page: PolicyPage) -> int:
    """What a program does that publishes by Wagtail's API v3, which Candor does not mount."""
    _token, secret = APIToken.create_token(user=user, name="a program")
    address = f"/api/v3/pages/{page.pk}/actions/publish/"
    return Client().post(address, headers={"Authorization": f"Bearer {secret}"}).status_code


def editor(cms: Client, page: PolicyPage) -> None:
    editing.publish(cms, page, editing.rows(page))


def bulk(cms: Client, page: PolicyPage) -> None:
    editing.bulk(cms, "publish", page)


def api(cms: Client, page: PolicyPage) -> None:
    assert api_publish(User.objects.get(username="vera"), page) == 200


def workflow(cms: Client, page: PolicyPage) -> None:
    boss = User.objects.get(username="vera")
    page = PolicyPage.objects.get(pk=page.pk)
    Workflow.objects.get(name="Moderators approval").start(page, user=boss)
    page.current_workflow_task_state.approve(user=boss)


def code(cms: Client, page: PolicyPage) -> None:
    PolicyPage.objects.get(pk=page.pk).get_latest_revision().publish()


Route = Callable[[Client, PolicyPage], None]
routes = pytest.mark.parametrize("route", [editor, bulk, api, workflow, code])


@pytest.fixture
def program(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.policies.api_urls"


@pytest.fixture
def drafted(home: HomePage, vera: User, program: None) -> PolicyPage:
    """Version 1 in force, and a draft that is newer."""
    page = make.policy(home, "Call {phone}.")
    page.body[0].value["text"].source = "<p>Ring {phone}.</p>"
    page.save_revision(user=vera)
    return page


@routes
def test_every_route_freezes_exactly_once(cms: Client, drafted: PolicyPage, route: Route) -> None:
    route(cms, drafted)
    assert [number for number, _text in frozen()] == [1, 2]
    assert frozen()[-1][1].startswith("1 Ring")
    assert list(TermSheet.objects.values_list("number", flat=True).order_by("number")) == [1, 2]


@routes
def test_a_repeat_without_a_change_freezes_nothing(cms: Client, drafted: PolicyPage, route: Route) -> None:
    route(cms, drafted)
    route(cms, drafted)
    assert len(frozen()) == 2


@routes
def test_every_route_freezes_a_schedule_exactly_once(cms: Client, drafted: PolicyPage, route: Route) -> None:
    draft = drafted.get_latest_revision_as_object()
    draft.go_live_at = SOON
    draft.save_revision()
    if route is editor:
        editing.publish(cms, drafted, editing.rows(drafted), go_live_at=TYPED)
    else:
        route(cms, drafted)
    assert [(row.number, row.effective_from) for row in drafted.versions.pending(make.NOW)] == [(2, SOON)]


@routes
def test_the_worker_freezes_no_drift_but_a_person_does(
    cms: Client, drafted: PolicyPage, clock: Traveller, route: Route
) -> None:
    draft = drafted.get_latest_revision_as_object()
    draft.go_live_at = SOON
    draft.save_revision().publish()
    Controller.objects.update(phone="+44 1")
    clock.move_to(SOON + timedelta(days=1))
    call_command("publish_scheduled")
    tasks.publish_scheduled()
    assert len(frozen()) == 2
    route(cms, drafted)
    assert [text for _number, text in frozen()] == [
        "1 Call +44 20 7946 0018.",
        "1 Ring +44 20 7946 0018.",
        "1 Ring +44 1.",
    ]


def test_a_revision_that_is_born_scheduled_is_frozen_then(home: HomePage) -> None:
    page = make.policy(home, "Old.")
    page.body[0].value["text"].source = "<p>New.</p>"
    page.save_revision(approved_go_live_at=SOON)
    assert [(row.number, row.effective_from) for row in page.versions.pending(make.NOW)] == [(2, SOON)]


def test_a_schedule_set_behind_every_signal_is_frozen_when_the_worker_comes(home: HomePage, clock: Traveller) -> None:
    page = make.policy(home, "Old.")
    page.body[0].value["text"].source = "<p>New.</p>"
    revision = page.save_revision()
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=SOON)
    clock.move_to(SOON + timedelta(seconds=1))  # Wagtail's command waits until the instant is past
    tasks.publish_scheduled()
    assert frozen() == [(1, "1 Old."), (2, "1 New.")]


def test_a_copy_of_the_page_is_no_version(home: HomePage) -> None:
    page = make.policy(home, "Old.")
    copied = page.copy(update_attrs={"slug": "copy", "title": "Copy"}, keep_live=False)
    assert copied.versions.count() == 0
    assert len(frozen()) == 1


def test_a_name_as_long_as_an_account_may_have_is_no_obstacle(home: HomePage) -> None:
    author = User.objects.create_user("long", first_name="A" * 150, last_name="B" * 150)
    page = make.policy(home, live=False)
    page.save_revision(user=author).publish()
    assert len(PolicyVersion.objects.get().written_by) == 200
