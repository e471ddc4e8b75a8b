"""What does a decision say in the fields of ISO/IEC TS 27560: header, processing, parties, events?"""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from consent.models import Decision
from consent.receipts.context import RECORD
from consent.receipts.reading import Content, Shown
from consent.vocabulary import Responsible, Safeguard
from records.registry import Basis, Observed, Purpose

GIVEN, REFUSED, ASKED, WITHDRAWN = (f"dpv:Consent{state}" for state in ("Given", "Refused", "Requested", "Withdrawn"))
_STATES = {Decision.Action.REFUSE: REFUSED, Decision.Action.WITHDRAW: WITHDRAWN}
_ROLES = {
    Responsible.VENDOR: "dpv:DataController",
    Responsible.JOINT: "dpv:JointDataControllers",
    Responsible.PROCESSOR: "dpv:DataProcessor",
}
_TRANSFERS = {
    Safeguard.ADEQUACY: "eu-gdpr:A45-3",
    Safeguard.CLAUSES: "eu-gdpr:A46-2-c",
    Safeguard.CONSENT: "eu-gdpr:A49-1-a",
}
# What the names of consents that are no cookies begin with.
STATED_PURPOSES = {"mail": Purpose.PROMOTION}
_CONTROLLER = "#controller"
BY_MAIL = _("With the link at the end of every mail, or by writing to the owner of this site.")


class Places(NamedTuple):
    """Addresses that a record names, absolute."""

    notice: str
    configuration: str
    withdrawal: str


def record(shown: Shown, places: Places) -> Content:
    return {
        "@type": "dpv:ConsentRecord",
        "header": _header(shown),
        "processing": _processing(shown, places),
        "parties": [*_controller(shown), *_recipients(shown).values()],
        "events": [_event(shown)],
    }


def _header(shown: Shown) -> Content:
    return {
        "schema_version": RECORD,
        "record_id": str(shown.decision.pk),
        "pii_principal_id": shown.decision.consent_id.urn,
    }


def _processing(shown: Shown, places: Places) -> Content:
    return {
        "privacy_notice": _notice(shown, places.notice),
        "configuration": _configuration(shown, places.configuration),
        "statement": shown.decision.statement or None,
        "language": shown.language,
        "purposes": [_purpose(row, shown, places) for row in shown.asked],
    }


def _notice(shown: Shown, address: str) -> Content | None:
    """The policy that was in force, by the hash of the very text."""
    notice, version = shown.notice, shown.decision.policy_version
    if notice is None or version is None:
        return None
    return {
        **({"@id": address} if address else {}),
        "@type": "dpv:PrivacyNotice",
        "title": notice.title,
        "number": version.number,
        "language": notice.language,
        "in_force_from": utc(version.effective_from),
        "sha256": notice.sha256,
    }


def _configuration(shown: Shown, address: str) -> Content | None:
    """What was shown and enforced, all of it: the banner's words, services, cookies."""
    snapshot = shown.decision.snapshot
    if snapshot is None:
        return None
    return {"@id": address, "@type": "dpv:ConsentNotice", "number": snapshot.number, "sha256": snapshot.sha256}


def _purpose(row: Content, shown: Shown, places: Places) -> Content:
    kind = row["key"].partition(":")[0]
    types = row["purposes"] or [STATED_PURPOSES[kind]] if kind in STATED_PURPOSES else row["purposes"]
    recipients = {_party(service, shown) for service in row["services"]}
    return {
        "@type": "dpv:Process",
        "key": row["key"],
        "purpose": row["name"],
        "description": row["description"],
        "purpose_type": types,
        "lawful_basis": row["basis"] or (Basis.CONSENT.value if shown.decision.statement else None),
        "consent_status": status(row["answer"]),
        "pii_information": _learnt([name for service in row["services"] for name in service["data"]]),
        "pii_controllers": [_CONTROLLER] if shown.controller["name"] else [],
        "collection_method": shown.decision.source,
        "storage_locations": _countries([code for service in row["services"] for code in _where(service)]),
        "retention_period": [_kept(cookie) for cookie in row["cookies"]],
        "services": [_service(service, shown) for service in row["services"]],
        "recipient_third_parties": sorted(recipients),
        # A legal basis is named by its article of the GDPR: that is the law the record speaks under.
        "jurisdiction": "loc:EU",
        "applicable_law": "eu-gdpr:GDPR",
        "withdrawal_method": _withdrawal(shown, places),
    }


def status(answer: bool | None) -> str:
    return ASKED if answer is None else GIVEN if answer else REFUSED


def _learnt(names: list[str]) -> list[Content]:
    """Two things that are one to the vocabulary are named once."""
    known = [Observed(name).dpv for name in sorted(set(names)) if name in Observed.values]
    return [{"@type": "dpv:PersonalData", "pii_type": term} for term in sorted(set(known))]


