"""Questions to DNS, asked of a real name server on a loopback port."""

import time
from collections.abc import Iterator

import pytest

from mailing import lookups
from mailing.addresses import Provider
from mailing.lookups import DnsResolver, Unanswered
from tests.mailing.zone import Zone, name_server

RECORDS = """
quay.example MX 20 spare.quay.example.
quay.example MX 10 Mail.Quay.example.
none.example MX 0 .
quay.example TXT "v=spf1 " "mx -all"
mail.quay.example A 192.0.2.7
mail.quay.example AAAA 2001:db8::7
7.2.0.192.in-addr.arpa PTR mail.quay.example.
"""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with name_server(RECORDS) as number:
        yield number


@pytest.fixture
def resolver(port: int) -> DnsResolver:
    return DnsResolver(servers=["127.0.0.1"], port=port, each=0.5)


def test_exchangers_come_the_preferred_first_and_as_plain_names(resolver: DnsResolver) -> None:
    assert lookups.exchangers("quay.example", resolver=resolver) == ["mail.quay.example", "spare.quay.example"]


def test_a_domain_that_takes_no_mail_says_so(resolver: DnsResolver) -> None:
    assert resolver.exchangers("none.example") == ["."]


def test_the_strings_of_a_text_are_one(resolver: DnsResolver) -> None:
    assert resolver.texts("quay.example") == ["v=spf1 mx -all"]


def test_a_name_has_addresses_of_both_kinds_and_an_address_has_names(resolver: DnsResolver) -> None:
    assert resolver.hosts("mail.quay.example") == ["192.0.2.7", "2001:db8::7"]
    assert resolver.names("192.0.2.7") == ["mail.quay.example"]


@pytest.mark.parametrize("name", ["unheard.example", "mail.quay.example", "a..example", "x" * 64 + ".example", "", "*"])
def test_where_there_is_no_such_record_the_answer_is_empty(resolver: DnsResolver, name: str) -> None:
    assert resolver.texts(name) == []


def test_who_does_not_answer_is_not_taken_for_a_no(resolver: DnsResolver) -> None:
    start = time.monotonic()
    with pytest.raises(Unanswered):
        resolver.texts("silent.example")
    assert time.monotonic() - start < 2


def test_all_questions_together_have_an_end(port: int) -> None:
    resolver = DnsResolver(servers=["127.0.0.1"], port=port, each=0.2, altogether=0.3)
    start = time.monotonic()
    for _often in range(20):
        with pytest.raises(Unanswered):
            resolver.texts("silent.example")
    assert time.monotonic() - start < 1
    with pytest.raises(Unanswered):
        resolver.texts("quay.example")


def test_a_domain_belongs_to_whoever_takes_its_mail() -> None:
    zone = Zone(
        mx={
            "firm.example": ["firm-example.mail.protection.outlook.com"],
            "school.example": ["aspmx.l.google.com"],
            "club.example": ["mta5.am0.yahoodns.net"],
            "quay.example": ["mail.quay.example"],
            "sly.example": ["notgoogle.com"],
        }
    )
    found = lookups.providers_of([*zone.mx, "bare.example"], zone)
    assert found == {
        "firm.example": Provider.MICROSOFT,
        "school.example": Provider.GMAIL,
        "club.example": Provider.YAHOO,
        "quay.example": Provider.OTHER,
        "sly.example": Provider.OTHER,
        "bare.example": Provider.OTHER,
    }


def test_a_domain_of_which_nobody_answers_is_asked_another_time() -> None:
    zone = Zone(mx={"quay.example": ["mail.quay.example"]}, silent={"slow.example", "gmail.com"})
    assert set(lookups.providers_of(["slow.example", "quay.example", "gmail.com"], zone)) == {
        "quay.example",
        "gmail.com",
    }
