"""Which people of a list does a segment hold? By what is declared of them, never by what they do with their mail."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from operator import and_, or_
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.db.models import BooleanField, Case, DecimalField, F, Func, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import Exact, GreaterThan, IContains, IExact, LessThan, Regex
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mailing import addresses
from mailing.models import Condition, Field, Segment, Subscription

How = Condition.Comparison
_FIELD = "field:"
# What the database may cast: anything else that stands under a key is as good as not known.
NUMBER = r"-?[0-9]{1,30}(\.[0-9]{1,30})?"
DATE = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_NUMERIC: Any = DecimalField(max_digits=60, decimal_places=30)
YES_NO = {"yes": "true", "no": "false"}


class Kind(StrEnum):
    """What a condition is about: the kind of a declared field, or something that is known of everybody."""

    TEXT = Field.Kind.TEXT.value
    NUMBER = Field.Kind.NUMBER.value
    DATE = Field.Kind.DATE.value
    YES_NO = Field.Kind.YES_NO.value
    LANGUAGE = "language"
    TIME_ZONE = "time_zone"
    DOMAIN = "domain"
    CONFIRMED = "confirmed_at"


FIXED = {
    Kind.LANGUAGE: gettext_lazy("language"),
    Kind.TIME_ZONE: gettext_lazy("time zone"),
    Kind.DOMAIN: gettext_lazy("mail domain"),
    Kind.CONFIRMED: gettext_lazy("confirmed on"),
}
_SAME, _ORDER, _THERE = (How.IS, How.IS_NOT), (How.BEFORE, How.AFTER), (How.KNOWN, How.UNKNOWN)
COMPARISONS: dict[Kind, tuple[How, ...]] = {
    Kind.TEXT: (*_SAME, How.CONTAINS, *_THERE),
    Kind.NUMBER: (*_SAME, *_ORDER, *_THERE),
    Kind.DATE: (*_SAME, *_ORDER, *_THERE),
    Kind.YES_NO: (*_SAME, *_THERE),
    Kind.LANGUAGE: _SAME,
    Kind.TIME_ZONE: (*_SAME, How.CONTAINS, *_THERE),
    Kind.DOMAIN: (*_SAME, How.CONTAINS),
    Kind.CONFIRMED: (*_SAME, *_ORDER),
}


def narrow(subscriptions: QuerySet[Subscription], segment: Segment) -> QuerySet[Subscription]:
    """Those for whom the conditions hold. A condition that makes no sense (any more) holds for nobody, and so does a
    segment without any: a mistake never writes to more people than was meant."""
    declared = kinds()
    held = [_held(condition, declared) for condition in segment.conditions.all()]
    if not held:
        return subscriptions.none()
    return subscriptions.filter(reduce(and_ if segment.match == Segment.Match.ALL else or_, held))


def attributes() -> list[tuple[str, str]]:
    """What there is to choose from, and how it is called: what is known of everybody, then every declared field."""
    fixed = [(kind.value, str(label)) for kind, label in FIXED.items()]
    return fixed + [(f"{_FIELD}{field.key}", field.label) for field in Field.objects.order_by("label", "key")]


def kinds() -> dict[str, Kind]:
    """The kind of every attribute that a condition may name."""
    declared = {f"{_FIELD}{key}": Kind(kind) for key, kind in Field.objects.values_list("key", "kind")}
    return {kind.value: kind for kind in FIXED} | declared


def using(field: Field) -> QuerySet[Segment]:
    """The segments that ask for a field."""
    return Segment.objects.filter(conditions__attribute=f"{_FIELD}{field.key}").distinct()


def problems(condition: Condition) -> list[str]:
    """What is wrong with a condition, in sentences; empty where it can hold for somebody."""
    return _problems(condition, kinds())


def _problems(condition: Condition, declared: Mapping[str, Kind]) -> list[str]:
    kind = declared.get(condition.attribute)
    if kind is None:
        return [_("There is no such field (any more).")]
    if condition.comparison not in COMPARISONS[kind]:
        allowed = ", ".join(f"“{How(each).label}”" for each in COMPARISONS[kind])
        return [_("This is compared by one of: %(allowed)s.") % {"allowed": allowed}]
    if condition.comparison in _THERE:
        return []
    value = condition.value.strip()
    if not value:
        return [_("Write a value to compare with.")]
    needs = _NEEDS.get(kind)
    if needs is None or (condition.comparison == How.CONTAINS and kind != Kind.TEXT):
        return []
    check, sentence = needs
    return [] if check(value) else [str(sentence)]


def _held(condition: Condition, declared: Mapping[str, Kind]) -> Q:
    """Nobody, where there is a problem. “Is not” is everybody else, those of whom it is not known included."""
    if _problems(condition, declared):
        return Q(pk__in=[])
    kind, value, how = declared[condition.attribute], condition.value.strip(), condition.comparison
    if how in (How.IS_NOT, How.UNKNOWN):
        return ~_asked(kind, condition.attribute, How.IS if how == How.IS_NOT else How.KNOWN, value)
    return _asked(kind, condition.attribute, How(how), value)


def _asked(kind: Kind, attribute: str, how: How, value: str) -> Q:
    if kind == Kind.CONFIRMED:
        return _confirmed(how, date.fromisoformat(value))
    if kind in FIXED:
        return _known_of_everybody(kind, how, value)
    return _stored(kind, how, value, _text(attribute.removeprefix(_FIELD)))


def _known_of_everybody(kind: Kind, how: How, value: str) -> Q:
    column = {Kind.LANGUAGE: "locale", Kind.TIME_ZONE: "time_zone", Kind.DOMAIN: "domain"}[kind]
    if how == How.KNOWN:
        return ~Q(**{f"subscriber__{column}": ""})
    if kind == Kind.DOMAIN and how == How.IS:
        value = addresses.domain(f"@{value.removeprefix('@')}")
    return Q(**{f"subscriber__{column}__{'icontains' if how == How.CONTAINS else 'iexact'}": value})


def _confirmed(how: How, day: date) -> Q:
    """Days of the site's own time zone, whoever asks."""
    start, end = midnight(day), midnight(day + timedelta(days=1))
    if how == How.BEFORE:
        return Q(confirmed_at__lt=start)
    if how == How.AFTER:
        return Q(confirmed_at__gte=end)
    return Q(confirmed_at__gte=start, confirmed_at__lt=end)


