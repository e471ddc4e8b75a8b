"""What is met and declared nowhere is written down once, without a word about whoever's browser it was."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from consent import catalogue, findings
from consent.catalogue import Published
from consent.models import Finding
from consent.models.findings import NAME
from tests import make

ELSEWHERE = "https://elsewhere.example"
LATER = make.NOW + findings.EVERY


@pytest.fixture
def site(published: Published) -> Site:
    return Site.objects.get(pk=published.site_id)


def record(site: Site, name: str = ELSEWHERE, **said: Any) -> bool:
    usual = {"kind": "host", "source": "csp", "page": "/", "now": make.NOW, "detail": "script-src"}
    return findings.record(site_id=site.pk, name=name, **usual | said)


def names(site: Site) -> set[str]:
    return {row.name for row in findings.open_findings(site)}


def test_the_first_time_and_the_last_are_kept(site: Site) -> None:
    assert record(site)
    assert record(site, now=LATER, page="/contact/", detail="img-src", source="scan")
    row = Finding.objects.get()
    assert (row.kind, row.name, row.source, row.detail) == ("host", ELSEWHERE, "csp", "script-src")
    assert (row.page, row.count, row.first_seen_at, row.last_seen_at) == ("/", 2, make.NOW, LATER)


def test_a_name_is_counted_once_a_minute_and_then_asks_the_database_nothing(site: Site) -> None:
    record(site)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert not record(site, now=LATER - timedelta(microseconds=1))
    assert len(asked) == 0


def test_other_processes_do_not_count_it_in_the_same_minute_either(site: Site) -> None:
    record(site)
    findings.forget()
    assert not record(site, now=LATER - timedelta(microseconds=1))
    assert Finding.objects.get().count == 1


def test_writing_is_one_statement(site: Site) -> None:
    record(site, "https://one.example")
    with CaptureQueriesContext(connection) as asked:
        record(site, "https://two.example")
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("host", "http://127.0.0.1:9"),  # the script of the service
        ("beacon", "http://127.0.0.1:9"),
        ("host", "http://testserver"),  # the site itself
        ("host", "https://testserver"),
        ("frame", "HTTPS://TestServer"),
        ("cookie", "candor_consent"),
        ("cookie", "csrftoken"),
        ("cookie", "sessionid"),
    ],
)
def test_what_is_declared_or_the_sites_own_is_no_finding(site: Site, kind: str, name: str) -> None:
    assert not record(site, name, kind=kind)
    assert not Finding.objects.exists()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("host", "http://127.0.0.1:8"),
        ("host", "http://testserver:8001"),
        ("host", "https://testserver.example"),
        ("cookie", "candor_consent2"),
        ("local", "candor_consent"),
    ],
)
def test_what_is_like_it_is_one(site: Site, kind: str, name: str) -> None:
    assert record(site, name, kind=kind)


def test_cookies_and_storage_are_declared_by_kind_and_pattern(site: Site) -> None:
    add = {"group": "analytics", "description": "Counts."}
    catalogue.add_cookie(name="_tally_", match="prefix", storage="local", **add)
    catalogue.add_cookie(name="seen[0-9]+", match="regex", **add)
    make.publish()
    assert not record(site, "_tally_1", kind="local")
    assert not record(site, "seen12", kind="cookie")
    assert record(site, "_tally_1", kind="session")
    assert record(site, "seen", kind="cookie")


def test_publishing_a_declaration_closes_the_finding(site: Site) -> None:
    record(site, "_seen", kind="cookie")
    record(site, ELSEWHERE)
    catalogue.add_cookie(group="analytics", name="_seen", description="Counts.")
    assert names(site) == {"_seen", ELSEWHERE}
    make.publish()
    assert names(site) == {ELSEWHERE}


def test_before_the_first_publication_everything_foreign_is_found(policy: Any) -> None:
    site = Site.objects.get(is_default_site=True)
    assert record(site)
    assert not record(site, "http://testserver")


def test_a_flood_of_invented_names_ends(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "MOST", 3)
    written = [record(site, f"https://x{number}.example") for number in range(5)]
    assert written == [True, True, True, False, False]
    assert findings.is_full(site)
    assert record(site, "https://x0.example", now=LATER)  # what is known is still counted
    findings.dismiss(Finding.objects.filter(name="https://x1.example"), by="vera", now=LATER)
    assert record(site, "https://x4.example", now=LATER)


def test_what_a_process_remembers_has_an_end(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "_REMEMBERED", 2)
    for number in range(5):
        record(site, f"https://x{number}.example")
    assert len(findings._told) <= 2


def test_a_dismissed_finding_stays_so_until_it_is_restored(site: Site) -> None:
    record(site)
    everything = Finding.objects.all()
    assert findings.dismiss(everything, by="vera", now=LATER) == 1
    assert findings.dismiss(everything, by="ben", now=LATER) == 0
    record(site, now=LATER)
    row = everything.get()
    assert (row.dismissed_by, row.dismissed_at, row.count, names(site)) == ("vera", LATER, 2, set())
    assert findings.restore(everything) == 1
    row.refresh_from_db()
    assert (row.dismissed_by, row.dismissed_at, names(site)) == ("", None, {ELSEWHERE})


@pytest.mark.parametrize(
    ("page", "kept"),
    [
        ("/contact/?email=ana@mail.example#here", "/contact/"),
        ("http://testserver/contact/?q=1", "/contact/"),
        ("http://testserver", "/"),
        ("/mail/unsubscribe/secret/", "/mail/unsubscribe/<str:token>/"),
        ("http://testserver/mail/confirm/secret/?a=b", "/mail/confirm/<str:token>/"),
        ("/no such page", ""),
        ("http://[", ""),
        ("\x00", ""),
        ("/" + "a/" * 200, ("/" + "a/" * 200)[:NAME]),
    ],
)
def test_a_page_is_kept_without_what_tells_of_a_person(site: Site, page: str, kept: str) -> None:
    record(site, page=page)
    assert Finding.objects.get().page == kept


@pytest.mark.parametrize("name", ["", " ", "\x00", "\ud800"])
def test_what_has_no_name_is_not_written(site: Site, name: str) -> None:
    assert not record(site, name, kind="cookie")


def test_strange_signs_are_left_out_and_long_names_cut(site: Site) -> None:
    assert record(site, "a\x00\ud800" + "b" * 300, kind="cookie", detail="d" * 300)
    row = Finding.objects.get()
    assert (row.name, len(row.name), len(row.detail)) == ("a" + "b" * (NAME - 1), NAME, 100)


@pytest.mark.parametrize(
    ("said", "directive", "found"),
    [
        ("https://Elsewhere.Example/a/b?c=d#e", "script-src-elem", ("host", ELSEWHERE)),
        ("https://elsewhere.example/embed", "frame-src", ("frame", ELSEWHERE)),
        ("https://user:pass@elsewhere.example:8443/", "", ("host", f"{ELSEWHERE}:8443")),
        ("wss://elsewhere.example/s", "connect-src", ("host", "wss://elsewhere.example")),
        ("http://[::1]:9/x", "", ("host", "http://[::1]:9")),
        *[
            (word, "", None)
            for word in (
                "",
                "inline",
                "eval",
                "wasm-eval",
                "self",
                "data",
                "blob",
                "about",
                "about:blank",
                "data:text/html,x",
                "blob:https://elsewhere.example/1",
                "chrome-extension://abc/x.js",
                "moz-extension://abc/x.js",
                "safari-extension://abc",
                "safari-web-extension://abc",
                "https://",
                "https://[",
                "https://a b.example/",
                "https://ü.example/",
                "https://x.example:port/",
                "https://" + "a" * 300 + ".example/",
                "//elsewhere.example",
                "elsewhere.example",
            )
        ],
    ],
)
def test_what_a_browser_reports_is_an_origin_or_nothing(
    said: str, directive: str, found: tuple[str, str] | None
) -> None:
    assert findings.blocked_uri(said, directive) == found


def test_findings_look_like_services_that_ship(site: Site) -> None:
    known = {
        ("frame", "https://www.youtube.com"): "youtube",
        ("cookie", "VISITOR_INFO1_LIVE"): "youtube",
        ("local", "yt-remote-device-id"): "youtube",
        ("cookie", "_ga"): "google-analytics",
        ("host", "https://mc.yandex.ru"): "yandex-metrica",
    }
    for kind, name in known:
        record(site, name, kind=kind)
    record(site, "https://nobody.example")
    record(site, "VISITOR_INFO1_LIVE", kind="session")
    looks = findings.suggestions(findings.open_findings(site))
    assert {(row.kind, row.name): shipped.key for row, shipped in looks.items()} == known


def test_of_several_services_the_one_that_explains_more_is_named(site: Site) -> None:
    record(site, "https://www.googletagmanager.com")
    record(site, "_ga", kind="cookie")
    looks = findings.suggestions(findings.open_findings(site))
    assert {shipped.key for shipped in looks.values()} == {"google-analytics"}
