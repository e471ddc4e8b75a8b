"""What does each form ask for? Where editors decide it, the data map says it form by form."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from records.registry.declarations import Datum, Holding


@dataclass(frozen=True)
class Form:
    """One form on the site: the columns it asks for, as it declares them. What it does not ask is not in `asked`."""

    title: str
    asked: Mapping[str, Datum]


_forms: dict[str, Callable[[], Iterable[Form]]] = {}


def declare_forms(label: str, forms: Callable[[], Iterable[Form]]) -> None:
    """Says which forms fill the data set `label`, "app_label.Model": `forms` answers for this moment. Called from an
    app's data_map.py; a second call replaces."""
    _forms[label] = forms


def forms_of(entry: Holding) -> list[Form]:
    """The forms that fill a data set now; none where its declaration alone says what is asked."""
    return list(_forms[entry.label]()) if entry.label in _forms else []
