"""What does the report of policy versions list, whom does it answer, and what does it hand out as a table?"""

import csv
import io
import uuid
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consent import decide
from consent.models import Decision
from consent.told import Told
from home.models import HomePage
from policies import freeze
from policies.models import PolicyPage
from tests import desk, make
from tests.policies import editing, translating

LATER = make.NOW + timedelta(days=10)


@pytest.fixture
def page(home: HomePage) -> PolicyPage:
    return make.policy(home, "We keep nothing.")


def report(cms: Client, **asked: str) -> list[list[str]]:
    """The rows of the table, cell by cell."""
    response = cms.get(reverse("policy_versions:index"), asked)
    assert response.status_code == 200
    table = BeautifulSoup(response.content, "html.parser").select_one("table.listing")
    rows = table.select("tbody tr") if table else []
    return [[" ".join(cell.get_text(" ").split()) for cell in row.select("td")] for row in rows]


def table(cms: Client) -> list[dict[str, str]]:
    response = cms.get(reverse("policy_versions:index"), {"export": "csv"})
    return list(csv.DictReader(io.StringIO(response.getvalue().decode())))


def test_it_lists_every_version_with_its_period(cms: Client, page: PolicyPage) -> None:
    page = make.revise(page, "Later.", at=LATER, material=True)
    later, now = report(cms)
    assert later[:5] == ["2", "Privacy policy", "pending", "11 March 2026, 12:00 UTC", ""]
    assert now[:5] == ["1", "Privacy policy", "in force", "1 March 2026, 12:00 UTC", "11 March 2026, 12:00 UTC"]
    sha256 = page.versions.get(number=1).content_sha256
    assert now[-1] == sha256[:12]
    assert f'<code title="{sha256}">' in cms.get(reverse("policy_versions:index")).text


def test_a_withdrawn_version_takes_over_from_nobody(cms: Client, page: PolicyPage) -> None:
    page = make.revise(page, "Never.", at=LATER)
    freeze.withdraw(version=page.versions.get(number=2), now=make.NOW, reason="Too early.")
    never, now = report(cms)
    assert (never[2], never[4]) == ("withdrawn", "")
    assert (now[2], now[4]) == ("in force", "")


@pytest.mark.parametrize(
    ("state", "numbers"), [("pending", ["3"]), ("in_force", ["2"]), ("superseded", ["1"]), ("withdrawn", [])]
)
def test_it_can_be_narrowed_to_a_state(cms: Client, page: PolicyPage, state: str, numbers: list[str]) -> None:
    make.revise(make.revise(page, "Less."), "Later.", at=LATER)
    assert [row[0] for row in report(cms, state=state)] == numbers


def test_it_can_be_narrowed_to_a_policy(cms: Client, page: PolicyPage) -> None:
    other = PolicyPage(title="Terms of use", slug="terms", body=[make.text("Use it.")], live=False)
    page.get_parent().add_child(instance=other)
    other.save_revision().publish()
    assert len(report(cms)) == 2
    assert [row[1] for row in report(cms, policy=str(other.key))] == ["Terms of use"]
    assert len(report(cms, policy="nonsense")) in (0, 2)


def test_it_names_the_languages(cms: Client, page: PolicyPage) -> None:
    russian = translating.translate(cms, page)
    editing.publish(cms, russian, editing.rows(russian))
    assert report(cms)[0][7] == "English, Russian"


def decided(page: PolicyPage, number: int) -> None:
    decide.record(
        choices={},
        source=Decision.Source.MAIL,
        at=make.NOW,
        key=uuid.uuid4(),
        told=Told(page.versions.get(number=number)),
        statement="You may write to me.",
    )


def test_it_counts_the_consents_taken_under_each_version(cms: Client, page: PolicyPage) -> None:
    page = make.revise(page, "Less.")
    for number in (1, 2, 2):
        decided(page, number)
    assert [row[8] for row in report(cms)] == ["2", "1"]
    assert decide.counted([]) == {}


def test_it_costs_no_more_for_many_versions(cms: Client, page: PolicyPage) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            report(cms)
        return len(queries)

    page = make.revise(page, "Less.")
    asked()
    few = asked()
    for number in range(6):
        page = make.revise(page, f"Less {number}.")
    assert asked() == few


def test_it_is_handed_out_as_a_table(cms: Client, page: PolicyPage) -> None:
    make.revise(page, "Later.", at=LATER)
    later, now = table(cms)
    assert (later["Version"], later["State"], later["Languages"]) == ("2", "pending", "English")
    assert now["In force to"].startswith("2026-03-11 12:00:00")
    assert now["SHA-256"] == page.versions.get(number=1).content_sha256


def test_it_is_handed_out_as_a_workbook(cms: Client, page: PolicyPage) -> None:
    response = cms.get(reverse("policy_versions:index"), {"export": "xlsx"})
    sheet: Any = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    rows = list(sheet.values)
    assert rows[0][:3] == ("Version", "Policy", "State")
    assert rows[1][:3] == (1, "Privacy policy", "in force")


def test_it_is_in_the_menu_of_those_who_may_edit_a_policy(cms: Client, page: PolicyPage) -> None:
    address = reverse("policy_versions:index")
    assert address in cms.get(reverse("wagtailadmin_home")).text
    assert len(report(desk.editing(page))) == 1


def test_nobody_else_sees_it(page: PolicyPage) -> None:
    client, address = desk.signed_in(), reverse("policy_versions:index")
    assert address not in client.get(reverse("wagtailadmin_home")).text
    assert client.get(address).status_code == 302


def test_without_a_version_it_says_so(cms: Client, home: HomePage) -> None:
    make.policy(home, live=False)
    assert "No version has been published yet, or none like this." in cms.get(reverse("policy_versions:index")).text
