"""What differs between two configurations, in words: which group, which service, which cookie, before and after?"""

import copy
import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785
from django.db.models import JSONField
from django.db.models.functions import Cast
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consent import facts, material
from consent.catalogue import Content
from consent.facts import Fact
from consent.models import Snapshot

Facts = Mapping[str, Fact]


@dataclass(frozen=True, kw_only=True)
class Change:
    """None: it was not there, or is there no longer. `asks`: for this people are asked again."""

    what: str
    before: str | None
    after: str | None
    asks: bool = False

    @property
    def added(self) -> bool:
        return self.before is None

    @property
    def removed(self) -> bool:
        return self.after is None


@dataclass(frozen=True, kw_only=True)
class GroupChanges:
    key: str
    name: str
    optional: bool
    added: bool = False
    removed: bool = False
    material: bool = False  # people are asked again, whatever the editor wants
    since: int | None = (
        None  # the snapshot number since which a choice about it counts now; None: nobody has chosen yet
    )
    changes: tuple[Change, ...] = ()

    @property
    def may_ask(self) -> bool:
        """Can an editor have people asked again although nothing material has changed?"""
        return self.since is not None and not self.material


def of_groups(before: Content | None, after: Content) -> list[GroupChanges]:
    """One entry for each group, those that are gone last; a group that stays as it is has no changes."""
    earlier = {group["key"]: group for group in (before or {"groups": []})["groups"]}
    kept = [_group(earlier.pop(group["key"], None), group) for group in after["groups"]]
    return [*kept, *(_gone(group) for group in earlier.values())]


def of_site(before: Content | None, after: Content) -> list[Change]:
    """What lies outside the groups: the owner, the languages, the words of the banner, the order of the groups."""
    if before is None:
        return []
    found = list(_differing(facts.of_site(before), facts.of_site(after), asks=()))
    order = [[group["key"] for group in content["groups"]] for content in (before, after)]
    if order[0] != order[1] and sorted(order[0]) == sorted(order[1]):
        names = [", ".join(facts.name(group) for group in content["groups"]) for content in (before, after)]
        found.append(Change(what=_("Order of the groups"), before=names[0], after=names[1]))
    return found


def _group(known: Content | None, group: Content) -> GroupChanges:
    about = {"key": group["key"], "name": facts.name(group), "optional": not group["required"]}
    if known is None:
        return GroupChanges(**about, added=True, material=not group["required"], changes=tuple(_new(group)))
    stood = not known["required"] and not group["required"]
    asks = not group["required"] and known.get("since") != group["since"]
    changes = [
        *_differing(facts.of_group(known), facts.of_group(group), asks=("required", "basis", "purposes")),
        *_services(known, group),
        *_cookies(known, group),
    ]
    quiet = group["required"]  # about what cannot be refused nobody is asked
    return GroupChanges(
        **about,
        material=asks,
        since=known["since"] if stood else None,
        changes=tuple(Change(**vars(change) | {"asks": change.asks and not quiet}) for change in changes),
    )


def _gone(group: Content) -> GroupChanges:
    lost = [
        Change(what=facts.service_title(row), before=facts.service_line(row), after=None) for row in group["services"]
    ]
    lost += [
        Change(what=facts.cookie_title(row), before=facts.cookie_line(row), after=None) for row in group["cookies"]
    ]
    return GroupChanges(
        key=group["key"], name=facts.name(group), optional=not group["required"], removed=True, changes=tuple(lost)
    )


def _new(group: Content) -> Iterator[Change]:
    for fact in facts.of_group(group).values():
        if fact.value:
            yield Change(what=fact.label, before=None, after=fact.words)
    for row in group["services"]:
        yield Change(what=facts.service_title(row), before=None, after=facts.service_line(row))
    for row in group["cookies"]:
        yield Change(what=facts.cookie_title(row), before=None, after=facts.cookie_line(row))


_ASKS_OF_SERVICE = (
    *("purposes", "data", "countries", "safeguard", "responsible", "gpc"),
    *("vendor.name", "vendor.country"),
)


def _services(known: Content, group: Content) -> Iterator[Change]:
    earlier = {row["key"]: row for row in known["services"]}
    for row in group["services"]:
        title, before = facts.service_title(row), earlier.pop(row["key"], None)
        if before is None:
            yield Change(what=title, before=None, after=facts.service_line(row), asks=True)
        else:
            said = facts.of_service(before), facts.of_service(row)
            yield from _differing(*said, asks=_ASKS_OF_SERVICE, title=title)
    for row in earlier.values():
        yield Change(what=facts.service_title(row), before=facts.service_line(row), after=None, asks=True)


def _cookies(known: Content, group: Content) -> Iterator[Change]:
    def longer(row: Content) -> bool:
        return material.longest(known, row["service"]) != material.longest(group, row["service"])

    earlier = {facts.cookie_key(row): row for row in known["cookies"]}
    for row in group["cookies"]:
        title, before = facts.cookie_title(row), earlier.pop(facts.cookie_key(row), None)
        if before is None:
            yield Change(what=title, before=None, after=facts.cookie_line(row), asks=longer(row))
        else:
            asks = ("lifetime", "service") if longer(row) or longer(before) else ()
            yield from _differing(facts.of_cookie(before), facts.of_cookie(row), asks=asks, title=title)
    for row in earlier.values():
        yield Change(what=facts.cookie_title(row), before=facts.cookie_line(row), after=None, asks=longer(row))


def _differing(before: Facts, after: Facts, *, asks: Collection[str], title: str = "") -> Iterator[Change]:
    nothing = Fact("", None, "")
    for key in [*after, *(key for key in before if key not in after)]:
        old, new = before.get(key, nothing), after.get(key, nothing)
        if old.value != new.value:
            label = new.label or old.label
            what = _("%(what)s: %(field)s") % {"what": title, "field": label} if title else capfirst(label)
            yield Change(what=what, before=old.words, after=new.words, asks=key in asks)


def fingerprint(content: Content) -> str:
    """Of what editors made of a configuration, without what publishing it adds."""
    plain = copy.deepcopy({name: content[name] for name in content if name not in {"number", "series", "previous"}})
    for row in (row for group in plain["groups"] for row in (group, *group["services"])):
        row.pop("since", None)
        row.pop("bit", None)
    return hashlib.sha256(rfc8785.dumps(plain)).hexdigest()


def was_published(*, group: str = "", service: str = "") -> bool:
    """Does any configuration, on any site, name this group or this service by its key?"""
    named: dict[str, Any] = {"key": group} if group else {"services": [{"key": service}]}
    asked: dict[str, Any] = {"said__contains": {"groups": [named]}}
    return Snapshot.objects.annotate(said=Cast("content", JSONField())).filter(**asked).exists()
