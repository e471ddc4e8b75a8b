"""The page of a campaign that was sent: numbers, bar, chart, versions and answers, and who may see them."""

import re
from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client

from mailing.models import Campaign, Delivery, MailingList
from mailing.viewsets.results.chart import BARS, WIDTH, bar, chart, percent
from records.drawing import HEIGHT
from tests import make
from tests.desk import signed_in
from tests.mailing.rows import rows

State = Delivery.State
MINUTE = timedelta(minutes=1)


@pytest.fixture
def spring(clock: time_machine.Traveller, news: MailingList) -> Campaign:
    return make.campaign(news, state=Campaign.State.SENDING, queued_at=make.NOW)


def at(campaign: Campaign) -> str:
    return f"/cms/mailing/campaigns/inspect/{campaign.pk}/"


def live(campaign: Campaign) -> str:
    return f"/cms/mailing/results/{campaign.pk}/live/"


def seen(campaign: Campaign, client: Client | None = None, *, of: str = "") -> BeautifulSoup:
    cache.clear()
    answer = (client or signed_in("view_campaign")).get(of or at(campaign))
    assert answer.status_code == 200
    return BeautifulSoup(answer.content, "html.parser")


def numbers(page: BeautifulSoup) -> dict[str, str]:
    found = page.select_one(".mail-numbers")
    return {dt.get_text(): dt.find_next("dd").get_text(" ", strip=True) for dt in found.select("dt")} if found else {}


def table(page: BeautifulSoup, key: str) -> list[list[str]]:
    heading = page.select_one(f"#{key}")
    found = heading.find_next("table") if heading else None
    lines = found.select("tbody tr") if found else []
    return [[" ".join(cell.get_text(" ").split()) for cell in line.select("th, td")] for line in lines]


def test_the_headline_adds_up(spring: Campaign) -> None:
    for state, count in {"sent": 5, "bounced": 2, "complained": 1, "failed": 1, "pending": 3, "skipped": 4}.items():
        rows(spring, count, state=state)
    found = numbers(seen(spring))
    assert found["Recipients"] == "16"
    assert (found["Accepted"], found["To do"], found["Came back or refused"]) == ("8", "3", "3")
    assert (found["Reported as spam"], found["Not sent"], found["Unknown"]) == ("1", "4", "0")


def test_pace_and_end_are_told_while_it_goes_out(spring: Campaign) -> None:
    rows(spring, 40, sent_at=make.NOW - MINUTE)
    rows(spring, 80, state="pending", not_before=make.NOW - 3 * MINUTE)
    client = signed_in("view_campaign")
    found = numbers(seen(spring, client))
    assert (found["Accepted a minute"], found["Done in about"]) == ("40", "2\xa0minutes")
    assert found["The first in the queue waits for"] == "3\xa0minutes"
    Campaign.objects.update(state=Campaign.State.SENT)
    assert "Accepted a minute" not in numbers(seen(spring, client))


def test_what_takes_less_than_a_minute_is_not_told_as_nothing(spring: Campaign) -> None:
    rows(spring, 40, sent_at=make.NOW - MINUTE)
    rows(spring, 2, state="pending", not_before=make.NOW)
    found = numbers(seen(spring))
    assert found["Done in about"] == found["The first in the queue waits for"] == "less than a minute"


def test_each_state_has_its_share_its_pattern_and_a_way_to_its_rows(spring: Campaign) -> None:
    rows(spring, 3)
    rows(spring, 1, state="unknown")
    page = seen(spring)
    assert table(page, "states") == [
        ["accepted by the mail server", "3", "75 %"],
        ["interrupted: may have been sent", "1", "25 %"],
    ]
    assert [piece["fill"] for piece in page.select(".mail-bar rect")] == ["url(#mail-sent)", "url(#mail-unknown)"]
    drawn = {pattern["id"] for pattern in page.select("pattern")}
    assert {f"mail-{state.value}" for state in State} <= drawn
    assert page.select_one("#states ~ table a")["href"].endswith("/rows/?state=sent")


def test_the_chart_says_in_a_table_what_it_draws(spring: Campaign) -> None:
    rows(spring, 2, provider="gmail")
    rows(spring, 1, sent_at=make.NOW + 2 * MINUTE, provider="yahoo")
    page = seen(spring)
    drawing = page.select_one("svg.mail-chart")
    assert drawing["role"] == "img"
    names = drawing["aria-labelledby"].split()
    assert [page.select_one(f"#{name}").name for name in names] == ["title", "desc"]
    assert len(drawing.select("rect")) == 2
    lines = [[cell.get_text() for cell in line.select("th, td")] for line in page.select(".mail-details tbody tr")]
    assert lines == [["12:00", "2", "0", "0", "0", "2"], ["12:01", *"00000"], ["12:02", "0", "0", "1", "0", "1"]]


def test_numbers_of_an_svg_are_no_numbers_of_a_language(spring: Campaign) -> None:
    rows(spring, 1500)
    client = signed_in("view_campaign")
    page = client.get(at(spring), HTTP_ACCEPT_LANGUAGE="de").content.decode()
    geometry = re.findall(r' (?:x|y|width|height|viewBox)="([^"]*)"', page[page.index("mail-bar") :])
    assert geometry
    assert all(re.fullmatch(r"[\d ]+", value) for value in geometry)


def test_versions_are_compared_and_chosen_on_one_page(spring: Campaign) -> None:
    Campaign.objects.update(test_share=20)
    rows(spring, 2, version="a", tracked=True)
    rows(spring, 1, version="b", state="complained")
    rows(spring, 7, state="held")
    page = seen(spring, signed_in("view_campaign", "send_campaign"))
    assert table(page, "versions") == [["A", "2", "2", "0", "0", "0", "0 of 2"], ["B", "1", "1", "0", "1", "0", "–"]]
    assert [form["action"] for form in page.select('form[action*="choose"]')] == [
        f"/cms/mailing/campaigns/choose/{spring.pk}/{version}/" for version in ("a", "b")
    ]


