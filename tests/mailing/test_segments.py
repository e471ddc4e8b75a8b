"""A segment holds exactly whom its conditions name, whatever is stored, and nobody by mistake."""

import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consent import decide
from consent.models import Decision
from consent.told import Told
from mailing import segments
from mailing.models import Condition, Field, MailingList, Segment, Subscriber, Subscription
from mailing.segments import COMPARISONS, FIXED, Kind
from tests import make

How = Condition.Comparison
ZONES = ["", "Europe/Berlin", "Asia/Tokyo", "UTC"]
DOMAINS = ["mail.example", "xn--mller-kva.example", "other.example"]
INSTANTS = [datetime(2026, 2, 28, 23, 59, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC), make.NOW, None]
DECLARED = {
    "field:town": Kind.TEXT,
    "field:2026": Kind.NUMBER,
    "field:born": Kind.DATE,
    "field:member": Kind.YES_NO,
    **{kind.value: kind for kind in FIXED},
}
words = st.text(alphabet="abAB %_\\'\"é中{}", max_size=4)
numbers = st.decimals(-999, 999, places=1).map(str) | st.integers(-5, 5).map(str)
dates = st.dates(date(2026, 2, 26), date(2026, 3, 3)).map(str) | st.just("2026-02-30")
odd = ["true", "yes", "infinity", "NaN", "1e9", "2026-13-01", "٣", "9" * 60, "1.", "12\n", " 12", "+1"]
simple = st.booleans() | st.integers(-5, 5) | st.floats(-9, 9, width=16) | st.none() | st.lists(words, max_size=2)
stored = words | numbers | dates | simple | st.sampled_from(odd)
values = {
    Kind.TEXT: words,
    Kind.NUMBER: numbers,
    Kind.DATE: dates,
    Kind.YES_NO: st.sampled_from(["yes", "no", "Yes"]),
    Kind.LANGUAGE: st.sampled_from(["en", "ru", "EN"]),
    Kind.TIME_ZONE: st.sampled_from(ZONES[1:]),
    Kind.DOMAIN: st.sampled_from([*DOMAINS, "@MAIL.example", "müller.example", "ler"]),
    Kind.CONFIRMED: dates,
}
person = st.fixed_dictionaries(
    {
        "fields": st.dictionaries(st.sampled_from(["town", "2026", "born", "member"]), stored),
        "locale": st.sampled_from(["en", "ru", "de"]),
        "time_zone": st.sampled_from(ZONES),
        "domain": st.sampled_from(DOMAINS),
        "confirmed_at": st.sampled_from(INSTANTS),
    }
)


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    attribute = draw(st.sampled_from(sorted(DECLARED)))
    how = draw(st.sampled_from(COMPARISONS[DECLARED[attribute]]))
    return Condition(attribute=attribute, comparison=how, value=draw(values[DECLARED[attribute]]))


@pytest.fixture
def news(db: None) -> MailingList:
    for name, kind in DECLARED.items():
        if name.startswith("field:"):
            Field.objects.create(key=name[6:], label=name[6:], kind=kind.value, why="To tell.")
    return make.mailing_list()


@pytest.fixture
def decision(db: None) -> Decision:
    told = {"source": Decision.Source.FORM, "at": make.NOW, "key": uuid.uuid4(), "told": Told()}
    return decide.record(choices={"mail:news": True}, statement="Yes.", **told)[0]  # type: ignore[arg-type]


