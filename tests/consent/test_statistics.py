"""What was shown and decided is counted rightly, and so that nobody's own choice can be read."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from consent import catalogue, statistics
from consent.catalogue import Published
from consent.models import Showing
from consent.proof import redact
from consent.statistics import Asked, Row, Unit, Veil
from tests import desk, make
from tests.consent.numbers import decided, table

TODAY = make.NOW.date()
WEEK = timedelta(days=7)


def asked(**changes: Any) -> Asked:
    return Asked(**{"since": TODAY - timedelta(days=90), "until": TODAY} | changes)


def counts(rows: list[Row]) -> dict[Any, list[int]]:
    return {row.name: [*row.counts.values()] for row in rows}


@pytest.fixture
def officer(published: Published) -> Client:
    return desk.signed_in("view_decision")


def report(cms: Client, **chosen: Any) -> str:
    answer = cms.get(reverse("consent_statistics:index"), chosen)
    assert answer.status_code == 200
    return answer.content.decode()


def test_each_action_is_counted(published: Published) -> None:
    decided(published, 7, "analytics")
    decided(published, 6)
    decided(published, 2, "analytics", action="change")
    decided(published, 1, action="withdraw", source="no_js")
    totals = statistics.totals(asked())
    assert totals.row.counts == {"give": 7, "refuse": 6, "change": 2, "withdraw": 1}
    assert totals.answered == 15


def test_a_consent_that_is_no_choice_about_cookies_is_not_counted(published: Published) -> None:
    decided(published, 6, snapshot_id=None, statement="You may write to me.", source="form")
    assert statistics.totals(asked()).row.made == 0


def test_visits_without_an_answer_are_what_is_left(published: Published) -> None:
    Showing.objects.create(day=TODAY, snapshot_id=published.pk, locale="en", count=20)
    decided(published, 6, "analytics")
    decided(published, 5, source="no_js")
    assert statistics.totals(asked()).unanswered == 14


def test_signals_are_counted_among_browsers_that_were_heard(published: Published) -> None:
    decided(published, 3, gpc=True)
    decided(published, 5)
    decided(published, 2, gpc=None, source="api")
    totals = statistics.totals(asked())
    assert (totals.gpc, totals.heard) == (3, 8)


def test_groups_and_services_are_counted_one_by_one(published: Published) -> None:
    decided(published, 6, "analytics")
    decided(published, 3)
    decided(published, 1, choices={}, services={})  # undecided about everything
    assert counts(statistics.per_group(asked())) == {"analytics": [6, 3]}
    assert counts(statistics.per_service(asked())) == {"tally": [6, 3]}


@override_settings(TIME_ZONE="Pacific/Auckland")
def test_a_day_is_a_day_of_the_site(published: Published) -> None:
    decided(published, 5, now=make.NOW)  # one o'clock of the next morning there
    with timezone.override("America/New_York"):  # where an officer may be
        rows = statistics.over_time(asked(until=TODAY + timedelta(days=1)), Unit.DAY)
    assert {row.name: row.made for row in rows if row.made} == {TODAY + timedelta(days=1): 5}


def test_weeks_begin_on_monday_and_empty_ones_are_there(published: Published) -> None:
    decided(published, 5, now=make.NOW - 2 * WEEK)
    rows = statistics.over_time(asked(since=TODAY - 2 * WEEK), Unit.WEEK)
    assert [(row.name, row.made) for row in rows] == [
        (date(2026, 2, 9), 5),
        (date(2026, 2, 16), 0),
        (date(2026, 2, 23), 0),
    ]


def test_months_are_those_of_the_calendar(published: Published) -> None:
    decided(published, 5)
    rows = statistics.over_time(asked(since=date(2026, 1, 31)), Unit.MONTH)
    assert [(row.name, row.made) for row in rows] == [
        (date(2026, 1, 1), 0),
        (date(2026, 2, 1), 0),
        (date(2026, 3, 1), 5),
    ]


def test_both_ends_of_the_dates_count(published: Published) -> None:
    for days_ago in (0, 1, 2, 3):
        decided(published, 5, now=make.NOW.replace(hour=0) - timedelta(days=days_ago))
    assert statistics.totals(asked(since=TODAY - timedelta(days=2), until=TODAY - timedelta(days=1))).row.made == 10


@pytest.mark.parametrize(
    ("since", "until", "days"),
    [
        (None, None, (date(2025, 12, 1), TODAY)),
        (date(2026, 2, 1), date(2027, 1, 1), (date(2026, 2, 1), TODAY)),
        (date(1900, 1, 1), None, (date(2024, 2, 29), TODAY)),
        (date(2026, 2, 1), date(2026, 1, 1), (date(2026, 1, 1), date(2026, 1, 1))),
        (None, date(2026, 1, 1), (date(2025, 10, 3), date(2026, 1, 1))),
    ],
)
def test_no_more_than_two_years_are_counted(since: date | None, until: date | None, days: tuple[date, date]) -> None:
    assert statistics.days(since, until, TODAY) == days


def test_a_site_a_configuration_and_a_language_are_told_apart(published: Published) -> None:
    catalogue.add_group(key="maps", name="Maps", description="")
    newer = make.publish()
    decided(published, 5)
    decided(newer, 6, "maps", locale="ru")
    assert statistics.totals(asked(snapshot=newer.pk)).row.made == 6
    assert statistics.totals(asked(language="en")).row.made == 5
    assert statistics.totals(asked(site=published.site_id)).row.made == 11
    assert statistics.totals(asked(site=published.site_id + 1)).row.made == 0
    assert [row.name for row in statistics.by_snapshot(asked())] == [newer.pk, published.pk]


def test_an_erased_decision_counts_no_longer(published: Published) -> None:
    rows = decided(published, 6)
    redact.redact([rows[0].pk], why=redact.Why.ERASURE, now=make.NOW)
    assert statistics.totals(asked()).row.made == 5


def test_of_few_people_only_that_they_are_few_is_told(published: Published) -> None:
    decided(published, 3, "analytics", locale="ru")
    slice_of_one_day = asked(since=TODAY, language="ru")
    totals, [group] = statistics.totals(slice_of_one_day), statistics.per_group(slice_of_one_day)
    assert (totals.row.veil, totals.row.counts, totals.answered, totals.gpc) == (Veil.FEW, {}, None, None)
    assert (group.veil, group.counts) == (Veil.FEW, {})


def test_what_others_would_tell_of_few_people_is_hidden_as_well() -> None:
    rows = [Row("en", {"give": 50}), Row("ru", {"give": 2}), Row("de", {"give": 9}), Row("fr", {"give": 0})]
    assert [(row.name, row.veil) for row in statistics.veiled(rows)] == [
        ("en", None),
        ("ru", Veil.FEW),
        ("de", Veil.BESIDE),
        ("fr", None),
    ]
    several = [Row("en", {"give": 50}), Row("ru", {"give": 2}), Row("de", {"give": 3})]
    assert [row.veil for row in statistics.veiled(several)] == [None, Veil.FEW, Veil.FEW]


def test_the_screen_says_so_in_words(officer: Client, published: Published) -> None:
    decided(published, 20, "analytics")
    decided(published, 3, locale="ru")
    page = report(officer)
    assert table(page, "language") == [["English", "0", "not shown"], ["Russian", "0", "fewer than 5"]]
    assert table(page, "group") == [["Statistics", "20", "3"]]
    assert table(report(officer, language="ru"), "group") == [["Statistics", "fewer than 5"]]
    assert "no target" in page


def test_nothing_hidden_is_handed_out(officer: Client, published: Published) -> None:
    decided(published, 20, "analytics")
    decided(published, 3, locale="ru")
    found = officer.get(reverse("consent_statistics:index"), {"export": "json"}).json()
    assert {row["name"]: row["made"] for row in found["language"]} == {"en": None, "ru": None}
    assert found["totals"]["made"] == 23
    text = officer.get(reverse("consent_statistics:index"), {"export": "csv"}).getvalue().decode()
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["table"] == "language"]
    assert {row["number"] for row in rows} == {"0", "fewer than 5", "not shown"}


def test_the_filters_narrow_what_is_counted(officer: Client, published: Published) -> None:
    decided(published, 8, now=make.NOW - 60 * timedelta(days=1))
    decided(published, 6)
    page = report(officer, days_from="2026-02-20", days_to="2026-03-01", unit="day", snapshot=published.pk)
    rows = table(page, "time")
    assert (len(rows), rows[-1][:3]) == (10, ["1 March 2026", "0", "6"])
    assert "There are 10 matches" not in page


def test_a_filter_that_cannot_be_read_leaves_the_usual_dates(officer: Client, published: Published) -> None:
    assert len(table(report(officer, days_from="soon"), "time")) == 13


def test_thousands_of_decisions_cost_no_more_questions(officer: Client, published: Published) -> None:
    def questions() -> int:
        report(officer)  # what a process remembers for some seconds is fresh then
        with CaptureQueriesContext(connection) as queries:
            report(officer)
        return len(queries)

    decided(published, 5)
    few = questions()
    for days_ago in range(20):
        for locale in ("en", "ru"):
            decided(published, 150, "analytics", now=make.NOW - timedelta(days=days_ago), locale=locale)
    assert questions() == few <= 27


def test_only_who_may_read_decisions_sees_them(published: Published) -> None:
    stranger, address = desk.signed_in("view_snapshot"), reverse("consent_statistics:index")
    assert address not in stranger.get("/cms/").content.decode()
    assert stranger.get(address).status_code == 302
