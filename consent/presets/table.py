"""Has a table of a TOML file the fields that it must have, and no others?"""

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime

ANYTHING = r"\S(?:.*\S)?"


class Table:
    """Fields are taken one by one, each once; `close` refuses what is left. Raises ValueError naming file and field."""

    def __init__(self, values: Mapping[str, object], where: str) -> None:
        self._left = dict(values)
        self._where = where

    def wrong(self, field: str, why: str) -> ValueError:
        return ValueError(f"{self._where}: {field}: {why}")

    def text(self, field: str, form: str = ANYTHING, *, default: str | None = None) -> str:
        value = self._take(field, default)
        if not isinstance(value, str) or (value != default and not re.fullmatch(form, value, re.DOTALL)):
            raise self.wrong(field, f"{value!r} is not of the form {form}.")
        return value

    def one_of(self, field: str, allowed: Collection[str]) -> str:
        value = self._take(field)
        if not isinstance(value, str) or value not in allowed:
            raise self.wrong(field, f"{value!r} is none of {', '.join(allowed)}.")
        return value

    def texts(self, field: str, form: str, *, default: list[str] | None = None) -> tuple[str, ...]:
        values = self._list(field, default)
        strange = [value for value in values if not isinstance(value, str) or not re.fullmatch(form, value)]
        if strange:
            raise self.wrong(field, f"{strange[0]!r} is not of the form {form}.")
        return self._once(field, values)

    def some_of(self, field: str, allowed: Collection[str], *, default: list[str] | None = None) -> tuple[str, ...]:
        values = self._list(field, default)
        strange = [value for value in values if value not in allowed]
        if strange:
            raise self.wrong(field, f"{strange[0]!r} is none of {', '.join(allowed)}.")
        return self._once(field, values)

    def flag(self, field: str) -> bool:
        value = self._take(field)
        if not isinstance(value, bool):
            raise self.wrong(field, f"{value!r} is neither true nor false.")
        return value

    def day(self, field: str) -> date:
        value = self._take(field)
        if not isinstance(value, date) or isinstance(value, datetime):
            raise self.wrong(field, f"{value!r} is no date.")
        return value

    def table(self, field: str) -> "Table":
        return self._inner(field, self._take(field))

    def tables(self, field: str) -> list["Table"]:
        return [self._inner(f"{field}[{number}]", value) for number, value in enumerate(self._list(field, None))]

    def close(self) -> None:
        for field in self._left:
            raise self.wrong(field, "there is no such field.")

    def _inner(self, field: str, value: object) -> "Table":
        if not isinstance(value, dict):
            raise self.wrong(field, f"{value!r} is no table.")
        return Table(value, f"{self._where}: {field}")

    def _take(self, field: str, default: object = None) -> object:
        value = self._left.pop(field, default)
        if value is None:
            raise self.wrong(field, "it is missing.")
        return value

    def _list(self, field: str, default: list[str] | None) -> list[object]:
        value = self._take(field, default)
        if not isinstance(value, list):
            raise self.wrong(field, f"{value!r} is no list.")
        return value

    def _once(self, field: str, values: list[object]) -> tuple[str, ...]:
        if len(set(values)) < len(values):
            raise self.wrong(field, "something is in it twice.")
        return tuple(str(value) for value in values)
