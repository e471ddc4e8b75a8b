"""Which published configuration do visitors of a site see, and what does publishing the draft change?"""

import copy
import hashlib
import json
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import rfc8785
from cookie_consent.models import Cookie, CookieGroup
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Site

from consent import draft, lifetimes, material, wording
from consent.models import CookieDetail, GroupDetail, Service, Snapshot
from records.memory import Fresh

MOST_BITS = 95  # the highest of the cookie's mask; with it the value is at most 100 bytes long
Content = dict[str, Any]
_HASH = re.compile("[0-9a-f]{64}")
_STAMPS = ("since", "bit")


@dataclass(frozen=True)
class Published:
    """A snapshot as pages read it. `series` and `number` say in the cookie which one a choice was made about."""

    pk: int
    site_id: int
    sha256: str
    number: int
    content: Content
    # What was made of it in this process, for it never changes.
    made: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def series(self) -> str:
        return str(self.content["series"])

    @property
    def groups(self) -> list[Content]:
        """In the order shown, those that cannot be refused first."""
        found: list[Content] = self.content["groups"]
        return found

    @property
    def choosable(self) -> list[Content]:
        return [group for group in self.groups if not group["required"]]

    @property
    def optional(self) -> tuple[str, ...]:
        """Keys of the groups a visitor may refuse."""
        return tuple(group["key"] for group in self.choosable)

    @property
    def services(self) -> list[Content]:
        """Those that need permission, each with its `group`."""
        return [service | {"group": group["key"]} for group in self.choosable for service in group["services"]]

    @property
    def advanced(self) -> bool:
        """Do Google's tags load before a choice, told that they may store nothing (Consent Mode, "advanced")?"""
        return bool(self.content["banner"].get("google") == "advanced")

    def waits_for_nobody(self, service: Content) -> bool:
        return self.advanced and bool(service["consent_mode"])

    def said(self, texts: Mapping[str, Any], language: str) -> Any:
        """One of the texts of the content, in `language` or in the site's own."""
        return texts.get(language) or texts[self.content["languages"][0]]

    def words(self, language: str) -> dict[str, str]:
        """The banner's, as they were published; where a release has added some since, the shipped ones."""
        published = self.content["banner"]["words"]
        known = language if published.get(language) else self.content["languages"][0]
        return wording.filled(published[known], known)

    def shown(self, language: str) -> list[Content]:
        """The groups with their names and descriptions in `language`."""
        return [
            self._texts(group, language)
            | {name: [self._texts(row, language) for row in group[name]] for name in ("services", "cookies")}
            for group in self.groups
        ]

    def _texts(self, row: Content, language: str) -> Content:
        texts: Content = self.said(row["texts"], language)
        return row | texts


def add_group(
    *,
    key: str,
    name: str,
    description: str,
    required: bool = False,
    cookies: Mapping[str, str] | None = None,
    **detail: Any,
) -> CookieGroup:
    """Adds a group to the draft, with its cookies: name and what each is for. `detail` is GroupDetail's fields."""
    place = CookieGroup.objects.count()
    group = CookieGroup.objects.create(
        varname=key, name=name, description=description, is_required=required, is_deletable=not required, ordering=place
    )
    for cookie, purpose in (cookies or {}).items():
        Cookie.objects.create(cookiegroup=group, name=cookie, description=purpose)
    if detail:
        GroupDetail.objects.create(group=group, **detail)
    return group


def add_service(*, group: str, **fields: Any) -> Service:
    """Adds a service to a group of the draft by its key."""
    return Service.objects.create(group=CookieGroup.objects.get(varname=group), **fields)


def add_cookie(
    *, group: str, name: str, description: str, service: str = "", domain: str = "", **detail: Any
) -> Cookie:
    """Adds a cookie to a group of the draft by its key, set by a service by its; `detail` is CookieDetail's fields."""
    cookie = Cookie.objects.create(
        cookiegroup=CookieGroup.objects.get(varname=group), name=name, description=description, domain=domain
    )
    CookieDetail.objects.create(cookie=cookie, service=Service.objects.filter(key=service).first(), **detail)
    return cookie


def unpublished_changes(site: Site) -> bool:
    """Does the CMS hold something that visitors of `site` do not see yet?"""
    latest = latest_of(site.pk)
    return latest is None or not is_readable(latest) or _unstamped(content_of(latest)) != draft.content(site)


def proposed(site: Site, *, ask_again: Collection[str] = ()) -> tuple[Content, Content | None]:
    """What publishing the draft would write, and what is published now; None before the first publication.

    `ask_again` names groups whose choice starts anew although nothing material has changed.
    """
    latest = latest_of(site.pk)
    earlier = content_of(latest) if latest and is_readable(latest) else None
    content = draft.content(site)
    number = latest.number + 1 if latest else 1
    material.stamp(content, earlier, number=number, ask_again=ask_again)
    content |= {
        "number": number,
        "series": earlier["series"] if earlier else secrets.token_hex(3),
        "previous": latest.sha256 if latest else None,
    }
    return content, earlier


