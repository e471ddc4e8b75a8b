"""A visitor reads a policy: now, as it was, what is coming, what changed, on a small screen, and on paper."""

import re
import unicodedata
import uuid
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, StorageState, ViewportSize, expect
from pypdf import PdfReader

from tests.journeys import axe, desk
from tests.journeys.demo import Demo
from tests.journeys.desk import Policy
from tests.journeys.test_expiry import in_the_site

pytestmark = pytest.mark.timeout(300)
DEMO = ["/privacy/", "/privacy/v/2/", "/privacy/history/", "/privacy/upcoming/", "/privacy/compare/1-2/"]
PAST = ["", "v/1/", "v/2/", "v/4/", "history/", "compare/3-4/"]  # ended, superseded, withdrawn, the end
WIDE, NARROW = ViewportSize(width=1280, height=800), ViewportSize(width=320, height=640)
# On paper nobody can press them.
ONLY_ON_SCREEN = ["To the text", "This site works without cookies", "All versions", "Contents", "Cookie settings"]

# In a process of the site: a policy of now, for other journeys may have changed what the demo's own rests on.
FROZEN = """
import django
django.setup()
from home.models import HomePage
from policies.models import PolicyPage
from tests.policies import typed

page = PolicyPage(title="As it is", slug="{slug}", body=[typed.data()], live=False)
HomePage.objects.get(locale__language_code="en").add_child(instance=page)
page.save_revision().publish()
print(page.full_url)
"""


@pytest.fixture(scope="module")
def past(browser: Browser, badge: StorageState, demo: Demo) -> Policy:
    """Version 1 superseded, 2 withdrawn, 3 superseded by 4, which ended the policy."""
    profile = browser.new_context(storage_state=badge)
    vera = profile.new_page()
    policy = desk.publish_policy(vera, demo.site, "Dogs may come in.", "Cats may not.")
    desk.publish_version(vera, policy, "Dogs stay outside.", "Cats may not.", at=desk.FAR)
    withdraw, end = (found_in(vera, policy, act) for act in ("withdraw", "end"))
    desk.post(vera, f"{demo.site}{withdraw}", {"reason": "Too many people have dogs."})
    desk.publish_version(vera, policy, "Dogs may come in on Sundays.", "Cats may not.", note="Only on Sundays.")
    desk.post(vera, f"{demo.site}{end}", {"at": "", "note": "The house is sold.", "confirmed": "yes"})
    profile.close()
    return policy


def found_in(vera: Page, policy: Policy, act: str) -> str:
    """The address of an act that the editor's page leads to."""
    found = re.search(rf"/cms/policies/{act}/\d+/", vera.request.get(policy.editor).text())
    assert found
    return found[0]


@pytest.fixture
def reader(somebody: Callable[..., BrowserContext]) -> Page:
    return somebody(viewport=WIDE).new_page()


@pytest.mark.parametrize("address", [*DEMO, *(f"/ru{address}" for address in DEMO), "/promises/", "/ru/promises/"])
def test_a_page_of_the_policy_has_no_barriers(reader: Page, demo: Demo, address: str) -> None:
    assert barriers(reader, f"{demo.site}{address}") == []


@pytest.mark.parametrize("address", PAST)
def test_what_is_past_has_no_barriers(reader: Page, past: Policy, address: str) -> None:
    assert barriers(reader, f"{past.address}{address}") == []


def test_what_was_in_force_has_no_barriers(reader: Page, past: Policy) -> None:
    assert barriers(reader, as_of_first(reader, past)) == []


