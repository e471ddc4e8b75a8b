"""What a real mail server on a loopback port shows, and what its names and the return path need."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from cms.demo.processes import free_port
from mailing.setup import Configured, Finding, Server, hosts, sentences
from mailing.setup.tls import Seen, look, tls
from tests.mailing.certificates import contexts
from tests.mailing.zone import Zone

Serve = Callable[..., int]
NOW = datetime.now(tz=UTC)
FAR = Server("mail.quay.example", 587, "starttls")
GREETED = Seen(True, "mail.quay.example", True, "TLSv1.3", NOW + timedelta(days=60))


def keys(finding: Finding) -> list[str]:
    assert len(sentences(finding)) == len(finding.said)
    return [said.key for said in finding.said]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Starts a mail server and returns its port."""
    monkeypatch.setattr(logging.getLogger("mail.log"), "disabled", True)
    running = []

    def start(**options: Any) -> int:
        controller = Controller(object(), hostname="127.0.0.1", port=free_port(0), server_hostname="mx.quay", **options)
        controller.start()
        running.append(controller)
        return controller.port

    yield start
    for controller in running:
        controller.stop()


def test_a_server_that_encrypts_with_a_certificate_of_its_name_is_in_order(serve: Serve, tmp_path: Path) -> None:
    theirs, ours = contexts(tmp_path)
    server = Server("localhost", serve(tls_context=theirs), "starttls")
    seen = look(server, context=ours)
    assert (seen.reached, seen.greeting, seen.offers, seen.problem) == (True, "mx.quay", True, "")
    assert seen.version.startswith("TLSv1.")
    found = tls(server, seen, now=NOW)
    assert (found.status, keys(found), found.said[0].words["days"]) == ("ok", ["tls_ok"], 90)


def test_encryption_from_the_first_byte_is_looked_at_the_same_way(serve: Serve, tmp_path: Path) -> None:
    theirs, ours = contexts(tmp_path)
    server = Server("localhost", serve(ssl_context=theirs), "ssl")
    assert look(server, context=ours).version.startswith("TLSv1.")


@pytest.mark.parametrize("mode", ["starttls", "ssl"])
def test_a_certificate_of_another_name_or_of_nobody_known_is_wrong(serve: Serve, tmp_path: Path, mode: str) -> None:
    theirs, ours = contexts(tmp_path, name="other.example")
    port = serve(**{"tls_context" if mode == "starttls" else "ssl_context": theirs})
    server = Server("localhost", port, mode)
    for context in (ours, None):
        found = tls(server, look(server, context=context), now=NOW)
        assert (found.status, keys(found)) == ("wrong", ["tls_failed"])
    assert "self" in sentences(found)[0]  # why, in the library's words


def test_a_certificate_that_is_over_is_wrong(serve: Serve, tmp_path: Path) -> None:
    theirs, ours = contexts(tmp_path, days=-2)
    server = Server("localhost", serve(tls_context=theirs), "starttls")
    assert "expired" in sentences(tls(server, look(server, context=ours), now=NOW))[0]


def test_a_server_without_encryption_will_do_in_this_network_and_nowhere_else(serve: Serve) -> None:
    seen = look(Server("127.0.0.1", serve(), ""))
    assert (seen.reached, seen.offers, seen.version) == (True, False, "")
    assert tls(Server("127.0.0.1", 25, ""), seen, now=NOW).status == "ok"
    assert keys(tls(Server("127.0.0.1", 25, "starttls"), seen, now=NOW)) == ["tls_not_offered"]
    assert tls(Server("mail.quay.example", 25, ""), seen, now=NOW).status == "missing"


def test_encryption_that_is_offered_and_not_used_is_wrong(serve: Serve) -> None:
    found = tls(Server("mail.quay.example", 587, ""), GREETED, now=NOW)
    assert (found.status, found.record) == ("wrong", "EMAIL_USE_TLS=True")


def test_a_certificate_that_ends_soon_is_pointed_out() -> None:
    seen = Seen(True, "mail.quay.example", True, "TLSv1.3", NOW + timedelta(days=5))
    assert keys(tls(FAR, seen, now=NOW)) == ["tls_soon"]


def test_a_server_that_is_not_there_could_not_be_looked_at() -> None:
    seen = look(Server("127.0.0.1", free_port(0), "starttls"), timeout=1)
    assert not seen.reached
    assert tls(FAR, seen, now=NOW).status == "unknown"
    assert hosts.helo(FAR, seen, resolver=Zone()).status == "unknown"


