"""Do editors who press the button at the same moment get numbers without a gap or a double?"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from wagtail.models import Revision

from policies import freeze
from policies.models import PolicyPage, PolicyWithdrawal
from tests import make

AT_ONCE = 6
SOON = make.NOW + timedelta(days=10)


@pytest.fixture
def page(django_db_setup: None, django_db_blocker: Any) -> Iterator[PolicyPage]:
    """A policy in a database of its own: what is committed to an append-only table can be thrown away only whole."""
    shared, own = connection.settings_dict["NAME"], "at_once"
    with django_db_blocker.unblock():
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'CREATE DATABASE {own} TEMPLATE "{shared}"')
        connection.settings_dict["NAME"] = own
        try:
            yield make.policy(make.site(), "Version 1.")
        finally:
            connection.close()
            connection.settings_dict["NAME"] = shared
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE {own}")


def at_once(act: Callable[[int], Any]) -> list[Any]:
    """Runs `act(0)`, `act(1)`, … each in its own connection, released at the same moment."""
    barrier = Barrier(AT_ONCE)

    def run(number: int) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(run, range(AT_ONCE)))


def test_versions_frozen_at_once_are_numbered_without_a_gap(page: PolicyPage) -> None:
    drafts = []
    for number in range(AT_ONCE):
        page.body[0].value["text"].source = f"<p>Draft {number}.</p>"
        drafts.append(page.save_revision().pk)
    at_once(lambda number: Revision.objects.get(pk=drafts[number]).publish())
    assert sorted(page.versions.values_list("number", flat=True)) == list(range(1, AT_ONCE + 2))


def test_a_text_published_twice_at_once_is_one_version(page: PolicyPage) -> None:
    page.body[0].value["text"].source = "<p>New.</p>"
    draft = page.save_revision().pk
    at_once(lambda number: Revision.objects.get(pk=draft).publish())
    assert page.versions.count() == 2


def test_a_version_cancelled_twice_at_once_is_withdrawn_once(page: PolicyPage) -> None:
    page.body[0].value["text"].source, page.go_live_at = "<p>New.</p>", SOON + timedelta(days=36500)
    draft = page.save_revision()
    draft.publish()
    withdrawn = at_once(lambda number: freeze.cancel(revision=draft, now=make.NOW, reason="A mistake."))
    assert sorted(withdrawn) == [0] * (AT_ONCE - 1) + [1]
    assert PolicyWithdrawal.objects.count() == 1
