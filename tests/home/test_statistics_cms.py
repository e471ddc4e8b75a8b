"""The screen of statistics: its numbers, its files, what it says of bad input, and who may see which part."""

import csv
import io
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from home.models import HomePage, Promotion, PromotionCount
from home.viewsets.statistics.sections import SECTIONS
from records.subject_requests import filing
from tests import make
from tests.desk import signed_in
from tests.home.tallies import TODAY, sums

ALL_RIGHTS = ("view_tally", "view_decision", "view_campaign", "view_inquiry", "view_promotion", "view_subjectrequest")


@pytest.fixture
def home(db: None, clock: time_machine.Traveller) -> HomePage:
    return make.site()


def shown(cms: Client, section: str = "visits", status: int = 200, **asked: Any) -> BeautifulSoup:
    answer = cms.get(reverse("statistics:section", args=[section]), asked)
    assert answer.status_code == status
    return BeautifulSoup(answer.content, "html.parser")


def lines(page: BeautifulSoup | Tag, table: str) -> list[list[str]]:
    rows = page.select(f"section[aria-labelledby=stat-{table}] tbody tr")
    return [[" ".join(cell.get_text(" ").split()) for cell in row.select("th, td:not(.stat-bar)")] for row in rows]


def file(cms: Client, section: str, table: str, **asked: Any) -> list[list[str]]:
    answer = cms.get(reverse("statistics:csv", args=[section, table]), asked)
    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(content)))


def test_visits_are_summed_up_drawn_and_told_day_by_day(home: HomePage) -> None:
    sums(visitors=1200, views=2000)
    page = shown(signed_in("view_tally"), days=7)
    numbers = {dt.get_text(): dt.find_next("dd").get_text() for dt in page.select(".stat-numbers dt")}
    assert numbers == {"Visitors, day by day": "7,200", "Page views": "12,000"}  # six days and today, yet unknown
    assert len(lines(page, "time")) == 7
    assert lines(page, "time")[0] == ["23 February 2026", "1,200", "2,000"]
    chart = page.select_one("svg.stat-chart")
    assert chart
    assert [page.select_one(f"#{name}").name for name in chart["aria-labelledby"].split()] == ["title", "desc"]  # type: ignore[union-attr]


def test_a_time_is_compared_with_the_one_before(home: HomePage) -> None:
    sums(days=14, visitors=10)
    sums_before = shown(signed_in("view_tally"), since="2026-02-22", until="2026-02-28")
    assert "as many as in the time before" in sums_before.get_text()


def test_days_of_few_visitors_say_so_and_are_in_no_sum(home: HomePage) -> None:
    sums(visitors=None, views=None, days=5)
    page = shown(signed_in("view_tally"), days=7)
    assert ["28 February 2026", "fewer than 5", "fewer than 5"] in lines(page, "time")
    assert page.select_one(".stat-numbers dd").get_text() == "fewer than 5"  # type: ignore[union-attr]


def test_longer_times_are_told_in_weeks_and_months(home: HomePage) -> None:
    sums()
    cms = signed_in("view_tally")
    assert len(lines(shown(cms, days=365), "time")) == 53
    assert len(lines(shown(cms, since="2024-01-01", until="2026-02-28"), "time")) == 26


def test_pages_go_by_their_titles(home: HomePage) -> None:
    make.contact(home)
    path = home.get_url_parts()[2] + "contact/"
    sums("page", path, visitors=15)
    sums("page", "/mail/confirm/<token>/", visitors=10)
    sums("page", "*", visitors=40)
    assert lines(shown(signed_in("view_tally"), "pages", days=7), "page") == [
        [f"Contact {path}", "90", "120"],
        ["/mail/confirm/<token>/", "60", "120"],
        ["Others, not told by name", "240", "120"],
    ]


def test_languages_and_devices_go_by_their_names_and_what_nobody_knows_by_its_code(home: HomePage) -> None:
    for place, code in enumerate(("nl", "xq", "", "*")):
        sums("language", code, visitors=40 - place)
    sums("device", "phone")
    page = shown(signed_in("view_tally"), "devices")
    assert [line[0] for line in lines(page, "language")] == ["Dutch", "xq", "Not known", "Others, not told by name"]
    assert [line[0] for line in lines(page, "device")] == ["Phone"]


def test_who_reads_which_version_of_the_policy(home: HomePage) -> None:
    base = make.policy(home).get_url_parts()[2]
    for number, below in enumerate(("", "v/2/", "compare/1-2/", "history/", "v/2/json/")):
        sums("page", base + below, visitors=50 - number)
    assert [line[0] for line in lines(shown(signed_in("view_tally"), "policy"), "policy")] == [
        f"Privacy policy: the version in force {base}",
        f"Privacy policy: version 2 {base}v/2/",
        f"Privacy policy: what changed from version 1 to 2 {base}compare/1-2/",
        f"Privacy policy: all versions {base}history/",
    ]


def test_a_file_has_what_the_screen_has_and_no_formula(home: HomePage) -> None:
    sums("campaign", "=HYPERLINK(1)", visitors=None, views=None)
    sums("campaign", "newsletter/spring")
    assert file(signed_in("view_tally"), "sources", "campaign", days=7) == [
        ["Source and name (utm)", "Visitors", "Page views"],
        ["newsletter/spring", "60", "120"],
        ["'=HYPERLINK(1)", "fewer than 5", "fewer than 5"],
    ]