def people(news: MailingList, decision: Decision, given: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """The subscriptions of these people, who take the place of those before them."""
    Subscriber.objects.all().delete()
    rows: dict[int, dict[str, Any]] = {}
    for number, one in enumerate(given):
        values = {name: one[name] for name in ("fields", "locale", "time_zone", "domain")}
        email = f"{number}@{one['domain']}"
        subscriber = Subscriber(email=email, digest=bytes([number]), provider="other", created_at=make.NOW, **values)
        Subscriber.objects.bulk_create([subscriber])
        row = Subscription.objects.create(
            subscriber=subscriber,
            mailing_list=news,
            statement="Yes.",
            requested_at=make.NOW,
            confirmed_at=one["confirmed_at"],
            decision=decision,
        )
        rows[row.pk] = one
    return rows


def text(one: dict[str, Any], key: str) -> str:
    """As PostgreSQL writes what is stored under a key."""
    value = one["fields"].get(key)
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    return value if isinstance(value, str) else str(value).replace("'", '"')


def holds(condition: Condition, one: dict[str, Any]) -> bool:
    """What a condition means, one person at a time."""
    if segments.problems(condition):
        return False
    kind, how, value = DECLARED[condition.attribute], condition.comparison, condition.value.strip()
    if how in (How.IS_NOT, How.UNKNOWN):
        other = How.IS if how == How.IS_NOT else How.KNOWN
        return not holds(Condition(attribute=condition.attribute, comparison=other, value=value), one)
    if kind in FIXED:
        return holds_of_everybody(kind, how, value, one)
    there = text(one, condition.attribute.removeprefix("field:"))
    if how == How.KNOWN:
        return there != ""
    if kind == Kind.TEXT:
        return value.upper() in there.upper() if how == How.CONTAINS else value.upper() == there.upper()
    if kind == Kind.YES_NO:
        return there == {"yes": "true", "no": "false"}[value.lower()]
    if kind == Kind.NUMBER:
        number = Decimal(there) if segments.is_number(there) else None
        return number is not None and in_order(how, number, Decimal(value))
    return bool(segments.re.fullmatch(segments.DATE, there)) and in_order(how, there, value)


def in_order(how: str, there: Any, value: Any) -> bool:
    return bool({How.IS: there == value, How.BEFORE: there < value, How.AFTER: there > value}[How(how)])


def holds_of_everybody(kind: Kind, how: str, value: str, one: dict[str, Any]) -> bool:
    if kind == Kind.CONFIRMED:
        instant = one["confirmed_at"]
        return instant is not None and in_order(how, instant.date(), date.fromisoformat(value))
    there = one["locale"] if kind == Kind.LANGUAGE else one[kind.value]
    if how == How.KNOWN:
        return bool(there)
    if kind == Kind.DOMAIN and how == How.IS:
        value = {"@MAIL.example": "mail.example", "müller.example": "xn--mller-kva.example"}.get(value, value)
    found = value.lower() in there.lower() if how == How.CONTAINS else value.lower() == there.lower()
    return bool(found)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(
    st.lists(person, min_size=1, max_size=6),
    st.lists(conditions(), min_size=1, max_size=3),
    st.sampled_from(Segment.Match.values),
)
def test_a_segment_holds_whom_its_conditions_name(
    news: MailingList, decision: Decision, given: list[dict[str, Any]], asked: list[Condition], match: str
) -> None:
    rows = people(news, decision, given)
    segment = Segment(name="Some", match=match)
    segment.conditions = asked
    found = set(segments.narrow(Subscription.objects.all(), segment).values_list("pk", flat=True))
    held = {key: [holds(condition, one) for condition in asked] for key, one in rows.items()}
    assert found == {key for key, each in held.items() if (all(each) if match == "all" else any(each))}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.lists(person, min_size=1, max_size=3),
    st.sampled_from([*DECLARED, "field:gone", "opens", ""]),
    st.sampled_from(How.values),
    st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=20) | stored.map(str),
)
def test_no_condition_fails_and_one_with_a_problem_holds_for_nobody(
    news: MailingList, decision: Decision, given: list[dict[str, Any]], attribute: str, how: str, value: str
) -> None:
    people(news, decision, given)
    condition = Condition(attribute=attribute, comparison=how, value=value)
    segment = Segment(name="Some")
    segment.conditions = [condition]
    found = segments.narrow(Subscription.objects.all(), segment).count()
    assert not (segments.problems(condition) and found)


def held(news: MailingList, *asked: tuple[str, str, str], match: str = "all") -> set[str]:
    segment = Segment(name="Some", match=match)
    segment.conditions = [Condition(attribute=what, comparison=how, value=value) for what, how, value in asked]
    found = segments.narrow(Subscription.objects.filter(mailing_list=news), segment)
    return set(found.values_list("subscriber__email", flat=True))


