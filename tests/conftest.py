"""Fixtures that every test may use; the builders are in make.py."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from consent import catalogue


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Each test starts without a snapshot in this process's memory and without spent rate limits."""
    catalogue.forget()
    cache.clear()
    yield
    catalogue.forget()
