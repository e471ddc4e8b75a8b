"""The screenshots of the README and the documents: what the pages look like at their best."""

import re
from datetime import timedelta

from PIL import Image
from playwright.sync_api import Browser, Page

from bench.shots.places import ROOT
from tests.journeys import desk
from tests.journeys.demo import Demo

FOLDER = ROOT / "docs" / "screenshots"
LARGEST = 200  # kB; they are read over the network, six at a time
READER = "ana@mail.example"


def shoot(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    file = FOLDER / f"{name}.png"
    page.screenshot(path=file, animations="disabled", caret="hide")
    if file.stat().st_size > 1024 * LARGEST:
        with Image.open(file) as whole:
            whole.quantize(256).save(file, optimize=True)
    size = file.stat().st_size // 1024
    print(f"{file.relative_to(ROOT)}  {size} kB")
    if size > LARGEST:
        raise SystemExit(f"{file} has {size} kB; at most {LARGEST} are wanted.")


def new_page(browser: Browser) -> Page:
    return browser.new_context(viewport={"width": 1280, "height": 800}).new_page()


def visit(page: Page, demo: Demo) -> None:
    page.goto(demo.site)
    shoot(page, "banner")
    page.get_by_role("button", name="Choose").click()
    shoot(page, "panel")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Refuse").click()
    page.goto(f"{demo.site}/services/")
    page.locator("candor-embed").scroll_into_view_if_needed()
    shoot(page, "embed")
    page.goto(f"{demo.site}/consent/")
    shoot(page, "preferences")
    page.goto(f"{demo.site}/consent/decisions/")
    page.locator('main a[href*="/consent/receipt/"]').first.click()
    shoot(page, "receipt")
    page.goto(f"{demo.site}/privacy/")
    shoot(page, "policy")
    page.goto(f"{demo.site}/privacy/history/")
    shoot(page, "history")
    page.goto(f"{demo.site}/privacy/compare/1-2/")
    shoot(page, "compare")
    page.goto(f"{demo.site}/ru/privacy/")
    shoot(page, "russian")
    page.goto(f"{demo.site}/what-customers-say/")
    shoot(page, "entries")


def edit(page: Page, demo: Demo) -> None:
    desk.sign_in(page, demo.site)
    shoot(page, "desk")
    page.goto(f"{demo.site}/cms/inquiries/")
    shoot(page, "inbox")
    page.goto(f"{demo.site}/cms/statistics/")
    shoot(page, "statistics")
    page.goto(f"{demo.site}/cms/consent/banner/")
    page.get_by_role("link", name=re.compile("Add", re.IGNORECASE)).first.click()
    shoot(page, "banner-words")
    page.goto(f"{demo.site}/cms/data-map/")
    shoot(page, "data-map")
    page.goto(f"{demo.site}/cms/consent/services/well-known/")
    shoot(page, "well-known")
    page.goto(f"{demo.site}/cms/mailing/campaigns/")
    page.get_by_role("link", name="Winter sailing times").click()
    shoot(page, "campaign-editor")
    page.get_by_role("link", name="Send…").click()
    shoot(page, "campaign")
    page.get_by_role("button", name="Send now").click()
    message = demo.next_mail(READER, "Winter sailing times")
    schedule(page, demo)
    page.goto(f"{demo.outbox}/{message['number']}")
    shoot(page, "outbox")


def schedule(page: Page, demo: Demo) -> None:
    """The versions of the policy, and the dialog that announces the next."""
    page.goto(f"{demo.site}/cms/pages/{desk.home(page, demo.site)}/")
    page.get_by_role("link", name="Privacy policy", exact=True).click()
    page.get_by_role("tab", name="Versions").click()
    shoot(page, "versions")
    page.get_by_role("tab", name="Content").click()
    dialog = desk.open_schedule(page)
    midnight = (desk.now() + timedelta(days=30)).replace(hour=0, minute=0, second=0, microsecond=0)
    dialog.get_by_label("In force from (time zone UTC)").fill(f"{midnight:{desk.IN_FORM}}")
    shoot(page, "schedule")


def take(browser: Browser, demo: Demo) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    visit(new_page(browser), demo)
    edit(new_page(browser), demo)