@pytest.fixture
def town(news: MailingList) -> MailingList:
    """Ana lives in Hamburg, Ben in Bremen; of Cleo it is not known."""
    for email, fields in ((make.ANA, {"town": "Hamburg"}), (make.BEN, {"town": "Bremen"}), (make.CLEO, {})):
        make.subscriber(email, news)
        Subscriber.objects.filter(email=email).update(fields=fields)
    return news


def test_is_not_holds_also_for_those_of_whom_it_is_not_known(town: MailingList) -> None:
    assert held(town, ("field:town", "is", "hamburg")) == {make.ANA}
    assert held(town, ("field:town", "is_not", "hamburg")) == {make.BEN, make.CLEO}
    assert held(town, ("field:town", "is_not", "hamburg"), ("field:town", "known", "")) == {make.BEN}


def test_any_condition_is_enough_where_the_segment_says_so(town: MailingList) -> None:
    asked = ("field:town", "is", "Bremen"), ("field:town", "unknown", "")
    assert held(town, *asked, match="any") == {make.BEN, make.CLEO}
    assert held(town, *asked) == set()


def test_a_segment_without_conditions_holds_nobody(town: MailingList) -> None:
    assert held(town) == held(town, match="any") == set()


def test_a_condition_about_a_field_that_is_gone_holds_nobody_and_says_so(town: MailingList) -> None:
    Field.objects.filter(key="town").delete()
    assert held(town, ("field:town", "is_not", "Hamburg")) == set()
    [sentence] = segments.problems(Condition(attribute="field:town", comparison="is", value="Hamburg"))
    assert sentence == "There is no such field (any more)."


@pytest.mark.parametrize("attribute", ["opened", "clicked", "links_followed", "last_seen", "subscriber__email"])
def test_what_people_do_with_their_mail_is_no_condition(news: MailingList, attribute: str) -> None:
    assert segments.problems(Condition(attribute=attribute, comparison="known"))


@pytest.mark.parametrize(
    ("attribute", "how", "value", "wrong"),
    [
        ("field:2026", "is", "12,5", "Write a number"),
        ("field:2026", "contains", "1", "This is compared by one of: “is”, “is not”, “is before"),
        ("field:born", "before", "1.3.2026", "Write a date"),
        ("field:born", "before", "2026-02-30", "Write a date"),
        ("field:member", "is", "perhaps", "Write yes or no"),
        ("language", "is", "xx", "Write the code of a language of this site: en"),
        ("language", "known", "", "This is compared by one of"),
        ("time_zone", "is", "Berlin", "Write a time zone as region and city"),
        ("confirmed_at", "after", "yesterday", "Write a date"),
        ("confirmed_at", "is", "9999-12-31", "Write a date"),
        ("field:town", "is", "  ", "Write a value to compare with"),
        ("field:town", "known", "", ""),
        ("field:2026", "after", "-12.5", ""),
        ("time_zone", "contains", "Europe/", ""),
    ],
)
def test_each_kind_says_what_it_needs(news: MailingList, attribute: str, how: str, value: str, wrong: str) -> None:
    found = " ".join(segments.problems(Condition(attribute=attribute, comparison=how, value=value)))
    assert found.startswith(wrong)
    assert bool(found) == bool(wrong)


def test_a_day_is_one_of_the_site_whoever_asks(news: MailingList, settings: Any) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"
    row = make.subscriber(make.ANA, news)
    Subscription.objects.filter(pk=row.pk).update(
        confirmed_at=datetime(2026, 3, 2, 1, tzinfo=ZoneInfo("Asia/Tokyo")) + timedelta(0)
    )
    assert held(news, ("confirmed_at", "is", "2026-03-02")) == {make.ANA}
    assert held(news, ("confirmed_at", "is", "2026-03-01")) == set()


def test_every_declared_field_can_be_chosen_by_its_label(news: MailingList) -> None:
    assert ("field:town", "town") in segments.attributes()
    assert [name for name, _label in segments.attributes()[:4]] == ["language", "time_zone", "domain", "confirmed_at"]
