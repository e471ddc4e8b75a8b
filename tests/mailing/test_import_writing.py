"""A checked file becomes subscriptions once, each with its consent, whatever happens to the worker in between."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from consent import decide
from consent.models import Decision
from consent.told import Told
from mailing import audience, incoming, suppression
from mailing.incoming import writing
from mailing.models import AudienceImport, Field, MailingList, Subscriber, Subscription
from tests import make
from tests.committed import together
from tests.mailing.test_import import AGREED, HEAD, LISTS, OBJECTION, WORDS, file

State = AudienceImport.State
LATER = make.NOW + timedelta(hours=1)


@pytest.fixture
def news(db: None) -> MailingList:
    return make.mailing_list()


def checked(news: MailingList, content: bytes, *, queued: bool = True) -> AudienceImport:
    report = incoming.check(content, news, make.NOW, words=WORDS).report(words=WORDS, ignore=False)
    values = {"filename": "people.csv", "content": content, "report": report, "uploaded_at": make.NOW}
    job = AudienceImport.objects.create(mailing_list=news, **values)
    assert not queued or incoming.queue(job)
    return job


def of(*emails: str) -> bytes:
    return file(*(f"{email},{AGREED}" for email in emails))


def many(count: int) -> bytes:
    return of(*(f"person{number}@mail.example" for number in range(count)))


def subscribed() -> set[str]:
    return set(Subscription.objects.live().values_list("subscriber__email", flat=True))


def again(job: AudienceImport) -> AudienceImport:
    return AudienceImport.objects.get(pk=job.pk)


def test_each_person_gets_a_subscription_with_the_consent_of_their_line(news: MailingList) -> None:
    Field.objects.create(key="born", label="Born", kind="date", why="To tell.")
    head = HEAD + ",consent_text,name,locale,time_zone,born"
    job = checked(news, file(f"Ana@Mail.example,{AGREED},Write me!,Ana,ru,Europe/Berlin,2000-02-29", head=head))
    assert incoming.write(job.pk, LATER) == 1
    person = Subscriber.objects.get()
    assert (person.email, person.domain, person.name) == ("Ana@mail.example", "mail.example", "Ana")
    assert (person.locale, person.time_zone, person.fields) == ("ru", "Europe/Berlin", {"born": "2000-02-29"})
    assert (bytes(person.digest), person.created_at) == (suppression.addresses.digest(make.ANA), LATER)
    row = Subscription.objects.select_related("decision").get()
    assert (row.source, row.source_note, row.locale) == ("import", "Trade fair Hamburg", "ru")
    assert (row.requested_at, row.confirmed_at) == (datetime(2025, 9, 12, tzinfo=UTC), LATER)
    assert row.statement == "Write me!\n\nTrade fair Hamburg; 2025-09-12 00:00 UTC"
    made = row.decision
    assert made is not None
    assert (made.source, made.action, made.choices) == ("import", "give", {"mail:news": True})
    assert (made.statement, made.decided_at, made.policy_version, made.locale) == (row.statement, LATER, None, "ru")
    assert row.decision_for_mail(LATER) == made


def test_what_was_written_is_counted_and_the_file_forgotten(news: MailingList) -> None:
    job = checked(news, of(make.ANA, "nobody", make.BEN))
    assert incoming.write(job.pk, LATER) == 2
    done = again(job)
    assert (done.state, bytes(done.content)) == (State.DONE, b"")
    assert (done.report["written"], done.report["left_out"]) == (2, [[3, "email"]])
    assert "mail.example" not in str(done.report)
    assert incoming.write(job.pk, LATER) == 0


def test_nothing_is_written_before_somebody_says_so(news: MailingList) -> None:
    job = checked(news, of(make.ANA), queued=False)
    assert incoming.write(job.pk, LATER) == 0
    assert not list(incoming.waiting())
    assert subscribed() == set()
    assert incoming.queue(job)
    assert not incoming.queue(job)
    assert list(incoming.waiting()) == [job]


def test_a_file_without_anybody_to_import_is_not_queued(news: MailingList) -> None:
    assert not incoming.queue(checked(news, of("nobody"), queued=False))


def test_what_is_not_wanted_is_forgotten_but_not_while_a_worker_has_it(news: MailingList) -> None:
    wanted, other = checked(news, of(make.ANA)), checked(news, of(make.BEN), queued=False)
    assert incoming.discard(other)
    assert not incoming.discard(wanted)
    assert list(AudienceImport.objects.all()) == [wanted]


class Killed(BaseException):
    """The worker is gone."""


@pytest.mark.parametrize("after", range(8))
def test_a_worker_that_dies_loses_nobody_and_repeats_nobody(
    news: MailingList, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr(writing, "AT_ONCE", 3)
    job = checked(news, many(8))
    made = 0

    def record(**said: Any) -> Any:
        nonlocal made
        if made == after:
            raise Killed
        made += 1
        return original(**said)

    original = decide.record
    monkeypatch.setattr(decide, "record", record)
    with pytest.raises(Killed):
        incoming.write(job.pk, LATER)
    assert again(job).state == State.QUEUED
    assert len(subscribed()) == Decision.objects.count() == again(job).report["written"] == after // 3 * 3
    monkeypatch.setattr(decide, "record", original)
    assert incoming.write(job.pk, LATER + timedelta(hours=1)) == 8 - after // 3 * 3
    assert len(subscribed()) == Subscriber.objects.count() == Decision.objects.count() == 8
    assert (again(job).state, again(job).report["written"]) == (State.DONE, 8)


def test_who_left_or_was_suppressed_since_the_check_is_not_brought_back(news: MailingList) -> None:
    job = checked(news, of(make.ANA, make.BEN, make.CLEO, "dan@mail.example"))
    audience.leave(subscription=make.subscriber(make.ANA, news), told=Told(), now=make.NOW)
    make.subscriber(make.BEN, news)
    suppression.suppress([make.CLEO], scope=LISTS, reason=OBJECTION, now=make.NOW)
    assert incoming.write(job.pk, LATER) == 1
    assert subscribed() == {make.BEN, "dan@mail.example"}
    assert again(job).report["left_out"] == [[2, "left"], [3, "there"], [4, "suppressed"]]


def test_somebody_who_joins_at_that_very_moment_is_there_once(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    news = make.mailing_list()
    job, write = checked(news, of(make.ANA, make.BEN)), writing._subscribe
    joining = [lambda: make.subscriber(make.ANA, news)]

    def subscribe(*said: Any) -> None:
        """Between the look at the database and the write, once."""
        if joining:
            together(joining.pop())
        write(*said)

    monkeypatch.setattr(writing, "_subscribe", subscribe)
    assert incoming.write(job.pk, LATER) == 1
    assert subscribed() == {make.ANA, make.BEN}
    assert Decision.objects.count() == 2
    assert again(job).report["left_out"] == [[2, "there"]]


def test_somebody_known_keeps_what_is_known_and_gets_what_was_not(news: MailingList) -> None:
    Field.objects.create(key="town", label="Town", why="To tell.")
    Field.objects.create(key="visits", label="Visits", kind="number", why="To tell.")
    other = MailingList.objects.create(key="offers", name="Offers", description="Prices.")
    make.subscriber(make.ANA, other)
    Subscriber.objects.update(name="Ana M.", fields={"town": "Bremen"})
    head = HEAD + ",name,locale,time_zone,town,visits"
    job = checked(news, file(f"ANA@mail.example,{AGREED},Other,ru,UTC,Hamburg,3", head=head))
    assert incoming.write(job.pk, LATER) == 1
    person = Subscriber.objects.get()
    assert (person.email, person.name, person.locale, person.time_zone) == (make.ANA, "Ana M.", "en", "UTC")
    assert person.fields == {"town": "Bremen", "visits": 3}


def test_a_field_that_is_gone_since_the_check_is_not_stored(news: MailingList) -> None:
    field = Field.objects.create(key="town", label="Town", why="To tell.")
    job = checked(news, file(f"{make.ANA},{AGREED},Bremen", head=HEAD + ",town"))
    field.delete()
    assert incoming.write(job.pk, LATER) == 1
    assert Subscriber.objects.get().fields == {}


def test_a_field_of_another_kind_since_the_check_leaves_the_line_out(news: MailingList) -> None:
    Field.objects.create(key="town", label="Town", why="To tell.")
    job = checked(news, file(f"{make.ANA},{AGREED},Bremen", f"{make.BEN},{AGREED},7", head=HEAD + ",town"))
    Field.objects.update(kind="number")
    assert incoming.write(job.pk, LATER) == 1
    assert again(job).report["left_out"] == [[2, "number:town"]]


def test_an_import_that_cannot_be_read_ends_as_failed(news: MailingList) -> None:
    job = checked(news, of(make.ANA))
    AudienceImport.objects.update(content=b"\xff")
    assert incoming.write(job.pk, LATER) == 0
    assert (again(job).state, bytes(again(job).content)) == (State.FAILED, b"")


def test_a_batch_costs_few_questions_beside_its_decisions(
    news: MailingList, django_assert_max_num_queries: Any
) -> None:
    job = checked(news, many(600))
    with django_assert_max_num_queries(600 + 40):
        assert incoming.write(job.pk, LATER) == 600


def test_two_workers_at_one_import_write_everybody_once(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "AT_ONCE", 4)
    job = checked(make.mailing_list(), many(40))
    counts = together(*[lambda: incoming.write(job.pk, LATER)] * 3)
    assert sum(counts) == 40
    assert len(subscribed()) == Decision.objects.count() == Subscriber.objects.count() == 40
    assert (again(job).state, again(job).report["written"]) == (State.DONE, 40)


def test_a_worker_leaves_an_import_to_the_one_that_is_at_it(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    job, write = checked(make.mailing_list(), many(3)), writing._subscribe
    others: list[int] = []

    def subscribe(*said: Any) -> None:
        others.extend(together(lambda: incoming.write(job.pk, LATER)))
        write(*said)

    monkeypatch.setattr(writing, "_subscribe", subscribe)
    assert incoming.write(job.pk, LATER) == 3
    assert others == [0]


def test_two_imports_of_the_same_people_write_everybody_once(committed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "AT_ONCE", 4)
    news = make.mailing_list()
    people = [f"person{number}@mail.example" for number in range(40)]
    jobs = [checked(news, of(*people)), checked(news, of(*reversed(people)))]
    together(*[lambda job=job: incoming.write(job.pk, LATER) for job in jobs])  # type: ignore[misc]
    assert len(subscribed()) == Decision.objects.count() == Subscriber.objects.count() == 40
    assert sum(again(job).report["written"] for job in jobs) == 40
    assert {again(job).state for job in jobs} == {State.DONE}
