"""What tests of disclosures begin with: a policy that lists grounds, accounts with rights, something about Ana."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Permission, User
from django.db import transaction

from records import disclosures, keys, terms
from records.disclosures import orders
from records.models import Disclosure, DisclosureOrder, Recipient, SubjectRequest
from records.registry import Ground
from tests import make

REQUESTS = {"records.SubjectRequest": ["email", "words"]}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def listed(*grounds: Ground, at: datetime = make.NOW - timedelta(days=1), number: int = 1) -> None:
    """A policy in force from `at` lists these grounds."""
    said = [terms.Statement(terms.Kind.GROUND, ground.value, {}) for ground in grounds]
    terms.write(policy=uuid.UUID(int=7), number=number, label="Policy", effective_from=at, statements=said)


def account(name: str, *rights: str) -> User:
    user = User.objects.create_user(name)
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *rights]))
    return User.objects.get(pk=user.pk)


def vera() -> User:
    return account("vera", "disclose", "view_disclosure")


def ben() -> User:
    return account("ben", "disclose", "approve_disclosureorder", "view_disclosure")


def asked(email: str = make.ANA, words: str = "What do you know of me?") -> SubjectRequest:
    """A row about somebody, sealed with their key."""
    values = {"email": email, "words": words, "locale": "en", "asked_at": make.NOW, "verified_at": make.NOW}
    with transaction.atomic():
        return SubjectRequest.objects.create(subject_key=keys.of_person(email, now=make.NOW), **values)


def disclose(by: Any = None, **changes: Any) -> Disclosure:
    """Ana's address goes to Tally Works, for a purpose of the policy."""
    values = {
        "recipient": changes.pop("recipient", None) or make.recipient(),
        "ground": Ground.PURPOSE,
        "sets": REQUESTS,
        "people": [make.ANA],
        "means": "file download",
        "content": b"Ana",
        "asked_by": by,
        "now": make.NOW,
    }
    row = disclosures.disclose(**values | changes)  # type: ignore[arg-type]
    row.file.close()
    return row


def proposed(by: User, **changes: Any) -> DisclosureOrder:
    """A court asks for what Ana wrote."""
    values = {
        "recipient": changes.pop("recipient", None) or court(),
        "ground": Ground.AUTHORITY,
        "reference": "12 C 345/26",
        "sets": REQUESTS,
        "email": make.ANA,
        "document": PDF,
        "document_name": "order.pdf",
        "by": by,
        "now": make.NOW,
    }
    return orders.propose(**values | changes)  # type: ignore[arg-type]


def court() -> Recipient:
    return Recipient.objects.get_or_create(name="District Court", defaults={"country": "NL", "role": "authority"})[0]
