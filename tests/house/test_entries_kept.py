"""What somebody takes down is gone from the page at once, through the shipped nginx that keeps pages for everybody."""

import re
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.utils import timezone

from cms.demo.processes import free_port
from consent import decide
from consent.told import Told
from home import entries
from home.models import FormPage, PublicEntry
from records.subject_requests import erasing
from tests import make
from tests.house.stage import Stage, behind_nginx
from tests.house.visitors import ask

pytestmark = pytest.mark.timeout(300)
WORDS = "The kingfisher was on time."


class Quiet(WSGIRequestHandler):
    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def front(committed: None, settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The site behind nginx; pages are kept for longer than this takes."""
    settings.ALLOWED_HOSTS, settings.PAGE_CACHE_SECONDS = ["*"], 600
    home = tmp_path_factory.mktemp("kept")
    for folder in (home, *home.parents[:2]):
        folder.chmod(0o711)  # as root, nginx writes as another account
    server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet)
    server.set_app(get_wsgi_application())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with behind_nginx(stage := Stage(home, server.server_port, free_port(0), "", "")):
        yield stage
    server.shutdown()
    server.server_close()


def reads(front: Stage) -> bool:
    """Does anybody read it? Asked twice: a kept page would be given out the second time."""
    answers = [ask(front.door, "/said/") for _time in range(2)]
    assert {answer.status for answer in answers} == {200}
    assert all("no-store" in answer["Cache-Control"] for answer in answers)
    [seen] = {WORDS.encode() in answer.body for answer in answers}
    return seen


def by_its_writer(front: Stage, entry: PublicEntry) -> None:
    link = f"/entries/{entries.token(entry)}/"
    assert WORDS.encode() in ask(front.door, link).body
    assert ask(front.door, link, (("Sec-Fetch-Site", "same-origin"),), method="POST").status == 200
    assert ask(front.door, link).status == 410


def by_its_period(front: Stage, entry: PublicEntry) -> None:
    """No worker comes by."""
    PublicEntry.objects.update(received_at=timezone.now() - timedelta(days=1095))


def by_another_program(front: Stage, entry: PublicEntry) -> None:
    """A decision alone: nothing touches the entry."""
    decide.record(
        choices=dict.fromkeys(entry.decision.choices, False),
        source=decide.Source.API,
        at=timezone.now(),
        key=uuid.uuid4(),
        told=Told(),
        statement="No.",
        consent_id=entry.decision.consent_id,
        action=decide.Action.WITHDRAW,
    )


ENDS: list[Callable[[Stage, PublicEntry], object]] = [
    by_its_writer,
    by_its_period,
    by_another_program,
    lambda front, entry: entries.refuse(entry, by=User.objects.get(), now=timezone.now()),
    lambda front, entry: erasing.carry_out(make.BEN, now=timezone.now()),
]


def test_what_is_taken_down_is_gone_at_once_whoever_does_it(front: Stage) -> None:
    form, _vera = _site(), make.vera()
    for end in ENDS:
        entry = make.entry(form, WORDS, now=timezone.now())
        assert reads(front)
        end(front, entry)
        assert not reads(front)
        PublicEntry.objects.all().delete()
    for _time in range(3):
        assert ask(front.door, "/").status == 200
    kept = [file.read_bytes() for file in (front.home / "nginx" / "pages").rglob("*") if file.is_file()]
    assert kept, "nginx that keeps nothing would prove nothing"
    assert not [raw for raw in kept if WORDS.encode() in raw or b"/entries/" in raw]
    log = (front.home / "nginx.log").read_text(encoding="utf-8")
    assert re.search(r"GET / 200 .*cache=HIT", log)
    assert not re.search(r"/entries/[-\w]{20}", log)


def _site() -> FormPage:
    make.policy(make.site())
    make.catalogue_of_one(timezone.now())
    return make.reviews()


def test_nginx_is_told_in_a_header(client: Any, db: None) -> None:
    _site()
    assert client.get("/said/", headers={"X-Consent-Key": "none none"})["X-Accel-Expires"] == "0"
    assert client.get("/", headers={"X-Consent-Key": "none none"})["X-Accel-Expires"] != "0"
