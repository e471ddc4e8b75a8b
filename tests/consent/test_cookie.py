"""The cookie is small, readable by the page's script, and trusted only with this site's signature."""

import dataclasses
import random
import subprocess
import sys
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client, override_settings
from django.utils.crypto import salted_hmac
from hypothesis import given
from hypothesis import strategies as st

from consent import cookie, decide
from consent.catalogue import MOST_BITS, Published
from consent.cookie import Remembered, Standing
from policies.models import PolicyPage
from tests import make
from tests.consent import catalogues
from tests.consent.conftest import Post

LATER = make.NOW + timedelta(minutes=1)


def chosen(published: Published, *allowed: str) -> Remembered:
    decision = make.decision(published, *allowed)
    assert decision.expires_at
    return decide.remembered(decision, published, expires_at=decision.expires_at)


def kept(published: Published, *allowed: str) -> Remembered:
    """The same as it comes back from the browser."""
    remembered = cookie.read(cookie.write(chosen(published, *allowed)))
    assert remembered
    return remembered


def stands(remembered: Remembered, published: Published, at: Any = LATER, since: Any = None) -> Standing:
    return cookie.standing(remembered, published, at=at, asked_again_since=since)


def sealed(value: str) -> str:
    """As this site would have signed it."""
    return f"{value}.{cookie._signature(value, settings.SECRET_KEY)}"


def test_it_says_what_was_chosen(published: Published) -> None:
    remembered = kept(published, "analytics")
    assert stands(remembered, published) == Standing({"analytics": True}, {"tally": True})
    assert remembered.decided_at == make.NOW


def test_it_says_what_was_refused(published: Published) -> None:
    assert stands(kept(published), published) == Standing({"analytics": False}, {"tally": False})


def test_it_says_whose_it_is(published: Published) -> None:
    decision = make.decision(published)
    assert decision.expires_at
    value = cookie.write(decide.remembered(decision, published, expires_at=decision.expires_at))
    assert cookie.read(value) == decide.remembered(decision, published, expires_at=_midnight(decision.expires_at))


def _midnight(at: Any) -> Any:
    return at.replace(hour=0, minute=0, second=0, microsecond=0)


def test_each_group_and_each_service_has_a_bit_of_its_own(policy: PolicyPage) -> None:
    for number in range(20):
        catalogues.group(f"group-{number:02}", f"service-{number:02}")
    published = make.publish()
    found = stands(kept(published, "group-01", "group-13"), published)
    assert [key for key, yes in found.groups.items() if yes] == ["group-01", "group-13"]
    assert [key for key, yes in found.services.items() if yes] == ["service-01", "service-13"]
    assert len(found.groups) == len(found.services) == 20


def test_what_was_not_decided_is_neither_yes_nor_no(policy: PolicyPage) -> None:
    published = catalogues.of_three()
    mask = cookie.mask_of({"maps": False}, {"tides": True}, published, gpc=True)
    remembered = dataclasses.replace(chosen(published), mask=mask)
    assert stands(remembered, published) == Standing({"maps": False}, {"streets": False, "tides": True})
    assert remembered.gpc


def test_a_required_group_is_not_the_cookies_to_allow(published: Published) -> None:
    assert "essential" not in stands(kept(published, "analytics"), published).groups


