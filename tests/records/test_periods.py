"""Which period do words state, and what does a period say?"""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.utils import translation

from records.periods import Period, parse, stated


@pytest.mark.parametrize(
    ("words", "periods"),
    [
        ("for 1 (one) year", "P1Y"),
        ("one (1) year", "P1Y"),
        ("within seven days", "P7D"),
        ("12 months", "P12M"),
        ("a 12-month period", "P12M"),
        ("twenty-four months, or thirty calendar days", "P24M P30D"),
        ("for a year", "P1Y"),
        ("TWO WEEKS", "P2W"),
        ("half a year", "P6M"),
        ("в течение 1 года", "P1Y"),
        ("6 (шести) месяцев", "P6M"),
        ("три года", "P3Y"),
        ("трёх лет, трех лет", "P3Y"),
        ("30 календарных дней", "P30D"),
        ("двух (2) недель", "P2W"),
        ("тридцати шести месяцев", "P36M"),
        ("3-летний срок", "P3Y"),
        ("в течение года", "P1Y"),
        ("полгода", "P6M"),
        ("1 сутки", "P1D"),
        ("one year and 6 months", "P1Y P6M"),
    ],
)
def test_words_state_a_period(words: str, periods: str) -> None:
    assert [period.iso for period in stated(words)] == periods.split()


@pytest.mark.parametrize(
    "words",
    [
        "once a year",
        "10 business days",
        "10 рабочих дней",
        "1.5 years",
        "1,5 года",
        "2-3 years",
        "31 декабря 2025 года",
        "1 (two) years",
        "0 days",
        "72 hours",
        "yearly",
        "годный",
        "",
    ],
)
def test_words_state_none(words: str) -> None:
    assert stated(words) == []


@pytest.mark.parametrize("iso", ["P7D", "P2W", "P6M", "P1Y", "P999D"])
def test_a_period_is_written_down_and_read_back(iso: str) -> None:
    assert parse(iso).iso == iso


@pytest.mark.parametrize(
    "iso", ["", "P", "P1", "1Y", "P0D", "P1000D", "P-1D", "P1.5Y", "P1Y6M", "PT1H", "p1y", "P1Y\n", "P١Y"]
)
def test_what_is_no_period_is_refused(iso: str) -> None:
    with pytest.raises(ValueError, match="no period"):
        parse(iso)


def test_a_period_has_a_unit_of_the_calendar() -> None:
    with pytest.raises(ValueError, match="'hour' is no unit of a period: use day, week, month, year"):
        Period(1, "hour")


@pytest.mark.parametrize(
    ("iso", "at", "before"),
    [
        ("P1Y", "2024-02-29T12:00:00", "2023-02-28T12:00:00"),
        ("P1M", "2026-03-31T00:00:00", "2026-02-28T00:00:00"),
        ("P6M", "2026-08-31T00:00:00.000001", "2026-02-28T00:00:00.000001"),
        ("P2W", "2026-03-01T00:00:00", "2026-02-15T00:00:00"),
        ("P7D", "2026-03-01T00:00:00", "2026-02-22T00:00:00"),
        ("P999Y", "2026-03-01T00:00:00", "1027-03-01T00:00:00"),
    ],
)
def test_a_period_is_counted_back_by_the_calendar(iso: str, at: str, before: str) -> None:
    counted = parse(iso).before(datetime.fromisoformat(at).replace(tzinfo=UTC))
    assert counted == datetime.fromisoformat(before).replace(tzinfo=UTC)


def test_the_calendar_is_that_of_utc() -> None:
    east = datetime(2026, 3, 31, 1, tzinfo=timezone(timedelta(hours=3)))
    assert parse("P1M").before(east) == datetime(2026, 2, 28, 22, tzinfo=UTC)
    with pytest.raises(ValueError, match="names no zone"):
        parse("P1M").before(east.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("iso", "english", "russian"),
    [
        ("P1Y", "1 year", "1 год"),
        ("P2Y", "2 years", "2 года"),
        ("P5Y", "5 years", "5 лет"),
        ("P11M", "11 months", "11 месяцев"),
        ("P21D", "21 days", "21 день"),
        ("P3W", "3 weeks", "3 недели"),
    ],
)
def test_a_period_is_put_into_words(iso: str, english: str, russian: str) -> None:
    assert parse(iso).words() == english
    with translation.override("ru"):
        assert parse(iso).words() == russian