def test_every_part_has_its_tables_and_each_of_them_a_file(home: HomePage) -> None:
    cms, now = signed_in(*ALL_RIGHTS), timezone.now()
    sums()
    published, news = make.catalogue_of_one(now), make.mailing_list()
    for _each in range(6):
        make.decision(published, "analytics", now=now)
        make.inquiry(now=now)
        make.campaign(news, queued_at=now)
    filing.ask(email=make.CLEO, locale="en", now=now)
    promotion = Promotion.objects.create(title="Sail", link_url="https://sail.example/", label="Go")
    PromotionCount.objects.create(promotion=promotion, day=TODAY, act="seen", number=12)
    for key, section in SECTIONS.items():
        page = shown(cms, key)
        for table in page.select("section.stat-table"):
            address = table.select_one(".stat-file a")
            if address:
                assert cms.get(address["href"]).status_code == 200
        assert len(page.select(".stat-parts a[aria-current]")) == 1
        assert str(section.label) in page.select_one("h2").get_text()  # type: ignore[union-attr]
    assert lines(shown(cms, "consent"), "group") == [["Statistics", "6", "0", "100%"]]
    asked = shown(cms, "inquiries")
    assert lines(asked, "forms") == [["Contact", "5"]]
    assert lines(asked, "weeks")[-1][:2] == ["23 February 2026", "5"]
    assert len(asked.select("svg.stat-chart rect")) == 1
    assert lines(shown(cms, "promotions"), "promotions") == [["Sail", "10", "0"]]
    assert lines(shown(cms, "requests"), "requests")[0][1] == "fewer than 5"
    assert len(lines(shown(cms, "campaigns"), "campaigns")) == 6


def test_each_part_wants_the_right_of_what_it_counts(home: HomePage) -> None:
    cms = signed_in("view_tally", "view_inquiry")
    names = [link.get_text() for link in shown(cms).select(".stat-parts a")]
    assert names == ["Visits", "Pages", "Sources", "Devices", "Policy", "Inquiries"]
    for key in ("consent", "campaigns", "promotions", "requests"):
        assert cms.get(reverse("statistics:section", args=[key])).status_code in {302, 403}
        assert cms.get(reverse("statistics:csv", args=[key, key])).status_code in {302, 403}


def test_whoever_may_see_inquiries_alone_sees_no_statistics(home: HomePage) -> None:
    cms = signed_in("view_inquiry", "view_decision")
    assert cms.get(reverse("statistics:section", args=["inquiries"])).status_code == 302
    assert "/cms/statistics/" not in cms.get("/cms/").content.decode()


def test_a_part_or_table_that_is_none_is_not_found(home: HomePage) -> None:
    cms = signed_in("view_tally")
    for name, parts in (("section", ["secrets"]), ("csv", ["visits", "secrets"]), ("csv", ["secrets", "time"])):
        assert cms.get(reverse(f"statistics:{name}", args=parts)).status_code == 404


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"days": "12"}, "Choose 7, 28 or 90 days, or 365 for 12 months."),
        ({"since": "1 March"}, "Write the day as year-month-day, such as 2026-03-01."),
        ({"since": "2026-02-28", "until": "2026-02-27"}, "The first day is after the last: swap them."),
        ({"since": "2026-03-02"}, "Nothing is known of days to come: begin with today or before."),
        ({"since": "2019-01-01"}, "That is too long: look at three years at the most."),
        ({"until": "0001-01-01"}, "That is too long ago: choose days after 1999."),
    ],
)
def test_what_is_wrong_with_a_time_is_said(home: HomePage, asked: dict[str, str], sentence: str) -> None:
    cms = signed_in("view_tally")
    page = shown(cms, status=400, **asked)
    assert sentence in page.get_text()
    assert not page.select(".stat-table")
    answer = cms.get(reverse("statistics:csv", args=["visits", "time"]), asked)
    assert (answer.status_code, answer.content.decode()) == (400, sentence)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["days", "since", "until", "page"]), st.text(max_size=12)))
def test_whatever_is_typed_is_answered(home: HomePage, asked: dict[str, str]) -> None:
    cms = Client()
    cms.force_login(make.User.objects.filter(username="vera").first() or make.vera())
    assert cms.get(reverse("statistics:index"), asked).status_code in {200, 400}


def test_before_the_first_visit_it_says_what_will_happen(home: HomePage) -> None:
    with override_settings(ACTION_LOG=True):
        assert "A worker sums them up within an hour" in shown(signed_in("view_tally")).get_text()


def test_without_the_log_it_says_what_to_set(home: HomePage) -> None:
    with override_settings(ACTION_LOG=False):
        assert "Set ACTION_LOG=True" in shown(signed_in("view_tally"), "pages").get_text()


def test_the_first_page_of_the_cms_tells_of_last_week(home: HomePage) -> None:
    sums(days=7, visitors=20)
    sums("page", "/", visitors=20)
    page = BeautifulSoup(signed_in("view_tally").get("/cms/").content, "html.parser")
    panel = page.select_one("#statistics-content, [aria-labelledby=statistics-heading], .stat-glance")
    assert panel
    assert page.select_one(".stat-numbers dd").get_text() == "140"  # type: ignore[union-attr]
    assert "28 Feb: 20" in page.select_one("#stat-spark-words").get_text()  # type: ignore[union-attr]
    assert "140 page views" in page.select_one(".stat-top").get_text()  # type: ignore[union-attr]


def test_and_only_whoever_may_see_them(home: HomePage) -> None:
    sums()
    assert "stat-glance" not in signed_in("view_inquiry").get("/cms/").content.decode()
