"""home/promotions.js in Chromium: which promotion is chosen for whom, what is kept, and what is told to the site."""

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Page, Request, Route

from tests import browser as chromium

pytestmark = pytest.mark.timeout(300)
HERE = "http://testserver/"
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
TODAY, YESTERDAY, LONG_AGO = "2026-03-10", "2026-03-09", "2026-01-01"
KEY = "candor_promotions"


def source() -> str:
    with open(str(finders.find("home/promotions.js")), encoding="utf-8") as file:
        return file.read()


@pytest.fixture(scope="module")
def profile() -> Iterator[Any]:
    with chromium.launched() as launched:
        yield launched


@pytest.fixture
def page(profile: Any) -> Iterator[Page]:
    context = profile.new_context(viewport={"width": 800, "height": 600})
    page = context.new_page()
    page.clock.set_fixed_time(NOW)
    yield page
    context.close()


def candidate(number: int, shown: bool = False, **said: Any) -> str:
    known = {"from": "", "until": "", "weight": 10, "rules": {}} | said
    values = known | {"rules": escape(json.dumps(known["rules"]))}
    data = f'data-promotion="{number}" ' + " ".join(f'data-{name}="{value}"' for name, value in values.items())
    card = f'<div class="promotion-card" {{}}><a href="/there/" target="_top">Go {number}</a></div>'
    return card.format(data) if shown else f"<template {data}>{card.format('')}</template>"


class Site:
    """A page with a place for promotions, in a browser whose visitor has allowed them or not."""

    def __init__(self, page: Page) -> None:
        self.page, self.posted, self.markup = page, list[Request](), ""
        self.allowed, self.above = False, 0
        self.names, self.sources = list[str](), list[str]()
        page.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        if route.request.method == "POST":
            self.posted.append(route.request)
            route.fulfill(status=204)
        elif route.request.url.endswith(".js"):
            route.fulfill(content_type="text/javascript", body=source())
        else:
            route.fulfill(content_type="text/html", body=self._html())

    def _html(self) -> str:
        facts = f"data-names='{json.dumps(self.names)}' data-sources='{json.dumps(self.sources)}'"
        return (
            f"<!doctype html><script>candor = {{ services: {{ promotions: {json.dumps(self.allowed)} }} }}</script>"
            f'<script src="/p.js" defer data-count="/count/" {facts}></script>'
            f'<div style="height: {self.above}px"></div><section class="promotion">{self.markup}</section>'
        )

    def visit(self, *candidates: str, path: str = "", referer: str | None = None) -> str:
        """The number of the promotion that is shown there; empty for none."""
        self.markup = "".join(candidates)
        self.page.goto(HERE + path, referer=referer)
        return self.shown()

    def shown(self) -> str:
        chosen = self.page.locator(".promotion").get_attribute("data-chosen") or ""
        cards = self.page.locator(".promotion > .promotion-card").all_inner_texts()
        assert cards == ([f"Go {chosen}"] if chosen else [])
        return chosen

    def kept(self) -> Any:
        return json.loads(self.page.evaluate(f"localStorage.getItem('{KEY}')") or "null")

    def keep(self, history: Any) -> None:
        self.page.goto(HERE)
        self.page.evaluate(f"history => localStorage.setItem('{KEY}', JSON.stringify(history))", history)

    def decide(self, allowed: bool) -> None:
        self.page.evaluate(
            "allowed => { candor.services.promotions = allowed; document.dispatchEvent(new Event('candor:consent')) }",
            allowed,
        )


@pytest.fixture
def site(page: Page) -> Site:
    return Site(page)


