"""What does each form ask for? Where editors decide it, the data map says it form by form."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from records.registry.declarations import Datum, Holding
from records.registry.vocabulary import Purpose


@dataclass(frozen=True)
class Form:
    """One form on the site: the columns it asks for, as it declares them. What it does not ask is not in `asked`."""

    title: str
    asked: Mapping[str, Datum]
    purposes: Sequence[Purpose] = ()  # beside those of the data set


_forms: dict[str, Callable[[], Iterable[Form]]] = {}


def declare_forms(label: str, forms: Callable[[], Iterable[Form]]) -> None:
    """Says which forms fill the data set `label`, "app_label.Model": `forms` answers for this moment. Called from an
    app's data_map.py; a second call replaces."""
    _forms[label] = forms


def purposes_of(entry: Holding) -> list[Purpose]:
    """What a data set is for: as its declaration says, and the forms that fill it now."""
    return list(dict.fromkeys([*entry.purposes, *(each for form in forms_of(entry) for each in form.purposes)]))


def forms_of(entry: Holding) -> list[Form]:
    """The forms that fill a data set now; none where its declaration alone says what is asked."""
    return list(_forms[entry.label]()) if entry.label in _forms else []
