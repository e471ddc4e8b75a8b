"""What do the tags, scripts and addresses of django-cookie-consent say of a choice that our own cookie holds?

The package compares texts: a group is accepted when the version in its cookie sorts at or after that of the group.
"""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from cookie_consent import conf
from cookie_consent.cache import delete_cache
from django.db import transaction

from consent import cleaning
from consent.catalogue import Content, Published
from consent.cookie import Standing
from consent.decide import Choice
from consent.models import Decision

settings: Any = conf.settings
# Sorts after every version. It never leaves the process: what counts was judged by then, on our own cookie.
_WHATEVER_VERSION = "9999-12-31T23:59:59+00:00"


def name() -> str:
    """Of the package's cookie."""
    return str(settings.COOKIE_CONSENT_NAME)


def answers(published: Published, choice: Choice) -> dict[str, bool]:
    """Of each group that was decided: is all of it allowed? The package knows no services, and a group of which one
    was left out is not to run as a whole."""
    return {
        group["key"]: choice.groups[group["key"]]
        and all(choice.services.get(row["key"], False) for row in group["services"])
        for group in published.choosable
        if group["key"] in choice.groups
    }


def value(decided: Mapping[str, bool], version: str = _WHATEVER_VERSION) -> str:
    """The value of the package's cookie: each group with a version, or with its sign for a refusal."""
    refused = settings.COOKIE_CONSENT_DECLINE
    return "|".join(f"{name}={version if yes else refused}" for name, yes in decided.items())


def write(response: Any, decision: Decision, published: Published) -> None:
    """Writes the package's cookie, for software beside this site that reads it. This site believes its own alone.

    Its version is the instant of the decision: nothing that is added to the group later sorts before it.
    """
    decided = answers(published, Choice(decision.choices, decision.services))
    response.set_cookie(
        name(),
        value(decided, decision.decided_at.astimezone(UTC).isoformat()),
        expires=decision.expires_at,
        domain=settings.COOKIE_CONSENT_DOMAIN,
        secure=settings.COOKIE_CONSENT_SECURE or settings.SESSION_COOKIE_SECURE,
        httponly=settings.COOKIE_CONSENT_HTTPONLY,
        samesite=settings.COOKIE_CONSENT_SAMESITE,
    )


def by_state(published: Published | None, choice: Choice) -> dict[str, list[str]]:
    """The groups that may be refused, as the package's status names them."""
    decided = answers(published, choice) if published else {}
    optional = published.optional if published else ()
    return {
        "acceptedCookieGroups": [name for name in optional if decided.get(name) is True],
        "declinedCookieGroups": [name for name in optional if decided.get(name) is False],
        "notAcceptedOrDeclinedCookieGroups": [name for name in optional if name not in decided],
    }


def changed(earlier: Standing, published: Published, said: Mapping[str, bool]) -> Choice:
    """The groups of `said` allowed or refused, with all of their services. Of the others a choice that stands goes on,
    and what was not decided stays so: whoever was asked about one group did not answer for another."""
    groups = {**earlier.groups, **said}
    return Choice(
        {name: groups[name] for name in published.optional if name in groups},
        {
            row["key"]: said.get(row["group"], earlier.services.get(row["key"], False))
            for row in published.services
            if row["group"] in groups
        },
    )


def allows(published: Published | None, choice: Choice, wanted: str) -> bool:
    """Does what was chosen allow a group, a service, or a cookie ("group=cookie" or "group=cookie:domain")?

    What cannot be refused is allowed; what nobody published is not.
    """
    key, is_cookie, rest = wanted.partition("=")
    for group in published.groups if published else []:
        if is_cookie and group["key"] == key:
            return _allows_cookie(group, choice, rest.partition(":")[0])
        if not is_cookie and key in {group["key"], *(row["key"] for row in group["services"])}:
            assert published
            said = choice.services.get(key) if key != group["key"] else answers(published, choice).get(key)
            return bool(group["required"] or said)
    return False


def _allows_cookie(group: Content, choice: Choice, sent: str) -> bool:
    known = [row for row in cleaning.own(group) if cleaning.covers(row, sent)]
    return any(cleaning.permitted(group, row, choice) for row in known)


def allows_everything(published: Published | None, choice: Choice) -> bool:
    """Was every group that may be refused allowed? No, where nobody was asked."""
    if published is None or not published.optional:
        return False
    decided = answers(published, choice)
    return all(decided.get(name, False) for name in published.optional)


def forget_groups(**_signal: Any) -> None:
    """Receiver: the package's tags read groups from a cache of its own, which it empties before the change is there
    for others to see, and not for rows that are loaded."""
    transaction.on_commit(delete_cache, robust=True)
