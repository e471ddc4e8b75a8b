"""A decision names the policy that was in force at its very instant, and the translation that was read."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from wagtail.models import Site

from consent import told
from consent.catalogue import Published
from consent.models import Decision
from consent.told import Told
from policies import effective, freeze
from policies.models import PolicyPage
from tests import make
from tests.consent.conftest import Post
from tests.policies import languages

SOON = make.NOW + timedelta(days=10)
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def policy(db: None, clock: time_machine.Traveller) -> PolicyPage:
    """In force in English and in Russian; the next version is announced in English, its translation a day later."""
    page = make.policy(make.site(), "We keep nothing.")
    languages.translate(page, "Мы ничего не храним.").save_revision().publish()
    return make.revise(page, "We keep a little.", at=SOON, material=True)


def here() -> int:
    return Site.objects.get().pk


def named(said: Told) -> tuple[int | None, str | None]:
    return said.version and said.version.number, said.rendition and said.rendition.language


@pytest.mark.parametrize(
    ("language", "at", "expected"),
    [
        ("en", make.NOW, (1, None)),
        ("ru", make.NOW, (1, "ru")),
        ("en", SOON - MICROSECOND, (1, None)),
        ("ru", SOON - MICROSECOND, (1, "ru")),
        ("en", SOON, (2, None)),
        ("ru", SOON, (2, None)),  # not translated: what they read was English
    ],
)
def test_the_version_and_the_translation_of_that_instant(
    policy: PolicyPage, language: str, at: datetime, expected: tuple[int, str | None]
) -> None:
    told.at(here(), make.NOW, "en")  # read long before
    assert named(told.at(here(), at, language)) == expected


def test_it_agrees_with_the_page_at_every_instant(policy: PolicyPage, clock: time_machine.Traveller) -> None:
    clock.shift(timedelta(days=1))
    languages.translate(policy, "Мы храним немного.").save_revision().publish()
    make.revise(policy, "We keep more.", at=SOON + timedelta(days=5))
    told.forget()
    told.at(here(), make.NOW + timedelta(days=1), "en")
    russian = PolicyPage.objects.get(locale=languages.russian())
    for hours in range(30, 24 * 18, 7):
        at = make.NOW + timedelta(hours=hours)
        assert told.at(here(), at, "en").version == effective.version_shown(Site.objects.get(), at)
        said = told.at(here(), at, "ru")
        assert said.version
        assert effective.reading(russian, said.version, at).shown == (said.rendition or said.version)


def test_after_the_end_of_the_policy_there_is_none(policy: PolicyPage) -> None:
    end = SOON + timedelta(days=5)
    freeze.end(page=policy, effective_from=end, now=make.NOW, note="We closed.")
    told.forget()
    assert named(told.at(here(), end - MICROSECOND, "en")) == (2, None)
    assert named(told.at(here(), end, "en")) == (None, None)
    assert effective.version_shown(Site.objects.get(), end) is None


def test_a_version_that_was_withdrawn_is_never_named(policy: PolicyPage) -> None:
    assert named(told.at(here(), SOON, "en")) == (2, None)
    freeze.withdraw(version=policy.versions.get(number=2), now=make.NOW, reason="A mistake.")
    assert named(told.at(here(), SOON, "en")) == (1, None)
    assert told.asked_again_since(here(), SOON) is None


def test_everybody_is_asked_again_from_the_very_instant_of_a_material_version(policy: PolicyPage) -> None:
    assert told.asked_again_since(here(), SOON - MICROSECOND) is None
    assert told.asked_again_since(here(), SOON) == SOON


def test_it_is_asked_of_the_database_once(policy: PolicyPage, django_assert_num_queries: Any) -> None:
    site, at = here(), make.NOW
    told.at(site, at, "en")
    told.lasts(at)
    told.site_of("testserver", "80")
    with django_assert_num_queries(1):  # whether a text was frozen or withdrawn since
        assert named(told.at(site, SOON, "ru")) == (2, None)
    with django_assert_num_queries(0):
        assert told.asked_again_since(site, SOON) == SOON
        assert told.lasts(at) == timedelta(days=182)
        assert told.site_of("testserver", "80")


@pytest.mark.parametrize(
    ("address", "page", "expected"),
    [
        ("/consent/decide/", "/contact/", ("en", "/contact/", 1, None)),
        ("/ru/consent/decide/", "/ru/contact/", ("ru", "/ru/contact/", 1, "ru")),
    ],
)
def test_a_decision_says_the_language_the_page_and_the_text(
    client: Client, published: Published, address: str, page: str, expected: tuple[Any, ...]
) -> None:
    said = {"choices": {}, "snapshot": published.sha256, "key": "12345678-1234-4678-9234-567812345678"}
    where = {"HTTP_REFERER": f"http://testserver{page}"}
    assert client.post(address, said, content_type="application/json", **make.HERE, **where).status_code == 201
    decision = Decision.objects.get()
    text = named(Told(decision.policy_version, decision.rendition))
    assert (decision.locale, decision.path, *text) == expected


def test_the_banner_of_a_russian_page_posts_to_the_russian_address(client: Client, published: Published) -> None:
    assert 'data-decide="/ru/consent/decide/"' in client.get("/ru/mail/join/").content.decode()
    assert 'data-decide="/consent/decide/"' in client.get("/mail/join/").content.decode()


def test_choices_before_and_after_the_instant_name_two_versions(
    post: Post, clock: time_machine.Traveller, policy: PolicyPage
) -> None:
    for at in (SOON - MICROSECOND, SOON):
        clock.move_to(at)
        post()
    assert [row.policy_version.number for row in Decision.objects.order_by("seq") if row.policy_version] == [1, 2]


def test_a_host_nobody_has_is_the_default_sites(policy: PolicyPage) -> None:
    assert told.site_of("elsewhere.example", "443") == Site.objects.get()
    Site.objects.all().delete()
    told.forget()
    assert told.site_of("elsewhere.example", "443") is None
