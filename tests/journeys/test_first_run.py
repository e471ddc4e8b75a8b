"""A new site, from an empty database to a policy that visitors read: by mouse in few clicks, and by keyboard alone."""

from collections.abc import Callable, Iterator

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.journeys import demo as whole_site
from tests.journeys import desk, keys
from tests.journeys.demo import Demo

pytestmark = pytest.mark.timeout(600)
MOST = 25  # clicks; less are wanted
TEXT = b"House rules\n\n1. Dogs\n\n1.1 Dogs may come in.\n"
MAIN = {"include": [["#main"]], "exclude": [[".messages"]]}  # what stands around is Wagtail's, and its messages fade in


@pytest.fixture
def fresh() -> Iterator[Demo]:
    """A demo of its own, for each test begins with nothing."""
    with whole_site.running("--empty") as running:
        yield running


@pytest.fixture
def admin(somebody: Callable[..., BrowserContext]) -> Page:
    return somebody(viewport={"width": 1280, "height": 900}).new_page()


class Clicks:
    """How often the mouse was pressed."""

    def __init__(self, page: Page) -> None:
        self.count = 0
        page.expose_function("candorPressed", self._press)
        page.add_init_script("document.addEventListener('pointerdown', () => window.candorPressed(), true)")

    def _press(self) -> None:
        self.count += 1


def sound(page: Page) -> None:
    found = Axe().run(page, context=MAIN).response["violations"]
    assert [(rule["id"], node["target"]) for rule in found for node in rule["nodes"]] == []


def link(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("link", name=name, exact=True).click()
    page.wait_for_load_state()
    sound(page)


def button(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def sign_in(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.site}/cms/login/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill(desk.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{demo.site}/cms/")


def test_from_nothing_to_a_published_policy_in_few_clicks(admin: Page, fresh: Demo) -> None:
    clicks = Clicks(admin)
    sign_in(admin, fresh)
    link(admin, "Set up the site")
    admin.get_by_label("Who owns the site").fill("Quay Nine Ltd")
    admin.get_by_label("E-mail").fill("privacy@quay-nine.example")
    button(admin, "Set up the site")
    sound(admin)
    link(admin, "Bring or write a policy")
    button(admin, "Start from the model")
    link(admin, "Choose services")
    admin.get_by_label("Matomo", exact=False).first.check()
    admin.get_by_label("YouTube", exact=False).first.check()
    button(admin, "Add what is ticked")
    link(admin, "Publish the configuration")
    button(admin, "Publish")
    expect(admin.get_by_text("Published as configuration 1.")).to_be_visible()
    admin.get_by_role("link", name="Go to the dashboard").or_(admin.locator("a.sidebar-wagtail-branding")).first.click()
    admin.get_by_role("main").get_by_role("link", name="Publish the policy", exact=True).click()
    admin.get_by_role("button", name="More actions").click()
    admin.get_by_role("button", name="Publish version 1 now", exact=True).click()
    expect(
        admin.get_by_text("Quay Nine Ltd").or_(admin.get_by_role("link", name="Edit", exact=True)).first
    ).to_be_visible()
    assert 10 < clicks.count < MOST, f"{clicks.count} clicks"
    read = requests.get(f"{fresh.site}/privacy/", timeout=20)
    assert read.ok
    assert all(words in read.text for words in ("Quay Nine Ltd", "privacy@quay-nine.example", "Matomo", "YouTube"))
    assert requests.get(f"{fresh.site}/contact/", timeout=20).ok
    admin.goto(f"{fresh.site}/cms/")
    expect(admin.locator("#first-run")).to_have_count(0)
    admin.goto(f"{fresh.site}/cms/first-run/")
    expect(admin.get_by_text("4 of 5 steps are done.")).to_be_visible()
    sound(admin)


def named(page: Page, name: str) -> Locator:
    """What has this name or label."""
    main = page.get_by_role("main")
    wanted = main.get_by_role("link", name=name, exact=True).or_(main.get_by_role("button", name=name, exact=True))
    return wanted.or_(main.get_by_label(name))


def tab_to(page: Page, name: str) -> None:
    keys.reach(page, named(page, name), within=200)


def press(page: Page, name: str) -> None:
    keys.press(page, named(page, name), within=200)


def test_a_file_is_brought_and_the_site_set_up_by_keyboard_alone(admin: Page, fresh: Demo) -> None:
    clicks = Clicks(admin)
    admin.goto(f"{fresh.site}/cms/login/")
    admin.get_by_label("Username").focus()
    admin.keyboard.type("admin")
    admin.keyboard.press("Tab")
    admin.keyboard.type(desk.PASSWORD)
    admin.keyboard.press("Enter")
    admin.wait_for_url(f"{fresh.site}/cms/")
    press(admin, "Set up the site")
    tab_to(admin, "Who owns the site")
    admin.keyboard.type("Quay Nine Ltd")
    tab_to(admin, "E-mail")
    admin.keyboard.type("privacy@quay-nine.example")
    press(admin, "Set up the site")
    press(admin, "Bring or write a policy")
    tab_to(admin, "File")
    # The system's own dialog, which opens on Enter, is not the page's.
    admin.get_by_label("File").set_input_files({"name": "rules.txt", "mimeType": "text/plain", "buffer": TEXT})
    press(admin, "Look through the file")
    expect(admin.get_by_text("Dogs may come in.")).to_be_visible()
    sound(admin)
    press(admin, "Save as draft")
    expect(admin.get_by_text("“House rules” is saved as a draft")).to_be_visible()
    press(admin, "Choose services")
    press(admin, "Add what is ticked")
    press(admin, "Publish the configuration")
    expect(admin).to_have_url(f"{fresh.site}/cms/consent/published/")
    assert clicks.count == 0
