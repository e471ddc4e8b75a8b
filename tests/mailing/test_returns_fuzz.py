"""Whatever comes to the return address or is posted as a provider's word: no error of ours, and no address suppressed
by what carries no token of ours. FUZZ_SEED repeats a run."""

import json
import os
import random
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from mailing import returns, tokens
from mailing.models import Delivery, MailingList, Return, Subscription, Suppression
from mailing.returns import Nothing, Report, mime, parse
from tests import make
from tests.mailing import returned
from tests.mailing.test_webhooks import KEY, PLAIN, SECRET, SNS, basic, mailgun, post, postmark, ses

pytestmark = pytest.mark.timeout(300)
SEED = int(os.environ.get("FUZZ_SEED") or random.SystemRandom().randrange(2**32))
OURS, FORGED, RANDOM, POSTED = 1_500, 1_500, 700, 1_300  # 5,000 in all
SECONDS = 60  # of processor time: machines are shared
NASTY = [
    b"\0",
    b"\xff\xfe",
    b"\r",
    b"\n\n",
    b"--b1\n",
    b"Content-Type: multipart/mixed; boundary=b1\n\n--b1\n",
    b"Content-Type: multipart/report; boundary*0=a; boundary*1=b; boundary*=c\n",
    b"Content-Type: message/rfc822\n\n" * 40,
    b"Content-Type: message/delivery-status\n\nAction: failed\nStatus: 5.1.1\nFinal-Recipient: rfc822; a@b.example\n\n",
    b"Feedback-Type: abuse\n",
    b"Content-Transfer-Encoding: base64\n",
    b"Content-Transfer-Encoding: x-uuencode\n\nbegin 644 x\n",
    b"Subject: =?utf-8?b?" + b"A" * 300 + b"?=\n",
    b"Status: 5.1.1\n" * 30,
    b'";' * 500,
    "Message-ID: <ана@пошта.example>\n".encode(),
]


def mutated(raw: bytes, chance: random.Random) -> bytes:
    """Bitten into, doubled, put together with another, filled with what parsers stumble over."""
    for _time in range(chance.randint(1, 5)):
        place, length = chance.randrange(len(raw) + 1), chance.randint(0, chance.choice([2, 40, 400]))
        how = chance.randrange(7)
        if how == 0:
            raw = raw[:place] + raw[place + length :]
        elif how == 1:
            raw = raw[:place] + chance.randbytes(length) + raw[place + length :]
        elif how == 2:
            raw = raw[:place] + raw[place : place + length] * chance.randint(2, 9) + raw[place + length :]
        elif how == 3:
            raw = raw[:place] + chance.choice(NASTY) + raw[place:]
        elif how == 4:
            other = without_tokens(returned.sample(chance.choice(returned.NAMES), 0), 0, chance)
            raw = raw[:place] + other[chance.randrange(len(other)) :]
        elif how == 5:
            lines = raw.split(b"\r\n")
            chance.shuffle(lines)
            raw = b"\r\n".join(lines) if chance.random() < 0.2 else raw.upper()
        else:
            raw = raw[:place] + chance.choice(NASTY) * chance.randint(1, 50) + raw[place + length :]
    return raw


def without_tokens(raw: bytes, delivery: int, chance: random.Random) -> bytes:
    """The same with tokens that somebody made up: one letter is another."""
    for act in (tokens.RETURN, tokens.MESSAGE):
        token = tokens.make_lower(act, delivery)
        place = chance.randrange(len(token) - 1)  # the last letter has bits to spare
        other = chance.choice([letter for letter in "abcdefghijklmnopqrstuvwxyz234567" if letter != token[place]])
        made_up = token[:place] + other + token[place + 1 :]
        raw = raw.replace(token.encode(), made_up.encode()).replace(token.upper().encode(), made_up.upper().encode())
    return raw


def within(started: float, count: int) -> None:
    took = time.process_time() - started
    print(f"seed {SEED}: {count} in {took:.1f} s of this processor")  # noqa: T201 - shown with -s, and where the test fails
    assert took < SECONDS


@pytest.fixture
def row(news: MailingList) -> Delivery:
    return returned.to(make.ANA, news)


def nothing_happened() -> bool:
    left = Subscription.objects.exclude(left_at=None).exists() or Delivery.objects.exclude(state="sent").exists()
    return not (Return.objects.exists() or Suppression.objects.exists() or left)


def test_a_report_that_is_bitten_into_says_nothing_or_what_it_said_about_the_same_row(row: Delivery) -> None:
    chance, started, read = random.Random(SEED), time.process_time(), 0
    other = returned.to(make.BEN, row.campaign.mailing_list)  # type: ignore[union-attr, arg-type]
    for _number in range(OURS):
        raw = mutated(returned.sample(chance.choice(returned.NAMES), row.pk), chance)
        found = parse.read(raw, to=[chance.choice(["", returned.address(row.pk), "x" * 500, "\0@"])])
        assert isinstance(found, Report | Nothing), SEED
        if isinstance(found, Report):
            assert found.delivery == row.pk, SEED
            returns.receive(found, source=Return.Source.MAILBOX, now=make.NOW)
            read += 1
    within(started, OURS)
    assert 0 < read < OURS  # some kept their token and their sense
    assert Return.objects.count() <= len(Return.Kind)  # however many there were
    assert not other.returns.exists()
    assert set(Suppression.objects.values_list("scope", flat=True)) <= {"all", "lists"}


