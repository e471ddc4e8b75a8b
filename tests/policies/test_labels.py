"""What does the publish button say that it will do, and may the date be entered at all?"""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import Workflow
from wagtail.users.models import UserProfile

from home.models import HomePage
from policies.models import PolicyPage
from tests import make
from tests.policies import editing, translating

LATER = make.NOW + timedelta(days=10)


@pytest.fixture
def page(home: HomePage) -> PolicyPage:
    return make.policy(home, "We keep nothing.")


def editor(cms: Client, page: PolicyPage) -> BeautifulSoup:
    return BeautifulSoup(cms.get(reverse("wagtailadmin_pages:edit", args=(page.pk,))).content, "html.parser")


def button(editor: BeautifulSoup) -> Any:
    found = editor.find("button", attrs={"name": "action-publish"})
    assert found, "there is a publish button"
    return found


def label(editor: BeautifulSoup) -> str:
    return " ".join(button(editor).get_text(" ").split())


def in_berlin(vera: User) -> None:
    UserProfile.objects.create(user=vera, current_time_zone="Europe/Berlin")


def test_a_new_policy_s_first_version_is_named(cms: Client, home: HomePage) -> None:
    address = reverse("wagtailadmin_pages:add", args=("policies", "policypage", home.pk))
    new = BeautifulSoup(cms.get(address).content, "html.parser")
    assert label(new) == "Publish version 1 now"


def test_the_next_version_is_named(cms: Client, page: PolicyPage) -> None:
    assert label(editor(cms, page)) == "Publish version 2 now"


def test_a_pending_version_counts(cms: Client, page: PolicyPage) -> None:
    assert label(editor(cms, make.revise(page, "Later.", at=LATER))) == "Publish version 3 now"


def test_a_date_in_the_draft_is_said_in_the_editor_s_zone(cms: Client, vera: User, page: PolicyPage) -> None:
    in_berlin(vera)
    editing.edit(cms, page, editing.rows(page), go_live_at="2027-03-01 00:00:00")
    assert label(editor(cms, page)) == "Schedule version 2 for 1 March 2027, 00:00 Europe/Berlin"
    assert PolicyPage.objects.get(pk=page.pk).get_latest_revision_as_object().go_live_at.isoformat() == (
        "2027-02-28T23:00:00+00:00"
    )


def test_a_second_is_said_where_there_is_one(cms: Client, page: PolicyPage) -> None:
    editing.edit(cms, page, editing.rows(page), go_live_at="2027-03-01 00:00:30")
    assert label(editor(cms, page)) == "Schedule version 2 for 1 March 2027, 00:00:30 UTC"


def test_the_button_carries_what_a_typed_date_makes_it_say(cms: Client, vera: User, page: PolicyPage) -> None:
    in_berlin(vera)
    found = button(editor(cms, page))
    assert found["data-policy-typed"] == "Schedule version 2 for {} Europe/Berlin"
    assert found["data-policy-now"] == "Publish version 2 now"


def test_the_field_names_the_zone_and_there_is_no_expiry(cms: Client, vera: User, page: PolicyPage) -> None:
    in_berlin(vera)
    shown = editor(cms, page)
    dialog = str(shown.find(id="schedule-publishing-dialog"))
    assert "In force from (time zone Europe/Berlin)" in dialog
    assert not shown.find(attrs={"name": "expire_at"})
    assert "expire" not in dialog.lower()


def test_an_expiry_sent_all_the_same_is_not_taken(cms: Client, page: PolicyPage) -> None:
    editing.publish(cms, page, [editing.clause("New.")], expire_at="2027-01-01 00:00")
    assert PolicyPage.objects.get(pk=page.pk).expire_at is None
    with pytest.raises(ValidationError, match="A policy does not expire"):
        PolicyPage(title="P", slug="p", body=[make.text("T")], expire_at=LATER).clean()


