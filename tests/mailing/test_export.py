"""People of a list leave the site for a reason that is on record, to whom the policy lets them go, and no further."""

import csv
import hashlib
import io
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consent import decide
from consent.models import Decision
from consent.told import Told
from mailing import outgoing, suppression
from mailing.models import Condition, Field, MailingList, Segment, Subscriber, Subscription
from records import disclosures, terms
from records.cipher import blind
from records.disclosures import contents, refusals
from records.models import DisclosedSubject, Disclosure
from records.registry import Ground
from tests import make


@pytest.fixture
def news(db: None) -> MailingList:
    return make.mailing_list()


def listed(*grounds: Ground, at: datetime = make.NOW - timedelta(days=1), number: int = 1) -> None:
    """A policy in force lists these grounds."""
    said = [terms.Statement(terms.Kind.GROUND, ground.value, {}) for ground in grounds]
    terms.write(policy=uuid.UUID(int=7), number=number, label="Policy", effective_from=at, statements=said)


def exported(news: MailingList, **how: Any) -> tuple[list[list[str]], outgoing.Handed]:
    handed = outgoing.hand_out(outgoing.Asked(news, why="A backup.", **how), by=None, at=make.NOW)
    with handed.file as file:
        written = file.read()
    assert handed.sha256 == hashlib.sha256(written).hexdigest()
    return list(csv.reader(io.StringIO(written.decode("utf-8-sig")))), handed


def agreed(subscription: Subscription, purpose: str, yes: bool, at: datetime = make.NOW, **how: Any) -> Decision:
    """The person of a subscription said yes or no to letting their data reach somebody."""
    assert subscription.decision
    said = {"source": Decision.Source.FORM, "key": uuid.uuid4(), "told": Told(), "statement": "You may pass it on."}
    consent_id = subscription.decision.consent_id
    return decide.record(choices={purpose: yes}, at=at, consent_id=consent_id, **said, **how)[0]  # type: ignore[arg-type]


