"""Who may publish beside a pending version, by which route, and what is refused or kept instead?"""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse
from time_machine import Traveller
from wagtail.models import GroupApprovalTask, GroupPagePermission, Locale, Workflow, WorkflowTask

from home.models import HomePage
from policies import freeze, projection
from policies.models import PolicyPage, PolicyVersion
from tests import make
from tests.policies import editing, urgent
from tests.policies.urgent import (
    FIXED,
    LATER,
    PENDING,
    SIMPLE,
    SOON,
    announce,
    decide,
    fix,
    log,
    mark,
    standing,
    withdrawn,
    written,
)


@pytest.fixture
def page(home: HomePage) -> PolicyPage:
    return urgent.beside_a_pending_version(home)


def test_a_version_that_took_force_meanwhile_is_no_question_any_more(
    cms: Client, page: PolicyPage, clock: Traveller
) -> None:
    asked = fix(cms, page, *FIXED)
    clock.move_to(SOON)
    answer = decide(cms, asked, fate="withdraw", reason="Too late.")
    assert "No version is pending beside this text any more." in editing.said(answer)
    assert page.versions.count() == 3
    assert withdrawn(page) == {}


def test_a_version_that_was_withdrawn_meanwhile_is_no_question_any_more(cms: Client, page: PolicyPage) -> None:
    page = announce(page, [*PENDING, "We ask."], at=LATER)
    asked = fix(cms, page, *FIXED)
    freeze.withdraw(version=page.versions.get(number=3), now=make.NOW, reason="By somebody else.")
    answer = decide(cms, asked, fate="keep")
    assert "have changed meanwhile" in editing.said(answer)
    assert "What becomes of version 4?" in answer.text
    assert page.versions.count() == 4


def test_a_newer_draft_is_not_passed_over(cms: Client, page: PolicyPage) -> None:
    asked = fix(cms, page, *FIXED)
    editing.edit(cms, page, [editing.clause("Newer.")])
    answer = decide(cms, asked, fate="keep")
    assert "There is a newer draft of this policy." in editing.said(answer)
    assert page.versions.count() == 3


def test_looking_at_the_question_does_nothing(cms: Client, page: PolicyPage) -> None:
    asked = fix(cms, page, *FIXED)
    assert cms.get(asked.request["PATH_INFO"]).status_code == 200
    assert page.versions.count() == 3


def publisher(page: PolicyPage, *rights: str) -> Client:
    """Cleo at the CMS with these rights on the page."""
    cleo, group = User.objects.create_user("cleo"), Group.objects.create(name="Few")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for right in rights:
        permission = Permission.objects.get(codename=f"{right}_page")
        GroupPagePermission.objects.create(group=group, page=page, permission=permission)
    cleo.groups.add(group)
    client = Client()
    client.force_login(cleo)
    return client


@pytest.mark.parametrize(("rights", "count"), [(["change"], 3), (["change", "publish"], 4)])
def test_it_takes_the_right_to_publish(cms: Client, page: PolicyPage, rights: list[str], count: int) -> None:
    asked = fix(cms, page, *FIXED)
    decide(publisher(page, *rights), asked, fate="keep")
    assert page.versions.count() == count


def test_a_locked_page_is_not_published(cms: Client, page: PolicyPage) -> None:
    asked = fix(cms, page, *FIXED)
    PolicyPage.objects.filter(pk=page.pk).update(locked=True, locked_by=User.objects.create_user("ben"))
    assert "This policy is locked" in editing.said(decide(publisher(page, "change", "publish"), asked, fate="keep"))
    assert page.versions.count() == 3


def test_a_text_in_force_already_is_published_without_a_question(cms: Client, page: PolicyPage) -> None:
    answer = fix(cms, page, *SIMPLE, slug="data")
    assert "has been published" in editing.said(answer)
    assert PolicyPage.objects.get(pk=page.pk).slug == "data"
    assert mark(page) == [SOON]
    assert page.versions.count() == 3


def test_a_schedule_beside_a_pending_version_asks_nothing(cms: Client, page: PolicyPage) -> None:
    fix(cms, page, *FIXED, go_live_at=f"{LATER:%Y-%m-%d %H:%M}")
    assert standing(page) == {3: (SOON, PENDING), 4: (LATER, FIXED)}


def test_a_date_that_passed_is_now(cms: Client, page: PolicyPage, clock: Traveller) -> None:
    draft = page.get_latest_revision_as_object()
    draft.body, draft.go_live_at = written(page, FIXED), make.NOW + timedelta(hours=1)
    revision = draft.save_revision()
    clock.shift(timedelta(hours=2))
    asked = cms.get(reverse("policies_urgent", args=(page.pk, revision.pk)))
    assert "What becomes of version 3?" in asked.text


