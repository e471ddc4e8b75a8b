"""A site with a policy and a published catalogue, and a clock that stands still at make.NOW."""

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from consent.catalogue import Published
from policies.models import PolicyPage
from tests import make

Post = Callable[..., Any]


@pytest.fixture
def policy(db: None, clock: time_machine.Traveller) -> PolicyPage:
    return make.policy(make.site())


@pytest.fixture
def published(policy: PolicyPage) -> Published:
    return make.catalogue_of_one()


@pytest.fixture
def post(client: Client, published: Published) -> Post:
    """Sends a choice as the banner's script does; keywords replace what it says, `raw` the whole body."""

    def send(raw: str | bytes | None = None, headers: dict[str, str] | None = None, **changes: Any) -> Any:
        choice = {"choices": {"analytics": True}, "snapshot": published.sha256, "key": str(uuid.uuid4())} | changes
        body = json.dumps(choice) if raw is None else raw
        sender = {"Sec-Fetch-Site": "same-origin"} if headers is None else headers
        return client.generic("POST", "/consent/decide/", body, headers=sender, CONTENT_TYPE="application/json")

    return send
