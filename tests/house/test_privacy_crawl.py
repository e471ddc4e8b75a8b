"""Does anything about a person stand where everybody can read it? Each text about somebody has a mark; a stranger asks
every address in every way, types marks of their own, and reads the logs."""

import logging
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse  # noqa: TID251 - views that leak
from django.test import Client, override_settings
from django.urls import path

from cms.logs import Discreet
from cms.urls import urlpatterns as site_urls
from home import entries
from home.models import HomePage, Inquiry
from records.registry import holdings
from tests.filled import marks as marking
from tests.filled.marks import Marks
from tests.house import compose, crawling, stage
from tests.house.crawling import HERE, Heard, heard
from tests.records import acting
from tests.records.acting import log as log

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.timeout(600),  # every address, in a dozen ways
    pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning"),  # Wagtail's, of pictures kept in memory
]
OWN = "/praised/"  # where one visitor's words stand, because they agreed
FORMS = ("/contact/", "/how-it-went/", "/my-data/", "/mail/join/", "/mail/preferences/", "/consent/decide/")
TYPED = ("Zq-typed-name", "zq-typed@mark.example", "Zq-typed-words", "+99 5550 9999")


class Stored:
    """What was stored of people, and what one of them has published."""

    def __init__(self, marks: Marks, public: Marks) -> None:
        self.marks, self.public = marks, public

    @property
    def all(self) -> Marks:
        return Marks({**self.marks, **self.public})

    def may_stand(self, mark: str, asked: str) -> bool:
        return mark in self.public and asked.split()[1].split("?")[0] == OWN

    def leaks(self, heards: Iterable[Heard]) -> list[str]:
        return crawling.leaks(heards, self.all, self.may_stand)


@pytest.fixture
def stored(db: None) -> Stored:
    return Stored(*marking.fill())


def written(records: Iterable[logging.LogRecord]) -> Heard:
    """The log, as production writes it."""
    line = Discreet("{asctime} {levelname} {name} {message}", style="{")
    return Heard("read the log", 0, "\n".join(map(line.format, records)))


def noted(spool: Path) -> Heard:
    """What is on its way into the action log: in Valkey, and in files while that is away."""
    files = [file.read_bytes() for file in spool.rglob("*") if file.is_file()]
    return Heard("read the action log", 0, b"\n".join([*acting.waiting(), *files]).decode(errors="replace"))


def test_every_text_about_a_person_has_a_mark(stored: Stored) -> None:
    wanted = {f"{entry.label}.{name}" for entry in holdings() for name, _datum in marking.columns(entry)}
    missing = sorted(wanted - stored.all.columns)
    assert not missing, "Make a row in tests/filled, or name in tests/filled/marks.py why not:\n" + "\n".join(missing)
    assert marking.COLUMNS_OF_CODES.keys() <= {f"{each.label}.{name}" for each in holdings() for name in each.personal}