def test_unpublish_is_not_offered(cms: Client, page: PolicyPage) -> None:
    menu = editor(cms, page).find("footer")
    assert menu
    assert "Unpublish" not in menu.get_text()


def test_other_pages_keep_wagtail_s_words(cms: Client, home: HomePage) -> None:
    contact = BeautifulSoup(
        cms.get(reverse("wagtailadmin_pages:edit", args=(make.contact(home).pk,))).content, "html.parser"
    )
    assert label(contact) == "Publish"


def test_a_translation_names_the_version_it_translates(cms: Client, page: PolicyPage) -> None:
    russian = translating.translate(cms, page)
    assert label(editor(cms, russian)) == "Publish translation of version 1"
    make.revise(page, "Later.", at=LATER)
    assert label(editor(cms, russian)) == "Publish translation of version 2"


def test_a_translation_of_nothing_yet_does_not_name_a_number(cms: Client, home: HomePage) -> None:
    russian = translating.translate(cms, make.policy(home, live=False))
    assert label(editor(cms, russian)) == "Publish translation"


@pytest.mark.parametrize("action", [{}, {"action-publish": "on"}])
def test_a_date_in_the_past_is_refused_with_a_sentence(cms: Client, page: PolicyPage, action: dict[str, str]) -> None:
    response = editing.edit(cms, page, [editing.clause("New.")], go_live_at="2026-02-01 00:00:00", **action)
    assert "This instant has passed" in response.text
    assert page.versions.count() == 1


def test_the_instant_that_passes_while_the_form_is_sent_is_now(cms: Client, page: PolicyPage) -> None:
    editing.publish(cms, page, [editing.clause("New.")], go_live_at="2026-03-01 11:59:30")
    assert page.versions.get(number=2).effective_from == make.NOW


def test_a_date_that_stayed_from_a_frozen_version_hinders_nobody(page: PolicyPage, clock: Any) -> None:
    page = make.revise(page, "Later.", at=LATER)
    clock.move_to(LATER + timedelta(days=1))
    scheduled = page.versions.get(number=2).revision
    scheduled.publish()
    row = PolicyPage.objects.get(pk=page.pk)
    assert row.go_live_at == LATER
    row.full_clean()
    row.body[0].value["text"].source = "<p>By code.</p>"
    row.save_revision().publish()
    assert page.versions.get(number=3).effective_from == LATER + timedelta(days=1)


def test_a_date_that_passed_before_the_approval_means_at_once(
    cms: Client, vera: User, page: PolicyPage, clock: Any
) -> None:
    draft = page.get_latest_revision_as_object()
    draft.body[0].value["text"].source, draft.go_live_at = "<p>New.</p>", make.NOW + timedelta(hours=1)
    draft.save_revision()
    asked = Workflow.objects.get(name="Moderators approval").start(PolicyPage.objects.get(pk=page.pk), vera)
    clock.move_to(make.NOW + timedelta(hours=2))
    address = reverse("wagtailadmin_pages:workflow_action", args=(page.pk, "approve", asked.current_task_state.pk))
    assert cms.post(address, follow=True).status_code == 200
    assert page.versions.get(number=2).effective_from == make.NOW + timedelta(hours=2)


@pytest.mark.parametrize("back", [False, True])
def test_the_draft_after_a_frozen_version_starts_without_its_date(cms: Client, page: PolicyPage, back: bool) -> None:
    page = make.revise(page, "Later.", at=LATER, note="Less.", material=True)
    frozen = page.versions.get(number=2).revision_id
    address = reverse("wagtailadmin_pages:edit", args=(page.pk,))
    if back:
        address = reverse("wagtailadmin_pages:revisions_revert", args=(page.pk, frozen))
    shown = BeautifulSoup(cms.get(address).content, "html.parser")
    fields = {name: shown.find("input", attrs={"name": name}) for name in ("go_live_at", "change_note", "material")}
    assert all(fields.values())
    assert not any(field.get("value") or field.has_attr("checked") for field in fields.values())
    assert label(shown) == "Publish version 3 now"
