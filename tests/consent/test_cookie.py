"""The cookie is small, readable by the page's script, and trusted only with this site's signature."""

import random
import subprocess
import sys
import uuid
from typing import Any

import pytest
from django.core import signing
from django.test import Client, override_settings

from consent import catalogue, decide
from consent.catalogue import Published
from consent.models import Decision
from policies.models import PolicyPage
from tests import make
from tests.consent.conftest import Post


def with_groups(count: int) -> Published:
    for number in range(count):
        catalogue.add_group(key=f"group-{number:02}", name=f"Group {number}", description="")
    return make.publish()


def decided(published: Published, *allowed: str) -> Decision:
    decision, _new = decide.record(
        choices=decide.complete(dict.fromkeys(allowed, True), published),
        source=Decision.Source.BANNER,
        at=make.NOW,
        key=uuid.uuid4(),
        policy_version=None,
        published=published,
    )
    return decision


def signed(*parts: str) -> str:
    return signing.Signer(salt="consent.cookie", sep=".").sign(".".join(parts))


def test_it_says_what_was_chosen(published: Published) -> None:
    decision = decided(published, "analytics")
    remembered = decide.read_cookie(decide.cookie_value(decision, published))
    assert remembered
    assert remembered.decision == decision.id
    assert remembered.allows("analytics", published)


def test_it_says_what_was_refused(published: Published) -> None:
    remembered = decide.read_cookie(decide.cookie_value(decided(published), published))
    assert remembered
    assert not remembered.allows("analytics", published)


def test_each_group_has_a_bit_of_its_own(policy: PolicyPage) -> None:
    published = with_groups(40)
    remembered = decide.read_cookie(decide.cookie_value(decided(published, "group-01", "group-33"), published))
    assert remembered
    allowed = [name for name in published.optional if remembered.allows(name, published)]
    assert allowed == ["group-01", "group-33"]


def test_a_required_group_is_not_the_cookies_to_allow(published: Published) -> None:
    remembered = decide.read_cookie(decide.cookie_value(decided(published, "analytics"), published))
    assert remembered
    assert not remembered.allows("essential", published)


def test_seventy_two_groups_fit_in_a_hundred_bytes(policy: PolicyPage) -> None:
    published = with_groups(72)
    value = decide.cookie_value(decided(published, *published.optional), published)
    assert len(value.encode()) == 100


def test_it_says_nothing_about_another_configuration(published: Published) -> None:
    remembered = decide.read_cookie(decide.cookie_value(decided(published, "analytics"), published))
    newer = with_groups(1)
    assert remembered
    assert not remembered.allows("analytics", newer)


def test_one_changed_letter_anywhere_makes_it_worthless(published: Published) -> None:
    value = decide.cookie_value(decided(published), published)
    for place, letter in enumerate(value):
        other = "0" if letter != "0" else "1"
        assert decide.read_cookie(value[:place] + other + value[place + 1 :]) is None, place


@pytest.mark.parametrize(
    "value",
    [
        "",
        "analytics=2999-01-01",
        "analytics=-1",
        signed("2", "0" * 12, "1", "A" * 22),
        signed("1", "0" * 12, "1"),
        signed("1", "0" * 12, "no number", "A" * 22),
        signed("1", "0" * 12, "1", "A" * 21),
        signed("1", "0" * 12, "1", "ümlaut"),
        signing.Signer(salt="mailing.confirm", sep=".").sign(f"1.{'0' * 12}.1.{'A' * 22}"),
        signing.Signer(key="another site's", salt="consent.cookie", sep=".").sign(f"1.{'0' * 12}.1.{'A' * 22}"),
    ],
)
def test_what_is_not_ours_or_not_this_format_is_not_trusted(value: str) -> None:
    assert decide.read_cookie(value) is None


def test_no_bytes_at_all_upset_it() -> None:
    chance = random.Random(27560)
    for _ in range(3000):
        noise = "".join(chr(chance.randrange(0x11000)) for _ in range(chance.randrange(120)))
        parts = [noise[: chance.randrange(60)] for _ in range(chance.randrange(6))]
        assert decide.read_cookie(noise) is None
        assert decide.read_cookie(".".join(parts)) is None


def test_the_page_shows_no_error_for_a_cookie_of_noise(client: Client, published: Published) -> None:
    assert client.get("/consent/", HTTP_COOKIE="candor_consent=\x7f\xe9,\xff; candor_consent").status_code == 200


def set_cookie(post: Post) -> Any:
    return post().cookies["candor_consent"]


def test_a_script_may_read_it_and_other_sites_do_not_send_it(post: Post) -> None:
    cookie = set_cookie(post)
    assert (cookie["path"], cookie["samesite"], cookie["httponly"], cookie["domain"]) == ("/", "Lax", "", "")


def test_it_ends_with_the_decision(post: Post) -> None:
    assert set_cookie(post)["max-age"] == 182 * 24 * 3600


def test_production_sends_it_over_tls_alone() -> None:
    names = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "SITE_URL", "ALLOWED_HOSTS", "EMAIL_HOST", "DEFAULT_FROM_EMAIL")
    values = dict.fromkeys(names, "x") | {
        "DATABASE_URL": "postgresql://host/name",
        "REDIS_URL": "redis://host/0",
        "SITE_URL": "https://candor.example",
    }
    program = "from cms.settings import production; print(production.SESSION_COOKIE_SECURE)"
    done = subprocess.run([sys.executable, "-c", program], env=values, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


@pytest.mark.parametrize("secure", [True, False])
def test_it_travels_like_the_session_cookie(post: Post, secure: bool) -> None:
    with override_settings(SESSION_COOKIE_SECURE=secure):
        assert bool(set_cookie(post)["secure"]) is secure
