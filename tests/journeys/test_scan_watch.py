"""What the scanner's browser notices on a page that does everything at once."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from consent.scanning import pages, states
from consent.scanning.seen import Seen, State
from tests.journeys.planting import Quiet, Stranger, serving

pytestmark = pytest.mark.timeout(120)

PAGE = """<!doctype html><html lang="en"><title>All at once</title>
<candor-consent hidden><button value="accept">Accept</button> <button value="refuse">Refuse</button></candor-consent>
<main></main>
<script>
const there = "STRANGER";
const banner = document.querySelector("candor-consent");
function run() {
  document.cookie = "kept=1; path=/; max-age=3600";
  document.cookie = "passing=1; path=/";
  localStorage.setItem("drawer", "secret");
  sessionStorage.setItem("pocket", "secret");
  navigator.sendBeacon(there + "/seen?who=ana");
  fetch(there + "/last", {method: "POST", mode: "no-cors", keepalive: true});
  document.querySelector("main").innerHTML =
    `<iframe src="${there}/frame"></iframe><p style="height: 9000px"></p><img loading="lazy" src="${there}/late.png">`;
  try { new WebSocket(there.replace("http", "ws") + "/socket"); } catch {}
  addEventListener("pagehide", () => navigator.sendBeacon("LEAVING/gone"));
}
function choose(word) {
  document.cookie = "candor_consent=" + word + "; path=/";
  banner.hidden = true;
  if (word === "accept") run();
}
banner.hidden = document.cookie.includes("candor_consent");
banner.addEventListener("click", (event) => choose(event.target.value));
if (document.cookie.includes("candor_consent=accept")) run();
</script>"""


class Everything(Quiet):
    page: bytes

    def do_GET(self) -> None:
        found = self.path.split("?")[0] in {"/", "/b/"}
        self.answer(self.page, "text/html; charset=utf-8", status=200 if found else 404)


@pytest.fixture(scope="module")
def seen(browser: Browser) -> Iterator[tuple[Seen, str, str]]:
    """With the origins of the third party and of the one that hears when a page is left."""
    with serving(Stranger) as stranger, serving(Stranger) as leaving:
        page = PAGE.replace("STRANGER", stranger).replace("LEAVING", leaving).encode()
        with serving(type("Page", (Everything,), {"page": page})) as here:
            addresses = [f"{here}/?secret=1", f"{here}/b/", f"{here}/gone/"]
            found = states.visit(browser, addresses, origin=here, preferences=None, timeout=20)
            yield found, stranger, leaving


def met(seen: Seen, state: State, kind: str) -> set[str]:
    return {sight.name for sight in seen.sights if sight.state == state and sight.kind == kind}


def test_nothing_is_there_without_a_choice_and_after_refusal_only_the_choice(seen: tuple[Seen, str, str]) -> None:
    for state, cookies in ((State.NONE, set[str]()), (State.REFUSED, {"candor_consent"})):
        assert met(seen[0], state, "cookie") == cookies
        for kind in ("local", "session", "frame", "beacon"):
            assert met(seen[0], state, kind) == set(), (state, kind)


def test_everything_is_noticed_once_it_is_allowed(seen: tuple[Seen, str, str]) -> None:
    found, stranger, leaving = seen
    expected = {
        "cookie": {"candor_consent", "kept", "passing"},
        "local": {"drawer"},
        "session": {"pocket"},
        "frame": {stranger},
        "beacon": {stranger, leaving},
    }
    assert {kind: met(found, State.ACCEPTED, kind) for kind in expected} == expected
    asked = {sight.detail for sight in found.sights if sight.state == State.ACCEPTED and sight.name == stranger}
    assert asked == {"document", "fetch", "iframe", "image", "keepalive", "ping"}
    assert stranger.replace("http", "ws") in met(found, State.ACCEPTED, "host")


def test_how_long_a_cookie_lives_is_read_from_the_jar(seen: tuple[Seen, str, str]) -> None:
    kept: dict[str, Any] = {sight.name: sight for sight in seen[0].sights if sight.kind == "cookie"}
    assert 3500 < kept["kept"].seconds <= 3600
    assert kept["passing"].seconds is None
    assert kept["kept"].detail == "127.0.0.1/"


def test_pages_are_told_apart_and_what_stands_behind_them_is_not_kept(seen: tuple[Seen, str, str]) -> None:
    assert seen[0].pages == ["/", "/b/", "/gone/"]
    assert seen[0].unreachable == {"/gone/": "it answers 404"}
    assert {sight.page for sight in seen[0].sights if sight.kind == "local"} == {"/", "/b/"}
    assert "secret" not in str(seen[0])


def test_a_site_without_our_banner_is_seen_without_a_choice_only(browser: Browser) -> None:
    plain = {"page": b"<!doctype html><title>Plain</title><p>Nothing."}
    with serving(type("Plain", (Everything,), plain)) as here:
        found = states.visit(browser, [f"{here}/"], origin=here, preferences=None, timeout=20)
    assert set(found.skipped) == {State.REFUSED, State.ACCEPTED}
    assert "no banner of this software" in found.skipped[State.REFUSED]


def test_a_form_stands_in_for_a_banner(browser: Browser) -> None:
    class Form(Quiet):
        def do_GET(self) -> None:
            form = b"<form method=post><button name=choice value=accept>Yes</button><button name=choice value=refuse>No"
            self.answer(b"<!doctype html><title>Form</title>" + form, "text/html")

        def do_POST(self) -> None:
            said = self.rfile.read(int(self.headers["Content-Length"])).decode().removeprefix("choice=")
            cookie = ("Set-Cookie", f"candor_consent={said}; Path=/; HttpOnly; Max-Age=60")
            self.answer(b"<!doctype html><title>Thanks</title>", "text/html", cookie)

    with serving(Form) as here:
        found = states.visit(browser, [f"{here}/"], origin=here, preferences=f"{here}/consent/", timeout=20)
    assert found.skipped == {}
    assert [met(found, state, "cookie") for state in State] == [set(), {"candor_consent"}, {"candor_consent"}]
    assert any(sight.http_only for sight in found.sights)


def test_what_never_stops_loading_and_what_never_answers_ends(browser: Browser) -> None:
    class Slow(Quiet):
        def do_GET(self) -> None:
            if self.path == "/":
                self.answer(
                    b"<!doctype html><title>Slow</title><script>setInterval(() => fetch('/x'), 50)</script>",
                    "text/html",
                )
            else:
                self.answer(b"", "text/plain")

    with serving(Slow) as here:
        found = states.visit(browser, [f"{here}/"], origin=here, preferences=None, timeout=5)
    assert found.unreachable == {}
    nobody = states.visit(
        browser, ["http://127.0.0.1:9999/"], origin="http://127.0.0.1:9999", preferences=None, timeout=5
    )
    assert "ERR_CONNECTION_REFUSED" in nobody.unreachable["/"]


def test_a_sitemap_leads_to_its_pages_and_to_no_other_sites() -> None:
    class Maps(Quiet):
        def do_GET(self) -> None:
            here = f"http://{self.headers['Host']}"
            index = f"<sitemapindex><sitemap><loc>{here}/one.xml</loc></sitemap></sitemapindex>"
            one = f"<urlset><url><loc>\n{here}/a/?b&amp;c </loc></url><url><loc>https://x.example/</loc></url></urlset>"
            known = {"/sitemap.xml": index, "/one.xml": one}
            self.answer(known.get(self.path, "").encode(), "text/xml", status=200 if self.path in known else 404)

    with serving(Maps) as here:
        assert pages.in_sitemap(here, timeout=5) == [f"{here}/a/?b&c"]
    with serving(Stranger) as here:
        assert pages.in_sitemap(here, timeout=5) == []
    assert pages.in_sitemap(here, timeout=5) == []
