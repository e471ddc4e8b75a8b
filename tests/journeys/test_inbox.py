"""Somebody writes; a colleague takes it, notes something, answers from a template; the reply opens it again."""

import os
import re
import subprocess
import sys
import time
import uuid
from email.message import EmailMessage

import pytest
from playwright.sync_api import Page, expect

from cms.places import CHECKOUT
from tests.journeys import axe
from tests.journeys.demo import Demo
from tests.journeys.test_accessible_choices import fits
from tests.journeys.test_expiry import environment
from tests.journeys.test_preferences import NARROW, WIDE

pytestmark = pytest.mark.timeout(600)


def write(page: Page, demo: Demo, address: str, words: str) -> None:
    page.goto(f"{demo.site}/contact/")
    page.get_by_label("Your name").fill("Nadia Brook")
    page.get_by_label("Your e-mail address").fill(address)
    page.get_by_label("Your message").fill(words)
    time.sleep(2.5)  # whoever fills in a form within two seconds is taken for a program
    page.get_by_role("main").get_by_role("button").last.click()
    expect(page).to_have_url(re.compile(r"\?sent"))


def press(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def seen(page: Page) -> None:
    """By day and by night, wide and narrow; what is Wagtail's own around it is not ours to mend."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            assert [line for line in axe.violations(page) if "inbox" in line or "id_" in line] == []
            assert fits(page)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]


def headers(message: dict[str, object]) -> dict[str, str]:
    """Of the mail as it arrived."""
    found: dict[str, str] = message["headers"]  # type: ignore[assignment]
    return found


def reply(demo: Demo, *, to: str, answering: str, sender: str, words: str) -> str:
    """As a mail server hands it over."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, "Re: Our sailing times"
    mail["Message-ID"], mail["In-Reply-To"] = f"<{uuid.uuid4().hex}@mail.example>", answering
    mail.set_content(f"{words}\n\nOn 1 Mar 2026, {to} wrote:\n> Dear Nadia Brook,\n")
    command = [sys.executable, "manage.py", "receive_reply"]
    env = os.environ | environment(demo)
    done = subprocess.run(command, cwd=CHECKOUT, env=env, input=mail.as_bytes(), capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.decode().strip()


def test_from_the_first_word_to_the_last(visitor: Page, vera: Page, demo: Demo) -> None:
    address = f"nadia-{uuid.uuid4().hex[:8]}@mail.example"
    write(visitor, demo, address, "When do you sail?")

    vera.goto(f"{demo.site}/cms/inquiries/?state=new")
    seen(vera)
    vera.get_by_role("link", name=re.compile(r"Inquiry #\d+")).first.click()
    expect(vera.get_by_text("When do you sail?")).to_be_visible()
    expect(vera.get_by_text("Not verified:")).to_be_visible()
    here = vera.url
    press(vera, "Take it")
    expect(vera.get_by_text("The inquiry is yours.")).to_be_visible()
    vera.get_by_label("Note for your colleagues").fill("Wrote last year as well.")
    press(vera, "Add the note")
    expect(vera.get_by_text("Wrote last year as well.")).to_be_visible()
    seen(vera)

    vera.get_by_role("link", name="Answer…").first.click()
    vera.get_by_label("Begin with a template").select_option(label="Sailing times")
    press(vera, "Use it")
    expect(vera.get_by_label("Text")).to_have_value(re.compile("^Dear Nadia Brook,"))
    seen(vera)
    press(vera, "Send the answer")
    expect(vera.get_by_text("The answer is on its way.")).to_be_visible()
    expect(vera.get_by_text("waiting for the person").first).to_be_visible()

    arrived = headers(demo.next_mail(address, "Our sailing times"))
    assert arrived["Reply-To"].startswith("replies+")
    said = reply(demo, to=arrived["Reply-To"], answering=arrived["Message-ID"], sender=address, words="And on Sundays?")
    assert said == "put below its inquiry"

    vera.goto(here)
    expect(vera.get_by_text("And on Sundays?")).to_be_visible()
    expect(vera.get_by_text("unanswered").first).to_be_visible()
    seen(vera)
    vera.get_by_role("link", name="Answer…").first.click()
    expect(vera.get_by_label("Subject")).to_have_value("Re: Our sailing times")
    vera.get_by_label("Text").fill("Never on Sundays.")
    vera.get_by_label("And close the inquiry").check()
    press(vera, "Send the answer")
    expect(vera.get_by_text("closed", exact=True).first).to_be_visible()
    second = headers(demo.next_mail(address, "Re: Our sailing times"))
    assert second["In-Reply-To"] in second["References"]
    assert arrived["Message-ID"] in second["References"]


def test_several_are_marked_at_once_by_mouse(visitor: Page, vera: Page, demo: Demo) -> None:
    write(visitor, demo, f"omar-{uuid.uuid4().hex[:8]}@mail.example", "Is the quay open?")
    vera.goto(f"{demo.site}/cms/inquiries/?state=new")
    title = vera.get_by_role("link", name=re.compile(r"Inquiry #\d+")).first.inner_text()
    vera.locator("#listing-results [data-bulk-action-checkbox]").first.check()
    vera.get_by_role("link", name="Mark the selected inquiries as spam").click()
    expect(vera.get_by_role("main").get_by_text(title)).to_be_visible()
    vera.get_by_role("button", name="Mark as spam").click()
    expect(vera.get_by_text("1 inquiry was changed.")).to_be_visible()
    vera.goto(f"{demo.site}/cms/inquiries/?state=spam")
    expect(vera.get_by_role("link", name=title)).to_be_visible()
