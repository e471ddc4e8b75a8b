"""Does Wagtail's own page follow the version in force, however late the worker comes, and does one failure stop it?"""

from datetime import timedelta
from typing import Any

import pytest
from time_machine import Traveller
from wagtail.models import Revision
from wagtail.signals import page_published

from home.models import HomePage, StandardPage
from policies import freeze, projection, tasks
from policies.models import PolicyPage
from records.models import Controller
from tests import make

SOON, LATER = make.NOW + timedelta(days=10), make.NOW + timedelta(days=20)


def shown(page: PolicyPage) -> str:
    """What Wagtail's own page says: what search, menus and the API of Wagtail show."""
    row = PolicyPage.objects.get(pk=page.pk)
    return str(row.body[0].value["text"].source) if row.live else "a draft"


def marked(page: PolicyPage) -> list[object]:
    rows = Revision.objects.page_revisions().filter(object_id=page.pk, approved_go_live_at__isnull=False)
    return list(rows.values_list("approved_go_live_at", flat=True))


def other(home: HomePage, slug: str, at: object) -> StandardPage:
    """Another page of the site, to go live at `at`."""
    page = StandardPage(title=slug, slug=slug, body="<p>Us.</p>", live=False, go_live_at=at)
    home.add_child(instance=page)
    page.save_revision().publish()
    return page


def test_the_next_version_gets_its_mark_back_after_an_urgent_fix(home: HomePage) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    make.revise(page, "Fixed.")
    assert marked(page) == [SOON]


def test_by_clocks_that_differ_a_publication_is_not_marked_itself(home: HomePage, clock: Traveller) -> None:
    clock.shift(timedelta(hours=1))
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    clock.shift(timedelta(hours=-1))
    make.revise(page, "Fixed.")
    assert page.versions.get(number=3).effective_from == make.NOW + timedelta(hours=1)
    assert marked(page) == [SOON]


def test_of_two_announced_versions_the_next_is_marked(home: HomePage, clock: Traveller) -> None:
    page = make.revise(make.policy(home, "Old."), "Of soon.", at=SOON)
    page = make.revise(page, "Of later.", at=LATER)
    make.revise(page, "Fixed.")
    assert marked(page) == [SOON]
    clock.move_to(SOON)
    tasks.publish_scheduled()
    assert marked(page) == [LATER]


def test_what_is_still_announced_is_marked_after_a_cancellation(home: HomePage) -> None:
    page = make.revise(make.policy(home, "Old."), "Of soon.", at=SOON)
    page = make.revise(page, "Of later.", at=LATER)
    revision = Revision.objects.get(approved_go_live_at=LATER)
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    assert marked(page) == [SOON]


def test_the_end_of_a_policy_marks_no_text(home: HomePage, clock: Traveller) -> None:
    page = make.policy(home, "Old.")
    freeze.end(page=page, effective_from=SOON, now=make.NOW, note="We closed.")
    projection.mark_next(page, make.NOW)
    assert marked(page) == []


@pytest.mark.parametrize("late", [timedelta(0), timedelta(microseconds=1), timedelta(days=5)])
def test_the_page_follows_though_wagtail_lost_the_mark(home: HomePage, clock: Traveller, late: timedelta) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    Revision.objects.update(approved_go_live_at=None)
    clock.move_to(SOON + late)
    tasks.publish_scheduled()
    assert shown(page) == "<p>New.</p>"
    assert page.versions.count() == 2


def test_nothing_is_published_before_its_instant(home: HomePage, clock: Traveller) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    clock.move_to(SOON - timedelta(microseconds=1))
    tasks.publish_scheduled()
    assert shown(page) == "<p>Old.</p>"


def test_a_worker_that_slept_through_two_instants_shows_the_second(home: HomePage, clock: Traveller) -> None:
    page = make.revise(make.policy(home, "Old."), "Of later.", at=LATER)
    make.revise(page, "Of soon.", at=SOON)
    clock.move_to(LATER + timedelta(days=3))
    tasks.publish_scheduled()
    assert shown(page) == "<p>Of later.</p>"
    assert projection.follow(LATER + timedelta(days=3)) == 0


