"""Which groups, cookies and services does the site have, and which published form of them do visitors see?"""

import hashlib
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785
from cookie_consent.models import Cookie, CookieGroup
from django.db import connection, transaction

from consent.models import Service, Snapshot

FRESH_FOR = 5.0  # seconds a process trusts what it read; a published change reaches every page within them
_HASH = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Published:
    """A snapshot as pages read it. `groups` is the parsed content, in the order shown."""

    pk: int
    sha256: str
    groups: tuple[dict[str, Any], ...]

    @property
    def optional(self) -> tuple[str, ...]:
        """Keys of the groups a visitor may refuse, in the order of the cookie's bits."""
        return tuple(group["key"] for group in self.groups if not group["required"])

    @property
    def services(self) -> list[dict[str, Any]]:
        return [service | {"group": group["key"]} for group in self.groups for service in group["services"]]


def add_group(
    *, key: str, name: str, description: str, required: bool = False, cookies: Mapping[str, str] | None = None
) -> CookieGroup:
    """Adds a group to the draft, with its cookies: name and what each is for."""
    place = CookieGroup.objects.count()
    group = CookieGroup.objects.create(
        varname=key, name=name, description=description, is_required=required, is_deletable=not required, ordering=place
    )
    for cookie, purpose in (cookies or {}).items():
        Cookie.objects.create(cookiegroup=group, name=cookie, description=purpose)
    return group


def draft() -> dict[str, Any]:
    """What would be published now: every group with its cookies and services, as the CMS has them."""
    groups = CookieGroup.objects.order_by("-is_required", "ordering", "varname")
    return {"format": 1, "groups": [_group(group) for group in groups]}


def _group(group: CookieGroup) -> dict[str, Any]:
    return {
        "key": group.varname,
        "name": group.name,
        "description": group.description,
        "required": group.is_required,
        "cookies": [_cookie(cookie) for cookie in group.cookie_set.order_by("name", "domain")],
        "services": [_service(service) for service in group.services.order_by("key")],
    }


def _cookie(cookie: Cookie) -> dict[str, str]:
    return {"name": cookie.name, "domain": cookie.domain, "path": cookie.path, "description": cookie.description}


def _service(service: Service) -> dict[str, str]:
    fields = ("key", "name", "vendor", "description", "script_url", "policy_url")
    return {name: getattr(service, name) for name in fields}


def unpublished_changes() -> bool:
    """Does the CMS hold something that visitors do not see yet?"""
    latest = _latest()
    return latest is None or _groups(latest) != draft()["groups"]


def publish(*, now: datetime) -> tuple[Snapshot, bool]:
    """Publishes the draft; returns the snapshot and whether it is new. Unchanged content makes no new one.

    Each snapshot names the one before it, so an earlier content published again is a snapshot of its own.
    """
    with transaction.atomic():
        _wait_for_other_publishers()
        latest = _latest()
        content = draft()
        if latest and _groups(latest) == content["groups"]:
            return latest, False
        text = rfc8785.dumps(content | {"previous": latest.sha256 if latest else None}).decode()
        digest = hashlib.sha256(text.encode()).hexdigest()
        snapshot = Snapshot.objects.create(sha256=digest, content=text, published_at=now)
        transaction.on_commit(forget)
    return snapshot, True


def _wait_for_other_publishers() -> None:
    """Until this transaction ends nobody else adds a snapshot, so that each has one successor. Reading goes on."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Snapshot._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


def _latest() -> Snapshot | None:
    return Snapshot.objects.order_by("-pk").first()


def _groups(snapshot: Snapshot) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = json.loads(snapshot.content)["groups"]
    return groups


_known: tuple[float, Published | None] = (float("-inf"), None)


def current() -> Published | None:
    """The newest published snapshot; None before the first. Asks the database at most every FRESH_FOR seconds."""
    global _known
    read_at, published = _known
    if time.monotonic() - read_at > FRESH_FOR:
        latest = _latest()
        published = _published(latest) if latest else None
        _known = (time.monotonic(), published)
    return published


def for_policy() -> list[dict[str, Any]]:
    """The published groups with their services and cookies, for the table in a policy. Where a script lies is no matter
    of the policy."""
    published = current()
    hidden = {"script_url"}
    return [
        group | {"services": [{k: v for k, v in service.items() if k not in hidden} for service in group["services"]]}
        for group in (published.groups if published else ())
    ]


def forget() -> None:
    """Makes this process read the newest snapshot at its next use."""
    global _known
    _known = (float("-inf"), None)


def find(sha256: str) -> Published | None:
    """A snapshot by its hash, current or not; None for what is no hash."""
    if not _HASH.fullmatch(sha256):
        return None
    now = current()
    if now and now.sha256 == sha256:
        return now
    found = Snapshot.objects.filter(sha256=sha256).first()
    return _published(found) if found else None


def _published(snapshot: Snapshot) -> Published:
    return Published(snapshot.pk, snapshot.sha256, tuple(_groups(snapshot)))
