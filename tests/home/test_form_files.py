"""Files are judged by their bytes, stay in memory until they are sealed, and never come back as anything else."""

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from home import uploads
from home.models import Attachment, FormPage, Inquiry
from tests import make
from tests.home import forms
from tests.home.forms import EMAIL, PDF, Kind

FILE = {"kind": Kind.FILE, "label": "Plan"}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20


def office(*names: str, first: bytes = b"") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        if first:
            archive.writestr("mimetype", first)
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


WORD = office("[Content_Types].xml", "word/document.xml")
TAKEN = {
    "a.pdf": (PDF, uploads.PDF),
    "a.png": (PNG, uploads.PNG),
    "a.jpeg": (JPEG, uploads.JPEG),
    "a.webp": (b"RIFF\x10\0\0\0WEBPVP8 ", uploads.WEBP),
    "a.txt": ("Größe: 40 Fuß\n".encode(), uploads.TEXT),
    "a.csv": (b"a;b\r\n1;2\r\n", uploads.TEXT),
    "a.docx": (WORD, uploads.DOCX),
    "a.xlsx": (office("[Content_Types].xml", "xl/workbook.xml"), uploads.XLSX),
    "a.odt": (office("content.xml", first=uploads.ODT.encode()), uploads.ODT),
}
REFUSED = {
    "page.html": b"<!doctype html><script>alert(1)</script>",
    "picture.svg": b'\n<svg xmlns="http://www.w3.org/2000/svg"/>',
    "said-to-be.pdf": b"\xef\xbb\xbf<html>",
    "run.sh": b"#!/bin/sh\nrm -rf /\n",
    "letter.rtf": b"{\\rtf1 x}",
    "program.exe": b"MZ\x90\0\x03",
    "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "archive.zip": office("readme.txt"),
    "both.docx": office("[Content_Types].xml", "word/document.xml", "xl/workbook.xml"),
    "macros.docm": office("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"),
    "scripts.odt": office("content.xml", "Basic/x.xml", first=uploads.ODT.encode()),
    "sheet.ods": office("content.xml", first=b"application/vnd.oasis.opendocument.spreadsheet"),
    "broken.docx": WORD[:40],
    "latin.txt": "Größe".encode("latin-1"),
    "binary.txt": b"a\0b",
}


@pytest.fixture
def page(db: None) -> FormPage:
    return forms.form(EMAIL, FILE)


def sent(client: Client, page: FormPage, *files: tuple[str, bytes]) -> Any:
    said = {"email": make.BEN, "plan": [SimpleUploadedFile(name, content, "text/html") for name, content in files]}
    return forms.send(client, page, said)


@pytest.mark.parametrize("name", TAKEN)
def test_a_kind_that_is_taken_is_known_by_its_bytes(name: str) -> None:
    content, media_type = TAKEN[name]
    assert uploads.kind_of(content) == media_type
    assert uploads.cleaned(name, media_type) == name


@pytest.mark.parametrize("name", REFUSED)
def test_whatever_else_is_refused_whatever_its_name(name: str) -> None:
    assert uploads.kind_of(REFUSED[name]) is None


