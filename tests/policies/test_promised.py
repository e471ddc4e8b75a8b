"""An altered version, and a page without a way to the policy, break a promise; the public learns that, not where."""

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from wagtail.models import Page, PageViewRestriction

from home.models import HomePage, StandardPage
from policies import promised
from policies.models import PolicyPage
from records import alarms
from tests import make
from tests.policies import languages
from tests.records import acting
from tests.records.acting import log as log
from tests.records.promised import broken, command, one, tamper

CHAIN, LINKED = "Versions of policies", "The way to the policy"


@pytest.fixture
def page(home: HomePage) -> PolicyPage:
    make.contact(home)
    return make.policy(home)


def test_a_version_that_was_altered(page: PolicyPage) -> None:
    assert one("policies.chain", make.NOW).state == "kept"
    tamper("UPDATE policies_policyversion SET html = replace(html, 'nothing', 'everything')")
    status, printed = command()
    assert (status, CHAIN in broken(printed)) == (1, True)
    assert "[Privacy policy, version 1: it was altered]" in printed
    tamper("UPDATE policies_policyversion SET html = replace(html, 'everything', 'nothing')")
    assert CHAIN not in broken(command()[1])


def test_a_term_that_was_altered(page: PolicyPage) -> None:
    make.revise(page, "We keep little.")
    tamper("DELETE FROM records_termsheet WHERE number = 2")
    assert one("policies.chain", make.NOW).state == "broken"


def test_before_the_first_version_nothing_is_shown(home: HomePage) -> None:
    assert one("policies.chain", make.NOW).state == "unshown"
    assert one("policies.linked", make.NOW).state == "uncovered"


def without_link(name: str, settings: Any) -> Any:
    """A template of a theme that forgets the footer."""
    engine = {**settings.TEMPLATES[0], "APP_DIRS": False}
    loaders = ["django.template.loaders.app_directories.Loader"]
    override = ("django.template.loaders.locmem.Loader", {name: "<!doctype html><title>x</title><p>Hello.</p>"})
    options = engine["OPTIONS"] | {"loaders": [override, *loaders]}
    return override_settings(TEMPLATES=[engine | {"OPTIONS": options}])


@pytest.mark.parametrize(
    ("template", "address"), [("home/form_page.html", "/contact/"), ("consent/preferences.html", "/consent/")]
)
def test_a_page_that_does_not_lead_to_the_policy(page: PolicyPage, template: str, address: str, settings: Any) -> None:
    assert LINKED not in broken(command()[1])
    with without_link(template, settings):
        status, printed = command()
    assert (status, LINKED in broken(printed)) == (1, True)
    assert f"[{address}]" in printed
    assert LINKED not in broken(command()[1])


def test_every_kind_of_page_and_every_other_address_is_read(page: PolicyPage) -> None:
    home = HomePage.objects.get()
    for number in range(3):
        home.add_child(instance=StandardPage(title=f"Tides {number}", slug=f"tides-{number}", body="<p>x</p>"))
    found = promised.addresses(home.get_site())
    assert {"/", "/contact/", "/privacy/", "/consent/", "/mail/join/", "/promises/"} <= set(found)
    assert sum("tides" in address for address in found) == 1, "one of each kind"
    assert all("<" not in address for address in found)


def test_each_language_is_read(page: PolicyPage) -> None:
    home = HomePage.objects.get()
    russian = home.copy_for_translation(languages.russian())
    russian.save_revision().publish()
    assert "/ru/" in promised.addresses(home.get_site())
    assert one("policies.linked", make.NOW).state == "kept"


def test_what_visitors_cannot_read_is_not_read(page: PolicyPage) -> None:
    contact = Page.objects.get(slug="contact")
    PageViewRestriction.objects.create(page=contact, restriction_type="login")
    assert "/contact/" not in promised.addresses(contact.get_site())


def test_the_public_is_not_told_where(page: PolicyPage, client: Client, settings: Any) -> None:
    with without_link("home/form_page.html", settings):
        alarms.watch(now=make.NOW)
    cache.clear()  # it has read the page itself, before it knew
    shown = client.get("/promises/").content.decode()
    assert "Some do not lead there." in shown
    assert "/contact/" not in shown.partition("<main")[2].partition("</main>")[0]


def test_reading_itself_is_no_action_of_a_visitor(page: PolicyPage, client: Client, log: Path) -> None:
    assert one("policies.linked", make.NOW).state == "kept"
    assert acting.waiting() == []
    client.get("/contact/", headers={"candor.reads_itself": "1", "Candor-Reads-Itself": "1"})
    assert len(acting.waiting()) == 1, "no header of a visitor's passes for it"
