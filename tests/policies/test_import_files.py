"""Which bytes are a text, in which format, and what is said of a file that is none?"""

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from home.models import HomePage
from policies.importing import files
from policies.models import PolicyPage

TEXT = "Политика\n\n1. Данные\n\n1.1 Имя — ваше, ё.\n"


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        b"\xff\xfe" + TEXT.encode("utf-16-le"),
        b"\xfe\xff" + TEXT.encode("utf-16-be"),
    ],
    ids=["UTF-8", "UTF-8 with its mark", "UTF-16 from Windows", "UTF-16 from elsewhere"],
)
def test_unicode_is_read(raw: bytes) -> None:
    assert files.text(raw) == TEXT


def archive() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as letters:
        letters.writestr("word/document.xml", "<w:t>1.1 Names.</w:t>")
    return file.getvalue()


REFUSED = {
    "docx": (archive(), "a Word or OpenDocument file"),
    "doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Word"),
    "rtf": (rb"{\rtf1\ansi Names.}", "a Rich Text Format file"),
    "pdf": (b"%PDF-1.7\n1 0 obj", "a PDF: copy its text"),
    "png": (b"\x89PNG\r\n\x1a\n\x00\x00", r"a picture \(PNG\)"),
    "jpeg": (b"\xff\xd8\xff\xe0\x00\x10JFIF", r"a picture \(JPEG\)"),
    "gzip": (gzip.compress(TEXT.encode()), r"compressed \(gzip\) file: unpack"),
    "UTF-32": (TEXT.encode("utf-32"), "UTF-32 text: save it as UTF-8"),
    "UTF-16 without its mark": (TEXT.encode("utf-16-le"), "UTF-16 text without the mark|holds NUL"),
    "English UTF-16 without its mark": ("Names.\n".encode("utf-16-be"), "UTF-16 text without the mark"),
    "half a UTF-16 letter": (b"\xff\xfe" + "Names.".encode("utf-16-le") + b"\x00", "says that it is UTF-16 and is not"),
    "NUL": (b"T\n\n1.1 Na\x00mes and some more words.", "NUL characters"),
    "control character": (b"T\n\n1.1 Na\x07mes.", r"Line 3 holds the control character U\+0007"),
    "Windows-1251": (TEXT.encode("cp1251", "replace"), r"not UTF-8 \(byte 0\) but looks like Windows-1251"),
    "Latin-1": ("Datenschutzerklärung für Sie".encode("latin-1"), r"\(byte 15\) but looks like Latin-1"),
    "a broken byte": (TEXT.encode() + b"\xd0", r"most of it is, but this byte is broken"),
    "nothing": (b"", "The file has no text"),
    "blank": (b"\xef\xbb\xbf \n\t\n", "The file has no text"),
    "blank page": (b"<html><body> <p>&nbsp;</p></body></html>", "The file has no text"),
    "title alone": (b"A title alone\n", "no text below it"),
    "noise": (bytes(range(256)) * 20, "NUL characters|not UTF-8"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_without_a_policy_is_refused_in_one_sentence(home: HomePage, tmp_path: Path, what: str) -> None:
    raw, reason = REFUSED[what]
    file = tmp_path / "policy.txt"
    file.write_bytes(raw)
    with pytest.raises(CommandError, match=reason) as refusal:
        call_command("import_policy", str(file))
    said = str(refusal.value).removeprefix(f"{file}: ")
    assert (said.count(". "), len(said) < 165, said[-1]) == (0, True, ".")
    assert not PolicyPage.objects.exists()


@pytest.mark.parametrize(
    ("text", "name", "form"),
    [
        ("<!DOCTYPE html><html><p>a", "policy", "html"),
        ("\n<!-- saved from a browser -->\n<html>", "policy.txt", "html"),
        ("<h1 class='a'>a</h1><p>b", "policy.txt", "html"),
        ("We <b>keep</b> it.", "policy.html", "html"),
        ("We keep it.", "policy.html", "markdown"),
        ("<div align=center>logo</div>\n\n# Policy", "README.md", "markdown"),
        ("Policy\n\n<p>An example.</p>", "policy.txt", "markdown"),
        ("# Policy", "", "markdown"),
        ("<https://a.example> is ours.", "policy.txt", "markdown"),
    ],
)
def test_the_format_is_told_by_the_content_then_by_the_name(text: str, name: str, form: str) -> None:
    assert files.form(text, name) == form
