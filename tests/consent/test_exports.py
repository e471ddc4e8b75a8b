"""Decisions are handed out without saying whose they are, line by line as they are read, and the log says so."""

import csv
import io
import json
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from consent.catalogue import Published
from consent.viewsets import decisions
from policies.models import PolicyPage
from tests import desk, make
from tests.consent.numbers import decided


@pytest.fixture
def officer(published: Published) -> Client:
    return desk.signed_in("view_decision")


def taken(cms: Client, form: str, **asked: Any) -> bytes:
    answer = cms.get(reverse("consent_decisions:index"), {"export": form, **asked})
    assert answer.status_code == 200
    return bytes(answer.getvalue())


def test_as_csv(officer: Client, published: Published, policy: PolicyPage) -> None:
    row = make.decision(published, "analytics", path="/about/")
    [line] = csv.DictReader(io.StringIO(taken(officer, "csv").decode()))
    assert (line["Receipt"], line["Action"], line["Page"]) == (str(row.pk), "give", "/about/")
    assert json.loads(line["Groups"]) == {"analytics": True}
    assert line["Configuration (SHA-256)"] == published.sha256


def test_as_a_workbook(officer: Client, published: Published) -> None:
    row = make.decision(published, "analytics")
    sheet: Any = openpyxl.load_workbook(io.BytesIO(taken(officer, "xlsx"))).active
    headings, line = sheet.values
    assert (headings[0], line[0], json.loads(line[headings.index("Services")])) == (
        "Receipt",
        str(row.pk),
        {"tally": True},
    )


def test_as_json_one_line_each(officer: Client, published: Published) -> None:
    rows = decided(published, 3, "analytics")
    lines = [json.loads(line) for line in taken(officer, "json").decode().splitlines()]
    assert [line["id"] for line in lines] == [str(row.pk) for row in reversed(rows)]
    assert lines[0]["choices"] == {"analytics": True}


@pytest.mark.parametrize("form", ["csv", "json"])
def test_nobody_is_told_whose_they_are(officer: Client, published: Published, form: str) -> None:
    row = make.decision(published, "analytics")
    assert str(row.consent_id).encode() not in taken(officer, form)


def test_the_filters_hold(officer: Client, published: Published) -> None:
    decided(published, 2, "analytics")
    decided(published, 3, locale="ru")
    assert len(taken(officer, "json", locale="ru").splitlines()) == 3


def test_it_is_logged_with_how_many_and_what_was_asked(officer: Client, published: Published) -> None:
    decided(published, 2, locale="ru")
    taken(officer, "csv", locale="ru")
    entry = ModelLogEntry.objects.get()
    assert entry.action == "consent.export"
    assert entry.data == {"rows": 2, "form": "csv", "asked": {"locale": "ru"}}
    assert entry.message == "Exported 2 decisions as csv"
    assert entry.user.get_username() == "vera"


def test_a_workbook_that_would_be_too_large_is_refused_with_a_sentence(
    officer: Client, published: Published, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions, "MOST_IN_A_WORKBOOK", 2)
    decided(published, 3)
    answer = officer.get(reverse("consent_decisions:index"), {"export": "xlsx"})
    assert "at most 2 decisions" in desk.told(answer)
    assert not ModelLogEntry.objects.exists()
    assert len(taken(officer, "csv").splitlines()) == 4


def test_thousands_of_rows_come_from_one_question_and_as_they_are_read(officer: Client, published: Published) -> None:
    decided(published, 5000, "analytics")
    answer = officer.get(reverse("consent_decisions:index"), {"export": "json"})
    with CaptureQueriesContext(connection) as queries:
        lines = sum(1 for _line in answer.streaming_content)
    assert (lines, len([query for query in queries if "consent_decision" in query["sql"]])) == (5000, 1)


def test_who_may_not_read_decisions_takes_none(published: Published) -> None:
    make.decision(published)
    stranger = desk.signed_in("view_snapshot")
    assert stranger.get(reverse("consent_decisions:index"), {"export": "csv"}).status_code == 302
    assert not ModelLogEntry.objects.exists()