PLAIN: dict[str, Any] = {"first": TODAY, "last": TODAY, "read": {}, "seen": {}}
READ = {"read": [["t:reefers", 2]]}
FITS = [
    # rules, what is kept (None: no permission), whether it fits
    ({}, None, True),
    ({}, PLAIN, True),
    ({"returning": True}, None, False),
    ({"returning": True, "place": True}, None, True),
    ({"returning": True}, PLAIN, False),
    ({"returning": True}, PLAIN | {"first": YESTERDAY}, True),
    ({"returning": True}, PLAIN | {"first": LONG_AGO, "last": YESTERDAY}, True),
    ({"returning": True}, PLAIN | {"first": LONG_AGO, "last": LONG_AGO}, False),
    ({"returning": True, "place": True}, PLAIN, False),
    (READ, None, False),
    (READ, PLAIN, False),
    (READ, PLAIN | {"read": {"t:reefers": [1, TODAY]}}, False),
    (READ, PLAIN | {"read": {"t:reefers": [2, YESTERDAY]}}, True),
    (READ, PLAIN | {"read": {"t:reefers": [9, LONG_AGO]}}, False),
    ({"read": [["t:reefers", 1], ["s:5", 1]]}, PLAIN | {"read": {"t:reefers": [2, TODAY]}}, False),
    ({"read": [["s:5", 1]]}, PLAIN | {"read": {"s:5": [1, TODAY]}}, True),
    ({"source": "news.example"}, None, False),
    ({"source": "news.example"}, PLAIN | {"read": {"f:news.example": [1, YESTERDAY]}}, True),
    ({"cap": 2}, None, False),
    ({"cap": 2}, PLAIN, True),
    ({"cap": 2}, PLAIN | {"seen": {"1": 1}}, True),
    ({"cap": 2}, PLAIN | {"seen": {"1": 2}}, False),
    ({"cap": 2}, PLAIN | {"last": YESTERDAY, "first": YESTERDAY, "seen": {"1": 2}}, True),
    ({"returning": True, "cap": 2}, PLAIN | {"first": YESTERDAY, "seen": {"1": 2}}, False),
    ({"returning": True}, {"first": 1, "read": "?"}, False),  # not ours
    ({"returning": True}, [], False),
]


@pytest.mark.parametrize(("rules", "history", "fits"), FITS)
def test_it_is_shown_to_whom_all_its_rules_fit(site: Site, rules: Any, history: Any, fits: bool) -> None:
    if history is not None:
        site.allowed = True
        site.keep(history)
    assert site.visit(candidate(1, rules=rules)) == ("1" if fits else "")


@pytest.mark.parametrize(
    ("path", "referer", "fits"),
    [
        ("", "https://news.example/today/", True),
        ("", "https://www.news.example/", True),
        ("", "https://othernews.example/", False),
        ("?utm_source=News.example", None, True),
        ("?utm_source=news", None, False),
        ("", f"{HERE}other/", False),
        ("", None, False),
    ],
)
def test_where_somebody_comes_from_counts_on_that_page_without_permission(
    site: Site, path: str, referer: str | None, fits: bool
) -> None:
    rules = {"source": "news.example"}
    assert site.visit(candidate(1, rules=rules), path=path, referer=referer) == ("1" if fits else "")
    assert site.page.evaluate("Object.keys(localStorage)") == []


@pytest.mark.parametrize(
    ("dates", "fits"),
    [
        ({"from": "2026-03-10T11:59:59+00:00"}, True),
        ({"from": "2026-03-10T12:00:01+00:00"}, False),
        ({"until": "2026-03-10T12:00:01+00:00"}, True),
        ({"until": "2026-03-10T12:00:00+00:00"}, False),
        ({"from": "2026-03-10T15:00:00+04:00"}, True),
    ],
)
def test_its_dates_are_looked_at_when_the_page_is(site: Site, dates: dict[str, str], fits: bool) -> None:
    assert site.visit(candidate(1, shown=True, **dates)) == ("1" if fits else "")


def test_the_heavier_is_shown_the_more_often(site: Site) -> None:
    two = candidate(1, shown=True, weight=30), candidate(2, weight=10)
    for point, expected in ((0.0, "1"), (0.74, "1"), (0.76, "2"), (0.999, "2")):
        site.page.add_init_script(f"Math.random = () => {point}")
        assert site.visit(*two) == expected


