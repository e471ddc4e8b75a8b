"""Receipts as tests read them, and everything an editor can delete or change."""

import copy
import json
import uuid
from collections.abc import Callable
from typing import Any

from cookie_consent.models import Cookie, CookieGroup
from django.test import Client

from consent import catalogue, decide
from consent.catalogue import Published
from consent.models import CookieDetail, Decision, GroupDetail, Service, Snapshot
from consent.proof import keys
from consent.receipts.files import signed_part
from consent.told import Told
from records.registry import Basis, Observed, Purpose
from tests import make

Document = dict[str, Any]


def full_catalogue() -> Published:
    """A group with all that a receipt can say of one, in two languages, and another that stays refused."""
    make.catalogue_of_one()
    analytics = CookieGroup.objects.get(varname="analytics")
    words = {"ru": {"name": "Статистика", "description": "Считает посещения."}}
    GroupDetail.objects.create(group=analytics, basis=Basis.CONSENT, purposes=[Purpose.MEASUREMENT], texts=words)
    Service.objects.update(
        data=[Observed.ADDRESS, Observed.PAGE],
        countries=["NL", "US"],
        safeguard="clauses",
        responsible="processor",
        policy_url="https://tally.example/privacy",
        texts={"ru": {"description": "Считает."}},
    )
    counter = Cookie.objects.create(cookiegroup=analytics, name="visit_count", description="How often you came.")
    CookieDetail.objects.create(cookie=counter, service=Service.objects.get(), lifetime="P2Y")
    catalogue.add_group(key="maps", name="Maps", description="Shows where we are.")
    return make.publish()


def page(client: Client, decision: Decision, prefix: str = "") -> str:
    answer = client.get(f"{prefix}/consent/receipt/{decision.pk}/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def file(client: Client, decision: Decision) -> Document:
    answer = client.get(f"/consent/receipt/{decision.pk}.json")
    assert answer.status_code == 200, answer.content
    found: Document = json.loads(answer.content)
    return found


def purposes(said: Document) -> dict[str, Document]:
    return {row["key"]: row for row in said["record"]["processing"]["purposes"]}


def agreed_to(statement: str, *purposes: str, told: Told | None = None) -> Decision:
    """Somebody agreed to a sentence."""
    return decide.record(
        choices=dict.fromkeys(purposes, True),
        statement=statement,
        source=Decision.Source.MAIL,
        at=make.NOW,
        key=uuid.uuid4(),
        told=told or Told(),
        locale="en",
    )[0]


def decided_on_first_format(content: Document, *allowed: str) -> Decision:
    """A choice about what an earlier release published."""
    values = {"sha256": "1" * 64, "material_sha256": "2" * 64, "content": json.dumps(content)}
    row = Snapshot.objects.create(site_id=1, number=900, published_at=make.NOW, **values)
    return decide.record(
        choices=dict.fromkeys(allowed, True),
        published=Published(row.pk, 1, row.sha256, row.number, content),
        source=Decision.Source.BANNER,
        at=make.NOW,
        key=uuid.uuid4(),
        told=Told(),
        locale="en",
    )[0]


def signed_anew(said: Document) -> Document:
    """By whoever holds the key."""
    value = keys.signer(keys.newest()).sign(signed_part(said)).hex()
    return said | {"signature": said["signature"] | {"value": value}}


def changed(said: Document, change: Callable[[Document], Any]) -> Document:
    other = copy.deepcopy(said)
    change(other)
    return other


def published_seals(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/consent/seals.json").json()
    return found
