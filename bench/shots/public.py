"""Which public pages are there, in which languages? Found by following links from the home page, and in the mailbox."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import requests
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, BrowserContext, Page

from bench.shots.camera import PATIENCE
from bench.shots.modes import LANGUAGES
from tests.journeys import desk
from tests.journeys.demo import Demo
from tests.journeys.test_campaign import confirm, join

READER = "olga@mail.example"
# What tells two pages of one kind apart: a number, a token, a hash.
_PART = re.compile(r"(?<=/)(?:\d+(?:-\d+)?|[0-9a-f-]{32,}|[\w=-]*[:.~][\w:.~=-]{20,}|[\w=-]{40,})(?=/|$)")
_LEFT_OUT = re.compile(
    r"^/(?:cms|static|media|documents|readyz|healthz|\.well-known)/|\.(?:json|xml|js|txt)$|/text/$|/feed/"
)


def pages(demo: Demo, browser: Browser) -> dict[str, dict[str, str]]:
    """The address of each page by its language, by its name."""
    starts = [f"{demo.site}/", f"{demo.site}/mail/archive/", *_visited(browser, demo), *_mailed(browser, demo)]
    found: dict[str, dict[str, str]] = {}
    session, waiting = requests.Session(), starts
    while waiting:
        url = waiting.pop(0).split("#")[0]
        if not url.startswith(f"{demo.site}/") or (name := name_of(url)) in found or _leaves(url):
            continue
        answer = session.get(url, timeout=30)
        if not answer.ok or "text/html" not in answer.headers.get("Content-Type", ""):
            continue
        soup = BeautifulSoup(answer.text, "html.parser")
        found[name] = {"en": answer.url, **dict(_spoken(soup, answer.url))}
        waiting += [urljoin(answer.url, str(link["href"])) for link in soup.select("a[href]")]
    return found


def _leaves(url: str) -> bool:
    path = urlsplit(url).path
    return bool(_LEFT_OUT.search(path) or re.match(rf"/(?:{'|'.join(LANGUAGES)}|de|fr|es)/", path))


def name_of(url: str) -> str:
    """One name for all pages of a kind: "/privacy/v/2/" and "/privacy/v/1/" are "privacy-v-n"."""
    path = _PART.sub("n", urlsplit(url).path).strip("/")
    return path.replace("/", "-") or "home"


def _spoken(soup: BeautifulSoup, url: str) -> Iterator[tuple[str, str]]:
    """Where the same is read in another language; what a mail leads to has the same address below /ru/."""
    others = {str(link["hreflang"]): str(link["href"]) for link in soup.select("link[rel=alternate][hreflang]")}
    split = urlsplit(url)
    for language in LANGUAGES[1:]:
        if language in others:
            yield language, urljoin(url, others[language])
        elif re.match(r"/(?:mail|my-data|consent)/", split.path):
            yield language, split._replace(path=f"/{language}{split.path}").geturl()


def _visited(browser: Browser, demo: Demo) -> Iterator[str]:
    """A choice about services, whose receipt can then be read by whoever has its address."""
    profile = browser.new_context()
    page = profile.new_page()
    page.goto(demo.site)
    page.locator(".consent-banner button[value=refuse]").click()
    page.wait_for_timeout(500)
    page.goto(f"{demo.site}/consent/decisions/")
    receipts = page.locator('main a[href*="/consent/receipt/"]').evaluate_all("links => links.map((link) => link.href)")
    yield from receipts[:1]
    profile.close()


def _mailed(browser: Browser, demo: Demo) -> list[str]:
    """What a reader's mailbox leads to: a subscription, a campaign, one's preferences, one's data."""
    profile = browser.new_context()
    profile.set_default_timeout(PATIENCE)
    page = profile.new_page()
    question = join(page, demo, READER)
    confirm(page, question)
    _ask(page, f"{demo.site}/mail/preferences/")
    _ask(page, f"{demo.site}/my-data/")
    demo.next_mail(READER, "confirm that you asked")
    _send_campaign(browser.new_context().new_page(), demo)
    profile.close()
    found: list[str] = []
    for message in demo.mail(READER):
        found += [str(link) for link in message["links"]]  # type: ignore[attr-defined]
    return found


def _ask(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_label("Your e-mail address").fill(READER)
    page.get_by_role("button", name="Send me the link").click()
    page.wait_for_load_state()


def _send_campaign(page: Page, demo: Demo) -> None:
    desk.sign_in(page, demo.site)
    desk.send_campaign(page, demo.site, "Spring rates", "They stay as they are.")
    demo.next_mail(READER, "Spring rates")


def refuse(profile: BrowserContext, demo: Demo) -> None:
    """Answers the banner, so that it stands before no page."""
    page = profile.new_page()
    page.goto(demo.site)
    page.locator(".consent-banner button[value=refuse]").click()
    page.wait_for_timeout(500)  # milliseconds until the choice is sent
    page.close()