def publish(*, site: Site, now: datetime, by: str = "", ask_again: Collection[str] = ()) -> tuple[Snapshot, list[str]]:
    """Publishes the draft of `site`; returns the snapshot and the groups that are asked about again.

    Unchanged content makes no new snapshot. Each snapshot names the one before it, so earlier content published again
    is a snapshot of its own. Raises ValidationError when more can be chosen than the cookie has room for.
    """
    with transaction.atomic():
        _wait_for_other_publishers()
        content, earlier = proposed(site, ask_again=ask_again)
        if earlier and _unstamped(earlier) == _unstamped(content) and not ask_again:
            latest = latest_of(site.pk)
            assert latest
            return latest, []
        _check_room(content)
        text = rfc8785.dumps(content).decode()
        snapshot = Snapshot.objects.create(
            site=site,
            number=content["number"],
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            material_sha256=_material_hash(content),
            content=text,
            published_at=now,
            published_by=by,
        )
        transaction.on_commit(forget)
    return snapshot, material.asked_again(content, earlier)


def _material_hash(content: Content) -> str:
    """Covers what asks again, and which groups were asked about again without it."""
    groups = {group["key"]: material.of_group(group) | {"since": group.get("since")} for group in content["groups"]}
    return hashlib.sha256(rfc8785.dumps(groups)).hexdigest()


def _check_room(content: Content) -> None:
    bits = [group["bit"] + 1 for group in content["groups"] if "bit" in group]
    bits += [service["bit"] for group in content["groups"] for service in group["services"] if "bit" in service]
    if bits and max(bits) > MOST_BITS:
        sentence = _(
            "That is more than a visitor's cookie has room for: two for each group and one for each service "
            "make at most %(most)d. Leave some services out."
        )
        raise ValidationError(sentence % {"most": MOST_BITS})


def _unstamped(content: Content) -> Content:
    """What an editor made of it, without what publishing added."""
    plain = copy.deepcopy({key: content[key] for key in content if key not in {"number", "series", "previous"}})
    for row in (row for group in plain["groups"] for row in (group, *group["services"])):
        for stamp in _STAMPS:
            row.pop(stamp, None)
    return plain


def _wait_for_other_publishers() -> None:
    """Until this transaction ends nobody else adds a snapshot, so that each has one successor. Reading goes on."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {Snapshot._meta.db_table} IN SHARE ROW EXCLUSIVE MODE")


def latest_of(site_id: int) -> Snapshot | None:
    return Snapshot.objects.filter(site_id=site_id).order_by("-number").first()


def content_of(snapshot: Snapshot) -> Content:
    content: Content = json.loads(snapshot.content)
    return content


def is_readable(snapshot: Snapshot) -> bool:
    """False for one written by a release before services had a record of their own: it is evidence, and shown to nobody
    until an editor publishes anew."""
    return bool(content_of(snapshot).get("format") == draft.FORMAT)


_current: Fresh[int, tuple[int | None, Published | None]] = Fresh()


def current(site_id: int) -> Published | None:
    """The newest published snapshot of a site; None before the first. Asks the database at most every few seconds, and
    then for its number alone."""
    return _current.get(site_id, lambda known: _newest(site_id, known))[1]


def _newest(site_id: int, known: tuple[int | None, Published | None] | None) -> tuple[int | None, Published | None]:
    newest = Snapshot.objects.filter(site_id=site_id).order_by("-number").values_list("pk", flat=True).first()
    if known and known[0] == newest:
        return known
    snapshot = Snapshot.objects.get(pk=newest) if newest else None
    return newest, published(snapshot) if snapshot and is_readable(snapshot) else None


def forget() -> None:
    """Makes this process read the newest snapshots at their next use."""
    _current.forget()


def find(sha256: str, site_id: int) -> Published | None:
    """A snapshot of a site by its hash, current or not; None for what is no hash."""
    if not _HASH.fullmatch(sha256):
        return None
    now = current(site_id)
    if now and now.sha256 == sha256:
        return now
    found = Snapshot.objects.filter(sha256=sha256, site_id=site_id).first()
    return published(found) if found and is_readable(found) else None


def published(snapshot: Snapshot) -> Published:
    return Published(snapshot.pk, snapshot.site_id, snapshot.sha256, snapshot.number, content_of(snapshot))


def for_policy(site: Site, language: str) -> list[Content]:
    """The published groups with their services and cookies, for the table in a policy: what people read, not where a
    script lies."""
    now = current(site.pk)
    with translation.override(language):
        return [_for_policy(group) for group in now.shown(language)] if now else []


def _for_policy(group: Content) -> Content:
    plain = ("key", "name", "description", "required")
    return {name: group[name] for name in plain} | {
        "cookies": [
            _row(cookie, ("name", "domain", "description")) | {"kept": lifetimes.words(cookie["lifetime"])}
            for cookie in group["cookies"]
        ],
        "services": [
            _row(service, ("key", "name", "description", "policy_url"))
            | {"vendor": service["vendor"]["name"], "countries": service["countries"]}
            for service in group["services"]
        ],
    }


def _row(row: Content, names: Collection[str]) -> Content:
    return {name: row[name] for name in names}
