"""Fixtures that every test may use; the builders are in make.py."""

from collections.abc import Iterator

import cookie_consent.conf  # noqa: F401  (writes its defaults into the settings of that moment: before any override)
import pytest
import time_machine
from django.core.cache import cache
from django.core.signals import setting_changed
from django.dispatch import receiver
from django.urls import clear_url_caches
from hypothesis import settings

from tests import make, memory
from tests.committed import committed as committed

# Machines are shared: how long one example takes says nothing about the code.
settings.register_profile("shared machine", deadline=None)
settings.load_profile("shared machine")


@receiver(setting_changed)
def _addresses_follow_the_language(setting: str, **kwargs: object) -> None:
    """The language of the site is part of every address, and Django keeps addresses while the process lives."""
    if setting == "LANGUAGE_CODE":
        clear_url_caches()


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Each test starts without what this process remembers and without spent rate limits."""
    memory.forget()
    cache.clear()
    yield
    memory.forget()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Time stands still at make.NOW until the test moves it."""
    with time_machine.travel(make.NOW, tick=False) as traveller:
        yield traveller
