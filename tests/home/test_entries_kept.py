"""Does a cache in front forget the pages of entries once one comes, is shown, taken down, erased or due?"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.contrib.frontend_cache.backends.base import BaseBackend

from home import entries
from home.models import FormPage, PublicEntry
from records import retention
from records.subject_requests import erasing
from tests import make

LATER = make.NOW + timedelta(hours=1)
PAGES = {"http://testserver/said/", "http://testserver/said/?page=1"}
forgotten: list[str] = []


class Cache(BaseBackend):
    """Stands for a CDN that keeps pages whatever they say: writes down what it is told to forget."""

    def purge(self, url: str) -> None:
        forgotten.append(url)


@pytest.fixture
def form(db: None, clock: Any, settings: Any) -> Iterator[FormPage]:
    settings.WAGTAILFRONTENDCACHE = {"front": {"BACKEND": f"{__name__}.Cache"}}
    yield make.reviews()
    forgotten.clear()


ACTS: dict[str, Callable[[PublicEntry], object]] = {
    "comes": lambda entry: make.entry(entry.form, "Another."),
    "approved": lambda entry: entries.approve(entry, by=make.vera(), now=LATER),
    "taken down": lambda entry: entries.refuse(entry, by=make.vera(), now=LATER),
    "withdrawn": lambda entry: entries.withdraw(entry, now=LATER),
    "erased": lambda entry: erasing.carry_out(make.BEN, now=LATER),
    "due": lambda entry: retention.expire(now=make.NOW + timedelta(days=1095)),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS.keys())
def test_the_pages_are_forgotten_once_it_is_committed(
    form: FormPage,
    act: Callable[[PublicEntry], object],
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    form.moderated = act is ACTS["approved"]
    entry = make.entry(form)
    forgotten.clear()
    with django_capture_on_commit_callbacks() as committed:
        act(entry)
    assert forgotten == []
    for callback in committed:
        callback()
    assert set(forgotten) >= PAGES


def test_nothing_is_forgotten_for_what_was_taken_back(
    form: FormPage, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    entry = make.entry(form)
    forgotten.clear()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        entries.withdraw(entry, now=LATER)
        transaction.set_rollback(True)
    assert forgotten == []


def test_each_page_of_many_is_forgotten_and_the_one_that_became_empty(
    form: FormPage, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    made = [make.entry(form, f"Number {number}") for number in range(21)]
    forgotten.clear()
    with django_capture_on_commit_callbacks(execute=True):
        entries.withdraw(made[0], now=LATER)
    assert set(forgotten) >= {*PAGES, "http://testserver/said/?page=2"}