def test_a_page_that_never_was_live_goes_live(home: HomePage, clock: Traveller) -> None:
    page = make.revise(make.policy(home, live=False), "First.", at=SOON)
    Revision.objects.update(approved_go_live_at=None)
    assert shown(page) == "a draft"
    clock.move_to(SOON)
    tasks.publish_scheduled()
    assert shown(page) == "<p>First.</p>"


def test_a_withdrawn_version_is_never_shown(home: HomePage, clock: Traveller) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    freeze.withdraw(version=page.versions.get(number=2), now=make.NOW, reason="A mistake.")
    clock.move_to(LATER)
    tasks.publish_scheduled()
    assert shown(page) == "<p>Old.</p>"


def test_a_withdrawn_text_is_not_shown_by_the_end_that_would_have_followed_it(home: HomePage, clock: Traveller) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    freeze.end(page=page, effective_from=LATER, now=make.NOW, note="We close.")
    freeze.withdraw(version=page.versions.get(number=2), now=make.NOW, reason="A mistake.")
    clock.move_to(LATER)
    tasks.publish_scheduled()
    assert shown(page) == "<p>Old.</p>"


def test_the_owner_s_new_telephone_freezes_nothing_when_the_worker_comes(home: HomePage, clock: Traveller) -> None:
    page = make.revise(make.policy(home, "Old."), "Call {phone}.", at=SOON)
    Controller.objects.update(phone="+44 1")
    clock.move_to(SOON)
    tasks.publish_scheduled()
    Revision.objects.update(approved_go_live_at=None)
    PolicyPage.objects.update(live_revision=None)
    tasks.publish_scheduled()
    assert PolicyPage.objects.get().live_revision
    assert page.versions.count() == 2
    assert "+44 20 7946 0018" in page.versions.get(number=2).text


def test_a_schedule_that_changes_nothing_leaves_nothing_to_wait_for(home: HomePage, clock: Traveller) -> None:
    page = make.revise(make.policy(home, "Call {phone}."), "Call {phone}.", at=SOON)
    assert marked(page) == []
    Controller.objects.update(phone="+44 1")
    clock.move_to(SOON)
    tasks.publish_scheduled()
    assert page.versions.count() == 1


@pytest.fixture
def broken(home: HomePage) -> Any:
    """A receiver of another app that fails for one page."""

    def fail(sender: Any, instance: Any, **kwargs: Any) -> None:
        if instance.slug == "broken":
            raise RuntimeError("the search engine is away")

    page_published.connect(fail)
    yield fail
    page_published.disconnect(fail)


def test_a_page_that_cannot_be_published_keeps_no_policy_waiting(home: HomePage, broken: Any, clock: Traveller) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    failing = StandardPage(title="Broken", slug="broken-yet-a-draft", body="<p>-</p>", live=False, go_live_at=SOON)
    home.add_child(instance=failing)
    revision = failing.save_revision()
    revision.content["slug"], revision.approved_go_live_at = "broken", SOON - timedelta(days=1)
    revision.save()
    clock.move_to(LATER)
    with pytest.raises(RuntimeError, match="the search engine is away"):
        tasks.publish_scheduled()
    assert shown(page) == "<p>New.</p>"


def test_one_policy_whose_revision_is_spoilt_stops_no_other(
    home: HomePage, clock: Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    spoilt = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    second = PolicyPage(title="Terms", slug="terms", body=[make.text("Old.")], live=False)
    home.add_child(instance=second)
    second.save_revision().publish()
    second = make.revise(second, "New.", at=SOON)
    Revision.objects.filter(pk=spoilt.versions.get(number=2).revision_id).update(content={"pk": spoilt.pk})
    clock.move_to(SOON)
    tasks.publish_scheduled()
    assert (shown(spoilt), shown(second)) == ("<p>Old.</p>", "<p>New.</p>")
    assert f"policy page {spoilt.pk} could not follow version 2" in caplog.text


def test_other_pages_still_expire(home: HomePage, clock: Traveller) -> None:
    page = other(home, "fair", None)
    StandardPage.objects.filter(pk=page.pk).update(expire_at=SOON)
    clock.move_to(LATER)
    tasks.publish_scheduled()
    page.refresh_from_db()
    assert (page.live, page.expired) == (False, True)
