"""What is read from SPF, DKIM and DMARC records, and what is advised."""

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as some

from mailing.lookups import Unanswered
from mailing.setup import Configured, Finding, Server, sentences
from mailing.setup.dkim import dkim
from mailing.setup.dmarc import alignment, dmarc
from mailing.setup.spf import spf
from tests.mailing.zone import Zone

QUAY = "quay.example"
SERVER = Server("mail.quay.example", 587, "starttls")
ABOUT = Configured((QUAY,), ("s1",), "", False, False, SERVER, "https://quay.example")


def keys(finding: Finding) -> list[str]:
    assert len(sentences(finding)) == len(finding.said)  # each has its words
    return [said.key for said in finding.said]


def looked(record: str, **records: dict[str, list[str]]) -> Finding:
    others = records.pop("txt", {})
    zone = Zone(txt={QUAY: ["something else", record]} | others, **records)
    return spf(QUAY, resolver=zone, server=SERVER)


def rsa_key(bits: int) -> str:
    number = (1 << bits) - 1 if bits < 1024 else None
    if number:  # too weak for the library to make one
        public: Any = rsa.RSAPublicNumbers(65_537, number).public_key()
    else:
        public = rsa.generate_private_key(65_537, bits).public_key()
    return base64.b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def test_a_domain_without_spf_is_told_what_to_publish() -> None:
    found = spf(QUAY, resolver=Zone(txt={QUAY: ["v=spf10 no", "hello"]}), server=SERVER)
    assert (found.status, keys(found)) == ("missing", ["spf_missing"])
    assert found.record == 'quay.example. TXT "v=spf1 a:mail.quay.example -all"'


def test_two_records_are_as_good_as_none() -> None:
    found = looked("v=spf1 -all", txt={QUAY: ["v=spf1 -all", "V=SPF1 mx -all"]})
    assert (found.status, keys(found), len(found.seen)) == ("wrong", ["spf_several"], 2)


def test_a_record_that_names_the_mail_server_is_in_order() -> None:
    found = looked("v=spf1 ip4:192.0.2.0/24 ~all", a={"mail.quay.example": ["192.0.2.7"]})
    assert (found.status, keys(found)) == ("ok", ["spf_ok", "spf_covers"])


def test_a_record_that_does_not_name_it_is_pointed_out_and_not_condemned() -> None:
    found = looked("v=spf1 ip6:2001:db8::/32 -all", a={"mail.quay.example": ["192.0.2.7"]})
    assert (found.status, keys(found)) == ("ok", ["spf_ok", "spf_covers_not"])


@pytest.mark.parametrize(
    ("record", "records"),
    [
        ("v=spf1 mx/24 -all", {"mx": {QUAY: ["mx.quay.example"]}, "a": {"mx.quay.example": ["192.0.2.200"]}}),
        ("v=spf1 a:mail.quay.example -all", {}),
        ("v=spf1 redirect=_spf.quay.example", {"txt": {"_spf.quay.example": ["v=spf1 ip4:192.0.2.7 -all"]}}),
        (
            "v=spf1 include:a.example -all",
            {"txt": {"a.example": ["v=spf1 include:b.example ?all"], "b.example": ["v=spf1 ip4:192.0.2.7 -all"]}},
        ),
    ],
)
def test_the_server_is_found_behind_what_a_record_refers_to(record: str, records: dict[str, Any]) -> None:
    records["a"] = records.get("a", {}) | {"mail.quay.example": ["192.0.2.7"]}
    found = looked(record, **records)
    assert (found.status, keys(found)) == ("ok", ["spf_ok", "spf_covers"])


@pytest.mark.parametrize(
    ("ending", "key"), [("+all", "spf_open"), ("all", "spf_open"), ("?all", "spf_neutral"), ("", "spf_no_end")]
)
def test_an_open_end_is_wrong_and_the_better_record_is_written_out(ending: str, key: str) -> None:
    found = looked(f"v=spf1 ip4:192.0.2.7 {ending}".strip())
    assert (found.status, keys(found)) == ("wrong", [key])
    assert found.record == 'quay.example. TXT "v=spf1 ip4:192.0.2.7 -all"'


