"""How is a text that somebody wrote elsewhere taken apart, and what is said of it?"""

import pytest

from policies import importing
from policies.importing import markup
from tests.policies.imported import notes, outline

TABLE = "a table: kept as a list, a row an item, its cells apart by “|”"
NUMBERED = "T\n\n1. Data\n\n1.1 Names.\n\n1.1.1 First names.\n\n1.2 Dates.\n\n2. Use\n\n2.1 Letters."
NUMBERED_OUTLINE = [
    "T",
    "section 1 Data",
    "clause 1.1 Names.",
    "subclause 1.1.1 First names.",
    "clause 1.2 Dates.",
    "section 2 Use",
    "clause 2.1 Letters.",
]


@pytest.mark.parametrize(
    "text",
    [
        NUMBERED,
        NUMBERED.replace("1.1 ", "1.1. ").replace("1.2 ", "1.2. "),
        NUMBERED.replace("\n", "\r\n"),
        NUMBERED.replace("\n", "\r"),
        "\ufeff" + NUMBERED,
        NUMBERED.replace(" ", "\t"),
        NUMBERED.replace("\n\n", "\n"),
        NUMBERED.replace("\n\n", "\n   \n\n  "),
        NUMBERED.replace("1. Data", "1) Data").replace("2. Use", "2) Use"),
        NUMBERED.replace("T\n", "# T #\n").replace("1. Data", "## 1. Data").replace("2. Use", "## 2. Use ##"),
        NUMBERED.replace("T\n", "T\n===\n").replace("1. Data", "1. Data\n-------"),
        NUMBERED.replace("1. Data", "**1. Data**").replace("1.1 Names", "**1.1** Names"),
        NUMBERED.replace("1. Data", "## **1. Data**").replace("T\n", "# *T*\n"),
    ],
)
def test_one_policy_is_read_alike_however_it_is_written(text: str) -> None:
    assert outline(text) == NUMBERED_OUTLINE
    assert notes(text) == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("T\n\n1.1 For:\n– tea;\n– milk.", ["clause 1 For: [ tea; milk. ]"]),
        ("T\n\n1.1 For:\n\n  • tea;\n  • milk.\n\nThen.", ["clause 1 For: [ tea; milk. ]", "text  Then."]),
        ("T\n\n1.1 For:\n- tea\n  - green\n    - cold\n- milk", ["clause 1 For: [ tea [ green [ cold ] ] milk ]"]),
        ("T\n\n1.1 For:\n- tea\n\t- green\n- milk", ["clause 1 For: [ tea [ green ] milk ]"]),
        ("T\n\n1.1 For:\n- tea\n      - cold\n      - hot\n   - iced", ["clause 1 For: [ tea [ cold hot iced ] ]"]),
        ("T\n\n1.1 For:\n   - tea\n    - milk\n- rum", ["clause 1 For: [ tea milk rum ]"]),
        ("T\n\n1.1 For:\n- tea from\n  China", ["clause 1 For: [ tea from China ]"]),
        ("T\n\n## For\n- tea\n- milk\n\nMore.", ["section  For", "text  [ tea milk ]", "text  More."]),
        ("T\n\n1. A\n\n1.1 You.\n\n2. B\n\n- tea", ["section 1 A", "clause 1.1 You.", "section 2 B", "text  [ tea ]"]),
        ("T\n\n- tea\n\n- milk\n\n1.1 You.", ["text  [ tea milk ]", "clause 1 You."]),
    ],
)
def test_lists_are_kept_with_their_levels(text: str, read: list[str]) -> None:
    assert outline(text) == ["T", *read]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        # wrapped lines belong together
        ("T\n\n1.1 We keep\nyour name.", ["clause 1 We keep your name."]),
        ("T\n\nWe opened in\n2020 was a good year.", ["text  We opened in 2020 was a good year."]),
        ("T\n\n1.1 Of more than\n1.5 million letters.", ["clause 1 Of more than 1.5 million letters."]),
        ("T\n\n1.1 Of more than\n20 letters.", ["clause 1 Of more than 20 letters."]),
        ("T\n\n1. How we handle\nyour data\n\n1.1 Well.", ["section 1 How we handle your data", "clause 1.1 Well."]),
        # but a heading ends where a sentence begins
        ("T\n\n## Data\nWe keep it.", ["section  Data", "text  We keep it."]),
        ("T\n\n1. Data\nWe keep it.\n1.1 Well.", ["section 1 Data", "text  We keep it.", "clause 1.1 Well."]),
        # a long paragraph with clauses below it is their heading; without, it is a clause
        ("T\n\n1. We keep:\n\n1.1 Names.", ["section 1 We keep:", "clause 1.1 Names."]),
        ("T\n\n1. We keep names.\n\n2. We sell none.", ["clause 1 We keep names.", "clause 2 We sell none."]),
        ("T\n\n1. Names\n\nWe keep them.\n\n2. Dates", ["section 1 Names", "text  We keep them.", "section 2 Dates"]),
        # lists that number or letter their items inside a clause
        ("T\n\n1.1 For:\na) tea;\nb) milk.", ["clause 1 For:", "text  a) tea;", "text  b) milk."]),
        ("T\n\n1.1 For:\n(1) tea;\n(2) milk.", ["clause 1 For:", "text  (1) tea;", "text  (2) milk."]),
        ("T\n\n1.1 For:\n1) a;\n2) b.\n1.2 O.", ["clause 1 For:", "text  1) a;", "text  2) b.", "clause 2 O."]),
        ("T\n\n1.1 For:\n\n1. a;\n\n2. b.\n\n1.2 O.", ["clause 1 For:", "text  1. a;", "text  2. b.", "clause 2 O."]),
        (
            "T\n\n1. A\n\n1.1 We:\n\n1. a;\n\n2. b.\n\nSo.\n\n2. B\n\n2.1 O.",
            [
                "section 1 A",
                "clause 1.1 We:",
                "text  1. a;",
                "text  2. b.",
                "text  So.",
                "section 2 B",
                "clause 2.1 O.",
            ],
        ),
        # text before and between
        ("+7 (812) 000-00-00\n\nT\n\n1.1 We.", ["text  +7 (812) 000-00-00", "clause 1 We."]),
        ("Tel.: 020 7946 00 18\n\nT\n\n1.1 We.", ["text  Tel.: 020 7946 00 18", "clause 1 We."]),
        ("T\n\nOf 25.05.2018\n\n1.1 We.\n\nAs ever.", ["text  Of 25.05.2018", "clause 1 We.", "text  As ever."]),
        ("T\n\nOne.\n\n***\n\nTwo.", ["text  One.", "text  Two."]),
        ("T\n\n1.1\n\n1.2 We.", ["clause 1", "clause 2 We."]),
        ("T\n\n1.1.1.1 Deep.", ["text  1.1.1.1 Deep."]),
        ("Политика\n\n1. Данные\n\n1.1. Имя — ваше.", ["section 1 Данные", "clause 1.1 Имя — ваше."]),
    ],
)
def test_lines_are_put_together_and_told_apart(text: str, read: list[str]) -> None:
    assert outline(text) == ["Политика" if "Политика" in text else "T", *read]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Policy\n\nText.", "Policy"),
        ("Acme Ltd\n\n# Privacy policy\n\nText.", "Privacy policy"),
        ("info@quay.example\n\nPolicy of 2026-03-01\n\nText.", "Policy of 2026-03-01"),
        ("We keep nothing.\n\n1.1 At all.", "Privacy policy"),
        ("1. Data\n\n1.1 None.", "Privacy policy"),
        ("- tea\n\nText.", "Privacy policy"),
        ("One.\n\nTwo.\n\nThree.\n\nFour.\n\nFive.\n\nSix\n\nSeven.", "Privacy policy"),
        ("Our **privacy** *policy*\n\nText.", "Our privacy policy"),
        ("Data & <dreams>\n\nText.", "Data & <dreams>"),
    ],
)
def test_the_title_is_found_above_the_first_number(text: str, title: str) -> None:
    assert importing.read(text).title == title


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("1. Data\n\n1.1 None.", "no title found: the page is called “Privacy policy”"),
        ("020 7946 0018\n\nT\n\nText.", "stands before the title: kept as the first text below it"),
        ("T\n\n| a | b |", TABLE),
        ("T\n\n| a", "looks like mark-up, a picture, code or part of a table: kept as plain text"),
        ("T\n\nText with <b>bold</b>.", "looks like mark-up, a picture, code or part of a table: kept as plain text"),
        ("T\n\n![A ship](ship.png)", "looks like mark-up, a picture, code or part of a table: kept as plain text"),
        ("T\n\n```\ncode\n```", "looks like mark-up, a picture, code or part of a table: kept as plain text"),
        ("T\n\nText.\n\n* * *\n\nText.", "a line drawn across: left out"),
        ("T\n\n1.1 One.\n\n1.1 Two.", "is numbered 1.1 in the file and 2 by its place"),
        ("T\n\n1. A\n\n1.1 One.\n\n1.3 Two.", "is numbered 1.3 in the file and 1.2 by its place"),
        ("T\n\n1. A\n\n1.1 For:\n\n1. tea;", "starts with 1., which does not follow 1.1: kept as text"),
        ("T\n\n1.1.1.1 Deep.", "1.1.1.1 is deeper than three levels: kept as text with its number"),
        ("T\n\n1. A\n\n1.1\n\n1.2 Two.", "1.1 has no text"),
    ],
)
def test_what_needs_a_look_is_reported(text: str, note: str) -> None:
    assert note in notes(text)


