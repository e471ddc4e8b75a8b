"""What an editor does at the desk: signs in, writes a policy, announces its next version, sends a campaign."""

import json
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from playwright.sync_api import FrameLocator, Locator, Page, expect

NAME, PASSWORD = "vera", "candor"  # the demo prints them
IN_FORM = "%Y-%m-%d %H:%M:%S"
FAR = datetime(2099, 3, 1, 6, 30, 15, tzinfo=UTC)
SCHEDULE = re.compile(r"^Schedule version \d+ for ")


@dataclass(frozen=True)
class Policy:
    """Where visitors read a policy of a journey's own, and where editors write it."""

    title: str
    address: str
    editor: str


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
    press(page, "Publish version 1 now")
    return str(page.get_by_role("link", name="Edit", exact=True).first.get_attribute("href"))


def publish_policy(page: Page, site: str, *clauses: str) -> Policy:
    """Publishes a policy by what the editor's form sends: for journeys that begin where this one ends."""
    name = f"House rules {uuid.uuid4().hex[:8]}"
    slug, above = name.lower().replace(" ", "-"), home(page, site)
    _send(page, f"{site}/cms/pages/add/policies/policypage/{above}/", name, slug, clauses)
    found = page.request.get(f"{site}/cms/api/main/pages/?child_of={above}&slug={slug}").json()["items"][0]
    return Policy(name, f"{site}/{slug}/", f"{site}/cms/pages/{found['id']}/edit/")


def publish_version(page: Page, policy: Policy, *clauses: str, at: datetime | None = None, note: str = "") -> None:
    """Publishes the next version, or schedules it, by what the editor's form sends."""
    slug = policy.address.rstrip("/").rpartition("/")[2]
    _send(page, policy.editor, policy.title, slug, clauses, at=at, note=note)


def _send(
    page: Page, url: str, title: str, slug: str, clauses: tuple[str, ...], at: datetime | None = None, note: str = ""
) -> None:
    fields = {"title": title, "slug": slug, "change_note": note, "go_live_at": f"{at:{IN_FORM}}" if at else ""}
    fields |= {"body-count": str(len(clauses)), "action-publish": "action-publish"}
    fields |= {f"comments-{count}_FORMS": "0" for count in ("TOTAL", "INITIAL")}
    for place, words in enumerate(clauses):
        fields |= {f"body-{place}-{name}": value for name, value in _block(place, words).items()}
    post(page, url, fields)


def _block(place: int, words: str) -> dict[str, str]:
    rich = {"blocks": [{"key": "words", "text": words, "type": "unstyled"}], "entityMap": {}}
    lasting = f"{place:08}-0000-4000-8000-000000000000"  # the same clause in each version
    return {"type": "text", "order": str(place), "id": lasting, "deleted": "", "value-text": json.dumps(rich)}


def post(page: Page, url: str, fields: dict[str, str]) -> None:
    """Sends a form of the CMS that is known to be right: it answers by leading elsewhere."""
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    headers = {"X-CSRFToken": token, "Origin": "{0.scheme}://{0.netloc}".format(urlsplit(url))}
    answer = page.request.post(url, form=dict(fields), headers=headers, max_redirects=0)
    assert answer.status == 302, answer.text()


def version_in_force(page: Page, site: str) -> int:
    """Of the demo's own policy: other journeys may have published one meanwhile."""
    told = re.search(r"Version (\d+) ·", page.request.get(f"{site}/privacy/").text())
    assert told
    return int(told[1])


def open_versions(page: Page, policy: Policy) -> Locator:
    """Opens the tab that lists what was frozen."""
    page.goto(policy.editor)
    page.get_by_role("tab", name="Versions").click()
    return page.get_by_role("tabpanel", name="Versions")


def revise(page: Page, words: str, *, clause: int = 0) -> None:
    """Replaces the text of one clause of the policy whose editor is open; saves nothing yet."""
    _write(page, words, field=f"body-{clause}-value-text")


