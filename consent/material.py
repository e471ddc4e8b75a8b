"""Which groups have changed so that people must be asked again, and which bit of the cookie is whose?

Material is what a consent rests on: purposes, vendors, what they learn, where it goes, on which basis, and how long it
is kept (GDPR Art. 13, recital 42). A reworded sentence is not, unless the editor says that it is.
"""

from collections.abc import Collection, Iterator
from typing import Any

from consent import lifetimes

Content = dict[str, Any]
FIRST_BIT = 1  # bit 0 of the cookie's mask is the Global Privacy Control


def of_group(group: Content) -> Content:
    """What of a group asks people again when it changes."""
    return {
        "required": group["required"],
        "basis": group["basis"],
        "purposes": group["purposes"],
        "longest": longest(group, ""),
        "services": {service["key"]: _of_service(group, service) for service in group["services"]},
    }


def _of_service(group: Content, service: Content) -> Content:
    named = ("purposes", "data", "countries", "safeguard", "responsible", "gpc")
    vendor = {name: service["vendor"][name] for name in ("name", "country")}
    return {name: service[name] for name in named} | {"vendor": vendor, "longest": longest(group, service["key"])}


def longest(group: Content, service: str) -> int:
    """Seconds for which the most lasting cookie of a service ("": of the site itself) is kept; 0 for none."""
    theirs = [cookie["lifetime"] for cookie in group["cookies"] if cookie["service"] == service]
    return max(map(lifetimes.seconds, theirs), default=0)


def stamp(content: Content, earlier: Content | None, *, number: int, ask_again: Collection[str]) -> None:
    """Writes into each optional group since which number its choice stands, and its bits and those of its services.

    A group changed materially, or named in `ask_again`, starts anew at `number`: choices made before count as none.
    """
    before = {group["key"]: group for group in (earlier or {"groups": []})["groups"]}
    groups = [group for group in content["groups"] if not group["required"]]
    for group in groups:
        known = before.get(group["key"])
        stands = known is not None and not known["required"] and of_group(known) == of_group(group)
        group["since"] = known["since"] if known and stands and group["key"] not in ask_again else number
    _give_bits(groups, before)


def _give_bits(groups: list[Content], before: dict[str, Content]) -> None:
    """A group's choice is one bit, whether it was made at all the next; each service has one of its own.

    Bits stay where they are while their group stands. One that is free again may be given anew: a choice made before is
    older than the `since` of whoever holds it now.
    """
    standing = [(group, before[group["key"]]) for group in groups if _stands(group, before)]
    for group, known in standing:
        group["bit"] = known["bit"]
        bits = {service["key"]: service["bit"] for service in known["services"]}
        for service in group["services"]:
            service["bit"] = bits[service["key"]]
    taken = {bit for group, _known in standing for bit in _bits(group)}
    for group in groups:
        if not _stands(group, before):
            group["bit"] = _free(taken, 2)
            for service in group["services"]:
                service["bit"] = _free(taken, 1)


def _stands(group: Content, before: dict[str, Content]) -> bool:
    """Is its choice as old as it was? Then its services are the same too, for those are material."""
    known = before.get(group["key"])
    return known is not None and known.get("since") == group["since"]


def _bits(group: Content) -> Iterator[int]:
    yield from (group["bit"], group["bit"] + 1)
    yield from (service["bit"] for service in group["services"])


def _free(taken: set[int], width: int) -> int:
    bit = FIRST_BIT
    while any(bit + place in taken for place in range(width)):
        bit += 1
    taken.update(bit + place for place in range(width))
    return bit


def asked_again(content: Content, earlier: Content | None) -> list[str]:
    """Keys of the optional groups whose earlier choice no longer counts: those that are new, or changed materially."""
    before = {group["key"]: group.get("since") for group in (earlier or {"groups": []})["groups"]}
    optional = [group for group in content["groups"] if not group["required"]]
    return [group["key"] for group in optional if before.get(group["key"]) != group["since"]]
