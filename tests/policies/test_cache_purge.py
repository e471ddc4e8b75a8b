"""Does a cache in front forget what changed, by whichever act, once it is committed and not before?"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.contrib.frontend_cache.backends.base import BaseBackend

from home.models import HomePage
from policies import freeze
from policies.models import PolicyPage
from tests import make
from tests.policies import languages

SOON = make.NOW + timedelta(days=10)
CHANGED = {"", "history/", "upcoming/", "feed/", "timemap/"}
forgotten: list[str] = []


class Cache(BaseBackend):
    """Stands for nginx or a CDN: writes down what it is told to forget."""

    def purge(self, url: str) -> None:
        forgotten.append(url)


class Broken(BaseBackend):
    def purge(self, url: str) -> None:
        raise RuntimeError("the cache is away")


@pytest.fixture
def _cache(settings: Any) -> Iterator[None]:
    settings.WAGTAILFRONTENDCACHE = {"front": {"BACKEND": f"{__name__}.Cache"}}
    forgotten.clear()
    yield
    forgotten.clear()


@pytest.fixture
def page(home: HomePage) -> PolicyPage:
    """Version 1 in force, version 2 announced."""
    return make.revise(make.policy(home, "Old."), "New.", at=SOON)


def _withdraw(page: PolicyPage) -> object:
    return freeze.withdraw(version=page.versions.get(number=2), now=make.NOW, reason="A mistake.")


def _cancel(page: PolicyPage) -> object:
    revision = page.versions.get(number=2).revision
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    return revision


ACTS: dict[str, Callable[[PolicyPage], object]] = {
    "publish": lambda page: make.revise(page, "Newer."),
    "schedule": lambda page: make.revise(page, "Newer.", at=SOON + timedelta(days=1)),
    "withdraw": _withdraw,
    "cancel": _cancel,
    "end": lambda page: freeze.end(page=page, effective_from=make.NOW, now=make.NOW, note="We closed."),
    "translate": lambda page: languages.translate(page, "Новое.").save_revision().publish(),
}
act = pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())


@act
@pytest.mark.usefixtures("_cache")
def test_the_pages_that_changed_are_forgotten(
    page: PolicyPage,
    act: Callable[[PolicyPage], object],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as committed:
        act(page)
    forgotten.clear()  # Wagtail's own purge comes before the commit: a visitor in between brings the old text back
    for callback in committed:
        callback()
    assert {f"http://testserver/privacy/{path}" for path in CHANGED} <= set(forgotten)


@pytest.mark.parametrize("act", ["schedule", "withdraw", "cancel", "end"])  # of the others Wagtail itself tells at once
@pytest.mark.usefixtures("_cache")
def test_nothing_is_forgotten_before_the_commit_or_for_what_was_taken_back(
    page: PolicyPage,
    act: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    forgotten.clear()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        ACTS[act](page)
        transaction.set_rollback(True)
    assert forgotten == []


@pytest.mark.usefixtures("_cache")
def test_every_language_and_every_alias_is_forgotten(
    page: PolicyPage, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    languages.translate(page, "Новое.").save_revision().publish()
    page.create_alias(update_slug="data-protection")
    with django_capture_on_commit_callbacks(execute=True):
        _withdraw(page)
    for place in ("privacy", "ru/privacy", "data-protection"):
        assert {f"http://testserver/{place}/{path}" for path in CHANGED} <= set(forgotten)


@pytest.mark.usefixtures("_cache")
def test_publishing_without_a_change_forgets_nothing_after_the_commit(
    page: PolicyPage, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as committed:
        page.live_revision.publish()
    assert committed == []


def test_a_cache_that_is_away_costs_nobody_an_answer(
    page: PolicyPage, settings: Any, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    settings.WAGTAILFRONTENDCACHE = {"front": {"BACKEND": f"{__name__}.Broken"}}
    with django_capture_on_commit_callbacks(execute=True):
        _withdraw(page)
    assert page.versions.standing().count() == 1