def _write(page: Page, words: str, *, field: str) -> None:
    """Replaces the rich text that a form sends as `field`."""
    page.locator(f":has(> [name={field}]) .public-DraftEditor-content").click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(words)
    # The editor hands what was typed to the form a moment later.
    expect(page.locator(f"[name={field}]")).to_have_value(re.compile(re.escape(words)))


def set_schedule(page: Page, at: datetime) -> None:
    """Fills the schedule dialog with an instant (UTC) and saves it, which schedules nothing yet."""
    dialog, calendar = open_schedule(page), page.locator(".xdsoft_datetimepicker:visible")
    dialog.get_by_label("In force from (time zone UTC)").fill(f"{at:{IN_FORM}}")
    expect(calendar).to_be_visible()
    dialog.get_by_role("heading", name="In force from").click()
    expect(calendar).to_be_hidden()
    dialog.get_by_role("button", name="Save the date").click()
    expect(page.locator("[name=go_live_at]")).to_have_value(f"{at:{IN_FORM}}")
    expect(dialog).to_be_hidden()


def open_schedule(page: Page) -> Locator:
    """Opens the dialog from the panel that says in which state the page is."""
    button = page.get_by_role("button", name=re.compile("(Set|Edit) schedule"))
    if not button.is_visible():
        page.get_by_role("button", name="Toggle status").click()
    button.click()
    return page.get_by_role("dialog", name="In force from")


def press(page: Page, action: str | re.Pattern[str]) -> None:
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
        press(page, SCHEDULE)
        if not page.get_by_text("could not be saved").is_visible():
            return at
        seconds *= 2


def write_campaign(page: Page, site: str, subject: str, words: str, *, other: str = "") -> None:
    """Writes a campaign to the first list and approves it; its editor stays open. With `other` as version B, which two
    percent of the readers are to try."""
    page.goto(f"{site}/cms/mailing/campaigns/add/")
    _write_text(page, 0, subject, words)
    if other:
        page.get_by_role("button", name="Add Text").click()
        page.locator("[name=texts-1-version]").select_option("b")
        _write_text(page, 1, f"{subject} (B)", other)
    page.get_by_role("tab", name="Settings").click()
    page.get_by_role("textbox", name="Title").fill(subject)
    page.get_by_role("combobox", name="Mailing list").select_option(index=1)
    page.get_by_label("Try versions A and B").fill("2" if other else "")
    page.get_by_role("tab", name="Text").click()
    press(page, "Approve: ready to send")
    expect(page.get_by_text("is approved: it is ready to be sent.")).to_be_visible()


def _write_text(page: Page, number: int, subject: str, words: str) -> None:
    page.locator(f"[name=texts-{number}-subject]").fill(subject)
    page.get_by_role("button", name="Insert a block").last.click()
    page.get_by_role("option", name="Text", exact=True).click()
    _write(page, words, field=f"texts-{number}-body-0-value")


def open_send(page: Page) -> None:
    """Opens the last look before the open campaign leaves."""
    page.get_by_role("link", name="Send…", exact=True).first.click()
    expect(page.get_by_role("button", name="Send now")).to_be_visible()


def send_campaign(page: Page, site: str, subject: str, words: str) -> None:
    write_campaign(page, site, subject, words)
    open_send(page)
    page.get_by_role("button", name="Send now").click()
    expect(page.get_by_text("A worker is sending the campaign")).to_be_visible()


def preview_campaign(page: Page, mode: str) -> FrameLocator:
    """Shows the open campaign in this mode, such as "English: dark", in the panel beside its editor."""
    panel = page.get_by_label("Preview mode")
    if not panel.is_visible():
        page.get_by_role("button", name="Toggle preview").click()
    panel.select_option(label=mode)
    return page.frame_locator("#w-preview-iframe")


def wait_until_sent(page: Page) -> None:
    """Looks at the results of a campaign until no delivery is left to do."""
    look_until(page, page.get_by_text(re.compile(r"^Done: [1-9]")))


def look_until(page: Page, wanted: Locator) -> None:
    """Loads the open page again and again until this is on it."""
    while not wanted.is_visible():
        page.wait_for_timeout(200)  # milliseconds
        page.reload()