def test_a_stranger_reads_nothing_about_anybody(stored: Stored, log: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    heards = [*crawling.answers(crawling.paths()), heard("GET", "/", HTTP_HOST="elsewhere.example")]
    assert not stored.leaks([*heards, written(caplog.records), noted(log)])
    own = next(each for each in heards if each.asked == f"GET {OWN}")
    assert all(mark in own.text for mark in stored.public), "what somebody published is there to be read"
    assert {200, 302, 400, 403, 404, 405, 413, 415, 422} <= {each.status for each in heards}
    assert not [each.asked for each in heards if each.status >= 500 and "/readyz/" not in each.asked]
    assert not [each.asked for each in heards if "sessionid" in each.text.split("\n\n")[0]]


def test_what_somebody_types_comes_back_to_them_alone(
    stored: Stored, log: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    name, email, words, phone = TYPED
    said = {"name": name, "email": "not an address", "message": words, "phone": phone, "words": words, "q": words}
    for sent in (said, said | {"email": email}):
        for address in FORMS:
            back = Client(raise_request_exception=False).post(address, sent, **HERE)
            assert back.status_code < 500
            assert not any(mark in f"{back.headers}" for mark in TYPED)
    heard("GET", f"/?email={email}&name={name}&q={words}&page={phone}")
    heard("GET", f"/nothing/?email={email}&q={words}", HTTP_REFERER=f"https://search.example/?q={words}&{email}")
    typed = dict.fromkeys(TYPED, "what somebody typed")
    seen = crawling.answers([*FORMS, "/", OWN], follow=False)
    heards = [*seen, written(caplog.records), noted(log)]
    assert not crawling.leaks(heards, typed, lambda mark, asked: False)


def test_whoever_asks_too_often_reads_nothing_either(stored: Stored) -> None:
    one = {"REMOTE_ADDR": "198.18.9.9", **HERE}
    heards = [heard("POST", "/my-data/", **one) for _time in range(70)]
    assert {each.status for each in heards} >= {422, 429}
    assert not stored.leaks(heards)


def test_a_page_that_breaks_tells_nothing_of_what_it_broke_on(stored: Stored, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = next(iter(stored.marks))

    def breaks(*arguments: Any, **options: Any) -> None:
        raise RuntimeError(secret)

    monkeypatch.setattr(entries, "leaves", breaks)
    broken = heard("GET", OWN)
    assert broken.status == 500
    assert not stored.leaks([broken])
    assert not settings.ADMINS, "Django would mail them the whole request"


def test_a_task_that_fails_on_somebodys_row_does_not_log_it(stored: Stored, caplog: pytest.LogCaptureFixture) -> None:
    """PostgreSQL repeats the row it refuses, in the traceback that Celery logs."""
    mark = next(mark for mark, column in stored.marks.items() if column == "mailing.Subscriber.name")

    def fails() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE mailing_subscriber SET locale = NULL WHERE name = %s", [mark])

    task = current_app.task(fails, name="tests.fails")
    try:
        task.apply()
    finally:
        current_app.tasks.unregister("tests.fails")
    assert mark in caplog.text, "a log that never held it proves nothing"
    assert not stored.leaks([written(caplog.records)])


def test_the_web_processes_write_no_log_of_requests() -> None:
    command = " ".join(compose.services(stage.VALUES)["web"]["command"])  # type: ignore[arg-type]
    assert "access-log" not in command


# A site that does what none should: the crawler must find each of these.


def leaky(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"The newest message is from {Inquiry.objects.latest('pk').name}.")


def leaky_header(request: HttpRequest) -> HttpResponse:
    return HttpResponse("Hello.", headers={"X-Last": str(Inquiry.objects.latest("pk").email)})


def leaky_error(request: HttpRequest, token: str) -> HttpResponse:
    return HttpResponse(f"Not {Inquiry.objects.latest('pk').message}.", status=404)


def leaky_log(request: HttpRequest) -> HttpResponse:
    logging.getLogger("site").info("the newest is %s", Inquiry.objects.latest("pk").name)
    return HttpResponse("Hello.")


urlpatterns = [
    path("leaky/", leaky),
    path("leaky/header/", leaky_header),
    path("leaky/log/", leaky_log),
    path("leaky/<str:token>/", leaky_error),
    *site_urls,
]


@override_settings(ROOT_URLCONF=__name__)
def test_a_view_that_leaks_is_found(stored: Stored, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    asked = [each for each in crawling.paths() if each.startswith("/leaky/") and "?" not in each]
    heards = [heard("GET", each) for each in asked]
    found = stored.leaks([*heards, written(caplog.records)])
    whole = "\n".join(found)
    for address, column in (("", "name"), ("header/", "email"), (r"x/", "message")):
        assert re.search(rf"GET /leaky/{address} .*home\.Inquiry\.{column}", whole)
    assert re.search(r"read the log .*home\.Inquiry\.name", whole)


@pytest.fixture
def _leaky_template(monkeypatch: pytest.MonkeyPatch) -> None:
    def context(page: HomePage, request: HttpRequest, *arguments: Any, **options: Any) -> dict[str, Any]:
        page.title = f"{page.title} for {Inquiry.objects.latest('pk').name}"
        return {"page": page, "self": page}

    monkeypatch.setattr(HomePage, "get_context", context)


@pytest.mark.usefixtures("_leaky_template")
def test_a_page_that_leaks_is_found(stored: Stored) -> None:
    found = stored.leaks([heard("GET", "/"), heard("GET", "/?page=2"), heard("GET", OWN)])
    assert len(found) == 2
    assert all("home.Inquiry.name" in each for each in found)


def test_somebodys_published_words_on_another_page_are_found() -> None:
    stored = Stored(Marks(), Marks({"Zq0001mark": "home.PublicEntry.content"}))
    assert stored.leaks([Heard("GET /about/", 200, "\n\nZq0001mark")])
    assert not stored.leaks([Heard(f"GET {OWN}?page=1", 200, "\n\nZq0001mark")])