def test_an_address_whose_name_leads_back_is_in_order() -> None:
    zone = Zone(a={"mail.quay.example": ["8.8.4.4"]}, ptr={"8.8.4.4": ["mail.quay.example"]})
    found = hosts.reverse(FAR, GREETED, resolver=zone)
    assert (found.status, keys(found)) == ("ok", ["reverse_ok"])


def test_an_address_without_a_name_is_told_which_one_to_get() -> None:
    found = hosts.reverse(FAR, GREETED, resolver=Zone(a={"mail.quay.example": ["8.8.4.4"]}))
    assert (found.status, keys(found)) == ("missing", ["reverse_none"])
    assert found.record == "4.4.8.8.in-addr.arpa. PTR mail.quay.example."


def test_a_name_that_leads_elsewhere_is_wrong() -> None:
    zone = Zone(a={"mail.quay.example": ["8.8.4.4"]}, ptr={"8.8.4.4": ["pool-4.isp.example"]})
    assert keys(hosts.reverse(FAR, GREETED, resolver=zone)) == ["reverse_elsewhere"]


def test_behind_a_server_in_this_network_the_name_it_greets_with_counts() -> None:
    zone = Zone(a={"mail.quay.example": ["8.8.4.4"]}, ptr={"8.8.4.4": ["mail.quay.example"]})
    near = Server("127.0.0.1", 25, "")
    assert hosts.reverse(near, GREETED, resolver=zone).status == "ok"
    assert hosts.reverse(near, Seen(True, "relay"), resolver=zone).status == "unknown"


def test_a_greeting_is_a_full_name_that_exists() -> None:
    zone = Zone(a={"mail.quay.example": ["8.8.4.4"]})
    assert hosts.helo(FAR, GREETED, resolver=zone).status == "ok"
    assert keys(hosts.helo(FAR, Seen(True, "relay"), resolver=zone)) == ["helo_short"]
    assert keys(hosts.helo(FAR, Seen(True, "gone.example"), resolver=zone)) == ["helo_unknown"]


@pytest.mark.parametrize(
    ("zone", "status", "key"),
    [
        (Zone(mx={"quay.example": ["mx.quay.example"]}), "ok", "has_mx"),
        (Zone(a={"quay.example": ["192.0.2.1"]}), "ok", "only_address"),
        (Zone(), "missing", "no_mx"),
        (Zone(mx={"quay.example": ["."]}), "wrong", "takes_no_mail"),
    ],
)
def test_answers_to_the_sender_need_somewhere_to_go(zone: Zone, status: str, key: str) -> None:
    found = hosts.replies("quay.example", resolver=zone)
    assert (found.status, keys(found)) == (status, [key])


def about(**fields: Any) -> Configured:
    values = {
        "senders": ("quay.example",),
        "selectors": (),
        "return_address": "",
        "reads_returns": False,
        "by_provider": False,
        "server": FAR,
        "site_url": "https://quay.example",
    }
    return Configured(**values | fields)


@pytest.mark.parametrize(
    ("fields", "zone", "status", "key"),
    [
        ({}, Zone(), "missing", "return_unset"),
        ({"by_provider": True}, Zone(), "ok", "return_provider"),
        ({"return_address": "b@back.example"}, Zone(mx={"back.example": ["mx.quay.example"]}), "ok", "return_ok"),
        ({"return_address": "b@back.example"}, Zone(a={"back.example": ["192.0.2.1"]}), "missing", "return_no_mx"),
        ({"return_address": "b@back.example"}, Zone(mx={"back.example": ["."]}), "wrong", "takes_no_mail"),
    ],
)
def test_bounces_need_an_address_of_their_own(fields: dict[str, Any], zone: Zone, status: str, key: str) -> None:
    found = hosts.return_path(about(**fields), resolver=zone)
    assert (found.status, keys(found)) == (status, [key])


def test_somebody_must_read_the_bounces() -> None:
    assert hosts.returns(about(reads_returns=True)).status == "ok"
    assert hosts.returns(about(by_provider=True)).status == "ok"
    assert hosts.returns(about()).status == "missing"


def test_unsubscribing_by_one_click_needs_https() -> None:
    assert hosts.site(about()).status == "ok"
    found = hosts.site(about(site_url="http://quay.example"))
    assert (found.status, found.record) == ("wrong", "SITE_URL=https://quay.example")


@pytest.mark.parametrize(
    ("host", "near"),
    [
        ("127.0.0.1", True),
        ("10.0.0.3", True),
        ("relay", True),
        ("mail.local", True),
        ("8.8.4.4", False),
        ("mail.quay.example", False),
    ],
)
def test_a_server_is_near_when_its_address_says_nothing_to_the_outside(host: str, near: bool) -> None:
    assert Server(host, 25, "").is_local is near