def test_lookups_count_through_all_that_is_included() -> None:
    others = {f"s{place}.example": [f"v=spf1 include:s{place + 1}.example -all"] for place in range(11)}
    others["s9.example"] = ["v=spf1 -all"]
    assert looked("v=spf1 include:s0.example -all", txt=others).status == "ok"  # ten of them
    others["s9.example"] = ["v=spf1 exists:%{i}.list.example -all"]
    found = looked("v=spf1 include:s0.example -all", txt=others)
    assert (found.status, keys(found)) == ("wrong", ["spf_lookups"])
    assert "takes 11 lookups, and receivers stop at 10" in sentences(found)[0]


def test_a_record_that_includes_itself_comes_to_an_end() -> None:
    assert looked("v=spf1 include:quay.example -all").status == "wrong"


def test_names_that_lead_nowhere_are_limited_too() -> None:
    found = looked("v=spf1 a:one.example a:two.example mx -all")
    assert keys(found) == ["spf_void"]


@pytest.mark.parametrize("term", ["ipv4:192.0.2.7", "include", "-all-", "mx:", "ip4:"])
def test_a_term_that_nobody_can_read_is_named(term: str) -> None:
    found = looked(f"v=spf1 {term} -all")
    assert found.status == "wrong"


def test_an_include_without_a_record_spoils_the_whole() -> None:
    assert "spf_include" in keys(looked("v=spf1 include:gone.example -all"))


@given(some.text(alphabet="v=spf1 aimxlcude:/+-~?%{}_.4096", max_size=80))
def test_no_record_breaks_the_check(rest: str) -> None:
    found = looked(f"v=spf1 {rest}", a={QUAY: ["192.0.2.1"], "mail.quay.example": ["192.0.2.7"]})
    assert sentences(found)


def key_at(record: str) -> Finding:
    return dkim(QUAY, selectors=("s1",), resolver=Zone(txt={"s1._domainkey.quay.example": [record]}))


def test_a_key_of_2048_bits_is_in_order() -> None:
    found = key_at(f"v=DKIM1; k=rsa; p={rsa_key(2048)}")
    assert (found.status, keys(found), found.record) == ("ok", ["dkim_ok"], "")


def test_a_key_with_spaces_in_it_is_read() -> None:
    key = rsa_key(2048)
    assert key_at(f"v=DKIM1; p={key[:100]} {key[100:]}").status == "ok"


def test_a_short_key_passes_and_a_weak_one_does_not() -> None:
    assert keys(key_at(f"p={rsa_key(1024)}")) == ["dkim_short"]
    weak = key_at(f"p={rsa_key(768)}")
    assert (weak.status, keys(weak)) == ("wrong", ["dkim_weak"])


def test_an_ed25519_key_is_read() -> None:
    raw = Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    assert key_at(f"v=DKIM1; k=ed25519; p={base64.b64encode(raw).decode()}").status == "ok"
    assert key_at(f"v=DKIM1; k=ed25519; p={base64.b64encode(raw[1:]).decode()}").status == "wrong"


@pytest.mark.parametrize(
    ("record", "status", "key"),
    [
        ("v=DKIM1; p=", "missing", "dkim_revoked"),
        ("v=DKIM1; p=AAAA", "wrong", "dkim_unreadable"),
        ("v=DKIM1; p=@@@", "wrong", "dkim_unreadable"),
        ("v=DKIM2; p=AAAA", "wrong", "dkim_unreadable"),
        ("hello", "missing", "dkim_missing"),
    ],
)
def test_a_key_that_is_none_is_told_apart_from_one_that_is_missing(record: str, status: str, key: str) -> None:
    found = key_at(record)
    assert (found.status, keys(found)) == (status, [key])
    assert found.record == 's1._domainkey.quay.example. TXT "v=DKIM1; k=rsa; p=…"'


def test_a_key_that_is_only_being_tried_is_pointed_out() -> None:
    assert keys(key_at(f"v=DKIM1; t=y:s; p={rsa_key(2048)}")) == ["dkim_testing"]


def test_without_a_selector_nobody_can_look() -> None:
    assert dkim(QUAY, selectors=(), resolver=Zone()).status == "unknown"


