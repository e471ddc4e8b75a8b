"""What do the fields of a receipt mean to a program? JSON-LD 1.1, written out, so that nobody fetches anything.

The fields are those of ISO/IEC TS 27560:2023 (clause 6.3); the Data Privacy Vocabulary says what they are
(https://w3id.org/dpv/guides/consent-27560). `candor:` is a name of our own and leads nowhere.
"""

from typing import Any

PROFILE = "https://w3id.org/dpv/schema/dpv-27560#"
RECORD, RECEIPT = f"{PROFILE}record-eu-gdpr", f"{PROFILE}receipt-eu-gdpr"


def _named(term: str) -> dict[str, str]:
    """A property whose values are names, not words."""
    return {"@id": term, "@type": "@id"}


CONTEXT: dict[str, Any] = {
    "@version": 1.1,
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "loc": "https://w3id.org/dpv/loc#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "dct": "http://purl.org/dc/terms/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "candor": "urn:x-candor:consent:",
    # Sections of the record; the properties in them belong to the record itself.
    "header": "@nest",
    "processing": "@nest",
    "schema_version": _named("dct:conformsTo"),
    "receipt_id": "dct:identifier",
    "record_id": "dct:identifier",
    "record": "dpv:hasRecordOfActivity",
    "pii_principal_id": _named("dpv:hasDataSubject"),
    "privacy_notice": "dpv:hasNotice",
    "language": "dct:language",
    "purposes": "dpv:hasProcess",
    "purpose": "dct:title",
    "description": "dct:description",
    "purpose_type": _named("dpv:hasPurpose"),
    "lawful_basis": _named("dpv:hasLegalBasis"),
    "consent_status": _named("dpv:hasConsentStatus"),
    "pii_information": "dpv:hasPersonalData",
    "pii_type": _named("candor:piiType"),
    "pii_controllers": _named("dpv:hasDataController"),
    "collection_method": "dpv:hasIndicationMethod",
    "storage_locations": _named("dpv:hasLocation"),
    "retention_period": "dpv:hasStorageCondition",
    "duration": "dpv:hasDuration",
    "storage": "candor:storage",
    "services": "dpv:hasService",
    "jurisdiction": _named("dpv:hasJurisdiction"),
    "applicable_law": _named("dpv:hasApplicableLaw"),
    "geographic_restrictions": "dpv:hasRule",
    "recipient_third_parties": _named("dpv:hasRecipient"),
    "withdrawal_method": "dpv:hasConsentControl",
    "url": _named("dpv:hasContact"),
    "parties": "dpv:hasEntity",
    "party_id": "@id",
    "party_name": "dpv:hasName",
    "party_address": "dpv:hasAddress",
    "party_country": _named("dpv:hasLocation"),
    "party_email": "dpv:hasContact",
    "party_phone": "dpv:hasContact",
    "party_url": _named("dpv:hasContact"),
    "party_contact": "dpv:hasContact",
    "party_role": _named("candor:partyRole"),
    "party_type": "@type",
    "events": "dpv:hasConsentStatus",
    "event_time": {"@id": "dct:date", "@type": "xsd:dateTime"},
    "event_type": _named("dpv:hasLegalBasis"),
    "event_state": "@type",
    "entity_id": _named("dpv:isImplementedByEntity"),
    "validity_duration": {"@id": "dct:valid", "@type": "xsd:duration"},
    "valid_until": {"@id": "candor:validUntil", "@type": "xsd:dateTime"},
    "action": "candor:action",
    "source": "candor:source",
    "page": "candor:page",
    "gpc": "candor:globalPrivacyControl",
    "number": "candor:number",
    "in_force_from": {"@id": "candor:inForceFrom", "@type": "xsd:dateTime"},
    "title": "dct:title",
    "statement": "candor:statement",
    "configuration": "candor:configuration",
    "sha256": "candor:sha256",
    "key": "candor:key",
    "vendor_policy": _named("candor:vendorPolicy"),
    "responsible": "candor:responsible",
    "safeguard": "candor:safeguard",
    "erased": {"@id": "candor:erased", "@type": "@json"},
    "proof": {"@id": "candor:proof", "@type": "@json"},
    "signature": {"@id": "candor:signature", "@type": "@json"},
}
