"""A receipt says, in plain language and as data, what was asked, what was answered and under which policy."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from consent.catalogue import Published
from consent.models import Decision, Service
from consent.receipts import record
from consent.receipts.context import CONTEXT
from consent.told import Told
from policies.models import PolicyPage, PolicyRendition
from tests import make
from tests.consent.receipts import agreed_to, decided_on_first_format, file, full_catalogue, page, purposes
from tests.policies import languages, typed


@pytest.fixture
def full(policy: PolicyPage) -> Published:
    return full_catalogue()


@pytest.fixture
def decision(full: Published, policy: PolicyPage) -> Decision:
    return make.decision(full, "analytics", told=Told(policy.versions.get()), path="/privacy/")


@pytest.fixture
def mail(policy: PolicyPage) -> Decision:
    """Somebody agreed to a sentence."""
    return agreed_to("You may write to me.", "mail:news")


def test_the_page_says_what_was_allowed_and_refused(client: Client, decision: Decision) -> None:
    said = page(client, decision)
    assert "You gave your consent." in said
    first, second = said.split('class="receipt-group"')[1:]
    assert "Statistics" in first
    assert "You allowed this." in first
    assert "Maps" in second
    assert "You refused this." in second


@pytest.mark.parametrize(
    "words",
    [
        "Quay Ltd",
        "privacy@quay.example",
        "<bdi>Tally Works</bdi> (NL, US)",
        "IP address, page that is read",
        "standard contractual clauses (Art. 46)",
        "the owner of this site; the vendor acts on its instructions",
        "learning how the site is used",
        "Legal basis: consent.",
        "visit_count",
        "2 years",
        "https://tally.example/privacy",
        "http://testserver/privacy/v/1/",
        "with a button of the banner",
        '<code dir="ltr">/privacy/</code>',
        "Essential",
    ],
)
def test_the_page_says_who_learns_what_why_and_for_how_long(client: Client, decision: Decision, words: str) -> None:
    assert words in page(client, decision)


def test_the_record_has_the_sections_of_the_standard(client: Client, decision: Decision) -> None:
    said = file(client, decision)
    assert said["@type"] == "dpv:ConsentReceipt"
    assert set(said["record"]) == {"@type", "header", "processing", "parties", "events"}
    assert said["record"]["header"] == {
        "schema_version": "https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr",
        "record_id": str(decision.pk),
        "pii_principal_id": f"urn:uuid:{decision.consent_id}",
    }


def test_a_purpose_is_written_in_terms_of_the_vocabulary(client: Client, decision: Decision) -> None:
    said = purposes(file(client, decision))["analytics"]
    assert said["purpose_type"] == ["dpv:ServiceUsageAnalytics"]
    assert said["lawful_basis"] == "eu-gdpr:A6-1-a"
    assert said["consent_status"] == "dpv:ConsentGiven"
    assert [row["pii_type"] for row in said["pii_information"]] == ["pd:BrowsingBehavior", "pd:IPAddress"]
    assert said["storage_locations"] == ["loc:NL", "loc:US"]
    assert [(row["title"], row["duration"]) for row in said["retention_period"]] == [("visit_count", "P2Y")]
    assert said["collection_method"] == "banner"
    assert said["withdrawal_method"]["url"] == "http://testserver/consent/"
    assert said["services"][0]["geographic_restrictions"]["lawful_basis"] == "eu-gdpr:A46-2-c"


def test_the_policy_and_the_configuration_are_named_by_their_hashes(
    client: Client, decision: Decision, policy: PolicyPage, full: Published
) -> None:
    said = file(client, decision)["record"]["processing"]
    assert said["privacy_notice"]["@id"] == "http://testserver/privacy/v/1/"
    assert said["privacy_notice"]["sha256"] == policy.versions.get().sha256
    assert said["configuration"]["@id"] == f"http://testserver/consent/snapshot/{full.sha256}.json"
    assert client.get(said["privacy_notice"]["@id"]).status_code == 200
    assert client.get(said["configuration"]["@id"]).status_code == 200


def test_the_parties_are_the_owner_and_those_who_receive(client: Client, decision: Decision) -> None:
    said = file(client, decision)
    owner, vendor = said["record"]["parties"]
    assert (owner["party_id"], owner["party_name"]) == ("#controller", "Quay Ltd")
    assert (vendor["party_name"], vendor["party_role"]) == ("Tally Works", "dpv:DataProcessor")
    assert purposes(said)["analytics"]["recipient_third_parties"] == [vendor["party_id"]]
    assert purposes(said)["analytics"]["pii_controllers"] == [owner["party_id"]]


def test_the_event_says_when_what_and_for_how_long(client: Client, decision: Decision) -> None:
    [event] = file(client, decision)["record"]["events"]
    assert (event["event_time"], event["event_state"]) == ("2026-03-01T12:00:00.000000Z", "dpv:ConsentGiven")
    assert (event["validity_duration"], event["valid_until"]) == ("P182D", "2026-08-30T12:00:00.000000Z")
    assert (event["action"], event["source"], event["page"]) == ("give", "banner", "/privacy/")


@pytest.mark.parametrize(
    ("action", "allowed", "state"),
    [
        ("give", ["analytics"], "dpv:ConsentGiven"),
        ("change", ["analytics"], "dpv:ConsentGiven"),
        ("refuse", [], "dpv:ConsentRefused"),
        ("withdraw", [], "dpv:ConsentWithdrawn"),
    ],
)
def test_each_action_is_a_state_of_the_vocabulary(
    client: Client, full: Published, action: str, allowed: list[str], state: str
) -> None:
    made = make.decision(full, *allowed, action=Decision.Action(action))
    [event] = file(client, made)["record"]["events"]
    assert event["event_state"] == state


def test_a_group_that_was_not_decided_is_neither_given_nor_refused(client: Client, full: Published) -> None:
    made = make.decision(full, choices={"analytics": False}, services={"tally": False}, source=Decision.Source.GPC)
    assert purposes(file(client, made))["maps"]["consent_status"] == "dpv:ConsentRequested"
    assert "You did not decide about this" in page(client, made)
    assert "Global Privacy Control" in page(client, made)


def test_a_service_left_out_of_its_group_is_named(client: Client, full: Published) -> None:
    made = make.decision(full, choices={"analytics": True, "maps": False}, services={"tally": False})
    [service] = purposes(file(client, made))["analytics"]["services"]
    assert service["consent_status"] == "dpv:ConsentRefused"
    assert "You refused this one." in page(client, made)


def names(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {name for row in value.values() for name in names(row)}
    return {name for row in value for name in names(row)} if isinstance(value, list) else set()


def test_every_field_is_explained_to_programs(client: Client, decision: Decision, mail: Decision) -> None:
    for made in (decision, mail):
        said = file(client, made)
        assert said["@context"] == CONTEXT
        used = names({key: said[key] for key in said if key not in {"@context", "proof", "signature"}})
        assert {name for name in used if not name.startswith("@")} <= set(CONTEXT)


def test_every_prefix_of_a_term_is_one_of_the_context(client: Client, decision: Decision) -> None:
    meant = [row["@id"] if isinstance(row, dict) else row for name, row in CONTEXT.items() if name != "@version"]
    prefixes = {term.partition(":")[0] for term in meant if ":" in term and "//" not in term and term[:4] != "urn:"}
    assert prefixes <= set(CONTEXT)


def test_nothing_of_a_receipt_is_stored_twice(decision: Decision) -> None:
    tables = {field.related_model for field in Decision._meta.related_objects}
    assert not any(model and model._meta.app_label == "consent" for model in tables)


def test_words_are_those_of_the_language_shown_whoever_reads(client: Client, full: Published) -> None:
    made = make.decision(full, "analytics", locale="ru")
    for prefix in ("", "/ru"):
        assert '<bdi lang="ru">Статистика</bdi>' in page(client, made, prefix)
    assert purposes(file(client, made))["analytics"]["purpose"] == "Статистика"
    assert file(client, made)["record"]["processing"]["language"] == "ru"


def test_the_file_is_the_same_under_every_address(client: Client, full: Published) -> None:
    made = make.decision(full, "analytics", locale="ru")
    here, there = (client.get(f"{prefix}/consent/receipt/{made.pk}.json").content for prefix in ("", "/ru"))
    assert here == there
    assert file(client, made)["@id"] == f"http://testserver/ru/consent/receipt/{made.pk}/"


def test_the_translation_that_was_read_is_the_one_named(client: Client, full: Published, policy: PolicyPage) -> None:
    languages.translate(policy, "Мы ничего не храним.").save_revision().publish()
    rendition = PolicyRendition.objects.get()
    made = make.decision(full, "analytics", locale="ru", told=Told(policy.versions.get(), rendition))
    notice = file(client, made)["record"]["processing"]["privacy_notice"]
    assert (notice["title"], notice["language"], notice["number"]) == ("Политика", "ru", 1)
    assert notice["sha256"] == rendition.sha256
    assert notice["@id"] == "http://testserver/ru/privacy/v/1/"


def test_a_statement_has_a_receipt_as_well(client: Client, mail: Decision) -> None:
    said, read = file(client, mail), page(client, mail)
    assert said["record"]["processing"]["statement"] == "You may write to me."
    assert purposes(said)["mail:news"]["purpose_type"] == ["dpv:DirectMarketing"]
    assert "valid_until" not in said["record"]["events"][0]
    assert "Mail to you:" in read
    assert "You may write to me." in read
    assert "you withdraw it" in read
    assert "With the link at the end of every mail" in read
    assert "With the link at the end of every mail" in purposes(said)["mail:news"]["withdrawal_method"]["description"]


def test_who_asked_is_named_as_the_policy_of_that_day_does(client: Client, db: None, clock: Any) -> None:
    page_ = make.policy(make.site(), live=False)
    page_.body = typed.body(typed.clause("contact"))
    page_.save_revision().publish()
    made = agreed_to("You may write to me.", "mail:news", told=Told(page_.versions.get()))
    [owner] = file(client, made)["record"]["parties"]
    assert (owner["party_name"], owner["party_contact"]) == ("Quay Ltd", "privacy@quay.example")
    assert purposes(file(client, made))["mail:news"]["withdrawal_method"]["url"] == "mailto:privacy@quay.example"


def test_a_configuration_of_the_first_format_says_what_it_has(client: Client, full: Published) -> None:
    service = {"key": "old", "name": "Old", "vendor": "Old Works", "description": "Counted.", "policy_url": ""}
    cookie = {"name": "old_count", "domain": "", "path": "/", "description": "Counts."}
    group = {"key": "analytics", "name": "Numbers", "description": "We counted.", "required": False}
    content = {"format": 1, "groups": [group | {"services": [service | {"script_url": ""}], "cookies": [cookie]}]}
    made = decided_on_first_format(content, "analytics")
    said, read = file(client, made), page(client, made)
    assert purposes(said)["analytics"]["services"][0]["title"] == "Old"
    assert [row["party_name"] for row in said["record"]["parties"]] == ["Old Works"]
    assert all(words in read for words in ("Numbers", "We counted.", "Old Works", "old_count"))


def test_words_of_an_editor_are_words_not_markup(client: Client, policy: PolicyPage) -> None:
    make.catalogue_of_one()
    Service.objects.update(name="<b>Tally</b>", description="<script>")
    made = make.decision(make.publish(), "analytics", path="/<i>")
    read = page(client, made).partition("<main")[2]
    assert "<b>" not in read
    assert "<i>" not in read


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (timedelta(days=182), "P182D"),
        (timedelta(), "P0D"),
        (timedelta(days=1, hours=2, minutes=3, seconds=4), "P1DT2H3M4S"),
        (timedelta(seconds=30), "PT30S"),
        (timedelta(minutes=5, microseconds=250_000), "PT5M0.25S"),
        (timedelta(days=3, microseconds=1), "P3DT0.000001S"),
    ],
)
def test_a_length_of_time_is_written_exactly(length: timedelta, written: str) -> None:
    assert record.duration(length) == written
