"""Is every word of a policy that was written elsewhere on the page once it is imported and published, in its order?"""

import os
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.test import Client

from home.models import HomePage
from policies.models import PolicyPage
from tests.policies import editing, reading

TEXTS = Path(__file__).with_name("texts")
ROOT = Path(__file__).resolve().parents[2]


def files() -> list[Path]:
    """Our own texts, and real ones where the machine has some: beside the checkout, or where the variable says."""
    there = [Path(os.environ.get("CANDOR_SEED_POLICY", os.devnull)), *(ROOT.parent / "shared" / "seed").glob("*.txt")]
    return [*sorted(TEXTS.glob("*.txt")), *{file.resolve() for file in there if file.is_file()}]


def words(text: str) -> list[str]:
    """Words and numbers; a number at the start of a line may be written with or without a dot at its end."""
    lines = [re.sub(r"^\s*[–—•]\s+", "", line) for line in text.splitlines()]
    return [re.sub(r"^(\d+(?:\.\d+)*)\.$", r"\1", word) for line in lines for word in line.split()]


def without(part: list[str], whole: list[str]) -> list[str]:
    """`whole` with `part`, which it must hold in one piece, taken out."""
    places = [place for place in range(len(whole)) if whole[place : place + len(part)] == part]
    assert places, f"{part} is not on the page"
    return whole[: places[0]] + whole[places[0] + len(part) :]


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_every_word_is_on_the_page_in_order(home: HomePage, client: Client, file: Path) -> None:
    call_command("import_policy", str(file))
    PolicyPage.objects.get().get_latest_revision().publish()
    shown = words(reading.text_of(client.get("/privacy/")))

    written = file.read_text(encoding="utf-8")
    title = next(line for line in written.splitlines() if re.search(r"[^\W\d_]", line))
    above, _title, below = written.partition(title)
    assert without(words(above), shown) == words(title + below)


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_every_clause_of_it_is_numbered_as_it_was(home: HomePage, client: Client, file: Path) -> None:
    call_command("import_policy", str(file))
    PolicyPage.objects.get().get_latest_revision().publish()
    page = BeautifulSoup(client.get("/privacy/").content, "html.parser")
    shown = [link.text.rstrip(".") for link in page.select(".clause-number")]
    assert shown == re.findall(r"^(\d+(?:\.\d+)*)\.?\s", file.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("file", [*files(), TEXTS / "ferry.md"], ids=lambda file: file.stem)
def test_it_can_be_opened_and_published_in_the_editor_without_a_change(home: HomePage, cms: Client, file: Path) -> None:
    call_command("import_policy", str(file))
    page = PolicyPage.objects.get()
    page.get_latest_revision().publish()
    editing.publish(cms, page, editing.rows(page), title=page.title)
    page.refresh_from_db()
    assert "data-block-key" in page.body.raw_data[-1]["value"]["text"], "it went through the editor"
    assert page.versions.count() == 1


def test_a_markdown_file_keeps_its_headings_marks_and_lists(home: HomePage, client: Client) -> None:
    call_command("import_policy", str(TEXTS / "ferry.md"))
    PolicyPage.objects.get().get_latest_revision().publish()
    shown = client.get("/privacy/")
    assert reading.text_of(shown) == (
        "Ferry Company Privacy Policy We carry you across; this says what we note down while we do. The lines of this "
        "paragraph are wrapped at a width, as an editor of plain text would wrap them, and belong together. "
        "1. What we note 1.1 Your name and your berth , as written in the timetable . 1.2 At the quay: the hour, which "
        "the clock on the tower gives, the weather wind rain the tide. On board We also note: the cabin, the meal. "
        "2. For how long 2.1 Until the ship is back, and never longer. 2.1.1 A lost umbrella is kept until somebody "
        "asks for it."
    )
    article = reading.article(shown)
    assert [link["href"] for link in article.select("a[href^=http]")] == ["https://ferry.example/times?day=1&way=out"]
    assert [item.text for item in article.select("#s-1-2 li li")] == ["wind", "rain"]
    assert len(article.select("h2.clause")) == 3
