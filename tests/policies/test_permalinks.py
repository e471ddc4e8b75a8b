"""Does an address that somebody wrote down still lead to the same text when the page has moved?"""

import uuid
from datetime import datetime, timedelta

import pytest
from django.test import Client, TestCase
from time_machine import Traveller
from wagtail.models import Page

from consent.models import Decision
from home.models import HomePage
from policies import effective, freeze
from policies.models import PolicyPage
from tests import make
from tests.policies import languages

SOON, LATER = make.NOW + timedelta(days=10), make.NOW + timedelta(days=20)
MICROSECOND = timedelta(microseconds=1)
CITED = ["", "v/1/", "v/1/text/", "v/1/json/", "v/2/", "history/", "upcoming/", "feed/", "timemap/", "compare/1-2/"]


@pytest.fixture
def page(home: HomePage) -> PolicyPage:
    return make.revise(make.policy(home, "Old."), "New.")


def rename(page: PolicyPage, slug: str) -> None:
    """Publishes it under another slug; Wagtail makes the redirects on commit."""
    draft = page.get_latest_revision_as_object()
    draft.slug = slug
    with TestCase.captureOnCommitCallbacks(execute=True):
        draft.save_revision().publish()


def leads_to(client: Client, address: str) -> str:
    """Where the browser ends; a 404 of the target itself is the views' business."""
    answer = client.get(address)
    assert answer.status_code in {301, 302}, address
    return str(answer["Location"])


@pytest.mark.parametrize("path", CITED)
def test_everything_cited_is_found_after_the_page_was_renamed(page: PolicyPage, client: Client, path: str) -> None:
    rename(page, "data-protection")
    assert leads_to(client, f"/privacy/{path}").rstrip("/") == f"/data-protection/{path}".rstrip("/")
    assert page.versions.count() == 2


@pytest.mark.parametrize("path", CITED)
def test_it_is_found_after_it_was_renamed_twice(page: PolicyPage, client: Client, path: str) -> None:
    rename(page, "data-protection")
    rename(PolicyPage.objects.get(pk=page.pk), "your-data")
    for slug in ("privacy", "data-protection"):
        assert leads_to(client, f"/{slug}/{path}").rstrip("/") == f"/your-data/{path}".rstrip("/")


@pytest.mark.parametrize("path", CITED)
def test_it_is_found_after_the_page_was_moved(page: PolicyPage, client: Client, path: str) -> None:
    below = HomePage(title="Legal", slug="legal", tagline="Here.")
    page.get_parent().add_child(instance=below)
    PolicyPage.objects.get(pk=page.pk).move(Page.objects.get(pk=below.pk), pos="last-child")
    assert leads_to(client, f"/privacy/{path}").rstrip("/") == f"/legal/privacy/{path}".rstrip("/")


@pytest.mark.parametrize("path", CITED)
def test_a_translated_page_is_found_below_its_language(page: PolicyPage, client: Client, path: str) -> None:
    draft = languages.translate(page, "Новое.")
    draft.save_revision().publish()
    rename(PolicyPage.objects.get(pk=draft.pk), "personal-data")
    assert leads_to(client, f"/ru/privacy/{path}").rstrip("/") == f"/ru/personal-data/{path}".rstrip("/")


def test_a_page_that_goes_live_without_the_worker_is_found_too(
    home: HomePage, client: Client, clock: Traveller
) -> None:
    page = make.revise(make.policy(home, live=False), "First.", at=SOON)
    clock.move_to(SOON)
    page.slug = "data-protection"
    with TestCase.captureOnCommitCallbacks(execute=True):
        page.save()
    assert leads_to(client, "/privacy/v/1/").rstrip("/") == "/data-protection/v/1"


@pytest.mark.parametrize("path", ["", "v/1/", "v/2/", "history/"])
def test_the_texts_themselves_are_the_same_at_the_new_address(page: PolicyPage, client: Client, path: str) -> None:
    rename(page, "data-protection")
    assert client.get(f"/privacy/{path}", follow=True).status_code == 200


def test_every_consent_names_the_version_that_was_in_force_when_it_was_given(
    home: HomePage, client: Client, clock: Traveller
) -> None:
    """Over a first version to come, an urgent fix beside an announced one, a withdrawal, an end and a new beginning."""
    published = make.catalogue_of_one()
    page = make.policy(home, live=False)
    site, moments = page.serving_site, 0

    def decide_now(at: datetime) -> None:
        nonlocal moments
        clock.move_to(at)
        choice = {"choices": {"analytics": True}, "snapshot": published.sha256, "key": str(uuid.uuid4())}
        answer = client.post("/consent/decide/", choice, content_type="application/json", **make.HERE)
        assert answer.status_code == 201
        moments += 1

    def around(at: datetime) -> None:
        for moment in (at - MICROSECOND, at, at + MICROSECOND):
            decide_now(moment)

    page = make.revise(page, "First.", at=SOON)
    decide_now(make.NOW)
    around(SOON)
    clock.shift(timedelta(hours=1))
    page = make.revise(page, "Announced.", at=LATER)
    page = make.revise(page, "Fixed.")
    around(LATER)
    clock.shift(timedelta(hours=1))
    page = make.revise(page, "A mistake.", at=LATER + timedelta(days=2))
    freeze.withdraw(version=page.versions.get(number=4), now=LATER + timedelta(hours=1), reason="A mistake.")
    around(LATER + timedelta(days=2))
    freeze.end(page=page, effective_from=LATER + timedelta(days=3), now=LATER + timedelta(days=2), note="We close.")
    around(LATER + timedelta(days=3))
    clock.shift(timedelta(hours=1))
    make.revise(page, "Again.")
    decide_now(LATER + timedelta(days=4))
    assert Decision.objects.count() == moments == 14
    for decision in Decision.objects.all():
        version = effective.in_force(page, decision.decided_at)
        assert decision.policy_version == (version if version and not version.ends else None)
        assert decision.policy_version == effective.version_shown(site, decision.decided_at)
