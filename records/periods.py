"""Which period does a sentence state, how is it written down, and which instant lies that long ago?"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

UNITS = [("day", _("days")), ("week", _("weeks")), ("month", _("months")), ("year", _("years"))]
LONGEST = 999  # of any unit: "2026 года" is a date, and the calendar has a beginning
_LETTERS = {"day": "D", "week": "W", "month": "M", "year": "Y"}
_ISO = re.compile(r"P([0-9]{1,3})([DWMY])")


@dataclass(frozen=True)
class Period:
    """So many days, weeks, months or years of the calendar. Raises ValueError for none of them, or too many."""

    number: int
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in _LETTERS:
            raise ValueError(f"{self.unit!r} is no unit of a period: use {', '.join(_LETTERS)}.")
        if not 1 <= self.number <= LONGEST:
            raise ValueError(f"{self.number} × {self.unit} is no period: use 1 to {LONGEST}.")

    @property
    def iso(self) -> str:
        """ISO 8601: "P1Y", "P6M", "P2W", "P7D"."""
        return f"P{self.number}{_LETTERS[self.unit]}"

    def before(self, at: datetime) -> datetime:
        """The instant that lies this long before `at`, by the calendar of UTC: a month before 31 March is the last
        day of February. Raises ValueError for an `at` without a zone."""
        if at.tzinfo is None:
            raise ValueError(f"{at} names no zone: a period is counted from an instant.")
        years, months = (self.number if self.unit == unit else 0 for unit in ("year", "month"))
        weeks, days = (self.number if self.unit == unit else 0 for unit in ("week", "day"))
        return at.astimezone(UTC) - relativedelta(years=years, months=months, weeks=weeks, days=days)

    def words(self) -> str:
        """ "1 year", "6 months", in the language of the moment."""
        forms = {
            "day": ngettext("%(number)d day", "%(number)d days", self.number),
            "week": ngettext("%(number)d week", "%(number)d weeks", self.number),
            "month": ngettext("%(number)d month", "%(number)d months", self.number),
            "year": ngettext("%(number)d year", "%(number)d years", self.number),
        }
        return forms[self.unit] % {"number": self.number}


def parse(iso: str) -> Period:
    """The period that `Period.iso` wrote. Raises ValueError for anything else."""
    match = _ISO.fullmatch(iso)
    if match is None:
        raise ValueError(f"{iso!r} is no period: write P7D, P2W, P6M or P1Y.")
    units = {letter: unit for unit, letter in _LETTERS.items()}
    return Period(int(match[1]), units[match[2]])


def stated(words: str) -> list[Period]:
    """The periods that English or Russian words state, in their order, each once: "1 (one) year", "три года".

    Working days are none: how many they are depends on a calendar that nobody has here.
    """
    return list(dict.fromkeys(period for match in _STATED.finditer(words) if (period := _period(match))))


def _period(match: re.Match[str]) -> Period | None:
    if match["half"]:
        return Period(6, "month")
    unit = next(unit for unit in _LETTERS if match[unit] or match[f"bare_{unit}"])
    number = _number(match["number"]) if match["number"] else 1
    again = _number(match["again"] or "")
    if again not in {0, number} or not 1 <= number <= LONGEST:
        return None  # "1 (two) years" states nothing
    return Period(number, unit)


def _number(words: str) -> int:
    """0 for words that are no number."""
    if words.isdecimal():
        return int(words)
    return sum(_VALUES.get(word, 0) for word in re.split(r"[\s-]+", words.casefold().replace("ё", "е")))


_ONES = {
    "one один одного одному одним одном одна одной одну одно": 1,
    "two два две двух двум двумя": 2,
    "three три трех трем тремя": 3,
    "four четыре четырех четырем четырьмя": 4,
    "five пять пяти пятью": 5,
    "six шесть шести шестью": 6,
    "seven семь семи семью": 7,
    "eight восемь восьми восемью": 8,
    "nine девять девяти девятью": 9,
}
_TEENS = {
    "a an": 1,
    "ten десять десяти десятью": 10,
    "eleven одиннадцать одиннадцати": 11,
    "twelve двенадцать двенадцати": 12,
    "thirteen тринадцать тринадцати": 13,
    "fourteen четырнадцать четырнадцати": 14,
    "fifteen пятнадцать пятнадцати": 15,
    "sixteen шестнадцать шестнадцати": 16,
    "seventeen семнадцать семнадцати": 17,
    "eighteen восемнадцать восемнадцати": 18,
    "nineteen девятнадцать девятнадцати": 19,
}
_TENS = {
    "twenty двадцать двадцати": 20,
    "thirty тридцать тридцати": 30,
    "forty сорок сорока": 40,
    "fifty пятьдесят пятидесяти": 50,
    "sixty шестьдесят шестидесяти": 60,
    "seventy семьдесят семидесяти": 70,
    "eighty восемьдесят восьмидесяти": 80,
    "ninety девяносто девяноста": 90,
}
_VALUES = {word: value for table in (_ONES, _TEENS, _TENS) for words, value in table.items() for word in words.split()}


def _any_of(table: dict[str, int]) -> str:
    return "|".join(word.replace("е", "[её]") for words in table for word in words.split())


_UNITS = {
    "day": "days?|д(?:ень|ня|ней|ню|ням|нями|нях)|сут(?:ки|ок|кам)|дневн[а-я]+",
    "week": "weeks?|недел(?:ь|я|и|ю|е|ей|ям|ями|ях)|недельн[а-я]+",
    "month": "months?|месяц(?:а|у|ем|ев|ам|ами|ах)?|месячн[а-я]+",
    "year": "years?|год(?:а|у|ом|ы|ов|ам|ами|ах)?|лет|годичн[а-я]+|летн[а-я]+",
}
# "для хранения … в течение года": one, though no number says so.
_BARE = {"week": "недел[иью]", "month": "месяца?", "year": "года?", "day": "суток"}
_STATED = re.compile(
    rf"""
    (?<![\w.,:/–-])(?<!half\ )(?<!once\ )(?<!twice\ )(?<!times\ )
    (?: (?P<half> half\ a\ year | пол(?:у?года|угоди[еяю]) )
    | (?P<number> [0-9]{{1,5}} | (?:{_any_of(_TENS)}) (?:[\s-]+(?:{_any_of(_ONES)}))? | {_any_of(_TEENS | _ONES)} )
      (?:\s*\((?P<again>[^()]{{1,40}})\))?
      [\s-]+ (?:(?:calendar|full|whole|consecutive|полн[а-я]+|календарн[а-я]+)\s+)?
      (?: {" | ".join(f"(?P<{unit}>{forms})" for unit, forms in _UNITS.items())} )
    | (?:течение|протяжении|более|дольше|позднее|через|спустя|истечении|прошествии) \s+ (?:календарного\s+)?
      (?: {" | ".join(f"(?P<bare_{unit}>{forms})" for unit, forms in _BARE.items())} )
    )(?!\w)
    """,
    re.VERBOSE | re.IGNORECASE,
)
