"""Whatever is sent to /my-data/: an answer with a sentence, never our own error, and no link that opens."""

import random
import string
import sys
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailing.models import Letter
from records.models import SubjectRequest
from records.subject_requests import filing
from tests import make
from tests.records import asking

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]
SENT = 5_000
NASTY = [
    *("", "\0", "\r\nBcc: ben@mail.example", "'; DROP TABLE records_subjectrequest; --", "<script>", "{{ 7*7 }}"),
    *("%00", "../../etc/passwd", "\ud800", "\u202e", "é" * 300, "٣", "\u2028", "a@b", "ana@mail.example\n"),
    *("ana@[127.0.0.1]", '"a b"@mail.example', "ana@xn--", "ana@müller.example", "ana+tag@mail.example", "x" * 6000),
    *("ANA@MAIL.EXAMPLE", "ana@mail.example", "o'hara@mail.example", "access", "erasure", "correction", "mail"),
]
TYPES = [
    *("application/x-www-form-urlencoded",) * 6,
    *(
        "multipart/form-data; boundary=x",
        "application/json",
        "text/plain",
        "application/x-www-form-urlencoded; charset=utf-7",
    ),
    *("multipart/form-data", "", "application/x-www-form-urlencoded; charset=\xff"),
]
NAMES = ["email", "choice", "words", "plan", "token", "csrfmiddlewaretoken", "email[]", "\0", ""]


def word(dice: random.Random) -> str:
    if dice.random() < 0.5:
        return dice.choice(NASTY)
    return "".join(dice.choices(string.printable + "äß€😀", k=dice.randrange(60)))


def body(dice: random.Random) -> bytes:
    if dice.random() < 0.1:
        return dice.randbytes(dice.randrange(3000))
    from urllib.parse import quote_plus

    pairs = [(dice.choice(NAMES), word(dice)) for _pair in range(dice.randrange(5))]
    return "&".join(
        f"{quote_plus(name)}={quote_plus(value.encode(errors='replace'))}" for name, value in pairs
    ).encode()


def path(dice: random.Random, links: list[str]) -> str:
    where = dice.random()  # a link that is good seldom: its page counts rows of every data set
    if where < 0.25:
        return "/my-data/"
    if where < 0.31:
        return dice.choice(links)
    if where < 0.65:
        return f"/my-data/{quote(word(dice).encode(errors='replace'))}/"
    link = dice.choice(links)
    place = dice.randrange(len("/my-data/"), len(link) - 1)
    return link[:place] + dice.choice(string.ascii_letters + string.digits + "-_=.%") + link[place + 1 :]


def send(client: Client, dice: random.Random, links: list[str], place: int) -> Any:
    method = dice.choice(["POST", "POST", "POST", "GET", "GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
    sender = {"HTTP_SEC_FETCH_SITE": "same-origin"} if dice.random() < 0.9 else {"HTTP_ORIGIN": word(dice)}
    return client.generic(
        method,
        path(dice, links),
        body(dice),
        content_type=dice.choice(TYPES),
        REMOTE_ADDR=f"10.0.{place >> 8 & 255}.{place & 255}",
        # A page is rendered for whoever takes HTML: now and then, for it takes as long as ten other answers.
        HTTP_ACCEPT="text/html" if dice.random() < 0.1 else "application/json",
        **sender,  # type: ignore[arg-type]
    )


def test_no_nonsense_is_our_own_error(capsys: pytest.CaptureFixture[str]) -> None:
    make.policy(make.site())
    seed = random.randrange(2**32)
    with capsys.disabled():
        sys.stderr.write(f"\nseed {seed}\n")
    dice, client = random.Random(seed), Client(raise_request_exception=False)
    links = [asking.link(client, f"ana{number}@mail.example") for number in range(3)]
    links.append(asking.plan(client, "ben@mail.example")[0])
    seen: dict[int, int] = {}
    for place in range(SENT):
        status = send(client, dice, links, place).status_code
        seen[status] = seen.get(status, 0) + 1
        if place % 500 == 0:  # links that a lucky throw used up are made anew
            links[0] = asking.link(client, f"ana{place}@mail.example")
    assert {status for status in seen if status >= 500} == set(), seen
    assert {200, 303, 403, 404, 405, 409, 415, 422} <= seen.keys()
    for row in SubjectRequest.objects.filter(link_until=None, verified_at=None):
        filing.send_link(row.pk, now=timezone.now())


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(email=st.emails() | st.builds("{}@münchen.example".format, st.text("abc'+._-", min_size=1, max_size=64)))
def test_every_address_that_the_form_takes_can_be_written_to(db: None, email: str) -> None:
    if not make.Site.objects.get(is_default_site=True).root_page.get_children().exists():
        make.policy(make.site())
    Letter.objects.all().delete()
    SubjectRequest.objects.all().delete()  # else the fourth try of one address gets no letter
    address = f"10.{len(email)}.{len(set(email))}.{sum(email.encode()) & 255}"  # a limit is for each
    answer = Client().post(
        "/my-data/",
        {"email": email},
        **make.HERE,
        REMOTE_ADDR=address,
    )
    if answer.status_code == 303:
        row = SubjectRequest.objects.latest("asked_at")
        assert filing.send_link(row.pk, now=timezone.now())
        assert Letter.objects.get().email == row.email
