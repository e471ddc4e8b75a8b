"""What an editor does at the desk: signs in, writes a policy, announces its next version, sends a campaign."""

import re
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Locator, Page, expect

NAME, PASSWORD = "vera", "candor"  # the demo prints them
IN_FORM = "%Y-%m-%d %H:%M:%S"


def now() -> datetime:
    return datetime.now(UTC)


def sign_in(page: Page, site: str) -> None:
    page.goto(f"{site}/cms/login/")
    page.get_by_label("Username").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{site}/cms/")


def home(page: Page, site: str) -> int:
    """The number of the home page in the CMS's addresses."""
    return int(page.request.get(f"{site}/cms/api/main/pages/?child_of=1").json()["items"][0]["id"])


def write_policy(page: Page, site: str, title: str, words: str) -> str:
    """Writes a policy of one clause and publishes it; returns the address of its editor."""
    page.goto(f"{site}/cms/pages/add/policies/policypage/{home(page, site)}/")
    page.get_by_role("textbox", name="Title").first.fill(title)
    page.get_by_role("button", name="Insert a block").first.click()
    page.get_by_role("option", name="Text without a number").click()
    _write(page, words, field="body-0-value-text")
    press(page, "Publish")
    return str(page.get_by_role("link", name="Edit", exact=True).first.get_attribute("href"))


def revise(page: Page, words: str) -> None:
    """Replaces the text of the policy whose editor is open; saves nothing yet."""
    _write(page, words, field="body-0-value-text")


def _write(page: Page, words: str, *, field: str) -> None:
    """Replaces the rich text that a form sends as `field`."""
    page.locator(".public-DraftEditor-content").first.click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(words)
    # The editor hands what was typed to the form a moment later.
    expect(page.locator(f"[name={field}]")).to_have_value(re.compile(re.escape(words)))


def set_schedule(page: Page, at: datetime) -> None:
    """Fills the schedule dialog with an instant (UTC) and saves it, which schedules nothing yet."""
    dialog, calendar = open_schedule(page), page.locator(".xdsoft_datetimepicker:visible")
    dialog.get_by_label("Go live date/time").fill(f"{at:{IN_FORM}}")
    expect(calendar).to_be_visible()
    dialog.get_by_role("heading", name="Set publishing schedule").click()
    expect(calendar).to_be_hidden()
    dialog.get_by_role("button", name="Save schedule").click()
    expect(page.locator("[name=go_live_at]")).to_have_value(f"{at:{IN_FORM}}")
    expect(dialog).to_be_hidden()


def open_schedule(page: Page) -> Locator:
    """Opens the dialog from the panel that says in which state the page is."""
    button = page.get_by_role("button", name=re.compile("(Set|Edit) schedule"))
    if not button.is_visible():
        page.get_by_role("button", name="Toggle status").click()
    button.click()
    return page.get_by_role("dialog", name="Set publishing schedule")


def press(page: Page, action: str) -> None:
    """Presses one of the actions in the menu at the foot of a page's editor."""
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name=action, exact=True).click()
    page.wait_for_load_state()


def schedule_soon(page: Page, words: str, seconds: int) -> datetime:
    """Schedules the open policy's next version `seconds` ahead; returns the instant. Takes more on a slow machine."""
    revise(page, words)
    set_schedule(page, now() + timedelta(days=400))
    while True:
        at = now().replace(microsecond=0) + timedelta(seconds=seconds + 1)
        # The dialog takes a person longer than this to close, so the instant goes into its field by itself.
        page.locator("[name=go_live_at]").evaluate("(field, at) => { field.value = at }", f"{at:{IN_FORM}}")
        press(page, "Schedule to publish")
        if not page.get_by_text("could not be saved").is_visible():
            return at
        seconds *= 2


def write_campaign(page: Page, site: str, subject: str, words: str) -> None:
    """Writes a campaign to the first list and saves it; its editor stays open."""
    page.goto(f"{site}/cms/mailing/campaigns/new/")
    page.get_by_role("textbox", name="Subject").fill(subject)
    page.get_by_role("combobox", name="Mailing list").select_option(index=1)
    _write(page, words, field="body")
    page.get_by_role("button", name="Create").click()
    page.wait_for_url("**/campaigns/edit/*/")


def send_campaign(page: Page, site: str, subject: str, words: str) -> None:
    write_campaign(page, site, subject, words)
    page.get_by_role("link", name="Send…").click()
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_text("A worker is sending the campaign")).to_be_visible()


def wait_until_sent(page: Page) -> None:
    """Looks at the results of a campaign, again and again, until no delivery is left to do."""
    state = page.locator("dt", has_text="State").locator("+ dd")
    while state.inner_text() != "sent":
        page.wait_for_timeout(200)  # milliseconds
        page.reload()
