"""Does every way to publish, schedule or cancel in the CMS freeze or withdraw exactly once, under the right name?"""

from datetime import timedelta

from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from time_machine import Traveller
from wagtail.models import Revision, Workflow

from home.models import HomePage
from policies.models import PolicyPage, PolicyVersion, PolicyWithdrawal
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