@given(st.binary(max_size=300))
def test_no_bytes_are_an_error(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04", WORD[:60], WORD):
        assert uploads.kind_of(start + content) in {None, *uploads.ENDINGS}


@pytest.mark.parametrize(
    ("name", "media_type", "cleaned"),
    [
        ("../../etc/passwd", uploads.TEXT, "passwd.txt"),
        ("C:\\files\\plan.pdf", uploads.PDF, "plan.pdf"),
        ("invoice.exe", uploads.PDF, "invoice.exe.pdf"),
        ("a\u202efdp.exe", uploads.TEXT, "afdp.exe.txt"),
        ("a\r\nb\0.png", uploads.PNG, "ab.png"),
        ('<img src="x">.png', uploads.PNG, "_img src=_x__.png"),
        ("...", uploads.PDF, "file.pdf"),
        ("", uploads.PDF, "file.pdf"),
        ("план.pdf", uploads.PDF, "план.pdf"),
    ],
)
def test_a_name_is_a_name_and_nothing_more(name: str, media_type: str, cleaned: str) -> None:
    assert uploads.cleaned(name, media_type) == cleaned


@given(st.text(max_size=300))
def test_any_name_becomes_a_short_one_with_its_ending(name: str) -> None:
    said = uploads.cleaned(name, uploads.PDF)
    assert said.lower().endswith(".pdf")
    assert 4 < len(said) <= uploads.NAME_LENGTH
    assert "/" not in said
    assert "\n" not in said


def test_a_file_is_stored_sealed_and_opens_as_it_came(client: Client, page: FormPage) -> None:
    assert sent(client, page, ("plan.pdf", PDF)).status_code == 303
    row = Attachment.objects.get()
    assert (row.name, row.content, row.media_type, row.size) == ("plan.pdf", PDF, uploads.PDF, len(PDF))
    assert (row.key, row.inquiry, row.subject_key) == ("plan", Inquiry.objects.get(), Inquiry.objects.get().subject_key)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content, name FROM home_attachment")
        content, name = cursor.fetchone()
    assert b"PDF" not in bytes(content)
    assert b"plan" not in bytes(name)


def test_several_files_come_along_and_not_too_many(client: Client, page: FormPage) -> None:
    files = [(f"{number}.pdf", PDF + b"%d" % number) for number in range(5)]
    assert sent(client, page, *files[:3]).status_code == 303
    assert Attachment.objects.count() == 3
    response = sent(client, page, *files[:4])
    assert "Send 3 files at most." in str(response.context["form"].errors["plan"])
    assert sent(client, page, *files).status_code == 422
    assert Attachment.objects.count() == 3


def test_a_file_too_large_is_named(client: Client, page: FormPage) -> None:
    response = sent(client, page, ("big.pdf", PDF + b"x" * uploads.MOST_BYTES))
    assert "“big.pdf” is too large: a file may have 5 MB." in str(response.context["form"].errors["plan"])
    assert not Inquiry.objects.exists()
    assert sent(client, page, ("big.pdf", PDF.ljust(uploads.MOST_BYTES, b"x"))).status_code == 303
    assert Attachment.objects.get().size == uploads.MOST_BYTES


def test_more_than_three_whole_files_are_not_read(client: Client, page: FormPage) -> None:
    response = sent(client, page, *[("big.pdf", PDF.ljust(uploads.MOST_BYTES, b"x"))] * 4)
    assert response.status_code == 413


@pytest.mark.parametrize(("name", "content"), [("page.html", REFUSED["page.html"]), ("empty.pdf", b"")])
def test_a_file_that_is_refused_stops_the_whole(client: Client, page: FormPage, name: str, content: bytes) -> None:
    response = sent(client, page, (name, content))
    assert response.status_code == 422
    assert name in str(response.context["form"].errors["plan"])
    assert "choose it again" in response.content.decode()
    assert not Inquiry.objects.exists()


def test_a_form_without_a_file_takes_none(client: Client, db: None) -> None:
    page = forms.form(EMAIL)
    said = {"email": make.BEN, "plan": SimpleUploadedFile("plan.pdf", PDF)}
    assert forms.send(client, page, said).status_code == 303
    assert not Attachment.objects.exists()
    large = {"email": make.BEN, "plan": SimpleUploadedFile("plan.pdf", PDF.ljust(600_000))}
    assert forms.send(client, page, large).status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        b"--x\r\nnothing",
        b"--x\r\nContent-Disposition: form-data; name=email\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%\r\n--x--",
        b"",
        b"--x--",
        b"\xff" * 100,
    ],
)
def test_a_body_that_is_no_form_is_refused_with_a_sentence(client: Client, page: FormPage, body: bytes) -> None:
    for boundary in ("x", ""):
        content_type = f"multipart/form-data; boundary={boundary}" if boundary else "multipart/form-data"
        response = client.generic("POST", page.url, body, content_type, **make.HERE)
        assert response.status_code in {400, 422}
    assert not Inquiry.objects.exists()
