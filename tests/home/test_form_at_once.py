"""A hundred send at the same moment, against the web server that the site runs on: nothing is lost, nothing doubled."""

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from threading import Barrier
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import connection

from home.models import FormPage, Inquiry
from mailing.models import Delivery, Letter
from records.models import SubjectKey
from tests import make
from tests.consent import flood
from tests.consent.flood import Door
from tests.home import forms
from tests.home.forms import EMAIL, Kind

pytestmark = pytest.mark.timeout(300)
MANY = 100
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
FIELDS = (EMAIL, {"kind": Kind.MESSAGE, "label": "Message"})


@pytest.fixture
def page(committed: None) -> FormPage:
    return forms.form(*FIELDS, confirms=True)


@pytest.fixture
def door(page: FormPage, tmp_path: Path) -> Iterator[Door]:
    name = connection.settings_dict["NAME"]
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    with flood.served(tmp_path, address) as served:
        yield served


def at_once(door: Door, bodies: list[dict[str, str]]) -> Counter[int]:
    """Each body from an address of its own; how often each status was answered."""
    start = Barrier(len(bodies))

    def send(number: int) -> int:
        source = (f"127.0.{1 + number // 200}.{1 + number % 200}", 0)
        with closing(HTTPConnection("127.0.0.1", door.port, timeout=120, source_address=source)) as line:
            start.wait(timeout=60)
            line.request("POST", "/quote/", urlencode(bodies[number]), FORM)
            answer = line.getresponse()
            answer.read()
            return answer.status

    with ThreadPoolExecutor(len(bodies)) as pool:
        return Counter(pool.map(send, range(len(bodies))))


def test_a_hundred_equal_ones_are_one_and_a_hundred_different_ones_a_hundred(door: Door) -> None:
    same = {"email": make.BEN, "message": "When do you open?"}
    assert at_once(door, [same] * MANY) == {303: MANY}
    assert (Inquiry.objects.count(), Letter.objects.count(), SubjectKey.objects.count()) == (1, 1, 1)
    others = [{"email": f"p{number}@mail.example", "message": "Hello"} for number in range(MANY)]
    assert at_once(door, others) == {303: MANY}
    assert Inquiry.objects.count() == Letter.objects.count() == SubjectKey.objects.count() == MANY + 1


def test_a_hundred_messages_of_one_person_are_all_stored_and_confirmed_once(door: Door) -> None:
    said = [{"email": make.ANA, "message": f"Question {number}"} for number in range(MANY)]
    assert at_once(door, said) == {303: MANY}
    assert Inquiry.objects.count() == MANY
    assert set(Inquiry.objects.values_list("state", flat=True)) == {"new"}
    assert (Letter.objects.count(), Delivery.objects.count(), SubjectKey.objects.count()) == (1, 1, 1)


def test_the_form_is_there(db: None) -> None:
    assert forms.form(*FIELDS).url == "/quote/"
