"""An editor ends a policy: when, with which words, what is said before, and how is it taken up again?"""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from time_machine import Traveller
from wagtail.models import PageLogEntry
from wagtail.users.models import UserProfile

from home.models import HomePage
from policies import effective, freeze
from policies.models import PolicyPage, PolicyVersion
from records import terms
from records.registry import Ground, Purpose
from records.terms import Kind
from tests import desk, make
from tests.policies import editing

SOON, LATER = make.NOW + timedelta(days=10), make.NOW + timedelta(days=20)
NOTE = "We close. Write to Quay Ltd."


@pytest.fixture
def page(home: HomePage) -> PolicyPage:
    return make.policy(home)


def end(cms: Client, page: PolicyPage, at: str = "", note: str = NOTE, **more: str) -> Any:
    address = reverse("policies_end", args=(page.pk,))
    return cms.post(address, {"at": at, "note": note, "confirmed": "yes", **more}, follow=True)


def in_force(page: PolicyPage, at: Any = make.NOW) -> PolicyVersion:
    found = effective.in_force(page, at)
    assert found
    return found


def test_a_policy_ends_at_once(cms: Client, page: PolicyPage) -> None:
    assert "The policy has ended." in editing.said(end(cms, page))
    version = in_force(page)
    assert version.ends
    assert (version.number, version.change_note, version.frozen_by) == (2, NOTE, "Vera Holt")
    assert NOTE in Client().get("/privacy/").text


def test_a_policy_ends_at_an_instant_to_come(cms: Client, page: PolicyPage) -> None:
    answer = end(cms, page, f"{SOON:%Y-%m-%d %H:%M}")
    assert "The policy ends on 11 March 2026, 12:00 UTC." in editing.said(answer)
    assert not in_force(page, SOON - timedelta(microseconds=1)).ends
    assert in_force(page, SOON).ends


def test_the_instant_is_in_the_editor_s_own_zone(cms: Client, page: PolicyPage, vera: User) -> None:
    UserProfile.objects.update_or_create(user=vera, defaults={"current_time_zone": "Asia/Tokyo"})
    assert "In the time zone Asia/Tokyo." in cms.get(reverse("policies_end", args=(page.pk,))).text
    end(cms, page, "2026-03-11 21:00")
    assert in_force(page, SOON).ends
    assert not in_force(page, SOON - timedelta(microseconds=1)).ends


def test_it_is_asked_once_more(cms: Client, page: PolicyPage) -> None:
    address = reverse("policies_end", args=(page.pk,))
    asked = cms.post(address, {"at": f"{SOON:%Y-%m-%d %H:%M}", "note": NOTE})
    assert "“Privacy policy” ends on 11 March 2026, 12:00 UTC." in asked.text
    assert NOTE in asked.text
    assert page.versions.count() == 1


@pytest.mark.parametrize(
    ("at", "note", "sentence"),
    [
        ("", "", "This field is required."),
        ("", "x" * 301, "Ensure this value has at most 300 characters"),
        ("2026-03-01 11:59", NOTE, "This instant has passed."),
        ("soon", NOTE, "Enter a valid date/time."),
    ],
)
def test_a_slip_is_named_and_nothing_ends(cms: Client, page: PolicyPage, at: str, note: str, sentence: str) -> None:
    assert sentence in end(cms, page, at, note).text
    assert page.versions.count() == 1


def test_its_terms_end_with_it(cms: Client, home: HomePage) -> None:
    page = make.policy(home, live=False)
    purpose = {"text": "", "items": [{"purpose": Purpose.PROMOTION.value, "words": "", "basis": ""}], "anchor": ""}
    ground = {"text": "", "items": [{"ground": Ground.CONSENT.value, "words": ""}], "anchor": ""}
    page.body = [{"type": "purposes", "value": purpose}, {"type": "grounds", "value": ground}]
    page.save_revision().publish()
    asked = cms.get(reverse("policies_end", args=(page.pk,))).text
    assert "Promotional mail: no campaign leaves" in asked
    assert "Disclosure to third parties: its grounds end" in asked
    assert "Retention: its periods end" not in asked
    end(cms, page, f"{SOON:%Y-%m-%d %H:%M}")
    assert set(terms.all_in_force(Kind.PURPOSE, SOON - timedelta(microseconds=1))) == {Purpose.PROMOTION.value}
    assert terms.all_in_force(Kind.PURPOSE, SOON) == {}


def test_a_version_pending_after_the_end_is_named(cms: Client, page: PolicyPage) -> None:
    page = make.revise(page, "New.", at=LATER)
    asked = cms.post(reverse("policies_end", args=(page.pk,)), {"at": "", "note": NOTE})
    assert "Version 2 is pending and takes the policy up again on" in asked.text
    assert reverse("policies_withdraw", args=(page.versions.get(number=2).pk,)) in asked.text


def test_it_stands_in_the_page_s_history(cms: Client, page: PolicyPage) -> None:
    end(cms, page)
    [entry] = PageLogEntry.objects.filter(page=page.pk, action="policies.ended")
    assert entry.user.username == "vera"
    assert entry.data["number"] == 2


def test_a_policy_that_ended_does_not_end_again(cms: Client, page: PolicyPage) -> None:
    end(cms, page)
    assert "The policy has ended already." in editing.said(end(cms, page))
    assert page.versions.count() == 2


def test_an_end_that_is_announced_is_not_announced_again(cms: Client, page: PolicyPage) -> None:
    freeze.end(page=page, effective_from=SOON, now=make.NOW, note=NOTE)
    assert "The policy ends on 11 March 2026, 12:00 UTC already." in editing.said(end(cms, page))
    assert page.versions.count() == 2


def test_without_a_version_nothing_ends(cms: Client, home: HomePage) -> None:
    page = make.policy(home, live=False)
    assert "There is no version of this policy yet" in editing.said(end(cms, page))


def test_a_policy_does_not_end_before_it_begins(cms: Client, home: HomePage) -> None:
    page = make.revise(make.policy(home, live=False), "First.", at=LATER)
    answer = end(cms, page, f"{SOON:%Y-%m-%d %H:%M}")
    assert "There is no version of this policy to end then." in editing.said(answer)
    assert page.versions.count() == 1


def test_a_new_version_takes_the_policy_up_again(cms: Client, page: PolicyPage, clock: Traveller) -> None:
    end(cms, page)
    clock.shift(timedelta(days=1))
    editing.publish(cms, page, [editing.clause("We are back.")])
    version = in_force(page, make.NOW + timedelta(days=1))
    assert (version.number, version.ends) == (3, False)
    assert "We are back." in Client().get("/privacy/").text


def test_the_same_text_takes_the_policy_up_again(cms: Client, page: PolicyPage, clock: Traveller) -> None:
    end(cms, page)
    clock.shift(timedelta(days=1))
    editing.publish(cms, page, editing.rows(page))
    assert in_force(page, make.NOW + timedelta(days=1)).number == 3


def test_it_takes_the_right_to_publish(page: PolicyPage) -> None:
    assert "permission" in editing.said(end(desk.signed_in(), page))
    assert page.versions.count() == 1
