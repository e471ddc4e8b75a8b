"""What only real commits show: a test's own copy of the database, and calls made at the same moment."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker

T = TypeVar("T")


@pytest.fixture
def committed(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Whatever the test writes is committed, to a copy of the test database that is dropped afterwards.

    Emptying the tables instead, as pytest-django does, is what append-only tables refuse. Takes the place of `db`.
    """
    request.node.add_marker("django_db")  # pytest-django makes a database where some test is marked so
    request.getfixturevalue("django_db_setup")
    default = connections["default"]
    original = default.settings_dict["NAME"]
    assert not default.in_atomic_block, "a test with `committed` is not marked django_db"
    with django_db_blocker.unblock():
        default.close()  # a database is copied while nobody is in it
        _run(f"CREATE DATABASE {original}_copy TEMPLATE {original}")
        default.settings_dict["NAME"] = f"{original}_copy"
        try:
            yield
        finally:
            default.close()
            default.settings_dict["NAME"] = original
            _run(f"DROP DATABASE {original}_copy WITH (FORCE)")


def _run(statement: str) -> None:
    with connections["default"]._nodb_cursor() as cursor:
        cursor.execute(statement)


def together(*calls: Callable[[], T]) -> list[T]:
    """The answers of `calls`, all made at the same moment, each over a connection of its own."""
    start = Barrier(len(calls))

    def at_once(call: Callable[[], T]) -> T:
        try:
            start.wait(timeout=10)
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(at_once, calls))
