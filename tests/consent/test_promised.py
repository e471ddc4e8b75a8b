"""What is met on the site, or stands in its pages, and is declared nowhere breaks a promise until it is declared."""

from datetime import timedelta
from typing import Any

import pytest
from wagtail.models import Site

from consent import findings
from consent.catalogue import Published
from consent.models import Finding, Service
from home.models import StandardPage
from records import terms
from records.terms import Kind, Statement
from tests import make
from tests.consent.tampering import sql
from tests.records.promised import broken, command, one

STRANGER = "https://stranger.example"
MET, PASTED = "Cookies and hosts met on the site", "What pages load from others"


@pytest.fixture
def site(published: Published, clock: Any) -> Site:
    return Site.objects.get(pk=published.site_id)


def met(site: Site, name: str, **said: Any) -> Finding:
    usual = {"kind": "host", "source": "csp", "page": "/", "now": make.NOW}
    findings.record(site_id=site.pk, name=name, **usual | said)
    return Finding.objects.get(name=name)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("_ga", {"kind": "cookie", "source": "scan"}),
        ("_fbp", {"kind": "cookie", "source": "cookie"}),
        (STRANGER, {"kind": "host", "source": "scan"}),
        ("visits", {"kind": "local", "source": "scan"}),
    ],
)
def test_what_was_met_breaks_the_promise_until_somebody_sees_to_it(site: Site, name: str, said: Any) -> None:
    row = met(site, name, **said)
    status, printed = command()
    assert (status, MET in broken(printed)) == (1, True)
    assert f" {name}]" in printed
    findings.dismiss(Finding.objects.filter(pk=row.pk), by="vera", now=make.NOW)
    assert MET not in broken(command()[1])


def test_it_is_mended_by_declaring_it_as_well(site: Site) -> None:
    met(site, STRANGER, source="scan")
    assert MET in broken(command()[1])
    Service.objects.update(connect_origins=[STRANGER])
    make.publish()
    assert MET not in broken(command()[1])


def test_a_few_reports_of_browsers_are_mentioned_and_five_minutes_of_them_count(site: Site) -> None:
    for minute in range(5):
        found = one("consent.findings", make.NOW)
        assert found.state == "kept"
        assert ("A few browsers" in found.evidence) is (minute > 0)
        met(site, STRANGER, now=make.NOW + minute * timedelta(minutes=1))
    assert one("consent.findings", make.NOW).state == "broken"


def test_what_strangers_may_have_made_up_is_not_shown_to_the_public(site: Site, client: Any) -> None:
    for minute in range(5):
        met(site, "https://rude-words.example", now=make.NOW + minute * timedelta(minutes=1))
    assert "rude-words" in str(one("consent.findings", make.NOW).details)
    for address in ("/promises/", "/promises.json"):
        page = client.get(address).content.decode()
        assert "rude-words" not in page
        assert "fewer than 5" in page


def test_it_is_stated_by_the_policy_that_lists_the_services(site: Site) -> None:
    said = [Statement(Kind.SERVICE, "tally", {"vendor": "Tally Works"})]
    policy = make.uuid.UUID(int=7)
    terms.write(policy=policy, number=1, label="Cookie policy, version 1", effective_from=make.NOW, statements=said)
    assert one("consent.findings", make.NOW).stated_by == "Cookie policy, version 1"


def test_a_script_in_a_live_page_that_no_service_covers(site: Site) -> None:
    """Pasted where no form and no signal looks: into the table."""
    page = StandardPage(title="Tides", slug="tides", body="<p>Tides.</p>")
    site.root_page.add_child(instance=page)
    assert PASTED not in broken(command()[1])
    pasted = f'[{{"type": "html", "id": "1", "value": "<script src={STRANGER}/x.js></script>"}}]'
    sql("UPDATE home_standardpage SET sections = %s WHERE page_ptr_id = %s", pasted, page.pk)
    status, printed = command()
    assert (status, PASTED in broken(printed)) == (1, True)
    assert f"[Tides (#{page.pk})]" in printed
    page.refresh_from_db()
    page.sections = []
    page.save()
    assert PASTED not in broken(command()[1])


def test_a_service_taken_away_under_a_live_page(site: Site) -> None:
    Service.objects.update(frame_origins=[STRANGER])
    make.publish()
    page = StandardPage(title="Tides", slug="tides", body="<p>Tides.</p>")
    page.sections = [("html", f"<iframe src={STRANGER}/x></iframe>")]
    site.root_page.add_child(instance=page)
    assert PASTED not in broken(command()[1])
    Service.objects.update(frame_origins=[])
    make.publish()
    assert PASTED in broken(command()[1])
    page.unpublish()
    assert PASTED not in broken(command()[1])