def barriers(page: Page, address: str) -> list[str]:
    """What is in somebody's way on a wide, light screen and on a narrow, dark one."""
    page.goto(address)
    found = axe.violations(page)
    page.set_viewport_size(NARROW)
    page.emulate_media(color_scheme="dark")
    found += axe.violations(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    return found if width == NARROW["width"] else [*found, f"{width} pixels wide on a screen of {NARROW['width']}"]


def as_of_first(page: Page, policy: Policy) -> str:
    """The address that shows the policy as of an instant at which version 1 was in force."""
    document = page.request.get(f"{policy.address}v/1/json/").json()
    return f"{policy.address}?on={document['effectiveFrom']}"


def test_a_policy_says_whose_site_it_is_about(visitor: Page, demo: Demo) -> None:
    visitor.goto(f"{demo.site}/privacy/")
    expect(visitor.get_by_text("This policy says which data")).to_contain_text(demo.site)


def test_a_policy_that_was_just_frozen_says_what_is_so(visitor: Page, demo: Demo) -> None:
    address = in_the_site(demo, FROZEN.format(slug=f"as-it-is-{uuid.uuid4().hex[:8]}"))
    visitor.goto(address)
    expect(visitor.get_by_role("main").get_by_text("Inquiries from forms").first).to_be_visible()
    expect(visitor.get_by_text("Since this version was frozen")).to_be_hidden()


def test_a_visitor_reads_what_was_in_force_at_an_instant(visitor: Page, past: Policy) -> None:
    visitor.goto(past.address)
    expect(visitor.get_by_text("This policy has not been in force since")).to_contain_text("The house is sold.")
    visitor.goto(as_of_first(visitor, past))
    expect(visitor.get_by_text("This is the text that was in force on")).to_contain_text("UTC")
    expect(visitor.get_by_text("Dogs may come in.")).to_be_visible()
    visitor.get_by_role("link", name="Read the version in force now").click()
    expect(visitor.get_by_text("Dogs may come in.")).to_be_hidden()


def test_before_the_first_version_nothing_was_in_force(visitor: Page, past: Policy) -> None:
    answer = visitor.goto(f"{past.address}?on={desk.now() - timedelta(days=1):%Y-%m-%d}")
    assert answer
    assert answer.status == 404
    expect(visitor.get_by_text("No version of this policy was in force then.")).to_be_visible()


def test_a_visitor_reads_what_will_be_in_force_on_a_day(visitor: Page, demo: Demo) -> None:
    visitor.goto(f"{demo.site}/privacy/?on=2099-03-01")
    told = visitor.get_by_text("This is the text that will be in force at the end of 1 March 2099 (UTC)")
    expect(told).to_contain_text("as far as it is announced today")
    expect(visitor.locator("#s-4-2")).to_contain_text("6 months")


def test_a_visitor_watches_the_time_until_an_announced_version(
    somebody: Callable[..., BrowserContext], demo: Demo
) -> None:
    page = somebody(timezone_id="Asia/Tokyo").new_page()
    page.goto(f"{demo.site}/privacy/upcoming/")
    countdown = page.locator(".countdown")
    expect(countdown.get_by_role("timer")).to_have_text(re.compile(r"\d+ days?, .*\d+ seconds?$"))
    expect(countdown).to_contain_text(re.compile("In your time zone: .*09:00.* GMT\\+9"))
    before = countdown.get_by_role("timer").inner_text()
    expect(countdown.get_by_role("timer")).not_to_have_text(before)


def test_without_scripts_the_time_until_an_announced_version_is_there(
    somebody: Callable[..., BrowserContext], demo: Demo
) -> None:
    page = somebody(java_script_enabled=False).new_page()
    page.goto(f"{demo.site}/privacy/upcoming/")
    expect(page.get_by_role("listitem").filter(has_text="Version 2")).to_contain_text("00:00 UTC")
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^in \d+ days$"))


def test_a_visitor_compares_the_announced_version_with_the_one_before(visitor: Page, demo: Demo) -> None:
    visitor.goto(f"{demo.site}/privacy/")
    visitor.get_by_role("link", name="Read it now").click()
    visitor.get_by_role("link", name="Compare with the one before").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("to version 2")
    visitor.get_by_role("link", name="All versions").click()
    row = visitor.get_by_role("row").filter(has=visitor.get_by_role("rowheader", name="2", exact=True))
    row.get_by_role("link", name="Compare with version").click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("to version 2")


@pytest.mark.parametrize("colours", [None, "active"], ids=["painted", "forced colours"])
def test_a_change_can_be_told_without_colours(
    somebody: Callable[..., BrowserContext], demo: Demo, colours: str | None
) -> None:
    page = somebody(forced_colors=colours).new_page()
    page.goto(f"{demo.site}/privacy/compare/1-2/")
    clause = page.locator("#s-4-2")
    expect(clause.get_by_role("deletion")).to_contain_text("1 year")
    expect(clause.get_by_role("insertion")).to_contain_text("6 months")
    assert style(clause.locator("del"), "textDecorationLine") == "line-through"
    assert style(clause.locator("ins"), "textDecorationLine") == "underline"
    assert style(clause.locator("ins"), "content", "::before").startswith('"+"')
    assert "[deleted: 1 year end of deletion]" in " ".join(clause.locator("del").inner_text().split())


def style(element: Locator, name: str, part: str = "") -> str:
    return str(element.first.evaluate(f"element => getComputedStyle(element, {part!r} || null).{name}"))


def test_the_policy_on_paper_is_its_words_and_where_they_are_from(visitor: Page, demo: Demo) -> None:
    # Of other versions a row may be longer than a sheet, once other journeys have made more forms: its first cell then
    # goes on behind its last.
    visitor.goto(f"{demo.site}/privacy/v/1/")
    paper = on_paper(visitor)
    visitor.emulate_media(media="print")
    clauses = visitor.locator(".clause").all_inner_texts()
    proof = visitor.locator(".policy-proof dd").all_inner_texts()
    assert missing_in_order(clauses, paper) == []
    assert [words for words in ONLY_ON_SCREEN if words in " ".join(paper.split())] == []
    assert visitor.get_by_role("navigation").or_(visitor.get_by_role("button")).filter(visible=True).count() == 0
    assert missing_in_order(proof[:1], paper) == []  # version and instants
    assert [line for line in proof[1:] if closed(line) not in closed(paper)] == []  # hashes and address, in full


def test_every_sentence_and_cell_of_the_version_in_force_is_on_paper(visitor: Page, demo: Demo) -> None:
    visitor.goto(f"{demo.site}/privacy/")
    paper = on_paper(visitor)
    visitor.emulate_media(media="print")
    parts = visitor.locator(".clause :is(p, li, th, td)").all_inner_texts()
    assert len(parts) > 100
    assert [part for part in parts if missing_in_order([part], paper)] == []
    assert [words for words in ONLY_ON_SCREEN if words in " ".join(paper.split())] == []


def test_a_comparison_on_paper_tells_what_was_inserted_and_deleted(visitor: Page, demo: Demo) -> None:
    visitor.goto(f"{demo.site}/privacy/compare/1-2/")
    clause = visitor.locator("#s-4-2")
    assert "for 1 year+6 months from" in " ".join(on_paper(visitor).split())
    visitor.emulate_media(media="print")
    assert style(clause.locator("del"), "textDecorationLine") == "line-through"
    assert style(clause.locator("ins"), "textDecorationLine") == "underline"


def on_paper(page: Page) -> str:
    """The words of the page as it is printed; letters that were set as one sign are letters again."""
    leaves = PdfReader(BytesIO(page.pdf(format="A4"))).pages
    words = unicodedata.normalize("NFKC", "\n".join(leaf.extract_text() for leaf in leaves))
    return words.replace("-\n", "-")  # a narrow column breaks a word at its hyphen


def missing_in_order(texts: list[str], paper: str) -> list[str]:
    """The first words that do not follow the ones before them; what stands between them is free."""
    place = 0
    for word in " ".join(texts).split():
        found = paper.find(word, place)
        if found < 0:
            return [word, paper[place : place + 200]]
        place = found + len(word)
    return []


def closed(words: str) -> str:
    """Without spaces: a line that is too long is broken anywhere."""
    return "".join(words.split())
