"""A clock that stands still at make.NOW, a home page, and Vera at the CMS."""

from collections.abc import Iterator

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from home.models import HomePage
from tests import make


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(make.NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def home(db: None, clock: time_machine.Traveller) -> HomePage:
    return make.site()


@pytest.fixture
def vera(db: None, clock: time_machine.Traveller) -> User:
    return make.vera(first_name="Vera", last_name="Holt")


@pytest.fixture
def cms(vera: User) -> Client:
    client = Client()
    client.force_login(vera)
    return client
