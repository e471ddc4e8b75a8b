"""What freezes a version, and what does not?"""

import hashlib
from datetime import datetime, timedelta

import pytest
import rfc8785
from django.core.exceptions import ValidationError
from time_machine import Traveller
from wagtail.models import Revision

from home.models import HomePage
from policies import freeze, tasks
from policies.models import PolicyPage, PolicyVersion, PolicyWithdrawal
from tests import make

SOON, LATER = make.NOW + timedelta(days=10), make.NOW + timedelta(days=20)


def versions(page: PolicyPage) -> list[tuple[int, datetime, str]]:
    return [(row.number, row.effective_from, row.text.strip()) for row in page.versions.order_by("number")]


def scheduled(page: PolicyPage) -> Revision:
    return Revision.objects.page_revisions().get(object_id=page.pk, approved_go_live_at__isnull=False)


def test_publishing_freezes_one_version_in_force_from_now(home: HomePage) -> None:
    page = make.policy(home, "We keep nothing.")
    assert versions(page) == [(1, make.NOW, "1 We keep nothing.")]


def test_the_hash_is_of_the_canonical_content(home: HomePage) -> None:
    version = make.policy(home).versions.get()
    assert version.content_sha256 == hashlib.sha256(rfc8785.dumps(version.content)).hexdigest()


def test_publishing_an_unchanged_text_freezes_nothing(home: HomePage) -> None:
    page = make.policy(home)
    page.save_revision().publish()
    assert len(versions(page)) == 1


def test_moving_the_page_to_another_address_freezes_nothing(home: HomePage) -> None:
    page = make.policy(home)
    page.slug = "data-protection"
    page.save_revision().publish()
    assert len(versions(page)) == 1


def test_a_note_alone_is_no_new_version(home: HomePage) -> None:
    page = make.policy(home)
    page.change_note = "Nothing changed."
    page.save_revision().publish()
    assert len(versions(page)) == 1


def test_a_changed_text_is_the_next_version_with_its_note(home: HomePage) -> None:
    page = make.policy(home, "We keep nothing.")
    page = make.revise(page, "We keep less.", note="We keep less.")
    assert [number for number, _, _ in versions(page)] == [1, 2]
    assert page.versions.get(number=2).change_note == "We keep less."


def test_a_changed_title_is_a_new_version(home: HomePage) -> None:
    page = make.policy(home)
    page.title = "Data protection"
    page.save_revision().publish()
    assert [row.title for row in page.versions.order_by("number")] == ["Privacy policy", "Data protection"]


def test_a_schedule_freezes_a_pending_version_for_exactly_its_instant(home: HomePage) -> None:
    page = make.policy(home, "Old.")
    page = make.revise(page, "New.", at=SOON)
    assert versions(page) == [(1, make.NOW, "1 Old."), (2, SOON, "1 New.")]
    assert page.versions.get(number=2).frozen_at == make.NOW


def test_the_first_version_may_be_scheduled(home: HomePage) -> None:
    page = make.policy(home, live=False)
    page = make.revise(page, "First.", at=SOON)
    assert not page.live
    assert versions(page) == [(1, SOON, "1 First.")]


def test_the_task_that_comes_late_freezes_nothing(home: HomePage, clock: Traveller) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    clock.move_to(SOON + timedelta(days=3))
    tasks.publish_scheduled()
    page.refresh_from_db()
    assert len(versions(page)) == 2
    assert page.body[0].value["text"].source == "<p>New.</p>", "Wagtail's own page follows"


def test_the_task_that_comes_after_a_newer_version_does_not_bring_the_older_back(
    home: HomePage, clock: Traveller
) -> None:
    page = make.revise(make.policy(home, "Old."), "Of later.", at=LATER)
    page = make.revise(page, "Of soon.", at=SOON)
    clock.move_to(LATER + timedelta(days=1))
    tasks.publish_scheduled()
    assert versions(page) == [(1, make.NOW, "1 Old."), (2, LATER, "1 Of later."), (3, SOON, "1 Of soon.")]