def midnight(day: date) -> datetime:
    """The first instant of a day in the site's time zone."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(settings.TIME_ZONE))


def _text(key: str) -> Any:
    """What stands under a key, as text; nothing where it stands under none. Keys of digits alone are keys, too."""
    path = Func(F("subscriber__fields"), Value(key), function="jsonb_extract_path_text", output_field=TextField())
    return Coalesce(path, Value("", TextField()), output_field=TextField())


def _stored(kind: Kind, how: How, value: str, text: Any) -> Q:
    if how == How.KNOWN:
        return ~Q(Exact(text, Value("")))
    if kind == Kind.TEXT:
        return Q(IContains(text, value) if how == How.CONTAINS else IExact(text, value))
    if kind == Kind.YES_NO:
        return Q(Exact(text, Value(YES_NO[value.casefold()])))
    lookup = {How.IS: Exact, How.BEFORE: LessThan, How.AFTER: GreaterThan}[how]
    if kind == Kind.NUMBER:
        return _certain(lookup(_if(text, NUMBER, Cast(text, _NUMERIC), _NUMERIC), Value(Decimal(value), _NUMERIC)))
    return _certain(lookup(_if(text, DATE, text, TextField()), Value(value)))  # ISO dates are in order as text


def _if(text: Any, shape: str, then: Any, output: Any) -> Case:
    """Nothing is cast that has not the shape for it: whatever is stored, no query fails."""
    return Case(When(Regex(text, f"^{shape}$"), then=then), default=None, output_field=output)


def _certain(comparison: Any) -> Q:
    return Q(Coalesce(comparison, Value(False), output_field=BooleanField()))


def is_date(value: str) -> bool:
    """An ISO date (YYYY-MM-DD) that there is in the calendar, and a day after it."""
    try:
        return bool(re.fullmatch(DATE, value)) and midnight(date.fromisoformat(value)).year < date.max.year
    except ValueError:
        return False


def is_number(value: str) -> bool:
    return bool(re.fullmatch(NUMBER, value))


_NEEDS: dict[Kind, tuple[Callable[[str], bool], Any]] = {
    Kind.NUMBER: (is_number, gettext_lazy("Write a number, with a point before its fraction: 12 or 12.5.")),
    Kind.DATE: (is_date, gettext_lazy("Write a date as year, month and day: 2026-03-01.")),
    Kind.CONFIRMED: (is_date, gettext_lazy("Write a date as year, month and day: 2026-03-01.")),
    Kind.YES_NO: (lambda value: value.casefold() in YES_NO, gettext_lazy("Write yes or no.")),
    Kind.LANGUAGE: (
        lambda value: value.lower() in dict(settings.LANGUAGES),
        format_lazy(
            gettext_lazy("Write the code of a language of this site: {codes}."),
            codes=", ".join(code for code, _name in settings.LANGUAGES),
        ),
    ),
    Kind.TIME_ZONE: (
        lambda value: value in available_timezones(),
        gettext_lazy("Write a time zone as region and city: Europe/Berlin."),
    ),
}
