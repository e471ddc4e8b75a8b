"""A privacy officer finds a decision by its receipt, narrows the list down, and leaves a trace of having read."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry, Site

from consent import catalogue
from consent.catalogue import Published
from consent.models import Decision
from consent.proof import redact
from consent.viewsets.decisions import number_in
from tests import desk, make
from tests.consent.numbers import decided, listed

NUMBER = UUID("018f3b1c-7a2d-7c11-9e55-0a1b2c3d4e5f")


@pytest.fixture
def officer(published: Published) -> Client:
    return desk.signed_in("view_decision")


def screen(cms: Client, **asked: object) -> str:
    answer = cms.get(reverse("consent_decisions:index"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def logged() -> list[tuple[str, str]]:
    return list(ModelLogEntry.objects.order_by("timestamp").values_list("action", "object_id"))


@pytest.mark.parametrize(
    "typed",
    [
        "018f3b1c-7a2d-7c11-9e55-0a1b2c3d4e5f",
        "  018F3B1C-7A2D-7C11-9E55-0A1B2C3D4E5F\n",
        "018f3b1c 7a2d 7c11 9e55 0a1b 2c3d 4e5f",
        "018f3b1c7a2d7c119e550a1b2c3d4e5f",
        "018f3b1c–7a2d–7c11–9e55–0a1b2c3d4e5f",
        "https://quay.example/ru/consent/receipt/018f3b1c-7a2d-7c11-9e55-0a1b2c3d4e5f/",
        "Receipt: 018f3b1c-7a2d-7c11-9e55-\n0a1b2c3d4e5f.",
    ],
)
def test_a_receipts_number_is_read_as_people_write_it(typed: str) -> None:
    assert number_in(typed) == NUMBER


@pytest.mark.parametrize("typed", ["", "analytics", "018f3b1c-7a2d", "018f3b1c-7a2d-7c11-9e55-0a1b2c3d4e5", "\0"])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert number_in(typed) is None


def test_a_decision_is_found_by_its_receipt_whatever_the_filters_say(officer: Client, published: Published) -> None:
    [_other, wanted] = decided(published, 2, "analytics")
    page = screen(officer, q=str(wanted.pk).replace("-", " "), action="refuse")
    assert len(listed(page)) == 1
    assert reverse("consent_decisions:read", args=[wanted.pk]) in page
    assert logged() == [("consent.search", str(wanted.pk))]


def test_part_of_a_number_finds_nothing_and_is_not_logged(officer: Client, published: Published) -> None:
    [wanted] = decided(published, 1)
    assert "That is no number of a receipt." in screen(officer, q=str(wanted.pk)[:20])
    assert "No decision has this number." in screen(officer, q=str(NUMBER))
    assert not logged()


def test_an_erased_decision_says_so(officer: Client, published: Published) -> None:
    row = make.decision(published, "analytics")
    redact.redact([row.pk], why=redact.Why.ERASURE, now=make.NOW)
    page = screen(officer, q=str(row.pk))
    assert "This decision was erased on 1 March 2026, 12:00 UTC: the person asked for it" in page
    assert officer.get(reverse("consent_decisions:read", args=[row.pk])).status_code == 404


def test_the_list_says_what_was_decided_and_never_by_whom(officer: Client, published: Published) -> None:
    row = make.decision(published, "analytics", path="/about/")
    page = screen(officer)
    [cells] = listed(page)
    assert cells[:7] == [
        "1 March 2026, 12:00 UTC",
        "given",
        "Statistics",
        "",
        "banner",
        "English",
        "Configuration 1, 1 March 2026",
    ]
    assert str(row.consent_id) not in page


def test_names_are_those_that_were_shown(officer: Client, published: Published) -> None:
    make.decision(published, "analytics")
    catalogue.CookieGroup.objects.filter(varname="analytics").update(name="Counting")
    make.publish()
    assert listed(screen(officer))[0][2] == "Statistics"


def test_a_consent_in_other_words_is_listed_as_well(officer: Client, published: Published) -> None:
    words = {"statement": "You may write.", "choices": {"mail:news": True}, "source": "form", "action": "give"}
    decided(published, 1, snapshot_id=None, **words)
    assert listed(screen(officer))[0][1:7] == ["given", "mail:news", "", "form", "English", "a statement"]


def test_the_list_is_narrowed_down(officer: Client, published: Published) -> None:
    catalogue.add_group(key="maps", name="Maps", description="")
    newer = make.publish()
    decided(published, 1, "analytics", now=make.NOW - timedelta(days=9))
    decided(newer, 2, "maps", source="panel", action="change")
    decided(newer, 3, source="no_js", locale="ru")
    for asked, rows in [
        ({"action": "change"}, 2),
        ({"source": "no_js"}, 3),
        ({"locale": "ru"}, 3),
        ({"snapshot": newer.pk}, 5),
        ({"decided_at_to": "2026-02-25"}, 1),
        ({"decided_at_from": "2026-03-01", "source": "panel"}, 2),
        ({"action": "nonsense"}, 6),
    ]:
        assert len(listed(screen(officer, **asked))) == rows, asked


def test_sites_are_told_apart_where_there_are_several(officer: Client, published: Published) -> None:
    decided(published, 1)
    assert 'name="site"' not in screen(officer)
    other = Site.objects.create(hostname="other.example", root_page=Site.objects.get().root_page)
    assert len(listed(screen(officer, site=published.site_id))) == 1
    assert listed(screen(officer, site=other.pk)) == []


def test_one_decision_is_read_with_the_others_of_its_visitor(officer: Client, published: Published) -> None:
    first = make.decision(published, "analytics", path="/about/")
    make.decision(published, consent_id=first.consent_id, now=make.NOW + timedelta(days=1))
    make.decision(published)
    page = officer.get(reverse("consent_decisions:read", args=[first.pk])).content.decode()
    rows = listed(page)
    assert ["Page", "/about/"] in rows
    assert ["Services", "Tally: allowed"] in rows
    assert ["In the ledger", "not sealed yet"] in rows
    assert rows[-1][1:] == ["refused", "–", "Statistics"]
    assert sum(row[0].endswith("UTC") for row in rows) == 1
    assert str(first.consent_id) not in page
    assert logged() == [("consent.read", str(first.pk))]


def test_reading_shows_in_the_history_of_the_site(published: Published) -> None:
    cms = Client()
    cms.force_login(make.vera())
    [row] = decided(published, 1)
    cms.get(reverse("consent_decisions:read", args=[row.pk]))
    assert "Read a decision" in cms.get(reverse("wagtailadmin_reports:site_history")).content.decode()


def test_thousands_of_decisions_cost_no_more_questions(officer: Client, published: Published) -> None:
    def questions() -> int:
        screen(officer)
        with CaptureQueriesContext(connection) as queries:
            screen(officer)
        return len(queries)

    decided(published, 1)
    few = questions()
    decided(published, 3000, "analytics")
    assert questions() == few <= 18
    assert len(listed(screen(officer))) == 50


def test_only_who_may_read_decisions_sees_them(published: Published) -> None:
    [row] = decided(published, 1)
    stranger = desk.signed_in("view_snapshot", "add_snapshot")
    assert reverse("consent_decisions:index") not in stranger.get("/cms/").content.decode()
    for address in (reverse("consent_decisions:index"), reverse("consent_decisions:read", args=[row.pk])):
        assert stranger.get(address).status_code == 302
    assert not logged()
    assert Decision.objects.count() == 1
