"""Text becomes bytes that every server passes on, and comes back as it was."""

import quopri
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailing.compose.encoding import for_html, mailbox, one_line, quoted_printable, unstructured, with_phrase

TEXT = st.text(st.characters(blacklist_categories=["Cs"]), max_size=300)
LINE = st.text(max_size=120)


@given(TEXT)
def test_quoted_printable_says_the_same(text: str) -> None:
    encoded = quoted_printable(text)
    lines = encoded.split(b"\r\n")
    assert quopri.decodestring(encoded).decode().replace("\r\n", "\n") == text.replace("\r\n", "\n").replace("\r", "\n")
    assert max(map(len, lines)) <= 76
    assert not [line for line in lines if line.startswith((b".", b"From ")) or line.endswith((b" ", b"\t"))]
    assert encoded.isascii()


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("Ana", b"Ana"),
        ("a=b", b"a=3Db"),
        ("Ёж", b"=D0=81=D0=B6"),
        (".\n..", b"=2E\r\n=2E."),
        ("From Ana\nFromage", b"=46rom Ana\r\nFromage"),
        ("end \nnext\t", b"end=20\r\nnext=09"),
        ("x" * 76, b"x" * 75 + b"=\r\nx"),
        ("", b""),
    ],
)
def test_quoted_printable_to_the_letter(text: str, encoded: bytes) -> None:
    assert quoted_printable(text) == encoded


@given(LINE)
def test_a_subject_of_any_text_is_one_header_of_lawful_lines(text: str) -> None:
    said = one_line(text)
    header = unstructured("Subject", said)
    name, _colon, value = header.decode("ascii").partition(": ")
    assert name == "Subject"
    assert str(make_header(decode_header(value.replace("\r\n", "")))) == said
    assert "\n" not in value.replace("\r\n ", "")
    assert said.isascii() or max(map(len, header.split(b"\r\n"))) <= 76


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("", b"To: ana@mail.example"),
        ("Ana", b'To: "Ana" <ana@mail.example>'),
        ('O"Neil \\ Ltd.', b'To: "O\\"Neil \\\\ Ltd." <ana@mail.example>'),
        ("Ана", b"To: =?utf-8?b?0JDQvdCw?= <ana@mail.example>"),
        (
            "Анна-Мария Константинопольская",
            b"To: =?utf-8?b?0JDQvdC90LAt0JzQsNGA0LjRjyDQmtC+0L3RgdGC0LDQvdGC0Lg=?=\r\n "
            b"=?utf-8?b?0L3QvtC/0L7Qu9GM0YHQutCw0Y8=?=\r\n <ana@mail.example>",
        ),
    ],
)
def test_a_person_in_a_header(name: str, header: bytes) -> None:
    assert mailbox("To", name, "ana@mail.example") == header


def test_a_header_of_a_name_for_people_and_one_for_machines() -> None:
    assert with_phrase("News", "<news.quay.example>") == '"News" <news.quay.example>'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  a \t b\r\nc\x00d\x85e\ud800f ", "a b c d e f"),
        ("=?utf-8?q?x?=", "= ?utf-8?q?x?="),
        ("a\u2028b\xa0c", "a b c"),
    ],
)
def test_one_line_has_nothing_that_ends_a_header(text: str, line: str) -> None:
    assert one_line(text) == line


def test_html_text_is_written_as_a_serialiser_does() -> None:
    assert for_html("<b> & \"x\" 'y'\xa0z") == "&lt;b&gt; &amp; \"x\" 'y'&nbsp;z"
