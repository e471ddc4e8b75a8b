"""What does a visitor's own cookie say, and which of their choices still stand?

`2.<series><number>.<instant>.<days>.<mask>.<consent id>.<signature>`: format, snapshot, milliseconds of Unix time of
the choice, day on which it is asked for again, one bit per answer, whose it is. Scripts may read it; nobody forges it.
"""

import base64
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from consent.catalogue import Content, Published

NAME = "candor_consent"
_FORMAT = "2"
_SERIES = 6  # hexadecimal digits
_GPC = 1  # the mask's first bit: chosen with a Global Privacy Control signal sent along
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SIGNED = 16  # bytes; RFC 2104, 5 allows half of the hash


@dataclass(frozen=True)
class Remembered:
    """What a visitor's cookie says, checked by its signature."""

    series: str
    number: int
    decided_at: datetime
    expires_at: datetime
    mask: int
    consent_id: uuid.UUID

    @property
    def gpc(self) -> bool:
        return bool(self.mask & _GPC)


@dataclass(frozen=True)
class Standing:
    """The choices that still count: groups that were decided, and their services. What is not named was not decided."""

    groups: dict[str, bool] = field(default_factory=dict)
    services: dict[str, bool] = field(default_factory=dict)

    def only(self, groups: list[Content]) -> "Standing":
        """What of it is about these groups."""
        keys = {group["key"] for group in groups}
        services = {service["key"] for group in groups for service in group["services"]}
        return Standing(
            {key: yes for key, yes in self.groups.items() if key in keys},
            {key: yes for key, yes in self.services.items() if key in services},
        )


def standing(
    remembered: Remembered | None, published: Published, *, at: datetime, asked_again_since: datetime | None
) -> Standing:
    """What of a cookie counts at `at`: of this site's series, not expired, made since people were last asked again for
    everything by a policy, and for each group since it last changed materially. A cookie of a later configuration
    counts for nothing in an earlier one, where its bits may be another's."""
    if remembered is None or not counts(remembered, published, at, asked_again_since):
        return Standing()
    groups = [group for group in published.choosable if group["since"] <= remembered.number]
    decided = [group for group in groups if remembered.mask >> group["bit"] + 1 & 1]
    return Standing(
        {group["key"]: bool(remembered.mask >> group["bit"] & 1) for group in decided},
        {
            service["key"]: bool(remembered.mask >> service["bit"] & 1)
            for group in decided
            for service in group["services"]
        },
    )


def counts(remembered: Remembered, published: Published, at: datetime, asked_again_since: datetime | None) -> bool:
    """Is it of this site's series, not expired, and not older than what asks everybody again?"""
    if remembered.series != published.series or remembered.number > published.number or at >= remembered.expires_at:
        return False
    # A choice of the same millisecond as a new policy counts as made before it.
    return asked_again_since is None or milliseconds(remembered.decided_at) >= milliseconds(asked_again_since)


def milliseconds(at: datetime) -> int:
    """Of Unix time, rounded up."""
    return -((_EPOCH - at) // timedelta(milliseconds=1))


def mask_of(groups: dict[str, bool], services: dict[str, bool], published: Published, *, gpc: bool) -> int:
    """One bit for each answer; groups that are not named were not decided."""
    mask = _GPC if gpc else 0
    for group in published.choosable:
        if group["key"] not in groups:
            continue
        mask |= 1 << group["bit"] + 1 | groups[group["key"]] << group["bit"]
        for service in group["services"]:
            mask |= services.get(service["key"], False) << service["bit"]
    return mask


def write(remembered: Remembered) -> str:
    """The cookie's value: at most 100 bytes for catalogue.MOST_BITS answers."""
    said = [
        _FORMAT,
        f"{remembered.series}{remembered.number:x}",
        f"{(remembered.decided_at - _EPOCH) // timedelta(milliseconds=1):x}",
        f"{_day(remembered.expires_at):x}",
        f"{remembered.mask:x}",
        _encode(remembered.consent_id.bytes),
    ]
    value = ".".join(said)
    return f"{value}.{_signature(value, settings.SECRET_KEY)}"


def read(value: str) -> Remembered | None:
    """What a cookie says; None for one that this site did not sign, or that no release wrote."""
    said, _dot, signature = value.rpartition(".")
    keys: list[str] = [settings.SECRET_KEY, *map(str, settings.SECRET_KEY_FALLBACKS)]
    if not value.isascii() or not any(constant_time_compare(signature, _signature(said, str(key))) for key in keys):
        return None
    try:
        return _parsed(*said.split("."))
    except (TypeError, ValueError, OverflowError):
        return None


def _parsed(written_as: str, place: str, instant: str, day: str, mask: str, person: str) -> Remembered:
    if written_as != _FORMAT:
        raise ValueError
    return Remembered(
        series=place[:_SERIES],
        number=int(place[_SERIES:], 16),
        decided_at=_EPOCH + timedelta(milliseconds=int(instant, 16)),
        expires_at=_EPOCH + timedelta(days=int(day, 16)),
        mask=int(mask, 16),
        consent_id=uuid.UUID(bytes=base64.urlsafe_b64decode(person + "==")),
    )


def _day(at: datetime) -> int:
    """Days of Unix time until which a choice holds: the last full one, so never longer than decided."""
    return (at - _EPOCH).days


def _signature(value: str, key: str) -> str:
    digest = salted_hmac("consent.cookie", value, secret=key, algorithm="sha256").digest()
    return _encode(digest[:_SIGNED])


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