def _where(service: Content) -> list[str]:
    """Where the data goes; where nobody has said so, where the vendor sits."""
    return service["countries"] or [code for code in [service["vendor"]["country"]] if code]


def _countries(codes: list[str]) -> list[str]:
    return [f"loc:{code}" for code in sorted(set(codes))]


def _kept(cookie: Content) -> Content:
    return {
        "@type": "dpv:StorageDuration",
        "title": cookie["name"],
        "storage": cookie["storage"],
        "duration": cookie["lifetime"] or None,
        "description": cookie["description"],
    }


def _service(service: Content, shown: Shown) -> Content:
    return {
        "@type": "dpv:Service",
        "key": service["key"],
        "title": service["name"],
        "description": service["description"],
        "purpose_type": service["purposes"],
        "consent_status": status(service["answer"]),
        "pii_information": _learnt(service["data"]),
        "recipient_third_parties": [_party(service, shown)],
        "responsible": service["responsible"],
        "storage_locations": _countries(_where(service)),
        "geographic_restrictions": _transfer(service),
        "vendor_policy": service["policy_url"] or service["vendor"]["policy_url"] or None,
    }


def _transfer(service: Content) -> Content | None:
    """On what data may leave the European Economic Area (GDPR Chapter V)."""
    if service["safeguard"] in {"", Safeguard.NONE_NEEDED}:
        return None
    basis = _TRANSFERS.get(service["safeguard"])
    return {"@type": "dpv:Rule", "safeguard": service["safeguard"], "lawful_basis": basis}


def _withdrawal(shown: Shown, places: Places) -> Content:
    """As easy as giving it (GDPR Art. 7(3)): cookies at their page, anything else with the owner."""
    if shown.decision.snapshot_id:
        return {"@type": "dpv:WithdrawConsent", "url": places.withdrawal}
    email = shown.controller["email"]
    with translation.override(shown.language):
        how = str(BY_MAIL)
    return {"@type": "dpv:WithdrawConsent", "url": f"mailto:{email}" if email else None, "description": how}


def _controller(shown: Shown) -> list[Content]:
    owner = shown.controller
    if not owner["name"]:
        return []
    return [
        {
            "party_id": _CONTROLLER,
            "party_type": "dpv:DataController",
            "party_role": "dpv:DataController",
            "party_name": owner["name"],
            "party_address": owner["address"] or None,
            "party_email": owner["email"] or None,
            "party_phone": owner["phone"] or None,
            "party_contact": owner["email"] or owner["phone"] or None,
        }
    ]


def _recipients(shown: Shown) -> dict[str, Content]:
    """One for each vendor that a group names, in the order they are named."""
    services = [service for row in shown.asked for service in row["services"]]
    return {_party(service, shown): _recipient(service, shown) for service in reversed(services)}


def _party(service: Content, shown: Shown) -> str:
    vendors = [row["vendor"]["name"] for group in shown.asked for row in group["services"]]
    return f"#recipient-{sorted(set(vendors)).index(service['vendor']['name']) + 1}"


def _recipient(service: Content, shown: Shown) -> Content:
    vendor = service["vendor"]
    return {
        "party_id": _party(service, shown),
        "party_type": "dpv:Recipient",
        "party_role": _ROLES.get(service["responsible"], "dpv:ThirdParty"),
        "party_name": vendor["name"],
        "party_address": vendor["address"] or None,
        "party_country": f"loc:{vendor['country']}" if vendor["country"] else None,
        "party_url": vendor["url"] or None,
        "party_contact": vendor["policy_url"] or vendor["url"] or None,
    }


def _event(shown: Shown) -> Content:
    decision = shown.decision
    lasts = decision.expires_at - decision.decided_at if decision.expires_at else None
    return {
        "event_time": utc(decision.decided_at),
        "event_type": "dpv:ExpressedConsent",
        "event_state": _STATES.get(Decision.Action(decision.action), GIVEN),
        "entity_id": decision.consent_id.urn,
        "validity_duration": duration(lasts) if lasts is not None else None,
        "valid_until": utc(decision.expires_at) if decision.expires_at else None,
        "action": decision.action,
        "source": decision.source,
        "page": decision.path or None,
        "gpc": decision.gpc,
    }


def duration(length: timedelta) -> str:
    """ISO 8601, exact: "P182D", "P181DT3H5M0.5S"."""
    hours, rest = divmod(length.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    exact = f"{seconds}.{length.microseconds:06}".rstrip("0").rstrip(".") if length.microseconds else str(seconds)
    parts = ((hours, "H"), (minutes, "M"), (exact if exact != "0" else 0, "S"))
    time = "".join(f"{number}{letter}" for number, letter in parts if number)
    days = f"{length.days}D" if length.days or not time else ""
    return f"P{days}T{time}" if time else f"P{days}"


def utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def plain(value: Any) -> Any:
    """Choices of Django's as the texts they are; what nobody knows is left out."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, str) else value
