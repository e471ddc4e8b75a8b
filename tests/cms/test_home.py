"""Does the CMS's first page tell each role at one glance what is late, what waits and what comes, and no role more?"""

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import Traveller

from mailing.models import Campaign, Delivery
from policies.models import PolicyPage
from records.models import SubjectRequest
from records.subject_requests import filing
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
# Wagtail's own page takes about thirty; each of our panels a handful, however many rows there are.
MOST_QUERIES = 110
EDITOR, MARKETER, SUPPORT = {"policies"}, {"mailing"}, {"inquiries"}
OFFICER = {"consent", "promises", "subject-requests"}


@pytest.fixture(autouse=True)
def _now(clock: Traveller) -> None:
    """A small site, on the first of March."""
    home = make.site()
    make.policy(home)
    make.catalogue_of_one()


def signed_in(role: str) -> Client:
    user = User.objects.create_user(role.lower().replace(" ", "-"), is_superuser=role == "superuser")
    user.groups.set(Group.objects.filter(name=role))
    client = Client()
    client.force_login(user)
    return client


def page(client: Client) -> Any:
    return BeautifulSoup(client.get("/cms/").content, "html.parser")


def panels(client: Client) -> list[str]:
    """In their order on the page."""
    return [str(each["id"]).removesuffix("-section") for each in page(client).select("section.w-panel--dashboard")]


def today(client: Client) -> list[str]:
    return [" ".join(line.get_text(" ").split()) for line in page(client).select("#today-section li")]


@pytest.mark.parametrize(
    ("role", "meant"),
    [
        ("Editor", EDITOR),
        ("Marketer", MARKETER),
        ("Privacy officer", EDITOR | MARKETER | OFFICER | SUPPORT),
        ("Support", SUPPORT),
        ("superuser", EDITOR | MARKETER | OFFICER | SUPPORT),
    ],
)
def test_a_role_sees_the_panels_of_its_work(role: str, meant: set[str]) -> None:
    known = EDITOR | MARKETER | OFFICER | SUPPORT
    shown = panels(signed_in(role))
    assert shown[0] == "today"
    assert set(shown) & known == meant


def test_who_has_no_such_work_finds_wagtails_page_as_it_is() -> None:
    group = Group.objects.create(name="Guests")
    group.permissions.set(Group.objects.get(name="Editors").permissions.filter(codename="access_admin"))
    assert panels(signed_in("Guests")) == []


def test_all_is_quiet_and_what_comes_next_is_said() -> None:
    client = signed_in("Marketer")
    assert today(client) == ["All is quiet: nothing waits for you."]
    campaign = make.campaign(make.mailing_list())
    Campaign.objects.filter(pk=campaign.pk).update(state="scheduled", send_at=make.NOW + 2 * DAY)
    assert today(client)[1] == f"Next: {campaign.title} leaves in 2 days: on 3 March 2026, 12:00 UTC."


def test_of_all_that_comes_the_next_is_named() -> None:

    make.revise(PolicyPage.objects.get(), "We keep less.", at=make.NOW + 10 * DAY)
    assert "Version 2 takes force in 1 week, 3 days" in today(signed_in("Editor"))[-1]


def test_what_is_late_stands_first_and_is_counted() -> None:
    client = signed_in("Privacy officer")
    row = filing.ask(email=make.ANA, locale="en", now=make.NOW - 60 * DAY)
    SubjectRequest.objects.filter(pk=row.pk).update(
        state="open", due_at=make.NOW - DAY, verified_at=make.NOW - 31 * DAY
    )
    assert "1 thing is late or broken. Requests about people's data: 1" in today(client)[0]
    assert panels(client)[:2] == ["today", "subject-requests"]


def test_what_waits_stands_before_what_is_calm() -> None:
    make.inquiry()
    shown = panels(signed_in("Privacy officer"))
    assert shown.index("inquiries") < shown.index("consent")


def test_a_link_of_the_glance_leads_to_its_panel() -> None:
    make.inquiry()
    found = page(signed_in("Support"))
    [link] = found.select("#today-section li a")
    assert found.find(id=link["href"][1:])


def test_a_campaign_on_its_way_shows_how_far_it_is() -> None:
    news = make.mailing_list()
    make.purpose(at=make.NOW - DAY)
    for who in (make.ANA, make.BEN):
        make.subscriber(who, news)
    campaign = make.queued(make.campaign(news))
    Delivery.objects.filter(pk=Delivery.objects.first().pk).update(state=Delivery.State.SENT)  # type: ignore[union-attr]
    [bar] = page(signed_in("Marketer")).select("#mailing-section progress")
    assert (bar["value"], bar["max"]) == ("1", "2")
    assert bar["aria-label"] == f"{campaign.title}: 1 of 2 done."
    assert bar["aria-label"] in bar.find_parent("li").get_text(), "not by the bar alone"


def test_nobody_without_the_right_learns_a_number() -> None:
    make.inquiry()
    assert today(signed_in("Editor")) == ["All is quiet: nothing waits for you."]
    assert "inquiries" not in panels(signed_in("Marketer"))


def test_the_first_page_asks_the_database_little() -> None:
    client = signed_in("superuser")
    _happen(1)
    client.get("/cms/")
    few = _queries(client)
    _happen(15)
    many = _queries(client)
    assert (few <= MOST_QUERIES, many - few) == (True, 0), f"{few} queries, then {many}: it does not grow with the rows"


def _happen(much: int) -> None:
    """People write, and ask for their data."""
    for number in range(much):
        make.inquiry(email=f"ben-{much}-{number}@mail.example", now=make.NOW - timedelta(minutes=number))
        row = filing.ask(email=f"ana-{much}-{number}@mail.example", locale="en", now=make.NOW)
        SubjectRequest.objects.filter(pk=row.pk).update(state="open", due_at=make.NOW + 20 * DAY)


def _queries(client: Client) -> int:
    """With nothing remembered from the time before."""
    cache.clear()
    with CaptureQueriesContext(connection) as asked:
        client.get("/cms/")
    return len(asked)
