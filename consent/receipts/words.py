"""How is a decision said in plain language? Labels in the language of whoever reads; what was shown as it was shown."""

from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consent import lifetimes
from consent.models import Decision
from consent.receipts.reading import Content, Shown
from consent.vocabulary import Responsible, Safeguard, Storage
from records.registry import Basis, Observed, Purpose

Action, Source = Decision.Action, Decision.Source
_DID = {
    Action.GIVE: _("You gave your consent."),
    Action.REFUSE: _("You refused."),
    Action.CHANGE: _("You changed your choice."),
    Action.WITHDRAW: _("You withdrew your consent."),
}
_HOW = {
    Source.BANNER: _("with a button of the banner"),
    Source.PANEL: _("in the cookie settings"),
    Source.EMBED: _("beside the video, map or post itself"),
    Source.NO_SCRIPT: _("with a form, without scripts"),
    Source.GPC: _("your browser did it for you, with its Global Privacy Control signal"),
    Source.FORM: _("in a form"),
    Source.MAIL: _("with a link in a mail"),
    Source.API: _("by a program"),
    Source.IMPORT: _("taken over from an earlier system"),
}
# Consents that are no cookies: what the first part of their name means.
_STATED = {
    "mail": _("Mail to you"),
    "public": _("Shown to everybody"),
    "share": _("Passed on to others"),
    "once": _("Loaded once"),
}


def did(decision: Decision) -> str | Promise:
    return _DID[Action(decision.action)]


def how(decision: Decision) -> str | Promise:
    return _HOW[Source(decision.source)]


def groups(shown: Shown) -> list[Content]:
    return [_group(row, shown) for row in shown.asked]


def _group(row: Content, shown: Shown) -> Content:
    kind, _colon, name = row["key"].partition(":")
    stated = {"name": name, "kind": _STATED.get(kind, kind)} if shown.decision.statement and name else {}
    names = {service["key"]: service["name"] for service in row["services"]}
    return {
        **row,
        **stated,
        "basis": label(Basis, row["basis"]),
        "purposes": [label(Purpose, purpose) for purpose in row["purposes"]],
        "services": [_service(service, row) for service in row["services"]],
        "cookies": [_cookie(cookie, names) for cookie in row["cookies"]],
    }


def _service(service: Content, group: Content) -> Content:
    return service | {
        "differs": service["answer"] is not None and service["answer"] != group["answer"],
        "data": [label(Observed, name) for name in service["data"]],
        "countries": service["countries"] or [code for code in [service["vendor"]["country"]] if code],
        "responsible": label(Responsible, service["responsible"]),
        "safeguard": label(Safeguard, service["safeguard"]),
        "policy_url": service["policy_url"] or service["vendor"]["policy_url"],
    }


def _cookie(cookie: Content, services: dict[str, str]) -> Content:
    said = {"kept": lifetimes.words(cookie["lifetime"]), "storage": label(Storage, cookie["storage"])}
    return cookie | said | {"service": services.get(cookie["service"], "")}


def label(words: type[TextChoices], value: Any) -> str:
    """A value that a later release no longer knows says itself."""
    return str(words(value).label) if value in words.values else str(value)
