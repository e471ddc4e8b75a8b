"""What is filled in for each reader: only what is declared of them, never without other words for who is not known."""

from typing import Any

import pytest
from wagtail.rich_text import RichText

from mailing.compose import merge
from mailing.compose.shapes import Reader
from mailing.models import Field, MailingList
from tests import make

Kind = Field.Kind


@pytest.fixture(autouse=True)
def _fields(db: None) -> None:
    for key, kind in (("city", Kind.TEXT), ("born", Kind.DATE), ("boats", Kind.NUMBER), ("sails", Kind.YES_NO)):
        Field.objects.create(key=key, label=key, kind=kind, why="So.")


def filled(text: str, language: str = "en", name: str = "", **fields: Any) -> str:
    reader = Reader(email=make.ANA, name=name, fields=fields)
    return merge.fill(text, {key: fill(reader) for key, fill in merge.gaps([text], language).items()})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello {{ name|there }}!", "Hello Ana!"),
        ("Hello {{name|there}}, {{ name | you }}", "Hello Ana, Ana"),
        ("In {{ city|your town }}", "In your town"),
        ("In {{ city| your   town }}", "In your town"),
        ("{{ nothing|of that kind }}", "of that kind"),
        ("{{ name }} stays, so does { name|x }", "{{ name }} stays, so does { name|x }"),
        ("{{ name| }}", "{{ name| }}"),
    ],
)
def test_a_gap_is_filled_or_stays(text: str, said: str) -> None:
    assert filled(text, name="Ana") == said


def test_what_is_filled_in_is_one_line_and_is_not_filled_again() -> None:
    assert filled("{{ name|x }}", name=" {{ city|y }}\r\n b ", city="Quay") == "{{ city|y }} b"


@pytest.mark.parametrize(
    ("text", "language", "value", "said"),
    [
        ("{{ born|? }}", "en", "1990-03-31", "31 March 1990"),
        ("{{ born|? }}", "ru", "1990-03-31", "31 марта 1990"),
        ("{{ born|? }}", "en", "yesterday", "?"),
        ("{{ boats|? }}", "en", 2.5, "2.5"),
        ("{{ boats|? }}", "ru", 2.5, "2,5"),
        ("{{ boats|? }}", "en", "many", "?"),
        ("{{ boats|? }}", "en", True, "?"),
        ("{{ sails|? }}", "en", True, "yes"),
        ("{{ sails|? }}", "en", False, "no"),
        ("{{ sails|? }}", "en", "perhaps", "?"),
        ("{{ city|? }}", "en", 7, "7"),
    ],
)
def test_dates_numbers_and_yes_or_no_are_said_in_the_language(text: str, language: str, value: Any, said: str) -> None:
    assert filled(text, language, **{text[3:].partition("|")[0]: value}) == said


def test_an_address_is_never_filled_in() -> None:
    assert filled("{{ email|you }}") == "you"
    assert merge.problems("{{ email|you }}") == [
        "“{{ email|you }}”: nothing of that name is known of readers. There is: boats, born, city, name, sails."
    ]


@pytest.mark.parametrize("text", ["{{ name|there }}", "no gap", "{ one } brace", "{{ city|your town }} {{name|x}}"])
def test_what_is_well_written_has_no_problem(text: str) -> None:
    assert merge.problems(text) == []


@pytest.mark.parametrize("text", ["{{ name }}", "{{ name| }}", "{{ name |  }}"])
def test_words_for_who_is_not_known_are_demanded(text: str) -> None:
    assert merge.problems(text) == [f"“{text}” says nothing where it is not known. Write {{{{ name|other words }}}}."]


@pytest.mark.parametrize("text", ["{{ name|there }", "{ name|there }}", "{{ name|there", "}}", "{{ na{me|x }}"])
def test_missing_braces_are_found(text: str) -> None:
    [sentence] = merge.problems(text)
    assert "braces" in sentence


def test_everything_a_text_says_is_looked_at(news: MailingList) -> None:
    columns = [{"image": None, "text": RichText(f"<p>{{{{ c{number} }}}}</p>")} for number in (1, 2)]
    button = {"label": "{{ button }}", "page": None, "url": "https://b.example/"}
    blocks = [("heading", "{{ heading }}"), ("text", RichText("<p>{{ text }}</p>")), ("button", button)]
    text = make.written(
        make.campaign(news),
        "{{ subject }}",
        language="ru",
        preheader="{{ pre }}",
        plain="{{ plain }}",
        body=[*blocks, ("columns", columns)],
    )
    said = " ".join(merge.problems_of(text))
    for name in ("subject", "pre", "plain", "heading", "text", "button", "c1", "c2"):
        assert f"“{{{{ {name} }}}}”" in said


def test_a_gap_that_tags_divide_is_a_problem(news: MailingList) -> None:
    text = make.campaign(news, html="<p>{{ <b>name</b>|there }}</p>").texts.get()
    assert len(merge.problems_of(text)) == 1
    whole = make.campaign(news, html="<p><b>{{ name|there }}</b></p>").texts.get()
    assert merge.problems_of(whole) == []


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>Hello <b>{{ name|there }}</b></p>", "<p>Hello <b>A &amp; &lt;B&gt;</b></p>"),
        ('<a href="https://b.example/{{ name|x }}">x</a>', '<a href="https://b.example/{{ name|x }}">x</a>'),
        ("<p>{{ name|you &amp; me }}</p>", "<p>A &amp; &lt;B&gt;</p>"),
    ],
)
def test_in_html_words_are_escaped_and_tags_are_left(html: str, said: str) -> None:
    values = {"name|there": "A & <B>", "name|x": "A & <B>", "name|you & me": "A & <B>"}
    assert merge.fill_html(html, values) == said