def test_who_may_not_send_is_offered_no_act(spring: Campaign) -> None:
    rows(spring, 1, state="unknown")
    page = seen(spring)
    assert not page.select("main form[method=post]")
    assert not page.select('a[href*="/again/"]')


def test_what_servers_said_is_grouped(spring: Campaign) -> None:
    rows(spring, 2, state="failed", smtp_code=550, smtp_text="5.1.1 <b>no such user")
    rows(spring, 1, state="deferred", smtp_code=451, smtp_text="greylisted")
    assert table(seen(spring), "answers") == [
        ["550", "5.1.1", "2", "5.1.1 <b>no such user"],
        ["451", "–", "1", "greylisted"],
    ]


def test_unknown_rows_are_named_with_a_way_to_send_each_again(spring: Campaign) -> None:
    row = rows(spring, 1, state="unknown", reason="broken")[0]
    page = seen(spring, signed_in("view_campaign", "send_campaign"))
    [line] = table(page, "unknown")
    assert line[:2] == [f"#{row.pk}", "the connection broke while the message was handed over"]
    assert page.select_one('a[href*="/again/?"]')["href"].endswith(f"/again/?delivery={row.pk}")


def test_a_draft_has_no_results_yet(news: MailingList) -> None:
    page = seen(make.campaign(news))
    assert "Not sent yet." in page.get_text()
    assert not page.select("[data-live-on]")


def test_the_page_carries_no_address_and_no_script_of_its_own(spring: Campaign) -> None:
    rows(spring, 3)
    page = seen(spring)
    assert "@mail.example" not in page.select_one("main").get_text()
    assert page.select_one('script[src*="mailing/live"]')["type"] == "module"


def test_the_parts_that_move_come_alone(spring: Campaign) -> None:
    rows(spring, 3)
    client = signed_in("view_campaign")
    whole, parts = seen(spring, client), seen(spring, client, of=live(spring))
    assert not parts.select("html, header, script")
    names = [part["data-live"] for part in parts.select("[data-live]")]
    assert len(names) == len(set(names)) == len(whole.select("[data-live]"))
    assert client.get(live(spring))["Cache-Control"].startswith("no-store")


@pytest.mark.parametrize(
    ("state", "moves"),
    [("scheduled", True), ("sending", True), ("paused", True), ("sent", False), ("cancelled", False)],
)
def test_a_page_looks_again_until_it_is_over(spring: Campaign, state: str, moves: bool) -> None:
    Campaign.objects.update(state=state)
    client = signed_in("view_campaign")
    page = seen(spring, client)
    assert bool(page.select("[data-live-on]")) is moves
    assert ("Refresh" in page.select_one("main").get_text()) is moves  # without a script, one refreshes oneself
    assert bool(seen(spring, client, of=live(spring)).select("[data-live-over]")) is not moves


def test_what_is_read_aloud_changes_every_ten_percent(spring: Campaign) -> None:
    client = signed_in("view_campaign")
    rows(spring, 79, state="pending")
    rows(spring, 21)
    status = seen(spring, client).select_one('[role="status"][aria-live="polite"]')
    assert status.get_text() == "Sending: 20% done."
    rows(spring, 3)
    assert seen(spring, client).select_one('[data-live="said"]').get_text() == "Sending: 20% done."


def test_a_pause_says_why(spring: Campaign) -> None:
    Campaign.objects.update(state="paused", paused_by="complaints")
    assert "Paused: too many people reported it as spam." in seen(spring).get_text()


@pytest.mark.parametrize("address", [live, at])
def test_who_has_no_right_to_campaigns_sees_nothing(spring: Campaign, address: object) -> None:
    assert signed_in("view_delivery").get(address(spring)).status_code == 302  # type: ignore[operator]


def test_no_such_campaign_is_not_found(spring: Campaign) -> None:
    assert signed_in("view_campaign").get("/cms/mailing/results/9999/live/").status_code == 404


def test_a_bar_is_as_wide_as_its_parts_and_none_is_too_thin_to_see() -> None:
    pieces = bar({State.SENT: 100_000, State.UNKNOWN: 1})
    assert [piece.x for piece in pieces] == [0, pieces[0].width]
    assert pieces[1].width >= 2
    assert sum(piece.width for piece in pieces) <= WIDTH + 2
    assert bar({}) == []


@pytest.mark.parametrize(
    ("count", "of", "words"),
    [(999_999, 1_000_000, "99"), (1, 3000, "<0.1"), (3, 1000, "0.3"), (5, 5, "100"), (0, 5, "0")],
)
def test_a_share_never_rounds_up_to_all(count: int, of: int, words: str) -> None:
    assert percent(count, of) == words


@pytest.mark.parametrize(
    ("minutes", "span"), [(1, 1), (59, 1), (60, 2), (600, 15), (2 * 24 * 60, 60), (400 * 24 * 60, 10_080)]
)
def test_a_chart_has_room_for_two_days_as_for_two_minutes(minutes: int, span: int) -> None:
    found = chart([(make.NOW, {"gmail": 3}), (make.NOW + (minutes - 1) * MINUTE, {"other": 1})])  # type: ignore[dict-item]
    assert found
    assert found.minutes == span
    assert len(found.bars) <= BARS
    assert sum(each.total for each in found.bars) == 4
    assert max(sum(piece.height for piece in each.pieces) for each in found.bars) == HEIGHT


def test_a_chart_of_nothing_is_none() -> None:
    assert chart([]) is None