def test_nothing_follows_from_a_report_with_a_token_that_somebody_made_up(row: Delivery) -> None:
    chance, started = random.Random(SEED + 1), time.process_time()
    for number in range(FORGED):
        name = returned.NAMES[number % len(returned.NAMES)]
        raw = without_tokens(returned.sample(name, row.pk), row.pk, chance)
        raw = raw if number < len(returned.NAMES) else mutated(raw, chance)  # each whole one first
        found = parse.read(raw, to=[make.ANA, f"bounces+{'a' * 39}@quay.example"])
        assert isinstance(found, Nothing), (SEED, name)
    within(started, FORGED)
    assert nothing_happened()


pieces = st.sampled_from([*NASTY, *[returned.sample(name, 0)[:2_000] for name in returned.NAMES]]) | st.binary(
    max_size=80
)


@seed(SEED)
@settings(max_examples=RANDOM, suppress_health_check=list(HealthCheck), database=None)
@given(raw=st.lists(pieces, max_size=8).map(b"".join), to=st.lists(st.text(max_size=60), max_size=3))
def test_bytes_of_any_kind_are_a_report_or_nothing(raw: bytes, to: list[str]) -> None:
    found = parse.read(raw, to=to)
    assert isinstance(found, Nothing) or found.delivery == 0


Poster = Callable[[Client, Any], Any]
POSTERS: dict[str, Poster] = {
    "nobody": lambda client, body: post(client, "postmark", body),
    "wrong": lambda client, body: post(client, "brevo", body, **basic("hook:another-password")),
    "unsigned": lambda client, body: post(client, "mailgun", body),
    "postmark": lambda client, body: post(client, "postmark", body, **basic()),
    "brevo": lambda client, body: post(client, "brevo", body, **basic()),
    "mailjet": lambda client, body: post(client, "mailjet", body, **basic()),
    "sparkpost": lambda client, body: post(client, "sparkpost", body, **basic()),
    "mailgun": lambda client, body: post(client, "mailgun", body, **basic()),
    "sns": lambda client, body: post(client, "amazon_ses", body, content_type=PLAIN, **SNS, **basic()),
}


def test_whatever_is_posted_is_answered_and_unsigned_or_without_a_token_it_changes_nothing(
    client: Client, row: Delivery, settings: Any
) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": SECRET, "MAILGUN_WEBHOOK_SIGNING_KEY": KEY}
    settings.RATELIMIT_ENABLE = False
    chance, started, answers = random.Random(SEED + 2), time.process_time(), set()
    for number in range(POSTED):
        who = list(POSTERS)[number % len(POSTERS)]
        body: Any = chance.choice([postmark, ses, mailgun])(row.pk)
        if number % 2:
            body = torn(body, chance)
        content = json.dumps(body).encode()
        if number % 3 == 0:
            content = mutated(content, chance)
        if who not in {"nobody", "wrong", "unsigned"}:  # who knows the secret, and no token
            content = without_tokens(content, row.pk, chance)
        elif who == "unsigned":
            content = content.replace(mailgun(0)["signature"]["signature"].encode(), b"0" * 64)
        status = POSTERS[who](client, content).status_code
        answers.add(status)
        assert status == 200 or 400 <= status < 500 or (status == 503 and who == "sns"), (SEED, who, content)
        assert status != 200 or who not in {"nobody", "wrong", "unsigned"}, (SEED, who, content)
    within(started, POSTED)
    assert {200, 400, 401, 403} <= answers
    assert nothing_happened()


def torn(value: Any, chance: random.Random) -> Any:
    """The same shape with something else in places."""
    odd = [None, [], {}, "", 0, -1, 10**30, "x" * 300, True, [[]], {"a": {}}, "2026-99-99T99:99:99Z", "5.1.1", "\ud800"]
    if chance.random() < 0.08:
        return chance.choice(odd)
    if isinstance(value, dict):
        return {name: torn(inner, chance) for name, inner in value.items() if chance.random() > 0.04}
    return [torn(inner, chance) for inner in value] if isinstance(value, list) else value


def nested(depth: int) -> bytes:
    return b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth))


@pytest.mark.parametrize(
    "raw",
    [
        nested(5_000) + b"\n" * 200_000,
        nested(800) + b"--b\n" * 200_000,
        nested(mime.MOST_BOUNDARIES // 2) + b"\n" * 200_000,
        b"Content-Type: multipart/mixed; x=" + b'";' * 130_000 + b"\n\n",
        b"Content-Type: multipart/mixed;\n" + b' x=";"\n' * 30_000 + b"\n\n",
        b"Content-Type: message/rfc822\n\n" * 9_000,
        b"Content-Type: message/delivery-status\n\n" + b"a: b\n\n" * 60_000,
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n\n" * 40_000,
        b"A: b\n" * 50_000,
        b"To: " + b"bounces+" + b"a" * 250_000 + b"@quay.example\n\n",
        b"To: x\n" + b" y\n" * 80_000 + b"\n",
        b"From: MAILER-DAEMON@mx.example\n\n" + b"5.1." * 60_000,
        b"Message-ID: <" * 20_000,
        b"\n" * 10_000_000,
    ],
    ids=lambda raw: repr(raw[:40]),
)
def test_what_is_made_to_keep_a_parser_busy_does_not(raw: bytes) -> None:
    started = time.process_time()
    assert parse.read(raw, to=["x@" * 100_000]) in Nothing
    assert time.process_time() - started < 2


def test_no_more_is_read_than_the_bounds_say() -> None:
    parts = b"".join(b"--b\r\nContent-Type: text/plain\r\n\r\n5\r\n" for _number in range(mime.MOST_PARTS * 4))
    whole = mime.message(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + parts + b"--b--\r\n")
    assert len(mime.parts(whole)) == mime.MOST_PARTS
    late = returned.sample("postfix-unknown-user", 7).replace(b"--4Zc1", b"x" * mime.MOST_BYTES + b"\r\n--4Zc1", 1)
    assert parse.read(late) is Nothing.UNRECOGNISED
