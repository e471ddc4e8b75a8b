"""Do the CMS and the visitors' history say the same of a version, in every state it can be in?"""

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from time_machine import Traveller

from home.models import HomePage
from policies import freeze, states
from policies.models import PolicyPage
from policies.states import State
from policies.views.lineage import Lineage
from tests import make

DAY, MICROSECOND = timedelta(days=1), timedelta(microseconds=1)
SOON, LATER, END = make.NOW + 10 * DAY, make.NOW + 20 * DAY, make.NOW + 30 * DAY
IN_WORDS = {
    "announced": "pending",
    "in force": "in force",
    "the policy has ended": "in force",
    "superseded": "superseded",
    "withdrawn": "withdrawn",
}


@pytest.fixture
def page(home: HomePage) -> PolicyPage:
    """Superseded at its own instant (1), in force (2), announced twice for one instant (3, 4), withdrawn (5), announced
    after it was withdrawn (6), the end (7), and a new beginning a day later (8)."""
    page = make.revise(make.policy(home, "1."), "2.")
    for words, at in [("3.", SOON), ("4.", SOON), ("5.", LATER - DAY), ("6.", LATER)]:
        page = make.revise(page, words, at=at)
    freeze.withdraw(version=page.versions.get(number=5), now=make.NOW, reason="A mistake.")
    freeze.end(page=page, effective_from=END, now=make.NOW, note="We close.")
    return make.revise(page, "8.", at=END + DAY)


MOMENTS = [make.NOW, *(at + late for at in (SOON, LATER, END, END + DAY) for late in (-MICROSECOND, timedelta(0)))]


def cells(client: Client, address: str, *places: int) -> dict[str, tuple[str, ...]]:
    """Those cells of each row of a table, by the number of the version."""
    rows = BeautifulSoup(client.get(address).content, "html.parser").select("table tbody tr")
    texts = [[" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in rows]
    return {row[0]: tuple(row[place] for place in places) for row in texts}


@pytest.mark.parametrize("moment", MOMENTS)
def test_the_report_and_the_history_say_the_same(
    page: PolicyPage, vera: User, clock: Traveller, client: Client, moment: datetime
) -> None:
    clock.move_to(moment)
    history = cells(client, "/privacy/history/", 2)
    client.force_login(vera)
    report = cells(client, reverse("policy_versions:index"), 2)
    assert len(report) == 8
    assert report == {number: (IN_WORDS[state],) for number, (state,) in history.items()}


@pytest.mark.parametrize("moment", MOMENTS)
def test_both_name_the_same_end_of_each_period(page: PolicyPage, moment: datetime) -> None:
    lineage = Lineage.whole(page)
    for version in states.with_states(page.versions, moment):
        standing = lineage.standing(version, moment)
        assert standing.state == version.state
        if standing.state != State.WITHDRAWN:
            assert standing.until == version.until


def test_every_state_is_among_them(page: PolicyPage) -> None:
    found = {State(version.state) for version in states.with_states(page.versions, LATER)}
    assert found == set(State)
