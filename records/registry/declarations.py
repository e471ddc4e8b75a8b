"""The declaration of one model: which columns hold personal data, and what is promised about them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Model, Q
from django.utils.translation import gettext, ngettext

from records.registry.telling import Telling, Text
from records.registry.vocabulary import Basis, Category, OnErase, Purpose, Receiver, Source, Subject

# Rows of whoever has this "email" address, "phone" number, or this blind index of an address ("subject", hexadecimal).
FindBy = Callable[[str], Q]
Eraser = Callable[[Sequence[Any], datetime], int]  # erases the rows of these keys at an instant; how many
Forget = Callable[[Sequence[Any], str, datetime], int]  # the same for a person's rows; with the address, or ""
Runner = Callable[[Any, datetime], tuple[int, int]]  # a retention.Rule at an instant: rows deleted, rows held


@dataclass(frozen=True, kw_only=True)
class Keep:
    """Delete a row when a period after the instant in its column `since` is over: the period that a policy in force
    states for it, else `days`.

    `only` narrows to the rows it covers, which `rows` names in words ("sign-ups never confirmed"); a policy's period
    covers the same rows and no others. `start` says in words what the period counts from
    ("from the day they arrive").
    """

    days: int
    since: str
    only: Q = field(default_factory=Q)
    name: str = ""  # of a further rule of the same model, for its key
    rows: Text = ""
    start: Text = ""
    # Erases the rows of these keys at an instant and returns how many, where deleting them alone is not enough.
    erase: Eraser | None = None
    # Does the whole rule by itself, in transactions of its own, and leaves what a hold covers: a partitioned log.
    run: Runner | None = None

    @property
    def period(self) -> timedelta:
        return timedelta(days=self.days)

    def words(self, stated: str = "") -> str:
        """How long, from when: "1 year from the day they arrive". The declared period, unless a policy has `stated`
        another."""
        declared = ngettext("%(number)d day", "%(number)d days", self.days) % {"number": self.days}
        if not self.days:
            declared = gettext("not a day")
        return f"{stated or declared} {self.start}".rstrip()


@dataclass(frozen=True, kw_only=True)
class Span:
    """How long something counts, without any row going: the period that a policy in force states for it, else `days`.

    `title` names it in words ("a choice about cookies"); `start` says what the period counts from. `deleted`: what the
    period is over for goes, and is kept outside this database; else it is asked for again.
    """

    key: str
    title: Text
    days: int
    start: Text = ""
    deleted: bool = False


@dataclass(frozen=True)
class Datum:
    """One column of personal data: what it is, whether it must be given, where it comes from, and who sees it.

    `secret` columns (a password's hash, a session) are named in an export, and their values are not in it.
    """

    category: Category
    source: Source = Source.AUTOMATIC
    optional: bool = False
    public: bool = False
    secret: bool = False


@dataclass(frozen=True, kw_only=True)
class Holding:
    """All that is declared of one model.

    `personal` and `other` together name every column. A holding without personal data promises nothing. One with
    personal data has a `keep`, or says in `until` what ends it instead (a person's act, the end of an account).

    `find_by` finds a person's rows by "email", "phone" or "subject", which is the blind index of their address; a
    holding without it cannot be searched for a person (GDPR Art. 11). `on_erase` is what an erasure does to them:
    `erase` where deleting the rows, or blanking their personal columns, is not enough; KEEP says in `why_kept` on which
    ground (Art. 17(3)). `export` tells what a copy of the person's data holds beside the personal columns. `written`
    names the column with the instant at which a row was written, where that is not the one its period counts from.
    """

    label: str
    title: Text
    other: frozenset[str]
    personal: Mapping[str, Datum] = field(default_factory=dict)
    subjects: tuple[Subject, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    basis: Basis | None = None
    keep: Keep | None = None
    also: tuple[Keep, ...] = ()  # further rules, each with a name
    until: Text = ""
    receivers: tuple[Receiver, ...] = ()
    find_by: Mapping[str, FindBy] = field(default_factory=dict)
    on_erase: OnErase = OnErase.DELETE
    why_kept: Text = ""
    erase: Forget | None = None
    export: Telling | None = None
    written: str = ""

    @property
    def written_in(self) -> str:
        """The column with the instant at which a row was written; "" where none says it."""
        return self.written or (self.keep.since if self.keep else "")

    @property
    def keeps(self) -> dict[str, Keep]:
        """Its rules by the key under which a policy states their period: "app.Model", "app.Model:name"."""
        rules = {self.label: self.keep} if self.keep else {}
        return rules | {f"{self.label}:{keep.name}": keep for keep in self.also}

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.label)

    @property
    def columns(self) -> frozenset[str]:
        return self.other | self.personal.keys()

    @property
    def categories(self) -> list[Category]:
        return sorted({datum.category for datum in self.personal.values()}, key=str)


_holdings: dict[str, Holding] = {}
_further: dict[str, list[Mapping[str, FindBy]]] = {}
_spans: dict[str, Span] = {}


def register(
    label: str,
    *,
    title: Text,
    personal: Mapping[str, Datum],
    other: Iterable[str],
    subjects: Iterable[Subject],
    purposes: Iterable[Purpose],
    basis: Basis,
    keep: Keep | None = None,
    also: Iterable[Keep] = (),
    until: Text = "",
    receivers: Iterable[Receiver] = (),
    find_by: Mapping[str, FindBy] | None = None,
    on_erase: OnErase = OnErase.DELETE,
    why_kept: Text = "",
    erase: Forget | None = None,
    export: Telling | None = None,
    written: str = "",
) -> Holding:
    """Declares a model with personal data. `label` is "app_label.Model"; `also` holds further rules, each with a name.

    Raises ValueError for a second declaration of one model, and when neither `keep` nor `until` says how it ends:
    GDPR Art. 5(1)(e) allows no personal data without an end. Also for rows that an erasure keeps without saying why.
    """
    if not (keep or until):
        raise ValueError(f"{label}: say when its rows go, with keep=Keep(days=…, since=…) or until='…'.")
    if on_erase == OnErase.KEEP and not why_kept:
        raise ValueError(f"{label}: say in why_kept='…' on which ground its rows stay when a person is erased.")
    return _add(
        Holding(
            label=label,
            title=title,
            personal=dict(personal),
            other=frozenset(other),
            subjects=tuple(subjects),
            purposes=tuple(purposes),
            basis=basis,
            keep=keep,
            also=tuple(also),
            until=until,
            receivers=tuple(receivers),
            find_by=dict(find_by or {}),
            on_erase=on_erase,
            why_kept=why_kept,
            erase=erase,
            export=export,
            written=written,
        )
    )


def also_find(label: str, find_by: Mapping[str, FindBy]) -> None:
    """Adds a way to find a person's rows in a data set of a floor below, which does not know how they hang together.
    Called in a data_map.py, before or after that data set is declared."""
    _further.setdefault(label, []).append(find_by)
    if label in _holdings:
        _holdings[label] = _joined(_holdings[label], find_by)


def _joined(entry: Holding, find_by: Mapping[str, FindBy]) -> Holding:
    return replace(entry, find_by={**entry.find_by, **{key: _either(entry, key, by) for key, by in find_by.items()}})


def _either(entry: Holding, key: str, by: FindBy) -> FindBy:
    own = entry.find_by.get(key)
    return (lambda value: own(value) | by(value)) if own else by


def nothing_personal(label: str, *columns: str) -> Holding:
    """Declares a model none of whose columns tells anything about a person."""
    return _add(Holding(label=label, title=label, other=frozenset(columns)))


def lasting(key: str, *, title: Text, days: int, start: Text = "", deleted: bool = False) -> Span:
    """Declares how long something counts where no policy says otherwise. The same `key` again replaces."""
    _spans[key] = Span(key=key, title=title, days=days, start=start, deleted=deleted)
    return _spans[key]


def spans() -> dict[str, Span]:
    """Every declared span, by the key under which a policy states its period."""
    return dict(_spans)


def _add(entry: Holding) -> Holding:
    if entry.label in _holdings:
        raise ValueError(f"{entry.label} is declared twice: keep one declaration in one data_map.py.")
    for find_by in _further.get(entry.label, []):
        entry = _joined(entry, find_by)
    _holdings[entry.label] = entry
    return entry


def declared() -> dict[str, Holding]:
    """Every declaration, by model label."""
    return dict(_holdings)


def holdings() -> list[Holding]:
    """The declarations with personal data, by label."""
    return sorted((entry for entry in _holdings.values() if entry.personal), key=lambda entry: entry.label)


def kept() -> dict[str, tuple[Holding, Keep]]:
    """Every rule about when rows go, by the key under which a policy states its period."""
    return {key: (entry, keep) for entry in holdings() for key, keep in entry.keeps.items()}


def holding(label: str) -> Holding:
    """Raises KeyError for a model that is not declared."""
    return _holdings[label]
