"""Ten thousand submissions that nobody meant: each is refused, or stored whole."""

import json
import random
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import RequestFactory

from home.forms import VisitorForm, Words
from home.models import Attachment, FormPage, Inquiry, PublicEntry
from home.views import form as view
from home.views.forms import _read
from mailing.models import Letter, Subscription
from records.http import BadRequest
from records.models import SubjectKey
from tests import make
from tests.home import forms
from tests.home.forms import EVERY, WHOLE, Kind

SENT = 10_000
DRAWN = 50  # every so many answers are drawn as a page, too
WORDS = [
    "", " ", "ben@mail.example", "BEN@MAIL.EXAMPLE", "ben@müller.example", "@", "a@b", "Ben Ode", "+44 20 7946 0018",
    "2026-03-04", "0000-00-00", "9999-12-31", "12.5", "-0", "1e999", "NaN", "9" * 400, "٣٫٥", "https://a.example/",
    "javascript:alert(1)", "http://[", "//", "20 feet", "Slow", "Storage", "on", "off", "\0", "\x1b[0m", "\u202e",
    "\ufeff", "𝕏", "a" * 5001, "\r\n" * 3000, "<script>alert(1)</script>", "{{ 7*7 }}", "%s%n", "'; DROP TABLE x; --",
    "[url=x]", "https://a.example " * 9, "\ud7ff", "‏مرحبا", "../..", "C:\\", '{"a": 1}', "null",
]  # fmt: skip
FILES = [
    forms.PDF,
    b"",
    b"<html>",
    b"\x89PNG\r\n\x1a\n",
    b"PK\x03\x04" + b"\0" * 30,
    b"text",
    b"\xff\xd8\xff",
    b"\0" * 9,
]


@pytest.fixture
def page(db: None) -> FormPage:
    make.purpose()
    public = [each | {"shown_publicly": each["kind"] in {Kind.NAME, Kind.LINE, Kind.CHOICE}} for each in EVERY]
    return forms.form(*public, confirms=True, mailing_list=make.mailing_list(), moderated=False)


def hostile(chance: random.Random, fingerprint: str) -> dict[str, Any]:
    """Something of a form, at least mostly."""
    said = {name: value for name, value in WHOLE.items() if chance.random() < 0.7}
    said["email"] = f"p{chance.randint(1, 400)}@mail.example"
    said["message"] = f"Load {chance.randint(1, 2000)}"
    said["words"] = fingerprint if chance.random() < 0.9 else chance.choice(WORDS)
    names = [
        *WHOLE,
        "plan",
        "homepage",
        "token",
        "newsletter",
        "public-name",
        "public-port",
        "public-size",
        "other",
        "",
    ]
    for _each in range(chance.choice([0, 0, 1, 1, 2, 5])):
        said[chance.choice(names)] = chance.choice([chance.choice(WORDS), chance.sample(WORDS, 3)])
    for name in ("newsletter", "public-name", "public-port", "public-size"):
        said |= {name: "on"} if chance.random() < 0.2 else {}
    if chance.random() < 0.2:
        number = chance.randint(1, 4)
        said["plan"] = [sent(chance.choice(WORDS) or "x", chance.choice(FILES)) for _ in range(number)]
    return said


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    """A browser sends any name; the class itself is more particular."""
    file = SimpleUploadedFile("x", content)
    file._name = name
    return file


def ask(page: FormPage, said: dict[str, Any], number: int) -> Any:
    address = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
    request = RequestFactory().post(page.url or "", said, REMOTE_ADDR=address, **make.HERE)
    return view(request, page)


def counts() -> tuple[int, ...]:
    with connection.cursor() as cursor:
        tables = [model._meta.db_table for model in (Inquiry, Attachment, Letter, PublicEntry, Subscription)]
        cursor.execute("SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in tables))  # noqa: S608
        return tuple(cursor.fetchone())


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("clock")
def test_each_is_refused_or_stored_whole(page: FormPage, rf: RequestFactory) -> None:
    words = view(rf.get(page.url or ""), page).context_data["form"].statements
    chance, before, answers = random.Random(20260304), counts(), dict.fromkeys((303, 422, 400), 0)
    for number in range(SENT):
        said = hostile(chance, words.fingerprint)
        judged(page, said, words)
        response = ask(page, said, number)
        after = counts()
        answers[response.status_code] += 1
        stored = [now - then for now, then in zip(after, before, strict=True)]
        if response.status_code == 422:
            assert response.context_data["form"].errors
            if number % DRAWN == 0:
                response.render()
        if response.status_code != 303 or said.get("homepage"):
            assert stored == [0] * 5, said
        assert stored[0] in {0, 1}, said
        assert stored[0] or stored == [0] * 5, said
        before = after
    assert min(answers[303], answers[422]) > SENT // 10
    whole()


def judged(page: FormPage, said: dict[str, Any], words: Words) -> None:
    """Read as a request, without the database: what is taken is text that can be stored, and was asked."""
    request = RequestFactory().post("/", said)
    try:
        _read(request)
    except BadRequest:
        return
    filled = VisitorForm(request.POST, request.FILES, page=page, words=words)
    if filled.is_valid():
        answers = filled.answers()
        json.dumps(answers).encode("ascii")
        assert {each["key"] for each in answers} <= {each.key for each in page.asks}
        assert all("\0" not in each["said"] for each in answers)
        assert len(filled.attached()) <= 3
        assert filled.agreed().keys() <= words.public.keys()


def whole() -> None:
    """What is stored fits together, and opens."""
    people = set()
    for row in Inquiry.objects.select_related("subject_key"):
        assert row.subject_key, row
        people.add(row.email.lower())
        assert {"key", "label", "kind", "said"} == set().union(
            *json.loads(row.answers or '[{"key": 1, "label": 1, "kind": 1, "said": 1}]')
        )
    assert SubjectKey.objects.count() == len(people)
    suspected = Inquiry.objects.filter(state=Inquiry.State.SPAM)
    assert suspected.exists()
    assert not PublicEntry.objects.filter(inquiry__in=suspected).exists()
    assert all(row.content for row in Attachment.objects.select_related("subject_key"))


def test_the_same_ten_minutes_later_is_new(page: FormPage, clock: time_machine.Traveller) -> None:
    for _twice in range(2):
        assert ask(page, WHOLE, 1).status_code == 303
        clock.shift(601)
    assert Inquiry.objects.count() == 2
