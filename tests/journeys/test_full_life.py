"""One person writes, subscribes, chooses cookies, is disclosed to a carrier, takes a copy and is erased: the copy has
every row about her, and afterwards no table, key, log or file knows her name, her number or her address."""

import io
import json
import time
import uuid
import zipfile
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, expect

from records.registry import Ground
from tests.journeys import cookies, remains
from tests.journeys.demo import PATIENCE, Demo
from tests.journeys.test_campaign import confirm, join

pytestmark = pytest.mark.timeout(600)


@dataclass(frozen=True)
class Person:
    name: str
    email: str
    phone: str

    @property
    def marks(self) -> list[str]:
        digits = self.phone.replace(" ", "")
        return [self.name, self.email, self.email.partition("@")[0], self.phone, digits, digits.removeprefix("+")]


@pytest.fixture
def nora() -> Person:
    mark = uuid.uuid4().hex[:8]
    return Person(f"Nora Quell{mark}", f"nora.{mark}@mail.example", f"+44 20 {uuid.uuid4().int % 10**4:04d} 00187")


def rows(demo: Demo, query: str, *values: Any) -> list[tuple[Any, ...]]:
    with psycopg.connect(remains.address_of(demo, "DATABASE_URL")) as connection:
        return connection.execute(query, values).fetchall()  # type: ignore[call-overload]


def write(page: Page, demo: Demo, nora: Person) -> None:
    page.goto(f"{demo.site}/contact/")
    page.get_by_label("Your name").fill(nora.name)
    page.get_by_label("Your e-mail address").fill(nora.email)
    page.get_by_label("Your telephone number").fill(nora.phone)
    page.get_by_label("Your message").fill(f"Where is my crate? Call me: {nora.phone}. {nora.name}")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("status")).to_be_visible()


HERS = "SELECT kind, state FROM records_subjectrequest ORDER BY asked_at DESC LIMIT 1"  # nobody asks after her


def ask(page: Page, demo: Demo, nora: Person) -> str:
    """Asks for a link to her data; returns it as the mailbox shows it."""
    before = len(demo.mail(nora.email))
    page.goto(f"{demo.site}/my-data/")
    page.get_by_label("Your e-mail address").fill(nora.email)
    page.get_by_role("button", name="Send me the link").click()
    expect(page.get_by_role("status")).to_contain_text("A mail is on its way")
    return link(demo, nora, after=before)


def link(demo: Demo, nora: Person, *, after: int) -> str:
    """The link to /my-data/ in the first mail that comes after the first `after` ones."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if len(messages := demo.mail(nora.email)) > after:
            return next(each for each in messages[0]["links"] if "/my-data/" in each)  # type: ignore[attr-defined]
        time.sleep(0.2)
    raise AssertionError(f"No further mail reached {nora.email} within {PATIENCE} seconds.")


def take_copy(page: Page, demo: Demo, nora: Person) -> zipfile.ZipFile:
    page.goto(ask(page, demo, nora))
    before = len(demo.mail(nora.email))
    page.get_by_role("button", name="Make a copy").click()
    page.goto(link(demo, nora, after=before))
    with page.expect_download() as download:
        page.get_by_role("button", name="Download it").click()
    return zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))


def erase(page: Page, demo: Demo, nora: Person) -> None:
    page.goto(ask(page, demo, nora))
    page.get_by_role("button", name="Show what would be erased").click()
    page.get_by_role("button", name="Erase it now").click()
    expect(page.get_by_role("heading", name="Receipt of an erasure")).to_be_visible()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if rows(demo, HERS) == [("erasure", "done")]:
            return
        time.sleep(0.5)
    raise AssertionError(f"Nobody was erased within {PATIENCE} seconds.")


def hand_to_a_carrier(vera: Page, demo: Demo, nora: Person) -> None:
    vera.goto(f"{demo.site}/cms/disclosures/new/")
    vera.get_by_label("Recipient", exact=False).first.select_option(index=1)
    vera.locator(f"input[name=ground][value={Ground.PURPOSE}]").check()
    vera.get_by_label("Contract, case or document").fill("Freight contract 7")
    vera.get_by_label("Whose data").fill(nora.email)
    vera.get_by_role("button", name="Look what is stored").click()
    for value in ("home.Inquiry.name", "home.Inquiry.phone"):
        vera.locator(f"input[name=columns][value='{value}']").check()
    vera.get_by_role("button", name="Show what would go").click()
    with vera.expect_download() as download:
        vera.get_by_role("button", name="Hand out and download").click()
    handed = download.value.path().read_text("utf-8")
    assert nora.name in handed
    assert "Where is my crate?" not in handed


def counted(demo: Demo, nora: Person) -> dict[str, int]:
    """How many rows about her the database holds, asked table by table; what is sealed, by the keys of her rows."""
    [(person,)] = rows(demo, "SELECT id FROM mailing_subscriber WHERE email = %s", nora.email)
    [(index, key)] = rows(
        demo,
        "SELECT k.subject, k.id FROM records_subjectkey k WHERE k.id IN "
        "(SELECT subject_key_id FROM records_subjectrequest ORDER BY asked_at DESC LIMIT 1)",
    )
    queries = {
        "home.Inquiry": ("SELECT count(*) FROM home_inquiry WHERE subject_key_id = %s", key),
        "mailing.Subscriber": ("SELECT count(*) FROM mailing_subscriber WHERE id = %s", person),
        "mailing.Subscription": ("SELECT count(*) FROM mailing_subscription WHERE subscriber_id = %s", person),
        "consent.Decision": (
            "SELECT count(*) FROM consent_decision WHERE consent_id IN (SELECT d.consent_id FROM consent_decision d "
            "JOIN mailing_subscription s ON s.decision_id = d.id WHERE s.subscriber_id = %s)",
            person,
        ),
        "records.DisclosedSubject": ("SELECT count(*) FROM records_disclosedsubject WHERE subject = %s", index),
    }
    return {label: rows(demo, query, value)[0][0] for label, (query, value) in queries.items()}


def in_copy(copy: zipfile.ZipFile) -> dict[str, int]:
    """How many rows of each data set a copy holds."""
    names = [name for name in copy.namelist() if name.startswith("data/")]
    return {name[5:].removesuffix(".json"): len(json.loads(copy.read(name))["rows"]) for name in names}


def test_a_persons_whole_life(visitor: Page, vera: Page, demo: Demo, nora: Person) -> None:
    visitor.goto(f"{demo.site}/")
    cookies.decided(visitor, lambda: cookies.press(visitor, "Accept"))
    write(visitor, demo, nora)
    confirm(visitor, join(visitor, demo, nora.email))
    hand_to_a_carrier(vera, demo, nora)
    assert remains.found(demo, [nora.email]), "the search would find her if she were there"

    copy = take_copy(visitor, demo, nora)
    held = counted(demo, nora)
    assert held["home.Inquiry"] == held["mailing.Subscriber"] == held["records.DisclosedSubject"] == 1
    assert {label: count for label, count in in_copy(copy).items() if label in held} == held
    page = copy.read("index.html").decode()
    assert all(mark in page for mark in (nora.name, nora.email, nora.phone, "Where is my crate?"))

    erase(visitor, demo, nora)
    assert remains.found(demo, nora.marks) == []
    assert demo.mail(nora.email), "her own mailbox keeps what she was sent"
