"""Which rows are about somebody who works in the CMS? They are found by the e-mail address of the account."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

# GDPR Art. 17(3)(b), (e): who works here leaves with the account, and the site can still show who changed what.
WHY_KEPT = _("it is about an account of the CMS: an administrator deletes that; what it did stays on record")


def by_email(email: str) -> QuerySet[Any]:
    return get_user_model()._base_manager.filter(email__iexact=email.strip())


@dataclass(frozen=True)
class Own:
    """The accounts of one person, and the names under which rows hold a copy of them."""

    keys: frozenset[Any] = frozenset()
    names: frozenset[str] = frozenset()


def own(email: str) -> Own:
    users: list[Any] = list(by_email(email))
    names = {name for user in users for name in (user.get_full_name(), user.get_username()) if name}
    return Own(frozenset(user.pk for user in users), frozenset(names))


def of_account(*columns: str) -> dict[str, Callable[[str], Q]]:
    """How rows are found by the accounts that these columns point at."""

    return {"email": lambda email: _any(columns, own(email).keys)}


def named_as(*columns: str) -> dict[str, Callable[[str], Q]]:
    """How rows are found that hold a copy of the account's name."""
    return {"email": lambda email: _any(columns, own(email).names)}


def _any(columns: Collection[str], values: Collection[Any]) -> Q:
    found = Q(pk__in=[])
    for column in columns if values else ():
        found |= Q(**{f"{column}__in": sorted(values)})
    return found
