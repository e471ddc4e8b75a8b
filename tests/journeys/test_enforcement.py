"""Before a choice and after a refusal no page asks anybody else for anything; the browser itself stops the rest."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys import cookies
from tests.journeys.cookies import plant
from tests.journeys.demo import Demo

pytestmark = pytest.mark.timeout(300)
PAGES = [
    "/",
    "/services/",
    "/about/",
    "/contact/",
    "/contact/?sent",
    "/privacy/",
    "/privacy/v/1/",
    "/privacy/history/",
    "/privacy/upcoming/",
    "/privacy/compare/1-2/",
    "/promises/",
    "/consent/",
    "/consent/decisions/",
    "/mail/join/",
    "/ru/",
    "/ru/services/",
    "/nothing/here/",
]


def walk(page: Page, demo: Demo) -> None:
    for address in PAGES:
        page.goto(f"{demo.site}{address}", wait_until="load")
        page.evaluate("scrollTo(0, document.body.scrollHeight)")  # what waits to be seen would load now
    page.wait_for_load_state("networkidle")


def test_before_a_choice_no_page_asks_anybody_else(visitor: Page, demo: Demo) -> None:
    asked = cookies.elsewhere(visitor.context, demo)
    walk(visitor, demo)
    assert asked == []
    assert cookies.names(visitor.context) == set()


def test_after_a_refusal_no_page_asks_anybody_else(visitor: Page, demo: Demo) -> None:
    visitor.goto(demo.site)
    asked = cookies.elsewhere(visitor.context, demo)
    cookies.press(visitor, "Refuse")
    walk(visitor, demo)
    assert asked == []
    assert cookies.names(visitor.context) == cookies.ESSENTIAL


@pytest.mark.parametrize(
    ("service", "host", "sets"),
    [
        ("Statistics", "127.0.0.1", {"visit_count"}),
        ("Advertising", "127.0.0.2", {"billboard_seen"}),
        ("Harbour Cam", "127.0.0.3", set()),
        ("Port Map", "127.0.0.4", set()),
    ],
)
def test_after_one_service_was_allowed_only_its_origin_is_asked(
    visitor: Page, demo: Demo, service: str, host: str, sets: set[str]
) -> None:
    visitor.goto(demo.site)
    asked = cookies.elsewhere(visitor.context, demo)
    cookies.open_panel(visitor).get_by_label(service, exact=True).check()
    cookies.decided(visitor, cookies.panel(visitor).get_by_role("button", name="Save my choice").click)
    walk(visitor, demo)
    assert set(asked) == {demo.vendor_at(host)}
    ours = {row["name"] for row in visitor.context.cookies(demo.site)}
    assert ours == cookies.ESSENTIAL | sets


class Elsewhere:
    """A server that nobody declared, and what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(200)
                self.end_headers()

            do_POST = do_GET

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.9", 0), Handler)
        self.origin = f"http://127.0.0.9:{self.server.server_port}"


@pytest.fixture
def undeclared() -> Iterator[Elsewhere]:
    server = Elsewhere()
    thread = Thread(target=server.server.serve_forever)
    thread.start()
    yield server
    server.server.shutdown()
    server.server.server_close()
    thread.join()


KINDS = {
    "script": '<script src="{0}/x.js"></script>',
    "picture": '<img src="{0}/x.png" alt="">',
    "frame": '<iframe src="{0}/x.html" title="x"></iframe>',
    "style": '<link rel="stylesheet" href="{0}/x.css">',
    "object": '<object data="{0}/x.swf"></object>',
    "video": '<video src="{0}/x.mp4" preload="auto"></video>',
    "form": '<form method="post" action="{0}/x"><button id="planted">Go</button></form>',
}


@pytest.mark.parametrize("choice", ["", "Accept", "Refuse"])
def test_what_nobody_declared_is_stopped_by_the_browser_itself(
    somebody: Callable[..., BrowserContext], demo: Demo, undeclared: Elsewhere, choice: str
) -> None:
    page = somebody().new_page()
    page.goto(demo.site)
    if choice:
        cookies.decided(page, lambda: cookies.press(page, choice))
    plant(page, f"{demo.site}/about/", "".join(KINDS.values()).format(undeclared.origin))
    blocked: list[str] = []
    page.on("console", lambda message: blocked.append(message.text) if undeclared.origin in message.text else None)
    page.goto(f"{demo.site}/about/", wait_until="networkidle")
    page.locator("#planted").evaluate("button => button.click()")
    page.wait_for_timeout(500)
    assert undeclared.asked == []
    for rule in ("script-src", "img-src", "frame-src", "style-src", "object-src", "media-src", "form-action"):
        assert any(rule in line for line in blocked), rule


def test_code_that_was_planted_in_a_page_does_not_run(visitor: Page, demo: Demo) -> None:
    planted = "<script>document.title = 'planted'</script><img src=x onerror=\"document.title = 'planted'\" alt=''>"
    plant(visitor, f"{demo.site}/about/", planted)
    visitor.goto(f"{demo.site}/about/", wait_until="networkidle")
    assert "planted" not in visitor.title()


def test_the_editor_reads_what_browsers_stopped(visitor: Page, vera: Page, demo: Demo, undeclared: Elsewhere) -> None:
    plant(visitor, f"{demo.site}/about/", KINDS["script"].format(undeclared.origin))
    with visitor.expect_request("**/consent/csp/") as report:
        visitor.goto(f"{demo.site}/about/")
    assert report.value.response().status == 204
    vera.goto(f"{demo.site}/cms/consent/found/")
    expect(vera.get_by_role("row").filter(has_text=undeclared.origin)).to_contain_text("/about/")