def test_a_file_holds_who_is_on_the_list_now(news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    Subscription.objects.filter(pk=make.subscriber(make.BEN, news).pk).update(left_at=make.NOW)
    make.request(make.CLEO, news)
    other = MailingList.objects.create(key="offers", name="Offers", description="Prices.")
    make.subscriber("dan@mail.example", other)
    rows, handed = exported(news)
    assert rows == [["email"], [make.ANA]]
    assert handed.people == 1


def test_suppressed_addresses_are_left_out_and_counted(news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    make.subscriber(make.BEN, news)
    scope, reason = suppression.Scope.LISTS, suppression.Reason.OBJECTION
    suppression.suppress([make.ANA], scope=scope, reason=reason, now=make.NOW)
    rows, handed = exported(news)
    assert rows[1:] == [[make.BEN]]
    assert handed.left_out == {"no_consent": 0, "suppressed": 1}


def test_only_the_columns_that_were_chosen_are_in_it(news: MailingList) -> None:
    Field.objects.create(key="visits", label="Visits", kind="number", why="To tell.")
    Field.objects.create(key="member", label="Member", kind="yes_no", why="To tell.")
    row = make.subscriber(make.ANA, news)
    Subscriber.objects.update(name="Ana", fields={"visits": -3, "member": True, "gone": "x"})
    chosen = ["field:visits", "confirmed_at", "decision", "field:member", "name", "field:gone", "password"]
    rows, _handed = exported(news, columns=chosen)
    assert rows == [
        ["email", "name", "confirmed_at", "decision", "member", "visits"],
        [make.ANA, "Ana", "2026-03-01T12:00:00+00:00", str(row.decision_id), "yes", "-3"],
    ]


def test_a_segment_narrows_it(news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    make.subscriber("dan@other.example", news)
    segment = Segment.objects.create(name="Others")
    Condition.objects.create(segment=segment, attribute="domain", comparison="is", value="other.example")
    assert exported(news, segment=segment)[0][1:] == [["dan@other.example"]]


@given(st.text(max_size=8) | st.sampled_from(["=1+1", "+49", "-2", "@SUM", "\t=1", "\r=1", " =1", "\n=1", '"=1', "'"]))
def test_no_cell_is_a_formula(text: str) -> None:
    cell = contents.safe(text)
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert not cell.startswith(("\t", "\r"))
    assert cell in (text, f"'{text}")


def test_formulas_of_people_are_text_in_the_file(news: MailingList) -> None:
    make.subscriber("=cmd@mail.example", news)
    Subscriber.objects.update(name='=HYPERLINK("https://x.example","Ana")')
    rows, _handed = exported(news, columns=["name"])
    assert rows[1] == ["'=cmd@mail.example", '\'=HYPERLINK("https://x.example","Ana")']


def test_nothing_goes_to_a_third_party_where_no_policy_lists_a_ground(news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    for ground in ("", Ground.CONSENT, Ground.PURPOSE):
        with pytest.raises(disclosures.Refused, match="No policy in force lists a ground"):
            exported(news, recipient=make.recipient(), ground=ground)
    assert exported(news)[1].people == 1


def test_only_a_ground_that_the_policy_in_force_lists_will_do(news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    listed(Ground.PURPOSE)
    assert disclosures.grounds(make.NOW) == [Ground.PURPOSE]
    assert exported(news, recipient=make.recipient(), ground=Ground.PURPOSE)[1].people == 1
    for ground in (Ground.SUCCESSION, "", "whatever"):
        with pytest.raises(disclosures.Refused, match="does not list this ground"):
            exported(news, recipient=make.recipient(), ground=ground)


def test_the_version_in_force_at_that_instant_counts(news: MailingList) -> None:
    listed(Ground.PURPOSE)
    listed(Ground.CONSENT, at=make.NOW, number=2)
    listed(Ground.DEFENCE, at=make.NOW + timedelta(seconds=1), number=3)
    assert disclosures.grounds(make.NOW - timedelta(microseconds=1)) == [Ground.PURPOSE]
    assert disclosures.grounds(make.NOW) == [Ground.CONSENT]


def test_what_a_court_asks_for_takes_two_persons_and_is_not_done_here(news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    listed(*Ground)
    with pytest.raises(disclosures.Refused, match="handed out by two people"):
        exported(news, recipient=make.recipient(), ground=Ground.AUTHORITY)


def test_on_the_ground_of_consent_only_people_who_agreed_to_this_recipient_are_in_it(news: MailingList) -> None:
    listed(Ground.CONSENT, Ground.PURPOSE)
    tally, other = make.recipient(), make.recipient("Others Ltd")
    emails = [f"{name}@mail.example" for name in ("ana", "ben", "cleo", "dan", "eve", "fay")]
    ana, ben, cleo, dan, eve, _fay = [make.subscriber(email, news) for email in emails]
    agreed(ana, outgoing.purpose(tally), True)
    agreed(ben, outgoing.purpose(tally), True, make.NOW - timedelta(days=1))
    agreed(ben, outgoing.purpose(tally), False)
    agreed(cleo, outgoing.purpose(other), True)
    agreed(dan, outgoing.purpose(tally), True, expires_at=make.NOW)
    agreed(eve, outgoing.purpose(tally), False)
    agreed(eve, outgoing.purpose(tally), True)
    rows, handed = exported(news, recipient=tally, ground=Ground.CONSENT)
    assert [email for [email] in rows[1:]] == [make.ANA, "eve@mail.example"]
    assert handed.left_out == {"no_consent": 4, "suppressed": 0}
    named = {bytes(each.subject): each.consent for each in DisclosedSubject.objects.all()}
    assert named.keys() == {blind("email", make.ANA), blind("email", "eve@mail.example")}
    allowing = Decision.objects.filter(pk__in=named.values(), **{f"choices__{outgoing.purpose(tally)}": True})
    assert allowing.count() == 2
    assert exported(news, recipient=tally, ground=Ground.PURPOSE)[1].people == 6


def test_a_file_for_a_third_party_is_on_record_with_its_columns_and_its_hash(news: MailingList) -> None:
    Field.objects.create(key="city", label="City", why="To tell.")
    listed(Ground.PURPOSE)
    make.subscriber(make.ANA, news)
    columns = ["field:city", "name", "confirmed_at"]
    _rows, handed = exported(news, recipient=make.recipient(), ground=Ground.PURPOSE, columns=columns)
    row = Disclosure.objects.get()
    assert row == handed.disclosure
    assert row.sets == {"mailing.Subscriber": ["email", "fields", "name"], "mailing.Subscription": ["confirmed_at"]}
    assert (row.sha256_sent, row.subjects, row.reference) == (handed.sha256, 1, "A backup.")
    assert list(disclosures.faults()) == []


def test_the_owners_own_use_is_no_disclosure(news: MailingList) -> None:
    make.subscriber(make.ANA, news)
    assert exported(news)[1].disclosure is None
    assert not Disclosure.objects.exists()


def test_what_the_register_is_told_of_consents_is_what_the_file_goes_by(news: MailingList) -> None:
    tally = make.recipient()
    ana, _ben = make.subscriber(make.ANA, news), make.subscriber(make.BEN, news)
    decision = agreed(ana, outgoing.purpose(tally), True)
    people = [make.ANA, make.BEN, make.CLEO]
    assert outgoing.agreed(tally, people, make.NOW) == {make.ANA: decision.pk}
    assert outgoing.agreed(make.recipient("Others Ltd"), people, make.NOW) == {}
    assert refusals.agreed(tally, people, make.NOW) == {make.ANA: decision.pk}


def test_a_consent_outlives_another_name_of_the_recipient(news: MailingList) -> None:
    tally = make.recipient()
    before = outgoing.purpose(tally)
    tally.name = "Tally Works and Sons"
    tally.save()
    assert outgoing.purpose(tally) == before


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.booleans(), st.integers(-3, 1), st.sampled_from([None, -1, 1])), max_size=10
    )
)
def test_many_at_once_stand_as_each_alone_would(
    news: MailingList, said: list[tuple[int, bool, int, int | None]]
) -> None:
    Subscriber.objects.all().delete()
    rows = [make.subscriber(f"p{number}@mail.example", news) for number in range(4)]
    for who, yes, days, ends in said:
        expires = None if ends is None else make.NOW + timedelta(days=ends)
        agreed(rows[who], "share:1", yes, make.NOW + timedelta(days=days), expires_at=expires)
    alone = {
        row.subscriber_id
        for row in rows
        if row.decision
        and decide.standing_for(consent_id=row.decision.consent_id, purpose="share:1", at=make.NOW) is not None
    }
    assert set(outgoing.consenting([row.subscriber_id for row in rows], "share:1", make.NOW)) == alone


def test_what_somebody_took_back_beside_one_list_holds_for_all_of_theirs(news: MailingList) -> None:
    offers = MailingList.objects.create(key="offers", name="Offers", description="Prices.")
    first, second = make.subscriber(make.ANA, news), make.subscriber(make.ANA, offers)
    agreed(first, "share:1", True)
    assert outgoing.consenting([first.subscriber_id], "share:1", make.NOW).keys() == {first.subscriber_id}
    agreed(second, "share:1", False)
    assert outgoing.consenting([first.subscriber_id], "share:1", make.NOW) == {}


def test_many_people_are_few_questions_and_little_memory(
    news: MailingList, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    """The file is made line by line: whatever its size, no more than a chunk of people is held."""
    monkeypatch.setattr(outgoing, "_AT_ONCE", 50)
    decision = make.subscriber(make.ANA, news).decision
    people = Subscriber.objects.bulk_create(
        Subscriber(email=f"p{n}@x.example", digest=n.to_bytes(32), created_at=make.NOW) for n in range(499)
    )
    asked = {"mailing_list": news, "statement": "Yes.", "requested_at": make.NOW, "confirmed_at": make.NOW}
    Subscription.objects.bulk_create(Subscription(subscriber=each, decision=decision, **asked) for each in people)
    held, chunk = [], outgoing._chunk
    monkeypatch.setattr(outgoing, "_chunk", lambda *said: held.append(len(said[2])) or chunk(*said))
    with django_assert_max_num_queries(5):
        assert exported(news)[1].people == 500
    assert max(held) == 50
