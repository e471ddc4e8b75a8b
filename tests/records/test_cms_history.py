"""What the CMS remembers of its own past goes by rule, and the CMS works on without it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Comment, GroupApprovalTask, PageLogEntry, Revision, Workflow, WorkflowState, WorkflowTask

from home.models import FormPage, HomePage
from policies.models import PolicyVersion
from records import retention
from records.models import RetentionRun
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def vera() -> User:
    return make.vera()


@pytest.fixture
def home() -> HomePage:
    return make.site()


@pytest.fixture
def page(home: HomePage) -> FormPage:
    return make.contact(home)


@pytest.fixture
def cms(client: Client, vera: User) -> Client:
    client.force_login(vera)
    return client


def save(page: Any, words: str, *, days_ago: int, by: User | None = None, publish: bool = False) -> Revision:
    """A draft, saved so many days ago, with the entry in the log that a person's press of the button writes."""
    page.thanks = words
    revision = page.save_revision(user=by, log_action=True)
    if publish:
        revision.publish(user=by)
    at = timezone.now() - days_ago * DAY
    Revision.objects.filter(pk=revision.pk).update(created_at=at)
    return revision


def expire(*, in_days: int = 0) -> None:
    retention.expire(now=timezone.now() + in_days * DAY)


def kept() -> set[int]:
    return set(Revision.objects.values_list("pk", flat=True))


def test_an_earlier_draft_goes_after_its_year_and_the_newest_stays(page: FormPage) -> None:
    early, late, newest = (save(page, str(days), days_ago=days) for days in (366, 364, 363))
    expire()
    assert kept() == {late.pk, newest.pk}
    assert RetentionRun.objects.get(holding="wagtailcore.Revision").expired == 1
    expire(in_days=800)
    assert kept() == {newest.pk}, "the newest draft, however old"
    assert early


def test_what_is_live_stays_behind_a_newer_draft(page: FormPage) -> None:
    live = save(page, "live", days_ago=900, publish=True)
    newest = save(page, "draft", days_ago=500)
    expire()
    assert kept() == {live.pk, newest.pk}


def test_what_is_planned_stays(page: FormPage) -> None:
    planned = save(page, "planned", days_ago=500)
    Revision.objects.filter(pk=planned.pk).update(approved_go_live_at=timezone.now() + DAY)
    newest = save(page, "draft", days_ago=400)
    expire()
    assert kept() == {planned.pk, newest.pk}


def test_the_source_of_a_frozen_version_stays(home: HomePage) -> None:
    policy = make.policy(home)
    make.revise(policy, "We keep less.")
    Revision.objects.update(created_at=timezone.now() - 900 * DAY)
    expire()
    assert PolicyVersion.objects.count() == 2
    assert set(PolicyVersion.objects.values_list("revision", flat=True)) <= kept()


def approval(page: FormPage, by: User) -> WorkflowState:
    task = GroupApprovalTask.objects.create(name="A second pair of eyes")
    task.groups.add(Group.objects.create(name="Readers"))
    workflow = Workflow.objects.create(name="Reading")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=1)
    return workflow.start(page, by)


def test_what_waits_for_approval_stays_and_can_be_approved_after(page: FormPage, vera: User) -> None:
    asked = save(page, "asked", days_ago=500, by=vera)
    state = approval(page, vera)
    WorkflowState.objects.update(created_at=timezone.now() - 2000 * DAY)
    newest = save(page, "draft", days_ago=400)
    expire()
    assert kept() == {asked.pk, newest.pk}
    state.refresh_from_db()
    state.current_task_state.approve(user=vera)
    state.refresh_from_db()
    assert state.status == WorkflowState.STATUS_APPROVED


