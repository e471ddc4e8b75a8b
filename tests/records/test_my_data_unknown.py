"""Nobody learns from /my-data/ whether this site knows an address: not by the answer, and not by the time it takes."""

import random
import statistics
import sys
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from home import inquiries
from mailing.models import Letter
from records import retention
from records.models import SubjectKey, SubjectRequest
from tests import make
from tests.records import asking, ranks

PEOPLE = 20
TIMES = 25  # each, so 500 requests about people who are known and 500 about others
ALPHA = 1e-6  # a difference that chance makes once in a million runs


def known(number: int) -> str:
    return f"known{number:02}@mail.example"


def unknown(number: int) -> str:
    return f"other{number:02}@mail.example"


def meet(number: int) -> None:
    """Somebody who subscribes, writes, and asked about their data before."""
    make.subscriber(known(number), make.MailingList.objects.get(), now=timezone.now())
    page = make.FormPage.objects.get()
    for _time in range(3):
        words = {"name": "Ana", "phone": "+44 20 7946 0018", "message": "Is the quay open?"}
        inquiries.receive(page=page, email=known(number), now=timezone.now(), **words)


def prepare() -> None:
    home = make.site()
    make.policy(home)
    make.contact(home)
    make.mailing_list()
    for number in range(PEOPLE):
        meet(number)


@pytest.mark.django_db
def test_the_answer_is_the_same_to_the_byte(client: Client) -> None:
    prepare()
    asking.chosen(client, "correction", email=known(0))
    answers = [asking.ask(client, email) for email in (known(0), unknown(0), known(1), unknown(1))]
    assert {(answer.status_code, answer.content, str(sorted(answer.items()))) for answer in answers} == {
        (303, b"", str(sorted(answers[0].items())))
    }
    assert not any(answer.cookies for answer in answers)


@pytest.mark.django_db
def test_so_is_what_the_database_is_asked(client: Client) -> None:
    """The same statements, and none of them about anybody: two rows are written, and nothing is looked up."""
    prepare()
    asking.ask(client, make.BEN)  # what a process looks up once is remembered from here on
    asked = []
    for email in (known(0), unknown(0)):
        with CaptureQueriesContext(connection) as queries:
            asking.ask(client, email)
        asked.append([query["sql"].split(" VALUES ")[0] for query in queries if "SAVEPOINT" not in query["sql"]])
    assert asked[0] == asked[1]
    assert [sql.partition("(")[0].strip() for sql in asked[0]] == [
        'INSERT INTO "records_subjectkey"',
        'INSERT INTO "records_subjectrequest"',
    ]


@pytest.mark.django_db
def test_the_letter_is_the_same_too(client: Client) -> None:
    prepare()
    for email in (known(0), unknown(0)):
        asking.ask(client, email)
    asking.at_work()
    texts = {
        asking.letters(email)[0].text.replace(asking.link_in(asking.letters(email)[0]), "")
        for email in (known(0), unknown(0))
    }
    assert len(texts) == 1


@pytest.mark.django_db
def test_beyond_the_letters_of_a_day_it_still_is(client: Client) -> None:
    prepare()
    answers = {(answer.status_code, answer.content) for answer in (asking.ask(client, known(0)) for _time in range(8))}
    asking.at_work()
    assert answers == {(303, b"")}
    assert len([letter for letter in Letter.objects.all() if letter.email == known(0)]) == 3


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("committed")
def test_the_time_tells_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """In random order, so that a busy machine slows both alike; the order is what makes the test exact."""
    prepare()
    dice = random.Random(seed := random.randrange(2**32))
    turns = [(name, number) for name in (known, unknown) for number in range(PEOPLE) for _time in range(TIMES)]
    dice.shuffle(turns)
    client, spent = Client(), {known: [], unknown: []}  # type: ignore[var-annotated]
    for place, (name, number) in enumerate([*turns[:20], *turns]):
        address = f"10.{place >> 16}.{place >> 8 & 255}.{place & 255}"  # a limit is for each
        began = time.perf_counter()
        answer = asking.ask(client, name(number), REMOTE_ADDR=address)
        if place >= 20:  # the first ones warm up
            spent[name].append(time.perf_counter() - began)
        assert answer.status_code == 303
    p = ranks.chance(spent[known], spent[unknown])
    middles = {name.__name__: 1000 * statistics.median(times) for name, times in spent.items()}
    with capsys.disabled():
        sys.stderr.write(f"\nseed {seed}, medians in ms {middles}, chance {p:.3f}\n")
    assert SubjectRequest.objects.count() == len(turns) + 20
    assert p > ALPHA, middles


def test_a_difference_would_show() -> None:
    dice = random.Random(1)
    times = [dice.lognormvariate(2.0, 0.3) for _time in range(1000)]
    assert ranks.chance(times[:500], times[500:]) > 0.001
    assert ranks.chance(times[:500], [1.12 * each for each in times[500:]]) < ALPHA
    assert ranks.chance([1.0, 2.0], [1.0, 2.0]) == pytest.approx(1.0)


def test_an_unconfirmed_request_is_gone_in_two_days(db: None, client: Client) -> None:
    make.policy(make.site())
    asking.ask(client, make.CLEO)
    asking.at_work()
    asked = SubjectRequest.objects.get().asked_at
    own = SubjectRequest.objects.get().subject_key_id
    retention.expire(now=asked + timedelta(days=2) - timedelta(seconds=1))
    assert SubjectRequest.objects.exists()
    retention.expire(now=asked + timedelta(days=2, seconds=1))
    assert not SubjectRequest.objects.exists()
    assert not SubjectKey.objects.filter(pk=own).exists()
    assert not Letter.objects.exists()
