"""What does the dashboard tell those who look after the policies, and whom does it tell nothing?"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from home.models import HomePage
from policies import freeze
from policies.models import PolicyPage, PolicyVersion
from policies.panels import Line, add_status, dashboard
from records.models import Controller
from tests import desk, make
from tests.policies import editing, translating

LATER = make.NOW + timedelta(days=10)


@pytest.fixture
def page(home: HomePage) -> PolicyPage:
    return make.policy(home, "We keep nothing.")


@pytest.fixture(autouse=True)
def _no_floor_above(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dashboard, "_statuses", [])


def told(cms: Client) -> list[str]:
    panel = BeautifulSoup(cms.get(reverse("wagtailadmin_home")).content, "html.parser").find(id="policies-section")
    return [" ".join(line.get_text(" ").split()) for line in panel.select("li")] if panel else []


def test_without_a_policy_there_is_nothing(cms: Client, home: HomePage) -> None:
    assert told(cms) == []


def test_it_names_the_version_in_force(cms: Client, page: PolicyPage) -> None:
    assert told(cms) == ["Version 1 has been in force since 1 March 2026, 12:00 UTC."]


def test_it_counts_down_to_what_comes(cms: Client, page: PolicyPage) -> None:
    make.revise(page, "Later.", at=LATER)
    assert told(cms)[1] == "Version 2 takes force in 1 week, 3 days: on 11 March 2026, 12:00 UTC."


def test_a_policy_that_was_never_published_says_so(cms: Client, home: HomePage) -> None:
    make.policy(home, live=False)
    assert told(cms) == ["No version is in force."]


def test_an_end_is_announced_and_then_said(cms: Client, vera: User, page: PolicyPage, clock: Any) -> None:
    freeze.end(page=page, effective_from=LATER, now=make.NOW, note="Closed.")
    assert told(cms)[1] == "The policy ends in 1 week, 3 days: on 11 March 2026, 12:00 UTC."
    clock.move_to(LATER)
    cms.force_login(vera)
    assert told(cms) == ["The policy ended on 11 March 2026, 12:00 UTC."]


def test_it_names_languages_that_wait_for_a_version(cms: Client, page: PolicyPage) -> None:
    russian = translating.translate(cms, page)
    assert "To do: Version 1 is not translated yet: Russian." in told(cms)
    editing.publish(cms, russian, editing.rows(russian))
    assert len(told(cms)) == 1


def test_it_names_what_has_changed_since_the_text_was_frozen(cms: Client, home: HomePage) -> None:
    make.policy(home, "Call {phone}.")
    assert len(told(cms)) == 1
    Controller.objects.update(phone="+44 20 7946 0019")
    assert told(cms)[1].startswith("To do: The configuration has changed since version 1: telephone.")


def test_it_says_when_wagtail_lags_behind(cms: Client, vera: User, page: PolicyPage, clock: Any) -> None:
    make.revise(page, "Later.", at=LATER)
    clock.move_to(LATER)
    cms.force_login(vera)
    assert any(line.startswith("To do: Menus and search still show an earlier text") for line in told(cms))


def test_a_floor_above_adds_its_lines_once(cms: Client, page: PolicyPage) -> None:
    def due(page: PolicyPage, at: datetime) -> list[Line]:
        return [Line(f"3 notices are due about {page.title}.", "/notices/", open=True)]

    add_status(due)
    add_status(due)
    assert told(cms)[1:] == ["To do: 3 notices are due about Privacy policy."]


def test_who_may_not_edit_policies_is_told_nothing(page: PolicyPage) -> None:
    assert told(desk.signed_in()) == []
    assert PolicyVersion.objects.exists()


def test_it_is_only_about_pages_one_may_edit(page: PolicyPage) -> None:
    assert len(told(desk.editing(page))) == 1
    assert told(Client()) == []
