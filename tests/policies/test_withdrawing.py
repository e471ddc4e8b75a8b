"""An editor takes a pending version back: who may, what is said, and what stays?"""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from time_machine import Traveller
from wagtail.models import PageLogEntry

from home.models import HomePage
from policies import freeze
from policies.models import PolicyPage, PolicyVersion
from tests import desk, make
from tests.policies import editing

SOON, LATER = make.NOW + timedelta(days=10), make.NOW + timedelta(days=20)


@pytest.fixture
def page(home: HomePage) -> PolicyPage:
    return make.revise(make.policy(home, "Old."), "New.", at=SOON)


def pending(page: PolicyPage) -> PolicyVersion:
    found = page.versions.pending(make.NOW).first()
    assert found
    return found


def ask(cms: Client, version: PolicyVersion) -> Any:
    return cms.get(reverse("policies_withdraw", args=(version.pk,)), follow=True)


def withdraw(cms: Client, version: PolicyVersion, reason: str = "It was wrong.") -> Any:
    return cms.post(reverse("policies_withdraw", args=(version.pk,)), {"reason": reason}, follow=True)


def test_a_pending_version_is_withdrawn_with_a_reason(cms: Client, page: PolicyPage) -> None:
    version = pending(page)
    assert "Version 2 is withdrawn." in editing.said(withdraw(cms, version))
    withdrawal = PolicyVersion.objects.get(pk=version.pk).withdrawal
    assert (withdrawal.reason, withdrawal.withdrawn_by) == ("It was wrong.", "Vera Holt")
    assert not page.versions.pending(make.NOW).exists()


def test_wagtail_no_longer_holds_it_for_scheduled(cms: Client, page: PolicyPage) -> None:
    withdraw(cms, pending(page))
    assert PolicyPage.objects.get(pk=page.pk).scheduled_revision is None


def test_the_next_pending_version_is_what_wagtail_holds_for_scheduled(cms: Client, page: PolicyPage) -> None:
    page = make.revise(page, "Newest.", at=LATER)
    withdraw(cms, pending(page))
    marks = page.revisions.exclude(approved_go_live_at=None).values_list("approved_go_live_at", flat=True)
    assert list(marks) == [LATER]


def test_it_stands_in_the_page_s_history(cms: Client, page: PolicyPage) -> None:
    withdraw(cms, pending(page))
    [entry] = PageLogEntry.objects.filter(page=page.pk, action="policies.withdrawn")
    assert entry.user.username == "vera"
    assert (entry.data["number"], entry.data["reason"]) == (2, "It was wrong.")


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [("", "This field is required."), ("x" * 301, "Ensure this value has at most 300 characters")],
)
def test_it_takes_a_reason(cms: Client, page: PolicyPage, reason: str, sentence: str) -> None:
    assert sentence in withdraw(cms, pending(page), reason).text
    assert pending(page)


def test_the_question_says_what_visitors_read_instead(cms: Client, page: PolicyPage) -> None:
    asked = ask(cms, pending(page))
    assert "Version 2 does not take force on 11 March 2026, 12:00 UTC: visitors go on reading version 1." in asked.text
    assert pending(page)


def test_the_first_version_leaves_visitors_without_a_policy(cms: Client, home: HomePage) -> None:
    page = make.revise(make.policy(home, live=False), "First.", at=SOON)
    assert "visitors find no policy until you publish another version" in ask(cms, pending(page)).text


def test_withdrawing_the_end_lets_the_policy_go_on(cms: Client, home: HomePage) -> None:
    page = make.policy(home)
    freeze.end(page=page, effective_from=SOON, now=make.NOW, note="We close.")
    assert "Without it the policy goes on." in ask(cms, pending(page)).text
    withdraw(cms, pending(page))
    assert not page.versions.pending(make.NOW).exists()


def test_a_version_that_took_force_stays(cms: Client, page: PolicyPage, clock: Traveller) -> None:
    version = pending(page)
    clock.move_to(SOON)
    answer = withdraw(cms, version)
    assert "Version 2 took force on 11 March 2026, 12:00 UTC. It can only be superseded" in editing.said(answer)
    assert page.versions.effective_by(SOON).first() == version


def test_it_is_withdrawn_once(cms: Client, page: PolicyPage) -> None:
    version = pending(page)
    withdraw(cms, version)
    assert "Version 2 was withdrawn before." in editing.said(withdraw(cms, version, "Again."))
    assert PolicyVersion.objects.get(pk=version.pk).withdrawal.reason == "It was wrong."


def test_it_takes_the_right_to_publish(page: PolicyPage) -> None:
    writer = desk.signed_in()
    answer = withdraw(writer, pending(page))
    assert "permission" in editing.said(answer)
    assert pending(page)


def test_nobody_withdraws_without_signing_in(page: PolicyPage) -> None:
    assert withdraw(Client(), pending(page)).redirect_chain[0][0].startswith("/cms/login/")
    assert pending(page)


def test_there_is_no_such_version(cms: Client, page: PolicyPage) -> None:
    assert cms.get(reverse("policies_withdraw", args=(0,))).status_code == 404


def test_cancelling_the_schedule_in_wagtail_withdraws_it_too(cms: Client, page: PolicyPage) -> None:
    version = pending(page)
    cms.post(reverse("wagtailadmin_pages:revisions_unschedule", args=(page.pk, version.revision_id)))
    assert PolicyVersion.objects.get(pk=version.pk).withdrawal.withdrawn_by == "Vera Holt"