def test_a_report_names_the_line() -> None:
    assert importing.read("T\n\nText.\n\n| a | b |\n\n1.2 Two.").notes == [
        (5, TABLE),
        (7, "is numbered 1.2 in the file and 1 by its place"),
    ]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("| a | b |\n|---|---|\n| 1 | 2 |\n\nSo.", ["text  [ a | b 1 | 2 ]", "text  So."]),
        ("a | b\n:-- | --:\n1 | 2\nSo.", ["text  [ a | b 1 | 2 ]", "text  So."]),
        ("1.1 We:\n\n| a | b |\n| | 2 |", ["clause 1 We: [ a | b | 2 ]"]),
        ("1.1 We:\n- tea\n| a | b |", ["clause 1 We: [ tea ]", "text  [ a | b ]"]),
        ("| a \\| b | c |", ["text  [ a | b | c ]"]),
        ("Either | or.\nBoth | none.", ["text  Either | or. Both | none."]),
    ],
)
def test_a_table_is_kept_cell_by_cell(text: str, read: list[str]) -> None:
    assert outline(f"T\n\n{text}") == ["T", *read]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold** and *italic*", "<b>bold</b> and <i>italic</i>"),
        ("**bold *and italic* words**", "<b>bold <i>and italic</i> words</b>"),
        ("**[a link](https://a.example/*b*)**", '<b><a href="https://a.example/*b*">a link</a></b>'),
        ("[**a** link](mailto:us@a.example)", '<a href="mailto:us@a.example"><b>a</b> link</a>'),
        ("[a](https://a.example/b_(c)?d=1&e=2).", '<a href="https://a.example/b_(c)?d=1&amp;e=2">a</a>.'),
        ("[a](javascript:alert(1))", "[a](javascript:alert(1))"),
        ('[a](https://a.example/"onclick="b)', '[a](https://a.example/"onclick="b)'),
        ("**a *b** c*", "<b>a *b</b> c*"),
        ("5 * 3 * 2 and 5*3*2 and ** and *", "5 * 3 * 2 and 5*3*2 and ** and *"),
        ("the cookies _ga_ and __gads", "the cookies _ga_ and __gads"),
        ('"quoted" & it\'s <here>', '"quoted" &amp; it\'s &lt;here&gt;'),
    ],
)
def test_only_marks_that_the_editor_can_keep_become_html(text: str, html: str) -> None:
    assert markup.inline(text) == html


def test_anchors_are_the_numbers_of_the_file_and_never_come_twice() -> None:
    draft = importing.read("T\n\n1. A\n\n1.1 One.\n\n1.1 Again.\n\nText.\n\n1.1.1 Deep.")
    anchors = [block["value"]["anchor"] for block in draft.body]
    assert anchors == ["s-1", "s-1-1", "", "", "s-1-1-1"]
    assert len({block["id"] for block in draft.body}) == len(draft.body)


def test_a_clause_keeps_its_identity_when_another_is_inserted() -> None:
    before = importing.read("T\n\n1.1 One.\n\nText.\n\n1.2 Two.").body
    after = importing.read("T\n\n1.1 One.\n\nText.\n\nMore.\n\n1.2 Two.").body
    assert [block["id"] for block in after] == [before[0]["id"], before[1]["id"], after[2]["id"], before[2]["id"]]