def test_a_draft_that_starts_again_from_the_text_in_force_is_asked_about(cms: Client, page: PolicyPage) -> None:
    start = reverse("wagtailadmin_pages:revisions_revert", args=(page.pk, page.live_revision_id))
    rows = [editing.clause(text, block_id=row["id"]) for text, row in zip(FIXED, written(page, FIXED), strict=True)]
    asked = cms.post(start, editing.form(rows, **{"action-publish": "on"}), follow=True)
    assert PolicyPage.objects.get(pk=page.pk).live
    decide(cms, asked, fate="withdraw", reason="It was wrong.")
    assert standing(page) == {4: (make.NOW, FIXED)}
    assert list(projection.lagging(make.NOW)) == []


@pytest.mark.parametrize("go_live_at", ["", f"{SOON:%Y-%m-%d %H:%M}"])
def test_a_text_that_cannot_be_frozen_stays_a_draft(cms: Client, home: HomePage, go_live_at: str) -> None:
    page = make.policy(home, "Old.")
    answer = editing.publish(cms, page, [editing.clause("Ask {nobody}.")], go_live_at=go_live_at)
    assert answer.status_code == 200
    assert "saved as a draft, and not published: {nobody} is no placeholder" in editing.said(answer)
    assert "Ask {nobody}." in editing.rows(page)[0]["value"]["text"]
    assert page.versions.count() == 1


def test_a_new_page_that_cannot_be_frozen_is_a_draft_too(cms: Client, home: HomePage) -> None:
    answer = editing.add(cms, home, [editing.clause("Ask {nobody}.")], **{"action-publish": "on"})
    assert "not published" in editing.said(answer)
    page = PolicyPage.objects.get()
    assert not page.live
    editing.publish(cms, page, [editing.clause("Ask us.")])
    assert PolicyPage.objects.get().live
    assert PolicyVersion.objects.count() == 1


def test_picking_pages_to_publish_cannot_ask_and_says_where_to_go(cms: Client, page: PolicyPage) -> None:
    page.body = written(page, FIXED)
    page.save_revision()
    answer = editing.bulk(cms, "publish", page)
    assert "Version 3 of “Privacy policy” is pending. Publish in the editor" in editing.said(answer)
    assert page.versions.count() == 3


def test_code_keeps_the_pending_version_and_says_so(page: PolicyPage) -> None:
    page.body = written(page, FIXED)
    page.save_revision().publish()
    assert standing(page) == {3: (SOON, PENDING), 4: (make.NOW, FIXED)}
    assert mark(page) == [SOON]
    assert log(page, "policies.kept") == [{"number": 3, "beside": 4}]


def approve(cms: Client, page: PolicyPage, words: list[str], author: User) -> Any:
    """Sends a draft into a workflow and approves it there."""
    task = GroupApprovalTask.objects.create(name="Look")
    task.groups.add(Group.objects.create(name="Lawyers"))
    workflow = Workflow.objects.create(name="Law")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    page.body = written(page, words)
    page.save_revision()
    workflow.start(page, author)
    pressed = {"action-workflow-action": "true", "workflow-action-name": "approve"}
    return editing.edit(cms, page, editing.rows(page), **pressed)


def test_a_text_that_cannot_be_frozen_is_not_approved(cms: Client, page: PolicyPage, vera: User) -> None:
    answer = approve(cms, page, ["Call {ownr}."], vera)
    assert "{ownr} is no placeholder" in editing.said(answer)
    assert standing(page) == {3: (SOON, PENDING)}
    assert PolicyPage.objects.get(pk=page.pk).current_workflow_state.status == "in_progress"


def test_approving_in_a_workflow_keeps_the_pending_version_and_tells_the_approver(
    cms: Client, page: PolicyPage, vera: User
) -> None:
    answer = approve(cms, page, FIXED, vera)
    assert "Version 3 stays pending as it is" in editing.said(answer)
    assert standing(page) == {3: (SOON, PENDING), 4: (make.NOW, FIXED)}
    assert log(page, "policies.kept") == [{"number": 3, "beside": 4}]


def test_a_translation_is_published_without_a_question(cms: Client, page: PolicyPage) -> None:
    russian, _new = Locale.objects.get_or_create(language_code="ru")
    translated = page.copy_for_translation(russian, copy_parents=True)
    answer = editing.publish(cms, translated, editing.rows(translated), title="Политика")
    assert "has been published" in editing.said(answer)
    assert page.versions.get(number=3).renditions.get().title == "Политика"


def test_a_translation_with_a_date_of_its_own_stays_a_draft(cms: Client, page: PolicyPage) -> None:
    russian, _new = Locale.objects.get_or_create(language_code="ru")
    translated = page.copy_for_translation(russian, copy_parents=True)
    answer = editing.publish(cms, translated, editing.rows(translated), go_live_at=f"{LATER:%Y-%m-%d %H:%M}")
    assert "A translation takes force with its original" in editing.said(answer) + answer.text
    assert not page.versions.get(number=3).renditions.exists()