def test_reading_is_remembered_with_permission_and_not_without(site: Site) -> None:
    site.names, site.sources = ["t:reefers", "s:5"], ["news.example", "letter"]
    site.visit(candidate(1), referer="https://news.example/")
    assert site.kept() is None
    site.allowed = True
    site.visit(candidate(1), referer="https://news.example/")
    site.visit(candidate(1))
    read = {"t:reefers": [2, TODAY], "s:5": [2, TODAY], "f:news.example": [1, TODAY]}
    assert site.kept() == {"first": TODAY, "last": TODAY, "read": read, "seen": {}}
    site.page.clock.set_fixed_time(NOW + timedelta(days=31))
    site.names = []
    site.visit(candidate(1))
    assert site.kept() == {"first": "2026-04-10", "last": "2026-04-10", "read": {}, "seen": {}}


def test_at_most_thirty_names_are_kept_the_latest(site: Site) -> None:
    site.allowed = True
    for number in range(35):
        site.names = [f"t:{number}"]
        site.visit(candidate(1))
    assert list(site.kept()["read"]) == [f"t:{number}" for number in range(34, 4, -1)]


def test_permission_given_on_the_page_is_remembered_from_then_on_and_its_end_deletes(site: Site) -> None:
    site.names = ["t:reefers"]
    targeted = candidate(1, rules={"read": [["t:reefers", 1]]}), candidate(2, rules={"cap": 1, "place": True})
    assert site.visit(*targeted) == "2"
    site.decide(True)
    assert site.kept()["read"] == {"t:reefers": [1, TODAY]}
    assert site.shown() == "2"  # what somebody reads stays where it is
    site.allowed = True
    site.page.add_init_script("Math.random = () => 0")
    assert site.visit(*targeted) == "1"
    site.decide(False)
    assert site.page.evaluate("Object.keys(localStorage)") == []
    assert site.shown() == "2"


def test_whoever_took_the_permission_back_elsewhere_finds_nothing_kept(site: Site) -> None:
    site.keep(PLAIN | {"first": YESTERDAY})
    site.visit(candidate(1, rules={"returning": True}))
    assert site.kept() is None


def told(site: Site) -> list[Any]:
    return [json.loads(request.post_data or "") for request in site.posted]


def test_seen_is_told_after_a_second_once_and_followed_with_a_click(site: Site) -> None:
    site.visit(candidate(3, shown=True))
    site.page.wait_for_timeout(500)
    assert told(site) == []
    site.page.wait_for_timeout(900)
    assert told(site) == [{"promotion": 3, "act": "seen", "targeted": False}]
    site.page.get_by_role("link").click()
    site.page.wait_for_url("**/there/")
    assert told(site)[1:] == [{"promotion": 3, "act": "followed", "targeted": False}]
    headers = site.posted[0].all_headers()
    assert not {"cookie", "referer"} & headers.keys()
    assert site.page.evaluate("Object.keys(localStorage)") == []


def test_what_is_below_the_window_is_not_seen_until_somebody_scrolls(site: Site) -> None:
    site.allowed, site.above = True, 3000
    site.keep(PLAIN | {"first": YESTERDAY})
    site.visit(candidate(3, rules={"returning": True, "cap": 5}))
    site.page.wait_for_timeout(1300)
    assert told(site) == []
    site.page.get_by_role("link").scroll_into_view_if_needed()
    site.page.wait_for_timeout(1500)
    assert told(site) == [{"promotion": 3, "act": "seen", "targeted": True}]
    assert site.kept()["seen"] == {"3": 1}


def test_where_none_fits_the_room_stays_only_where_it_would_be_missed(site: Site) -> None:
    never = candidate(1, rules={"returning": True})
    assert site.visit(never) == ""
    assert site.page.locator(".promotion").get_attribute("hidden") is None
    site.above = 3000
    site.visit(never)
    assert site.page.locator(".promotion").get_attribute("hidden") is not None


def test_it_is_small() -> None:
    assert len(gzip.compress(source().encode(), 9)) < 4096