def test_the_fullest_catalogue_fits_in_a_hundred_bytes(policy: PolicyPage) -> None:
    for number in range(MOST_BITS // 3):
        catalogues.group(f"group-{number:02}", f"service-{number:02}")
    published = make.publish()
    last = published.choosable[-1]
    assert max(last["bit"] + 1, *(row["bit"] for row in last["services"])) >= MOST_BITS - 2
    remembered = kept(published, *published.optional)
    assert all(stands(remembered, published).groups.values())
    fullest = dataclasses.replace(remembered, number=0xFFFF, mask=(1 << MOST_BITS + 1) - 1)
    assert len(cookie.write(fullest).encode()) == 100
    assert cookie.read(cookie.write(fullest)) == fullest


def test_it_ends_with_a_day_and_never_later_than_decided(published: Published) -> None:
    remembered = kept(published, "analytics")
    ends = make.NOW + timedelta(days=182)
    assert remembered.expires_at == _midnight(ends) < ends
    assert stands(remembered, published, at=remembered.expires_at - timedelta(microseconds=1)).groups
    assert stands(remembered, published, at=remembered.expires_at) == Standing()


def test_a_material_change_of_one_group_leaves_the_choice_about_the_others(policy: PolicyPage) -> None:
    remembered = kept(catalogues.of_three(), "analytics", "maps", "marketing")
    found = stands(remembered, catalogues.change("maps"))
    assert found.groups == {"analytics": True, "marketing": True}
    assert "streets" not in found.services


def test_a_choice_about_a_later_configuration_says_nothing_about_an_earlier_one(policy: PolicyPage) -> None:
    """Bits that are free again are given anew: in the earlier configuration they are another's."""
    earlier = catalogues.of_three()
    later = catalogues.change("maps")
    assert stands(kept(later, "maps"), earlier) == Standing()


def test_another_sites_choice_is_none_here(published: Published) -> None:
    remembered = dataclasses.replace(kept(published, "analytics"), series="abcdef")
    assert stands(remembered, published) == Standing()


def test_one_changed_letter_anywhere_makes_it_worthless(published: Published) -> None:
    value = cookie.write(chosen(published))
    for place, letter in enumerate(value):
        other = "0" if letter != "0" else "1"
        assert cookie.read(value[:place] + other + value[place + 1 :]) is None, place


PERSON = "A" * 22


@pytest.mark.parametrize(
    "value",
    [
        "",
        "analytics=2999-01-01",
        "analytics=-1",
        "1.0000001.1.1.1." + PERSON,
        "2.0000001.1.1.1",
        "2.000000.1.1.1." + PERSON,
        "2.0000001.no number.1.1." + PERSON,
        "2.0000001.1.1.1." + "A" * 21,
        "2.0000001.1.1.1.ümlaut",
        "2.0000001." + "f" * 40 + ".1.1." + PERSON,
        "2.0000001.1." + "f" * 40 + ".1." + PERSON,
        "2.0000001.1.1.1." + PERSON + ".more",
    ],
)
def test_what_is_not_of_this_format_is_not_trusted_even_if_signed(value: str) -> None:
    assert cookie.read(value) is None
    assert cookie.read(sealed(value)) is None


def test_what_somebody_else_signed_is_not_trusted(published: Published) -> None:
    said = cookie.write(chosen(published)).rpartition(".")[0]
    assert cookie.read(sealed(said)) is not None
    others = salted_hmac("mailing.confirm", said, algorithm="sha256").digest()
    for signature in (cookie._signature(said, "another site's"), cookie._encode(others[:16]), "", "A"):
        assert cookie.read(f"{said}.{signature}") is None
    assert cookie.read(signing.Signer(salt="consent.cookie", sep=".").sign(said)) is None


def test_a_retired_key_still_counts(published: Published) -> None:
    value = cookie.write(chosen(published, "analytics"))
    with override_settings(SECRET_KEY="the new key", SECRET_KEY_FALLBACKS=[]):
        assert cookie.read(value) is None
    with override_settings(SECRET_KEY="the new key", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert cookie.read(value)


def test_no_bytes_at_all_upset_it() -> None:
    chance = random.Random(27560)
    for _ in range(3000):
        noise = "".join(chr(chance.randrange(0x11000)) for _ in range(chance.randrange(120)))
        parts = [noise[: chance.randrange(60)] for _ in range(chance.randrange(6))]
        assert cookie.read(noise) is None
        assert cookie.read(".".join(parts)) is None


@given(
    number=st.integers(1, 0xFFFF),
    mask=st.integers(0, (1 << MOST_BITS + 1) - 1),
    minutes=st.integers(0, 50 * 365 * 24 * 60),
    days=st.integers(0, 999 * 365),
    person=st.uuids(),
)
def test_whatever_is_written_is_read_back(number: int, mask: int, minutes: int, days: int, person: uuid.UUID) -> None:
    at = make.NOW + timedelta(minutes=minutes)
    said = Remembered("00ff00", number, at, _midnight(at) + timedelta(days=days), mask, person)
    assert cookie.read(cookie.write(said)) == said
    assert len(cookie.write(said)) <= 101  # the last day of a choice that lasts a thousand years takes one more


def test_the_page_shows_no_error_for_a_cookie_of_noise(client: Client, published: Published) -> None:
    assert client.get("/consent/", HTTP_COOKIE="candor_consent=\x7f\xe9,\xff; candor_consent").status_code == 200


def set_cookie(post: Post) -> Any:
    return post().cookies["candor_consent"]


def test_a_script_may_read_it_and_other_sites_do_not_send_it(post: Post) -> None:
    sent = set_cookie(post)
    assert (sent["path"], sent["samesite"], sent["httponly"], sent["domain"]) == ("/", "Lax", "", "")


def test_the_browser_forgets_it_when_the_decision_ends(post: Post) -> None:
    assert set_cookie(post)["max-age"] - 182 * 24 * 3600 in {0, 1}  # Django adds a second; the signed day is earlier


def test_production_sends_it_over_tls_alone() -> None:
    names = ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "SITE_URL", "ALLOWED_HOSTS", "EMAIL_HOST", "DEFAULT_FROM_EMAIL")
    names += ("MAIL_SUPPRESSION_KEY",)
    values = dict.fromkeys(names, "x") | {
        "DATABASE_URL": "postgresql://host/name",
        "REDIS_URL": "redis://host/0",
        "SITE_URL": "https://candor.example",
        "RECORDS_KEYS": f"2026={'0' * 64}",
        "RECORDS_INDEX_KEY": "0" * 64,
    }
    program = "from cms.settings import production; print(production.SESSION_COOKIE_SECURE)"
    done = subprocess.run([sys.executable, "-c", program], env=values, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


@pytest.mark.parametrize("secure", [True, False])
def test_it_travels_like_the_session_cookie(post: Post, secure: bool) -> None:
    with override_settings(SESSION_COOKIE_SECURE=secure):
        assert bool(set_cookie(post)["secure"]) is secure
