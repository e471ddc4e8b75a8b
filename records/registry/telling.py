"""What does a copy of a person's data tell of one row, beside its personal columns?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Told:
    """Something that no column of the row says by itself. `kind` is str, int, bool, datetime, list or dict."""

    title: Text
    kind: type
    read: Callable[[Any], Any]


@dataclass(frozen=True)
class Telling:
    """Further columns, and what is read from rows they point at; `related` names the way to those, as
    `select_related` does, so that one query brings all."""

    columns: tuple[str, ...] = ()
    more: Mapping[str, Told] = field(default_factory=dict)
    related: tuple[str, ...] = ()

    def __call__(self, row: Any) -> dict[str, Any]:
        said = {name: getattr(row, name) for name in self.columns}
        return said | {name: told.read(row) for name, told in self.more.items()}


def telling(*columns: str, related: tuple[str, ...] = (), **more: Told) -> Telling:
    return Telling(columns, more, related)