def test_a_second_schedule_leaves_the_first_pending(home: HomePage) -> None:
    page = make.revise(make.policy(home, "Old."), "Of soon.", at=SOON)
    page = make.revise(page, "Of later.", at=LATER)
    assert [version.text for version in page.versions.pending(make.NOW)] == ["1 Of soon.\n", "1 Of later.\n"]


def test_publishing_now_leaves_a_pending_version_pending(home: HomePage) -> None:
    page = make.revise(make.policy(home, "Old."), "Of soon.", at=SOON)
    page = make.revise(page, "An urgent fix.")
    assert versions(page)[1:] == [(2, SOON, "1 Of soon."), (3, make.NOW, "1 An urgent fix.")]
    assert page.versions.standing().count() == 3


def test_the_same_revision_at_the_same_instant_is_one_version(home: HomePage) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    scheduled(page).publish()
    assert len(versions(page)) == 2


def test_a_revision_moved_to_another_instant_takes_force_once(home: HomePage) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    revision = scheduled(page)
    revision.approved_go_live_at = LATER
    revision.save(update_fields=["approved_go_live_at"])
    assert [(row.number, row.effective_from) for row in page.versions.pending(make.NOW)] == [(3, LATER)]
    assert PolicyWithdrawal.objects.get().reason == "Rescheduled to 2026-03-21 12:00 UTC."


def test_a_text_can_be_scheduled_again_after_its_withdrawal(home: HomePage) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    revision = scheduled(page)
    freeze.cancel(revision=revision, now=make.NOW, reason="Too early.")
    revision.publish()
    assert [row.number for row in page.versions.pending(make.NOW)] == [3]


def test_a_withdrawn_version_is_not_published_by_the_task(home: HomePage, clock: Traveller) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    assert freeze.cancel(revision=scheduled(page), now=make.NOW, reason="A mistake.") == 1
    clock.move_to(LATER)
    tasks.publish_scheduled()
    assert page.versions.effective_by(LATER).get().text == "1 Old.\n"


def test_a_version_is_withdrawn_once(home: HomePage) -> None:
    page = make.revise(make.policy(home), "New.", at=SOON)
    revision = scheduled(page)
    withdrawn = [freeze.cancel(revision=revision, now=make.NOW, reason="A mistake.") for _ in range(2)]
    assert withdrawn == [1, 0]


def test_a_version_in_force_is_not_withdrawn(home: HomePage) -> None:
    page = make.policy(home)
    assert freeze.cancel(revision=page.live_revision, now=make.NOW, reason="A mistake.") == 0
    assert page.versions.standing().exists()


def test_an_old_text_published_again_is_a_new_version(home: HomePage) -> None:
    page = make.revise(make.policy(home, "Old."), "New.")
    page.versions.get(number=1).revision.publish()
    assert [text for _, _, text in versions(page)] == ["1 Old.", "1 New.", "1 Old."]


def test_a_publication_by_a_clock_that_is_late_is_still_the_newer(home: HomePage, clock: Traveller) -> None:
    page = make.policy(home, "Old.")
    clock.shift(timedelta(seconds=-5))
    page = make.revise(page, "New.")
    assert versions(page)[1] == (2, make.NOW, "1 New.")


@pytest.mark.parametrize("instant", [None, SOON])
@pytest.mark.parametrize("clauses", [[], [make.text("")], [make.text("Words.", anchor="two words")]])
def test_a_text_with_gaps_is_not_frozen(home: HomePage, clauses: list[object], instant: datetime | None) -> None:
    page = make.policy(home, "Old.")
    page.body, page.go_live_at = clauses, instant
    revision = page.save_revision(clean=False)
    with pytest.raises(ValidationError, match="at least one clause"):
        revision.publish()
    assert len(versions(page)) == 1


def test_the_author_is_named(home: HomePage, vera: object) -> None:
    page = make.policy(home, live=False)
    page.save_revision(user=vera).publish()
    assert PolicyVersion.objects.get().frozen_by == "Vera Holt"


def test_other_pages_freeze_nothing(home: HomePage) -> None:
    make.contact(home).save_revision().publish()
    assert not PolicyVersion.objects.exists()
