"""Vera without a mouse: a policy and its next version, a campaign, a promotion, an entry, an answer. Every step is made
with the keys that people have."""

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys import desk, keys
from tests.journeys.demo import Demo
from tests.journeys.test_entries import PAGE, link, reads, write
from tests.journeys.test_inbox import write as ask

pytestmark = pytest.mark.timeout(600)
FAR = 400  # presses of Tab: the CMS has a menu, and editors have many fields


@pytest.fixture
def editor(vera: Page) -> Iterator[Page]:
    heard = keys.listen(vera)
    yield vera
    assert heard == []


def reach(page: Page, wanted: Locator) -> None:
    keys.reach(page, wanted, within=FAR)


def press(page: Page, wanted: Locator) -> None:
    keys.press(page, wanted, within=FAR)


def fill(page: Page, wanted: Locator, words: str) -> None:
    reach(page, wanted)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(words)


def fill_rich(page: Page, field: str, words: str) -> None:
    fill(page, page.locator(f":has(> [name={field}]) .public-DraftEditor-content"), words)
    # The editor hands what was typed to the form a moment later.
    expect(page.locator(f"[name={field}]")).to_have_value(re.compile(re.escape(words)))


def insert(page: Page, block: str) -> None:
    """Adds a block of this name to the last list of blocks that is empty."""
    press(page, page.get_by_role("button", name="Insert a block").last)
    reach(page, page.get_by_role("combobox", name="Search options"))
    page.keyboard.type(block)
    expect(page.get_by_role("option", name=block, exact=True)).to_be_visible()
    page.keyboard.press("Enter")


def act(page: Page, action: str | re.Pattern[str]) -> None:
    """One of the actions at the foot of an editor."""
    press(page, page.get_by_role("button", name="More actions"))
    press(page, page.get_by_role("button", name=action, exact=True))


def open_tab(page: Page, name: str) -> None:
    press(page, page.get_by_role("tab", selected=True))
    for _press in range(10):
        if page.get_by_role("tab", name=name, selected=True).count():
            return
        page.keyboard.press("ArrowRight")
    raise AssertionError(f"The tab “{name}” is not reached by arrows.")


def test_a_policy_is_revised_and_its_next_version_announced(editor: Page, demo: Demo) -> None:
    policy = desk.publish_policy(editor, demo.site, "We keep it for a year.")
    editor.goto(policy.editor)
    fill_rich(editor, "body-0-value-text", "We keep it for a month.")
    at = desk.now() + timedelta(days=40)
    if not editor.get_by_role("button", name=re.compile("Set schedule")).is_visible():
        press(editor, editor.get_by_role("button", name="Toggle status"))
    press(editor, editor.get_by_role("button", name=re.compile("Set schedule")))
    dialog = editor.get_by_role("dialog", name="In force from")
    fill(editor, dialog.get_by_label("In force from (time zone UTC)"), f"{at:{desk.IN_FORM}}")
    press(editor, dialog.get_by_role("button", name="Save the date"))
    expect(dialog).to_be_hidden()
    act(editor, desk.SCHEDULE)
    expect(editor.get_by_text("has been scheduled")).to_be_visible()
    editor.goto(f"{policy.address}upcoming/")
    expect(editor.get_by_role("main")).to_contain_text(f"{at.day} {at:%B %Y}")


def test_a_campaign_is_written_approved_and_sent(editor: Page, demo: Demo) -> None:
    subject = f"Typed {uuid.uuid4().hex[:8]}"
    editor.goto(f"{demo.site}/cms/mailing/campaigns/add/")
    fill(editor, editor.locator("[name=texts-0-subject]"), subject)
    insert(editor, "Text")
    fill_rich(editor, "texts-0-body-0-value", "No mouse was harmed.")
    open_tab(editor, "Settings")
    fill(editor, editor.get_by_role("textbox", name="Title"), subject)
    reach(editor, editor.get_by_role("combobox", name="Mailing list"))
    editor.keyboard.press("ArrowDown")
    act(editor, "Approve: ready to send")
    expect(editor.get_by_text("is approved: it is ready to be sent.")).to_be_visible()
    press(editor, editor.get_by_role("link", name="Send…", exact=True))
    press(editor, editor.get_by_role("button", name="Send now"))
    expect(editor.get_by_text("A worker is sending the campaign")).to_be_visible()
    desk.wait_until_sent(editor)