def test_one_good_key_is_enough_beside_a_withdrawn_one() -> None:
    zone = Zone(txt={"old._domainkey.quay.example": ["p="], "new._domainkey.quay.example": [f"p={rsa_key(2048)}"]})
    found = dkim(QUAY, selectors=("old", "new", "next"), resolver=zone)
    assert (found.status, keys(found)) == ("ok", ["dkim_revoked", "dkim_ok", "dkim_missing"])


@given(some.text(max_size=60))
def test_no_key_breaks_the_check(record: str) -> None:
    assert sentences(key_at(record))


def policy_at(record: str, *more: str, **others: list[str]) -> Finding:
    return dmarc(QUAY, resolver=Zone(txt={"_dmarc.quay.example": [record, *more]} | others))


@pytest.mark.parametrize("policy", ["none", "quarantine", "reject"])
def test_a_policy_with_reports_is_in_order(policy: str) -> None:
    found = policy_at(f"v=DMARC1; p={policy}; rua=mailto:dmarc@quay.example")
    assert (found.status, keys(found)) == ("ok", [f"dmarc_{policy}"])


def test_a_domain_without_a_policy_is_told_what_to_publish() -> None:
    found = dmarc(QUAY, resolver=Zone())
    assert (found.status, keys(found)) == ("missing", ["dmarc_missing"])
    assert found.record == '_dmarc.quay.example. TXT "v=DMARC1; p=none; rua=mailto:postmaster@quay.example"'


def test_reports_to_nobody_and_to_who_does_not_take_them_are_pointed_out() -> None:
    assert keys(policy_at("v=DMARC1; p=none")) == ["dmarc_none", "dmarc_no_reports"]
    record = "v=DMARC1; p=none; rua=mailto:a@watch.example!10m"
    assert keys(policy_at(record)) == ["dmarc_none", "dmarc_foreign_reports"]
    allowed = {"quay.example._report._dmarc.watch.example": ["v=DMARC1"]}
    assert keys(policy_at(record, **allowed)) == ["dmarc_none"]


@pytest.mark.parametrize("record", ["v=DMARC1", "v=DMARC1; p=maybe", "v=DMARC1; p="])
def test_a_policy_that_receivers_do_not_know_is_wrong(record: str) -> None:
    assert policy_at(record).status == "wrong"


def test_two_policies_are_as_good_as_none() -> None:
    assert keys(policy_at("v=DMARC1; p=none", "v=DMARC1; p=reject")) == ["dmarc_several"]


def test_a_subdomain_follows_the_one_above() -> None:
    zone = Zone(txt={"_dmarc.quay.example": ["v=DMARC1; p=reject; sp=none; rua=mailto:d@quay.example"]})
    assert keys(dmarc("news.quay.example", resolver=zone)) == ["dmarc_none"]
    assert keys(dmarc(QUAY, resolver=zone)) == ["dmarc_reject"]


def aligned(domain: str, about: Configured = ABOUT, **txt: list[str]) -> tuple[str, str]:
    found = alignment(domain, about=about, resolver=Zone(txt=txt))
    return found.status, keys(found)[0]


def test_a_signature_of_the_domain_or_of_one_above_counts() -> None:
    key = {"s1._domainkey.quay.example": [f"p={rsa_key(1024)}"]}
    assert aligned(QUAY, **key) == ("ok", "aligned_by_signature")
    assert aligned("news.quay.example", **key) == ("ok", "aligned_by_signature")
    strict = {"_dmarc.quay.example": ["v=DMARC1; p=none; adkim=s"]}
    assert aligned("news.quay.example", **key, **strict)[0] == "wrong"


def test_a_return_path_alone_is_too_little_and_a_foreign_one_is_nothing() -> None:
    about = Configured((QUAY,), ("s1",), "b@bounce.quay.example", False, False, SERVER, "")
    assert aligned(QUAY, about) == ("wrong", "aligned_by_return_path")
    about = Configured((QUAY,), ("s1",), "b@elsewhere.example", False, False, SERVER, "")
    assert aligned(QUAY, about) == ("wrong", "aligned_not")


def test_a_name_server_that_is_silent_is_no_finding() -> None:
    with pytest.raises(Unanswered):
        spf(QUAY, resolver=Zone(silent={QUAY}), server=SERVER)