def test_an_approval_goes_three_years_after_it_was_asked_for_with_its_steps(
    page: FormPage, vera: User, cms: Client
) -> None:
    asked = save(page, "asked", days_ago=500, by=vera)
    approval(page, vera).current_task_state.approve(user=vera)
    newest = save(page, "draft", days_ago=400, publish=True)
    expire()
    assert kept() >= {asked.pk}, "the approval names it"
    WorkflowState.objects.update(created_at=timezone.now() - 1096 * DAY)
    expire()
    expire()  # approvals come after revisions: what they named goes at the next run
    assert not WorkflowState.objects.exists()
    assert kept() == {newest.pk}
    for name in ("workflow_history", "history", "edit"):
        assert cms.get(reverse(f"wagtailadmin_pages:{name}", args=[page.pk])).status_code == 200
    assert cms.get(reverse("wagtailadmin_reports:workflow")).status_code == 200


def test_the_history_of_a_page_has_no_link_to_what_is_gone(page: FormPage, vera: User, cms: Client) -> None:
    gone = save(page, "old", days_ago=500, by=vera)
    newest = save(page, "new", days_ago=1, by=vera)
    address = reverse("wagtailadmin_pages:history", args=[page.pk])
    link = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, gone.pk])
    assert link in cms.get(address).content.decode()
    expire()
    shown = cms.get(address)
    assert shown.status_code == 200
    assert f"/revisions/{gone.pk}/" not in shown.content.decode()
    assert PageLogEntry.objects.filter(page=page.pk, action="wagtail.edit").count() == 2, "that it was saved is known"
    assert cms.get(link).status_code == 404
    assert newest


def test_one_can_go_back_to_a_draft_that_is_left(page: FormPage, vera: User, cms: Client) -> None:
    save(page, "old", days_ago=500, by=vera)
    middle = save(page, "middle", days_ago=100, by=vera)
    save(page, "new", days_ago=1, by=vera)
    expire()
    shown = cms.get(reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, middle.pk]))
    assert 'value="middle"' in shown.content.decode()
    compared = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, "earliest", "latest"])
    assert cms.get(compared).status_code == 200


def test_an_open_comment_moves_to_the_next_draft(page: FormPage, vera: User) -> None:
    remarked = save(page, "old", days_ago=500)
    also_gone = save(page, "older", days_ago=450)
    newest = save(page, "new", days_ago=1)
    comment = Comment.objects.create(page=page, user=vera, text="Why?", contentpath="thanks", revision_created=remarked)
    expire()
    comment.refresh_from_db()
    assert (comment.revision_created, kept()) == (newest, {newest.pk})
    assert also_gone


def test_a_resolved_comment_goes_after_its_year_with_its_replies(page: FormPage, vera: User) -> None:
    now = timezone.now()
    said = {"page": page, "user": vera, "contentpath": "thanks"}
    settled = Comment.objects.create(text="Settled", resolved_at=now - 366 * DAY, **said)
    settled.replies.create(user=vera, text="Yes.")
    Comment.objects.create(text="Settled lately", resolved_at=now - 364 * DAY, **said)
    Comment.objects.create(text="Open", **said)
    expire()
    assert set(Comment.objects.values_list("text", flat=True)) == {"Settled lately", "Open"}


def test_the_log_of_a_page_goes_and_the_site_history_stays_readable(page: FormPage, vera: User, cms: Client) -> None:
    save(page, "old", days_ago=0, by=vera)
    PageLogEntry.objects.update(timestamp=timezone.now() - 1096 * DAY)
    save(page, "new", days_ago=0, by=vera)
    remarked = {
        "page": page,
        "action": "wagtail.comments.create",
        "label": "Contact",
        "data": {"comment": {"text": "Why?"}},
    }
    for days in (366, 364):
        PageLogEntry.objects.create(timestamp=timezone.now() - days * DAY, **remarked)
    expire()
    assert sorted(PageLogEntry.objects.values_list("action", flat=True)) == ["wagtail.comments.create", "wagtail.edit"]
    assert cms.get(reverse("wagtailadmin_reports:site_history")).status_code == 200
    assert cms.get(reverse("wagtailadmin_pages:history", args=[page.pk])).status_code == 200


def test_a_campaign_keeps_the_draft_it_is_written_from(home: HomePage) -> None:
    campaign = make.campaign(make.mailing_list())
    first = campaign.save_revision()
    newest = campaign.save_revision()
    Revision.objects.update(created_at=timezone.now() - 900 * DAY)
    expire()
    assert kept() == {newest.pk}
    assert first.pk not in kept()
