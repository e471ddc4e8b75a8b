"""The officer sees what each run did, when the next is, and what will go by this time tomorrow."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from records import holds, retention
from records.models import RetentionRun
from tests import make
from tests.desk import signed_in

INDEX = "/cms/retention-runs/"
DAY = timedelta(days=1)
YEAR = 365 * DAY


@pytest.fixture
def officer(db: None, clock: Any) -> Client:
    make.site()
    return signed_in("view_retentionrun")


def page(officer: Client, **filters: str) -> str:
    return officer.get(INDEX, filters).content.decode()


def listed(officer: Client, **filters: str) -> set[str]:
    return {run.holding for run in officer.get(INDEX, filters).context["object_list"]}


def test_before_the_first_run_it_says_so(officer: Client) -> None:
    assert "No run has left a record yet." in page(officer)
    assert "Nothing: no row will have reached its end by then." in page(officer)


def test_a_run_is_listed_with_what_it_did(officer: Client) -> None:
    make.inquiry(now=make.NOW - YEAR)
    retention.expire(now=make.NOW)
    answer = officer.get(INDEX, {"holding": "home.Inquiry"})
    [run] = answer.context["object_list"]
    assert (run.expired, run.title) == (1, "Inquiries from forms")
    assert "the data map: no version covers it" in answer.content.decode()


def test_the_list_is_narrowed_by_what_was_done(officer: Client) -> None:
    vera = officer.get("/cms/").wsgi_request.user
    make.inquiry(now=make.NOW - YEAR)
    holds.place(reason="Case 7", by=vera, now=make.NOW, holding="home.Inquiry")
    make.request(make.CLEO, make.mailing_list(), make.NOW - 30 * DAY)
    retention.expire(now=make.NOW)
    assert listed(officer, did="held") == {"home.Inquiry"}
    assert "mailing.Subscription" in listed(officer, did="deleted")
    assert "home.Inquiry" not in listed(officer, did="deleted")
    assert listed(officer, holding="home.Inquiry") == {"home.Inquiry"}
    assert listed(officer) == {"home.Inquiry", "mailing.Subscription"}, "what did nothing is shown to who asks for it"
    assert len(listed(officer, did="any")) > 30


def test_it_says_what_is_due_by_this_time_tomorrow(officer: Client) -> None:
    make.inquiry(now=make.NOW - YEAR + DAY)
    make.inquiry(now=make.NOW - YEAR + 2 * DAY)
    [ahead] = officer.get(INDEX).context["ahead"]
    assert (ahead.holding, ahead.rows, ahead.held) == ("home.Inquiry", 1, 0)
    assert "365 days from the day they arrive" in page(officer)


def test_it_says_when_the_next_run_is(officer: Client, clock: Any) -> None:
    retention.expire(now=make.NOW)
    assert "Next run: 2026-03-01 13:00" in page(officer)
    clock.move_to(make.NOW + 5 * DAY)
    assert "Next run: 2026-03-06 12:00" in page(officer), "what is overdue is due now"
    assert "not looked at for two days. Is the worker running, and beat?" in page(officer)


def test_a_file_of_it_is_for_whoever_checks(officer: Client) -> None:
    retention.expire(now=make.NOW)
    written = b"".join(officer.get(INDEX, {"export": "csv", "did": "any"}).streaming_content).decode()
    assert RetentionRun.objects.order_by("-pk")[0].sha256 in written


def test_a_data_set_that_the_code_has_forgotten_shows_its_key(officer: Client) -> None:
    RetentionRun.objects.create(holding="old.Thing", period_days=1, cut_off_at=make.NOW, expired=1, ran_at=make.NOW)
    assert "old.Thing" in page(officer)


def test_nobody_else_sees_it(db: None) -> None:
    make.site()
    assert signed_in().get(INDEX).status_code == 302


def test_a_filter_that_means_nothing_is_no_error(officer: Client) -> None:
    for filters in ({"holding": "nothing"}, {"did": "x"}, {"ran_at_from": "yesterday"}, {"p": "99"}):
        assert officer.get(INDEX, filters).status_code == 200
