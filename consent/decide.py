"""What exactly is stored when somebody chooses, and what does their cookie say?"""

import base64
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import uuid_utils.compat
from django.core import signing
from django.db.models import Count
from django.utils import translation
from django.utils.translation import gettext as _

from consent.catalogue import Published
from consent.models import Decision
from policies.models import PolicyVersion

COOKIE = "candor_consent"
LASTS = timedelta(days=182)  # CNIL's recommendation of 17 September 2020 calls six months good practice
_FORMAT = "1"
_PREFIX = 12  # characters of the snapshot's hash in the cookie
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NoSuchChoice(ValueError):
    """A choice for something the snapshot does not offer, or that is neither yes nor no."""


class KeyReused(ValueError):
    """The key of an earlier decision, sent with another choice."""


@dataclass(frozen=True)
class Remembered:
    """What a visitor's own cookie says, checked by its signature."""

    decision: uuid.UUID
    snapshot_prefix: str
    mask: int

    def allows(self, group: str, published: Published) -> bool:
        if not published.sha256.startswith(self.snapshot_prefix) or group not in published.optional:
            return False
        return bool(self.mask >> published.optional.index(group) & 1)

    def stands(self, asked_again_since: datetime | None) -> bool:
        """False for a choice made before people were to be asked again."""
        if asked_again_since is None:
            return True
        chosen_at = int.from_bytes(self.decision.bytes[:6])  # milliseconds: RFC 9562, 5.7
        return chosen_at >= milliseconds(asked_again_since)


def milliseconds(at: datetime) -> int:
    """Of Unix time, rounded up: a choice of the same millisecond counts as made before."""
    return -((_EPOCH - at) // timedelta(milliseconds=1))


def complete(choices: Mapping[str, object], published: Published) -> dict[str, bool]:
    """Every optional group with yes or no; what was not named is refused (GDPR Art. 25(2)). Raises NoSuchChoice."""
    unknown = sorted(set(choices) - set(published.optional))
    if unknown:
        raise NoSuchChoice(_("No such group: %(names)s.") % {"names": ", ".join(unknown)})
    unclear = sorted(name for name, value in choices.items() if not isinstance(value, bool))
    if unclear:
        raise NoSuchChoice(_("Neither true nor false: %(names)s.") % {"names": ", ".join(unclear)})
    return {name: choices.get(name) is True for name in published.optional}


def record(
    *,
    choices: Mapping[str, bool],
    source: Decision.Source,
    at: datetime,
    key: uuid.UUID,
    policy_version: PolicyVersion | None,
    published: Published | None = None,
    statement: str = "",
    consent_id: uuid.UUID | None = None,
    lasts: timedelta | None = LASTS,
) -> tuple[Decision, bool]:
    """Writes one decision; returns it and whether it is new.

    The same `key` twice writes once and returns the first; raises KeyReused when the second chose otherwise.
    """
    shown = published.pk if published else None
    decision, new = Decision.objects.get_or_create(
        key=key,
        defaults={
            "id": _identity(at),
            "consent_id": consent_id or uuid.uuid4(),
            "snapshot_id": shown,
            "policy_version": policy_version,
            "statement": statement,
            "choices": dict(choices),
            "source": source,
            "locale": translation.get_language() or "",
            "decided_at": at,
            "expires_at": at + lasts if lasts else None,
        },
    )
    if (decision.choices, decision.snapshot_id) != (choices, shown):
        raise KeyReused(_("This key was used for another choice. Make a new key for each choice."))
    return decision, new


def _identity(at: datetime) -> uuid.UUID:
    """A UUID of version 7 whose instant is that of the decision, not the one a moment later when its row is written:
    the cookie carries it, and so says itself whether the choice is too old."""
    return uuid_utils.compat.uuid7(nanoseconds=(at - _EPOCH) // timedelta(microseconds=1) * 1000)


def same_person(remembered: Remembered | None) -> uuid.UUID | None:
    """The consent id of the decision this browser made before, so that a withdrawal joins what it withdraws."""
    if remembered is None:
        return None
    return Decision.objects.filter(pk=remembered.decision).values_list("consent_id", flat=True).first()


def counted(versions: Iterable[int]) -> dict[int, int]:
    """How many decisions were made under each of these policy versions (by id), refusals and withdrawals included."""
    made = Decision.objects.filter(policy_version__in=list(versions)).values_list("policy_version")
    return dict(made.annotate(made=Count("pk")))


def cookie_value(decision: Decision, published: Published) -> str:
    """Format, snapshot, one bit per optional group, decision, signature: readable by scripts, forged by nobody.

    82 bytes and one for every four groups: 100 bytes hold 72 groups, and more make it longer, not wrong.
    """
    mask = sum(1 << place for place, name in enumerate(published.optional) if decision.choices.get(name))
    name = base64.urlsafe_b64encode(decision.id.bytes).rstrip(b"=").decode()
    return _signer().sign(".".join([_FORMAT, published.sha256[:_PREFIX], f"{mask:x}", name]))


def read_cookie(value: str) -> Remembered | None:
    """None for a value this site did not sign, or signed in another format."""
    try:
        written_as, prefix, mask, name = _signer().unsign(value).split(".")
        if written_as != _FORMAT:
            return None
        decision = uuid.UUID(bytes=base64.urlsafe_b64decode(name + "=="))
        return Remembered(decision, prefix, int(mask, 16))
    except (signing.BadSignature, ValueError):
        return None


def _signer() -> signing.Signer:
    return signing.Signer(salt="consent.cookie", sep=".")
