"""The editor's screens of what was found: what it looks like, what to do about it, and who set it aside."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from wagtail.models import Locale, ModelLogEntry, Page, PageViewRestriction, Site

from consent import catalogue, findings
from consent.catalogue import Published
from consent.models import Finding, Scan, Service
from consent.presets import find
from consent.scanning import compare, keep, pages
from consent.scanning.report import Run
from consent.scanning.seen import Seen, Sight, State
from home.models import FormPage, HomePage
from tests import desk, make
from tests.desk import signed_in

FOUND = "/cms/consent/found/"
SCAN = f"{FOUND}scan/"
ADD = ("add_service", "add_cookie", "add_cookiegroup", "add_recipient")
YOUTUBE, NOBODY = "https://www.youtube.com", "https://nobody.example"


@pytest.fixture
def site(published: Published) -> Site:
    return Site.objects.get(pk=published.site_id)


@pytest.fixture
def cms(site: Site) -> Client:
    return signed_in("view_service", "change_service", *ADD)


def told(answer: Any) -> str:
    return desk.told(answer).strip()


def found(site: Site, name: str = NOBODY, kind: str = "host") -> Finding:
    met: dict[str, Any] = {"source": "csp", "page": "/contact/", "now": make.NOW, "detail": "img-src"}
    findings.record(site_id=site.pk, kind=kind, name=name, **met)
    return Finding.objects.get(name=name)


def text(client: Client, address: str = FOUND) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_an_empty_list_says_what_fills_it(cms: Client) -> None:
    page = text(cms)
    assert "Nothing undeclared was found." in page
    assert "manage.py scan_cookies" in page
    assert "The scanner has not run here yet" in text(cms, SCAN)


def test_a_finding_says_where_when_and_by_whom_it_was_met(cms: Client, site: Site) -> None:
    found(site)
    page = text(cms)
    for words in (NOBODY, "Host, img-src", "/contact/", "told by a browser", "1 time", "1 March 2026", "12:00"):
        assert words in page, words
    assert "/cms/consent/services/new/" in page


def test_a_finding_that_looks_like_a_service_that_ships_leads_to_it(cms: Client, site: Site) -> None:
    found(site, YOUTUBE, "frame")
    assert "This looks like YouTube." in text(cms)
    assert '/cms/consent/services/well-known/?q=YouTube"' in text(cms)
    cms.post("/cms/consent/services/well-known/", {"service": find("youtube").key})
    assert "The draft names it: publish" in text(cms)
    make.publish()
    assert YOUTUBE not in text(cms)


def test_a_service_that_is_there_and_does_not_name_the_host_leads_to_its_form(cms: Client, site: Site) -> None:
    cms.post("/cms/consent/services/well-known/", {"service": "youtube"})
    row = Service.objects.get(key="youtube")
    Service.objects.update(frame_origins=[], embeds=[])
    found(site, YOUTUBE, "frame")
    assert f'/cms/consent/services/edit/{row.pk}/"' in text(cms)


def test_a_cookie_leads_to_the_form_of_a_cookie(cms: Client, site: Site) -> None:
    found(site, "mine", "cookie")
    assert "/cms/consent/cookies/new/" in text(cms)


def test_a_finding_is_dismissed_and_restored_and_the_log_says_by_whom(cms: Client, site: Site) -> None:
    row = found(site)
    answer = cms.post(FOUND, {"dismiss": row.pk}, follow=False)
    assert told(answer) == "1 finding was dismissed."
    assert NOBODY not in text(cms)
    assert "Dismissed by vera" in text(cms, f"{FOUND}?dismissed=1")
    assert told(cms.post(FOUND, {"restore": row.pk})) == "1 finding is open again."
    assert NOBODY in text(cms)
    acts = ModelLogEntry.objects.filter(object_id=str(row.pk)).order_by("pk").values_list("action", "user__username")
    assert list(acts) == [("consent.dismiss", "vera"), ("consent.restore", "vera")]
    assert "Dismissed a finding" in text(signed_in_as_root(), "/cms/reports/site-history/")


def signed_in_as_root() -> Client:
    from django.contrib.auth.models import User

    client = Client()
    client.force_login(User.objects.create_superuser("root"))
    return client


def test_all_that_is_shown_is_dismissed_at_once(cms: Client, site: Site) -> None:
    shown = [found(site, f"https://x{number}.example").pk for number in range(3)]
    hidden = found(site, "https://y.example")
    assert told(cms.post(FOUND, {"all": "dismiss", "shown": shown})) == "3 findings were dismissed."
    assert [row.pk for row in findings.open_findings(site)] == [hidden.pk]
    assert told(cms.post(FOUND, {"all": "restore", "shown": shown})).endswith("3 findings are open again.")


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "²", "999999"])
def test_a_number_that_is_none_changes_nothing(cms: Client, site: Site, number: str) -> None:
    found(site)
    assert told(cms.post(FOUND, {"dismiss": number})) == "0 findings were dismissed."


def test_the_list_is_narrowed_down_by_kind(cms: Client, site: Site) -> None:
    found(site)
    found(site, "mine", "cookie")
    page = text(cms, f"{FOUND}?kind=cookie")
    assert "<code>mine</code>" in page
    assert NOBODY not in page
    assert "Nothing like this was found." in text(cms, f"{FOUND}?kind=beacon")
    assert NOBODY in text(cms, f"{FOUND}?kind=nonsense&p=x&dismissed=x")


def test_another_site_has_its_own_list(cms: Client, site: Site) -> None:
    other = Site.objects.create(hostname="other.example", port=80, root_page=Page.objects.get(depth=1))
    row = found(site)
    assert NOBODY not in text(cms, f"{FOUND}?site={other.pk}")
    cms.post(f"{FOUND}?site={other.pk}", {"dismiss": row.pk})
    assert findings.open_findings(site) == [row]


def test_a_flood_is_told_of(cms: Client, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "MOST", 2)
    for number in range(3):
        findings.record(
            site_id=site.pk, kind="host", name=f"https://x{number}.example", source="csp", page="", now=make.NOW
        )
    assert "2 findings are open, and no further one is written down." in text(cms)


def test_who_may_only_look_changes_nothing(site: Site) -> None:
    row, reader = found(site), signed_in("view_service")
    assert NOBODY in text(reader)
    assert 'name="dismiss"' not in text(reader)
    assert reader.post(FOUND, {"dismiss": row.pk}).status_code in {302, 403}
    assert findings.open_findings(site) == [row]


def test_others_see_neither_the_list_nor_a_scan(site: Site) -> None:
    scan = scanned(site)
    stranger = signed_in("view_page")
    for address in (FOUND, SCAN, f"{SCAN}{scan.pk}.json"):
        assert stranger.get(address).status_code in {302, 403}, address


def test_the_first_page_of_the_cms_counts_what_is_open(cms: Client, site: Site) -> None:
    assert "Found and not declared" not in text(cms, "/cms/")
    found(site)
    assert "Found and not declared: 1 thing." in text(cms, "/cms/")
    assert "Found and not declared" not in text(signed_in_reader(), "/cms/")


def signed_in_reader() -> Client:
    from django.contrib.auth.models import Permission, User

    user = User.objects.create_user("ben")
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_service"]))
    client = Client()
    client.force_login(user)
    return client


def scanned(site: Site, minutes: int = 0, *, by: str = "Vera") -> Scan:
    """A scan that saw one undeclared cookie and one host too early."""
    published = catalogue.current(site.pk)
    assert published
    at = make.NOW + timedelta(minutes=minutes)
    sights = [
        Sight(State.NONE, "/contact/", "cookie", "mine", "testserver/"),
        Sight(State.NONE, "/", "host", "http://127.0.0.1:9", "script"),
        Sight(State.ACCEPTED, "/", "host", "http://127.0.0.1:9", "script"),
        Sight(State.ACCEPTED, "/", "host", "http://testserver", "document"),
    ]
    seen = Seen(["/", "/contact/"], sights, {"/gone/": "it answers 404"}, {State.REFUSED: "no banner"})
    things = compare.things(sights, published.content, findings.own_origins(site.pk))
    return keep.keep(
        Run("http://testserver", "testserver", published.number, at, at + timedelta(minutes=1), seen, things),
        site,
        by=by,
    )


def test_a_scan_leaves_its_report_and_its_findings(cms: Client, site: Site) -> None:
    scan = scanned(site)
    assert (scan.pages, scan.undeclared, scan.misplaced) == (2, 1, 1)
    row = Finding.objects.get()
    assert (row.kind, row.name, row.source, row.page) == ("cookie", "mine", "scan", "/contact/")
    page = text(cms, SCAN)
    for words in (
        "run by Vera",
        "2 pages opened",
        "Compared with configuration 1.",
        "Undeclared: 1. Declared, but there before it was allowed or for too long: 1.",
        "Not seen: All refused. no banner.",
        "/gone/ could not be scanned: it answers 404.",
        "analytics (tally)",
        "Before a choice",
    ):
        assert words in page, words
    answer: Any = cms.get(f"{SCAN}{scan.pk}.json")
    assert answer["Content-Disposition"] == f'attachment; filename="scan-{scan.pk}.json"'
    assert answer.json() == scan.report
    assert cms.get(f"{SCAN}999999.json").status_code == 404


def test_the_newest_twenty_scans_of_a_site_are_kept(cms: Client, site: Site) -> None:
    other = Site.objects.create(hostname="other.example", port=80, root_page=Page.objects.get(depth=1))
    elsewhere = Scan.objects.create(
        site=other, started_at=make.NOW, finished_at=make.NOW, pages=0, undeclared=0, misplaced=0, report={}
    )
    kept = [scanned(site, minutes).pk for minutes in range(keep.NEWEST + 2)]
    left = Scan.objects.filter(site=site).values_list("pk", flat=True)
    assert sorted(left) == kept[2:]
    assert Scan.objects.filter(pk=elsewhere.pk).exists()
    page = text(cms, f"{SCAN}?run={kept[5]}")
    assert "12:06" in page
    assert f"run={kept[-1]}" in page
    assert cms.get(f"{SCAN}?run={kept[0]}").status_code == 404


def test_every_public_page_in_every_language_is_opened(site: Site) -> None:
    home = HomePage.objects.get(pk=site.root_page_id)
    make.contact(home)
    draft = FormPage(title="Draft", slug="draft", thanks="Thanks.", live=False)
    home.add_child(instance=draft)
    secret = home.add_child(instance=FormPage(title="Secret", slug="secret", thanks="Thanks."))
    PageViewRestriction.objects.create(page=secret, restriction_type=PageViewRestriction.LOGIN)
    russian, _new = Locale.objects.get_or_create(language_code="ru")
    home.copy_for_translation(russian).save_revision().publish()
    opened = pages.of_tree(site, "https://staging.example")
    places = ["/", "/privacy/", "/contact/", "/ru/", "/consent/", "/mail/join/"]
    assert opened == [f"https://staging.example{place}" for place in places]


def test_an_address_is_known_by_the_sites_of_the_cms(site: Site) -> None:
    assert pages.site_at("http://testserver") == site
    assert pages.site_at("https://elsewhere.example") is None
    assert pages.site_at("https://staging.example", "testserver") == site
    assert pages.site_at("https://staging.example", "testserver:80") == site
    with pytest.raises(pages.NoPage, match=r"has no site other\.example\. It has: testserver:80\."):
        pages.site_at("http://testserver", "other.example")
