"""What does a server mean? Answers in the manner of the big ones, with invented words, hosts and people."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mailing.transport import Answer, Stage
from mailing.transport.answers import LONGEST, Verdict, status, verdict, without_addresses

# code, what was asked (S: MAIL, R: RCPT, M: the message), words
SAID = {
    Verdict.ACCEPTED: [
        (250, "M", "2.0.0 OK  1767225600 a1b2c3 - gsmtp"),
        (250, "M", "2.6.0 <x@quay.example> [InternalId=42] Queued mail for delivery"),
        (250, "M", "OK id=1qXyZ0-0001aB-2c"),
        (252, "M", ""),
    ],
    Verdict.LATER: [
        (450, "R", "4.2.0 <ana@harbour.example>: Recipient address rejected: Greylisted, come back in 300 seconds"),
        (450, "R", "4.1.1 <ana@harbour.example>: Recipient address rejected: unverified address: try again later"),
        (450, "R", "4.2.1 The user you are writing to gets mail at a rate that leaves no room for more"),
        (451, "R", "4.7.1 Greylisting in action, please come back later"),
        (451, "M", "4.7.500 Server busy. Please try again later from [192.0.2.7]. (S77714)"),
        (451, "M", "Temporary local problem - please try later"),
        (451, "S", "4.3.5 Server configuration problem"),
        (452, "S", "4.3.1 Insufficient system storage"),
        (452, "R", "4.5.3 Too many recipients"),
        (454, "R", "4.7.0 TLS not available due to a local problem"),
        (450, "R", "Requested action not taken: mailbox unavailable"),
        (471, "M", "the filter is not ready"),
        (432, "M", "4.3.2 STOREDRV; the mailbox server is too busy"),
    ],
    Verdict.CLOSING: [
        (421, "S", "4.7.0 [TSS04] Messages from 192.0.2.7 temporarily deferred due to user complaints"),
        (421, "M", "4.7.28 We see an unusual rate of mail from this network; it is slowed down"),
        (421, "R", "Too many concurrent connections"),
        (421, "M", "4.2.2 whatever it says"),
    ],
    Verdict.SOFT: [
        (452, "R", "4.2.2 The recipient's inbox is out of storage space"),
        (552, "R", "5.2.2 <ana@harbour.example>: user is over quota"),
        (552, "M", "5.2.2 The account that you wrote to is over quota"),
        (554, "M", "5.2.2 mailbox full; STOREDRV.Deliver: quota exceeded"),
        (552, "R", "Requested mail action aborted: exceeded storage allocation"),
        (550, "R", "Mailbox is full"),
        (450, "R", "Mailbox full, try again when it was read"),
    ],
    Verdict.NEVER_ADDRESS: [
        (
            550,
            "R",
            "5.1.1 The email account that you tried to reach\n5.1.1 is not here. Look for typing errors",
        ),
        (550, "R", "5.2.1 The email account that you tried to reach is disabled"),
        (550, "R", "5.1.1 <ana@harbour.example>: Recipient address rejected: User unknown in virtual mailbox table"),
        (550, "R", "5.1.1 <policy@harbour.example>: Recipient address rejected: nobody by that name"),
        (550, "R", "5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ana@harbour.example not found by SMTP address"),
        (550, "R", "5.4.1 Recipient address rejected: Access denied. [AM3.prod.harbour.example 08DC]"),
        (550, "R", "5.5.0 Requested action not taken: mailbox unavailable (S2017062302)"),
        (550, "R", "Unrouteable address"),
        (550, "R", "unknown user"),
        (550, "R", "No such user here"),
        (550, "R", "#5.1.0 Address rejected."),
        (550, "R", "<spam@harbour.example> is not known at this site"),
        (550, "R", "Requested action not taken: mailbox unavailable"),
        (550, "R", ""),
        (551, "R", "User not local"),
        (553, "R", "5.1.3 this is no address that a mail server can be told"),
        (553, "R", "5.1.2 We do not know that host"),
        (556, "R", "5.1.10 The domain has a null MX"),
        (554, "M", "delivery error: dd This user doesn't have a harbour.example account (ana@harbour.example) [0]"),
        (554, "M", "delivery error: dd Not a valid recipient - atlas-production"),
        (554, "R", "Invalid mailbox"),
        (550, "M", "mailbox ana not found"),
        (550, "R", "5.4.310 DNS domain harbour.example does not exist"),
        (550, "R", "4.4.7 no such user"),
    ],
    Verdict.NEVER_MESSAGE: [
        (550, "M", "5.7.1 [192.0.2.7] This message looks unsolicited\n5.7.1 and was blocked"),
        (550, "M", "5.7.26 This mail is unauthenticated: neither SPF nor DKIM passed"),
        (
            550,
            "M",
            "5.7.515 Access denied, QUAY.EXAMPLE does not meet the required authentication level",
        ),
        (550, "R", "5.7.1 Unfortunately, messages from [192.0.2.7] weren't sent: a part of the network is on our list"),
        (550, "R", "5.7.606 Access denied, banned sending IP [192.0.2.7]"),
        (554, "M", "5.7.9 Message not accepted for policy reasons"),
        (554, "R", "5.7.1 Service unavailable; Client host [192.0.2.7] blocked using bl.lists.example"),
        (554, "M", "Message not allowed - [PH01] Email not accepted for policy reasons"),
        (554, "M", "Transaction failed"),
        (550, "M", "This message was classified as SPAM and may not be delivered"),
        (550, "M", "Administrative prohibition"),
        (550, "R", "Requested action not taken: mailbox unavailable\nReject due to policy restrictions"),
        (550, "R", "Rejected because 192.0.2.7 is in a black list at dnsbl.lists.example"),
        (552, "M", "5.3.4 Message size exceeds fixed limit"),
        (552, "M", "5.2.3 Your message is larger than this mailbox takes"),
        (552, "S", "5.3.4 Message size exceeds fixed limit"),
        (552, "M", "message too big"),
        (552, "S", "message exceeds maximum size"),
        (554, "M", "5.6.0 the message cannot be written"),
        (553, "R", "5.6.7 our mail server takes no address with letters outside ASCII"),
        (554, "M", "5.4.6 Hop count exceeded - possible mail loop"),
        (550, "M", "5.1.0 something about addresses"),
    ],
    Verdict.SENDER: [
        (530, "S", "5.7.0 Must issue a STARTTLS command first"),
        (530, "R", "5.7.57 Client not authenticated to send mail"),
        (535, "S", "5.7.8 Username and password not accepted"),
        (550, "S", "5.7.1 this sender may not send"),
        (553, "S", "5.1.7 this is no address that a mail server can be told"),
        (501, "S", "Bad address syntax"),
        (550, "R", "5.1.8 <bounces@quay.example>: Sender address rejected: Domain not found"),
        (550, "R", "Sender verify failed"),
        (554, "R", "5.7.1 <ana@harbour.example>: Relay access denied"),
        (550, "R", "relay not permitted"),
        (553, "R", "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)"),
        (550, "R", "5.7.64 TenantAttribution; Relay Access Denied"),
        (550, "M", "5.4.5 Daily user sending limit exceeded"),
        (550, "S", "5.1.1 no such sender"),
        (552, "S", "5.2.2 the sender is over quota"),
    ],
}
TABLE = [(*row, meant) for meant, rows in SAID.items() for row in rows]
STAGES = {"S": Stage.SENDER, "R": Stage.RECIPIENT, "M": Stage.MESSAGE}


@pytest.mark.parametrize(("code", "asked", "words", "meant"), TABLE)
def test_what_an_answer_means(code: int, asked: str, words: str, meant: Verdict) -> None:
    assert verdict(Answer(1, code, STAGES[asked], words)) == meant


def test_every_refusal_is_one_of_the_seven_and_none_is_taken_for_a_yes() -> None:
    for code in range(300, 600):
        for stage in Stage:
            assert verdict(Answer(1, code, stage, "")) != Verdict.ACCEPTED
    assert len(TABLE) >= 60


@given(st.text())
def test_a_4xx_never_ends_a_row(words: str) -> None:
    for stage in Stage:
        assert verdict(Answer(1, 450, stage, words)) in {Verdict.LATER, Verdict.SOFT}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("5.1.1 no such user", "5.1.1"),
        ("#5.1.0 Address rejected.", "5.1.0"),
        ("sorry (#5.7.1)", "5.7.1"),
        ("[5.7.1] no", "5.7.1"),
        ("first line\n4.2.2 second line", "4.2.2"),
        ("host mx.harbour.example said: 550-5.1.1 nobody", "5.1.1"),
        ("refused: 5.7.515 not you", "5.7.515"),
        ("5.1.1.", "5.1.1"),
        ("5.188.1.2 is listed", ""),
        ("[5.1.1.2] is listed", ""),
        ("Exim 4.94.2 is tired", ""),
        ("3.1.1 means nothing", ""),
        ("5.1.1234", ""),
        ("", ""),
    ],
)
def test_the_status_is_found_where_servers_write_it(words: str, found: str) -> None:
    assert status(words) == found


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("5.1.1 <ana@harbour.example>: User unknown", "5.1.1 …: User unknown"),
        ("5.1.1 The account\n5.1.1 is not here\n5.1.1 q3", "5.1.1 The account is not here q3"),
        ("sorry, ana@harbour.example, no (#5.1.1)", "5.1.1 sorry, …, no"),
        ("see https://harbour.example/?to=ana%40harbour.example&x=1", "see https:…"),
        ('"ana lima"@harbour.example unknown', "… unknown"),
        ("mailbox ana.lima is not here; ANA.LIMA!", "mailbox … is not here; …!"),
        ("banana.limana stays", "banana.limana stays"),
        ("a\tb\x00c\x1b[31m", "a b c [31m"),
        ("2.0.0 Ok: queued as 4F2", "2.0.0 Ok: queued as 4F2"),
    ],
)
def test_what_is_kept_of_an_answer_names_nobody(words: str, kept: str) -> None:
    assert without_addresses(words, recipient="ana.lima@harbour.example") == kept


@given(st.text(), st.emails(), st.text())
@example("x" * 300, "ana@harbour.example", "")
@example("(", "ana@harbour.example", ")")
def test_no_address_is_kept_whatever_stands_around_it(before: str, email: str, after: str) -> None:
    kept = without_addresses(f"{before} {email} {after}", recipient=email)
    assert email not in kept
    assert len(kept) <= LONGEST
    assert "\n" not in kept
