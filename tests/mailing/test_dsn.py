"""What the notices of Postfix, Exim, Sendmail, Exchange, and the large mailbox providers are read as."""

import pytest

from mailing import tokens
from mailing.returns import Nothing, Report, parse, verdict
from mailing.returns.shapes import Kind
from tests.mailing import returned

HARD, SOFT, IGNORED, UNRECOGNISED = Kind.HARD, Kind.SOFT, Nothing.IGNORED, Nothing.UNRECOGNISED


@pytest.mark.parametrize(
    ("name", "kind", "status"),
    [
        ("postfix-unknown-user", HARD, "5.1.1"),
        ("postfix-headers-only", SOFT, "4.2.2"),
        ("postfix-expired", SOFT, "4.4.1"),
        ("postfix-no-such-domain", HARD, "5.4.4"),
        ("exim-unrouteable", HARD, "5.0.0"),  # the words say it
        ("exim-old-text", HARD, "5.1.1"),
        ("exim-policy", SOFT, "5.7.1"),
        ("sendmail-unknown-user", HARD, "5.1.1"),
        ("sendmail-two-dead", SOFT, "5.2.2"),  # the milder
        ("exchange-not-found", HARD, "5.1.10"),
        ("exchange-online-access-denied", HARD, "5.4.1"),
        ("exchange-mailbox-full", SOFT, "5.2.2"),
        ("gmail-no-such-user", HARD, "5.1.1"),
        ("gmail-inactive", HARD, "5.2.1"),
        ("yahoo-no-account", HARD, "5.0.0"),
        ("qmail-no-mailbox", HARD, "5.1.1"),
        ("amazon-like-unknown", HARD, "5.1.1"),
        ("international-rfc6533", HARD, "5.1.1"),
        ("international-base64", HARD, "5.1.1"),
        ("forwarded-report", HARD, "5.1.1"),
    ],
)
def test_a_bounce_says_which_row_and_how_final_it_is(name: str, kind: Kind, status: str) -> None:
    found = returned.read(name, 7)
    assert isinstance(found, Report)
    assert (found.delivery, found.kind, found.status) == (7, kind, status)


@pytest.mark.parametrize(
    "name", ["postfix-delayed", "postfix-delivered", "sendmail-alias-partly-dead", "vacation", "read-receipt"]
)
def test_what_did_not_fail_is_nothing(name: str) -> None:
    assert returned.read(name) is IGNORED


@pytest.mark.parametrize("name", ["person", "stranger", "qmail-without-status"])
def test_what_cannot_be_read_or_told_to_be_ours_is_for_people(name: str) -> None:
    assert returned.read(name) is UNRECOGNISED


def test_there_are_samples_enough_and_each_is_read_by_a_test() -> None:
    assert len(returned.NAMES) >= 24
    tests = [(returned.SAMPLES.parent / f"test_{name}.py").read_text() for name in ("dsn", "arf")]
    assert [name for name in returned.NAMES if f'"{name}"' not in "".join(tests)] == []


def test_an_address_alone_names_no_row() -> None:
    """The same report with tokens that somebody made up."""
    text = returned.sample("postfix-unknown-user", 7).decode()
    for act in (tokens.RETURN, tokens.MESSAGE):
        text = text.replace(tokens.make_lower(act, 7), "a" * 39)
    assert "ana@mail.example" in text
    assert parse.read(text.encode()) is UNRECOGNISED


def test_a_token_for_another_act_names_no_row() -> None:
    text = returned.sample("postfix-expired", 7).decode()
    text = text.replace(tokens.make_lower(tokens.RETURN, 7), tokens.make_lower(tokens.MESSAGE, 7))
    assert parse.read(text.encode()) is UNRECOGNISED


def test_the_address_that_the_server_hands_over_names_the_row() -> None:
    raw = returned.sample("stranger", 7)
    found = parse.read(raw, to=[returned.address(9)])
    assert isinstance(found, Report)
    assert found.delivery == 9


def test_tokens_of_two_rows_name_none() -> None:
    """Somebody who has two of our mails puts one report together from both."""
    raw = returned.sample("postfix-unknown-user", 7)
    assert parse.read(raw, to=[returned.address(8)]) is UNRECOGNISED


def test_the_same_report_over_two_ways_has_one_identity() -> None:
    first, second = returned.read("postfix-unknown-user", 7), returned.read("gmail-no-such-user", 7)
    other, later = returned.read("postfix-unknown-user", 8), returned.read("postfix-expired", 7)
    assert isinstance(first, Report)
    assert isinstance(second, Report)
    assert isinstance(other, Report)
    assert isinstance(later, Report)
    assert first.identity == second.identity
    assert len({first.identity, other.identity, later.identity}) == 3


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        ("5.1.1", "", HARD),
        ("5.1.2", "", HARD),
        ("5.1.3", "", HARD),
        ("5.1.6", "", HARD),
        ("5.1.10", "", HARD),
        ("5.2.1", "", HARD),
        ("5.4.4", "", HARD),
        ("5.2.2", "mailbox full", SOFT),
        ("5.2.3", "too large", SOFT),
        ("5.4.1", "no answer from host", SOFT),
        ("5.7.1", "user unknown", SOFT),  # a rule was named: the words change nothing
        ("5.6.0", "", SOFT),
        ("5.0.0", "no such user here", HARD),
        ("5.0.0", "blocked by policy", SOFT),
        ("5.0.0", "", SOFT),
        ("4.0.0", "no such user here", SOFT),
        ("4.2.2", "", SOFT),
        ("4.7.1", "greylisted", SOFT),
    ],
)
def test_only_what_says_that_there_is_no_mailbox_is_hard(status: str, words: str, kind: Kind) -> None:
    assert verdict.kind(status, words) == kind


@pytest.mark.parametrize("status", ["", "4.2.2", "5.2.2", "4.4.1", "4.4.7", "5.0.0", "4.0.0", "5.4.1", "4.3.2"])
def test_a_soft_bounce_about_the_mailbox_counts(status: str) -> None:
    assert verdict.counts(status)


@pytest.mark.parametrize("status", ["5.7.1", "4.7.1", "5.6.0", "5.2.3", "5.3.4", "5.5.2", "5.1.7", "5.1.8"])
def test_one_about_the_sender_the_size_the_words_or_a_rule_does_not(status: str) -> None:
    assert not verdict.counts(status)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("550 5.1.1 no", "5.1.1"),
        ("550-5.1.1 no such user", "5.1.1"),
        ("host 4.1.1.5 said: 550", ""),
        ("at 192.4.1.1:25", ""),
        ("smtp;550 5.1.10 Resolver", "5.1.10"),
        ("250 2.1.5 OK", ""),
        ("Status: 5.2.2.", "5.2.2"),
    ],
)
def test_a_status_is_three_numbers_and_no_address_of_a_machine(text: str, status: str) -> None:
    assert verdict.status(text) == status
