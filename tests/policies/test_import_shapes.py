"""Is every word and number of a policy on its page, in order, once, whatever shape the file has?"""

import random
import re
import time
from html import unescape
from itertools import chain
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from home.models import HomePage
from policies import importing
from policies.models import PolicyPage
from tests.policies import editing, imported, reading

SHAPES = Path(__file__).with_name("texts") / "shapes"
# What a browser shows, or a retention clause bears, and no file of ours holds: numbers by place, letters of lists.
ADDED = {
    "letter.txt": "1",
    "lantern.html": "a b iii iv",
    "numbering.html": "1 1 1 1 2 1 3 1 3 1 2 2 1",
}


def words(text: str) -> list[str]:
    """Letters and digits; what stands between them may be a mark of the file's format."""
    return re.findall(r"[^\W\d_]+|\d+", text)


def visible(file: Path) -> str:
    """What a reader of the file sees, told without the importer's own means."""
    text = file.read_text(encoding="utf-8")
    if file.suffix != ".html":
        return text
    text = re.sub(r"<!--.*?-->|<(script|style|nav|title)\b.*?</\1>", " ", text, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", " ", re.sub(r'<img[^>]*alt="([^"]*)"[^>]*>', r" \1 ", text)))


def added(shown: list[str], written: list[str]) -> list[str]:
    """What is shown and not written; fails unless all that is written is shown in its order."""
    more, place = [], 0
    for word in shown:
        if place < len(written) and word == written[place]:
            place += 1
        else:
            more.append(word)
    assert written[place:] == []
    return more


def shown(client: Client, file: Path) -> list[str]:
    call_command("import_policy", str(file))
    PolicyPage.objects.get().get_latest_revision().publish()
    return words(reading.text_of(client.get("/privacy/")))


@pytest.mark.parametrize("file", sorted(SHAPES.iterdir()), ids=lambda file: file.name)
def test_every_word_and_number_is_on_the_page_in_order_once(home: HomePage, client: Client, file: Path) -> None:
    assert added(shown(client, file), words(visible(file))) == ADDED.get(file.name, "").split()


def big(pick: random.Random) -> str:
    """Twenty thousand words and more, a number at most once in each place."""
    syllables = ["ka", "lo", "mi", "ne", "ru", "sa", "ти", "ва", "ду", "ше", "ös", "bü"]
    vocabulary = ["".join(pick.choices(syllables, k=pick.randint(2, 5))) for _ in range(3000)]

    def sentence() -> str:
        return " ".join(pick.choices(vocabulary, k=pick.randint(12, 60))) + "."

    parts, count = ["The long notice"], 0
    while count < 20_000:
        section = len([part for part in parts if re.match(r"\d+\. ", part)]) + 1
        new = [f"{section}. {pick.choice(vocabulary)}"]
        for clause in range(1, pick.randint(3, 9)):
            new.append(f"{section}.{clause} {sentence()}")
            new += [f"{section}.{clause}.{below} {sentence()}" for below in range(1, pick.randint(1, 4))]
            new += [f"{'  ' * (item % 3)}- {sentence()}" for item in range(pick.randint(0, 5))]
        count += sum(len(words(part)) for part in new)
        parts += new
    return "\n\n".join(parts) + "\n"


def test_twenty_thousand_words_are_on_the_page_after_seconds(home: HomePage, client: Client, tmp_path: Path) -> None:
    file = tmp_path / "long.txt"
    file.write_text(big(random.Random(20_000)), encoding="utf-8")
    began = time.process_time()
    call_command("import_policy", str(file))
    assert time.process_time() - began < 10
    assert added(shown(client, file), words(visible(file))) == []


def test_a_megabyte_of_bullets_is_saved(home: HomePage, tmp_path: Path) -> None:
    file = tmp_path / "bullets.txt"
    file.write_text("Notice\n\nWe keep for one year:\n" + "- tea xyz\n" * 100_000, encoding="utf-8")
    began = time.process_time()
    call_command("import_policy", str(file))
    assert time.process_time() - began < 30
    [clause] = PolicyPage.objects.get().get_latest_revision_as_object().body
    assert clause.value["text"].source.count("<li>") == 100_000


WORST = {
    "one line": "word ",
    "numbers": "1.1.1.1.1.1.1.1.1.1 a\n",
    "chain": "1.",
    "lines": "a\n",
    "deep lists": "".join(f"{' ' * depth}- x\n" for depth in range(0, 700, 2)),
    "tags": "<a",
    "bold": "**a ",
    "links": "[a](http://(x)",
    "tables": "a|b\n-|-\n",
    "periods": "kept for one (",
    "rules": "- - -x\n",
    "html: nothing": "<b> </b>",
    "html: items": "<li>a",
    "html: breaks": "x <br> ",
    "html: deep": "<div>",
    "html: comments": "<!--",
}


@pytest.mark.parametrize("shape", WORST)
def test_no_text_takes_for_ever(shape: str) -> None:
    """A third of what a file may hold: time that grew with the square of it would be minutes."""
    text = "T\n\n1.1 We keep\n" + WORST[shape] * (350_000 // len(WORST[shape]))
    began = time.process_time()
    try:
        importing.read(text, form="html" if shape.startswith("html") else "")
    except ValueError as refusal:
        assert re.search("more than 5000 paragraphs|no text below|deeper than 150 levels|are not closed", str(refusal))  # noqa: PT017
    assert time.process_time() - began < 10


def test_a_list_is_no_deeper_than_the_editor_keeps_it() -> None:
    text = "T\n\nFor:\n" + "\n".join(f"{'  ' * depth}- item{depth}" for depth in range(9))
    draft = importing.read(text)
    [(_kind, _number, html)] = imported.rows(draft)
    assert html.count("<ul>") == 5
    assert imported.words(draft) == ["T", "For:", *(f"item{depth}" for depth in range(9))]
    assert draft.notes == [(9, "stands deeper than 5 levels of a list: kept at the last of them")]


def test_numbers_that_start_anew_are_kept_as_they_are() -> None:
    text = "# T\n\n## Data\n\n1. Names.\n2. Dates.\n\n## Use\n\n1. Letters."
    assert imported.outline(text) == [
        "T",
        *("section  Data", "text  1. Names.", "text  2. Dates."),
        *("section  Use", "text  1. Letters."),
    ]
    assert "numbers start anew below several headings: they are kept as text" in imported.notes(text)


@pytest.mark.parametrize(
    "item", ["a) tea", "(b) tea", "(iv) tea", "iv) tea", "а) чай", "(б) чай", "(1) tea", "（一）茶", "(aa) tea"]
)
def test_no_letter_of_a_list_is_lost(item: str) -> None:
    read = imported.outline(f"T\n\n1. A\n\n1.1 For:\n{item}\n\n1.2 So.")
    assert read == ["T", "section 1 A", "clause 1.1 For:", f"text  {item}", "clause 1.2 So."]


@pytest.mark.parametrize(
    "text",
    [
        "1、数据\n\n1.1我们。\n\n1.2我们。",
        "１．数据\n\n１.１ 我们。\n\n１.２ 我们。",
        "1.数据\n\n1.1.我们。\n\n1.2.我们。",
    ],
)
def test_full_width_numbers_are_numbers(text: str) -> None:
    assert imported.outline(f"政策\n\n{text}") == ["政策", "section 1 数据", "clause 1.1 我们。", "clause 1.2 我们。"]


def test_text_is_left_alone_where_the_format_says_so() -> None:
    text = "T\n\n# One *two* **three**\n\n| a | b |"
    assert imported.outline(text, form="text") == ["T", "text  # One *two* **three**", "text  | a | b |"]


def test_braces_that_would_be_filled_in_are_reported() -> None:
    assert imported.notes("T\n\nAsk {owner}, or {Name}; not {a b}.") == [
        *("{Name} would be filled in when the policy is published: check it",),
        *("{owner} would be filled in when the policy is published: check it",),
    ]


def test_the_shapes_are_as_different_as_they_say() -> None:
    kinds = {file.name: {part.kind for part in _draft(file).parts} for file in SHAPES.iterdir()}
    assert "section" not in kinds["letter.txt"]
    assert set(chain(*kinds.values())) == {"section", "clause", "subclause", "text", "retention"}
    assert max(item.depth for part in _draft(SHAPES / "bullets.txt").parts for item in part.bullets) == 2


def _draft(file: Path) -> importing.Draft:
    return importing.read_file(file.read_bytes(), name=file.name)


@pytest.mark.parametrize("name", ["lantern.html", "tables.md", "keys-ru.txt"])
def test_it_can_be_opened_and_published_in_the_editor_without_a_change(home: HomePage, cms: Client, name: str) -> None:
    call_command("import_policy", str(SHAPES / name))
    page = PolicyPage.objects.get()
    page.get_latest_revision().publish()
    editing.publish(cms, page, editing.rows(page), title=page.title)
    page.refresh_from_db()
    assert "data-block-key" in page.body.raw_data[-1]["value"]["text"], "it went through the editor"
    assert page.versions.count() == 1