def test_a_promotion_is_written_seen_and_ended(editor: Page, visitor: Page, demo: Demo) -> None:
    title = f"Typed {uuid.uuid4().hex[:8]}"
    editor.goto(f"{demo.site}/cms/promotions/add/")
    fill(editor, editor.locator("[name=title]"), title)
    fill(editor, editor.locator("[name=text]"), "By keys alone.")
    fill(editor, editor.locator("[name=link_url]"), "https://quay.example/typed/")
    fill(editor, editor.locator("[name=label]"), "Read on")
    fill(editor, editor.locator("[name=weight]"), "100")
    press(editor, editor.get_by_role("main").get_by_role("button", name="Save"))
    expect(editor.get_by_text(title).first).to_be_visible()
    visitor.wait_for_timeout(6000)  # milliseconds; by then no process remembers what was before
    visitor.goto(f"{demo.site}/services/")
    expect(visitor.get_by_role("main").get_by_text(title)).to_be_attached()
    editor.goto(f"{demo.site}/cms/promotions/?q={title.rpartition(' ')[2]}")
    press(editor, editor.get_by_role("main").get_by_role("link", name=title))
    editor.wait_for_url("**/edit/*/")
    editor.goto(editor.url.replace("/edit/", "/inspect/"))
    press(editor, editor.get_by_role("button", name="Actions"))
    press(editor, editor.get_by_role("link", name="End now…"))
    press(editor, editor.get_by_role("button", name="End it now"))
    visitor.wait_for_timeout(6000)  # milliseconds, as above
    visitor.reload()
    expect(visitor.get_by_text(title)).not_to_be_attached()


def test_an_entry_is_shown_and_its_writer_takes_it_down(editor: Page, visitor: Page, demo: Demo) -> None:
    words, address = f"The heron {uuid.uuid4().hex[:8]} was early.", f"hal-{uuid.uuid4().hex[:8]}@mail.example"
    write(visitor, demo, address, words)
    editor.goto(f"{demo.site}/cms/")
    press(editor, editor.get_by_role("link", name=re.compile("wait(s)? for approval")))
    row = editor.get_by_role("row").filter(has_text=words[:20])
    press(editor, row.get_by_role("link", name=re.compile("Public entry #")))
    press(editor, editor.get_by_role("link", name="Show it…", exact=True))
    press(editor, editor.get_by_role("button", name="Show it", exact=True))
    expect(editor.get_by_text("The entry is shown. Its writer is told.")).to_be_visible()
    visitor.goto(link(demo, address, "It is shown now"))
    press(visitor, visitor.get_by_role("button", name="Take it down"))
    expect(visitor.get_by_role("heading", name="It is taken down")).to_be_visible()
    assert not reads(visitor, demo, words), PAGE


def test_an_inquiry_is_taken_and_answered(editor: Page, visitor: Page, demo: Demo) -> None:
    address = f"ida-{uuid.uuid4().hex[:8]}@mail.example"
    ask(visitor, demo, address, "May I type?")
    editor.goto(f"{demo.site}/cms/inquiries/?state=new")
    press(editor, editor.get_by_role("main").get_by_role("link", name=re.compile(r"Inquiry #\d+")))
    expect(editor.get_by_text("May I type?")).to_be_visible()
    press(editor, editor.get_by_role("main").get_by_role("button", name="Take it", exact=True))
    expect(editor.get_by_text("The inquiry is yours.")).to_be_visible()
    press(editor, editor.get_by_role("link", name=re.compile("^Answer")))
    fill(editor, editor.get_by_role("main").get_by_role("textbox").last, "You may.")
    press(editor, editor.get_by_role("main").get_by_role("button", name=re.compile("Send")))
    assert "You may." in str(demo.next_mail(address)["text"])
