"""What do placeholders and tables stand for at this moment? Asked once, when a version is frozen."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import rfc8785
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from wagtail.models import Site
from wagtail.rich_text import expand_db_html

from records import ropa
from records.models import Controller
from records.periods import Period
from records.registry import Datum, Holding, Source, forms_of, holdings, purposes_of

Rows = list[dict[str, Any]]
OWNER = {"owner": "name", "address": "address", "phone": "phone", "email": "email"}  # placeholder: field of Controller
_EDITOR_KEY = re.compile(r'(?<=<)(\w+) data-block-key="[^"]*"')
_PLACEHOLDER = re.compile(r"\{(\w+)(?::([\w.:]+))?\}")
_tables: dict[str, Callable[[Site, str], Rows]] = {}


def rich(source: str) -> str:
    """A rich text as HTML for the page, or "" when it has no word. The editor's own keys are no text: with them, saving
    an unchanged clause would look like a change."""
    return str(expand_db_html(_EDITOR_KEY.sub(r"\1", source))) if strip_tags(source).strip() else ""


def provide(name: str, rows: Callable[[Site, str], Rows]) -> None:
    """Gives a table of a floor above to the policies: `rows` answers plain data for a site in a language."""
    _tables[name] = rows


@dataclass
class Facts:
    """What one page's placeholders and tables stand for in its language; `used` is what its text did rest on."""

    language: str
    site: Site
    periods: Mapping[str, Period] = field(default_factory=dict)  # by data set, as this text states them
    used: dict[str, str] = field(default_factory=dict)

    def fill(self, html: str, period: Period | None = None) -> str:
        """Puts values for {owner}, {email}, {period:…} … into `html`; `period` is that of the clause itself.

        Raises ValidationError for a placeholder that nobody knows, or whose value is not filled in yet.
        """
        return _PLACEHOLDER.sub(lambda found: escape(self._value(found[1], found[2], period)), html)

    def fill_plain(self, words: str) -> SafeString:
        """The same for words without mark-up, which are escaped."""
        return mark_safe(self.fill(escape(words)))

    def _value(self, name: str, of: str | None, period: Period | None) -> str:
        if name == "period":
            return self._period(of, period)
        if of is not None or current(name, self.site) is None:
            names = ", ".join(f"{{{known}}}" for known in (*OWNER, "site", "period"))
            whole = f"{name}:{of}" if of else name
            raise ValidationError(
                _("{%(name)s} is no placeholder. There are %(names)s.") % {"name": whole, "names": names}
            )
        value = self.known(name)
        if not value:
            sentence = _("{%(name)s} has no value yet: fill it in under Settings › Site owner.")
            raise ValidationError(sentence % {"name": name})
        return value

    def known(self, name: str) -> str:
        """The plain value of a placeholder about the owner; empty while it is not filled in."""
        self.used[name] = current(name, self.site) or ""
        return self.used[name]

    def _period(self, of: str | None, own: Period | None) -> str:
        period = self.periods.get(of) if of else own
        if period is not None:
            return period.words()
        if of:
            sentence = _("{period:%(key)s} has no value: no retention clause of this policy is about %(key)s.")
            raise ValidationError(sentence % {"key": of})
        raise ValidationError(_("{period} stands in a retention clause, or names its data set: {period:…}."))

    def rows(self, name: str) -> Rows:
        """A table by name, such as "services" or "data:dpv:Visitor,dpv:Subscriber"."""
        found = _rows(name, self.site, self.language)
        self.used[name] = _digest(found)
        return found


def current(name: str, site: Site) -> str | None:
    """The value of a placeholder now: empty if not filled in, None if there is no such placeholder."""
    if name == "site":
        return str(site.root_url)
    return str(getattr(Controller.for_site(site), OWNER[name])) if name in OWNER else None


def changed(used: Mapping[str, str], *, site: Site, language: str) -> list[str]:
    """Which of the things a frozen text rests on are different now: names as in `used`."""
    return sorted(name for name, then in used.items() if _now(name, site, language) != then)


def _now(name: str, site: Site, language: str) -> str | None:
    return current(name, site) if name in {*OWNER, "site"} else _digest(_rows(name, site, language))


def _rows(name: str, site: Site, language: str) -> Rows:
    kind, _colon, subjects = name.partition(":")
    with translation.override(language):
        if kind == "data":
            names, wanted = ropa.named(), set(subjects.split(","))
            return [_data_row(entry, names) for entry in holdings() if set(entry.subjects) & wanted]
        return _tables[kind](site, language) if kind in _tables else []


def _digest(rows: Rows) -> str:
    return hashlib.sha256(rfc8785.dumps(rows)).hexdigest()


def _data_row(entry: Holding, names: ropa.Names) -> dict[str, Any]:
    columns = [datum for datum in entry.personal.values() if not datum.secret]
    return {
        "key": entry.label,
        "title": str(entry.title),
        "given": _asked(entry) or _form_data(columns),
        "by_form": _by_form(entry),
        "recorded": ropa.once(str(datum.category.label) for datum in columns if datum.source != Source.FORM),
        "optional": any(column.optional for column in entry.personal.values()),
        "categories": [str(category.value) for category in entry.categories],
        "purposes": _labels(purposes_of(entry)),
        "basis": str(entry.basis.label) if entry.basis else "",
        "kept": {key: [str(keep.rows), keep.words()] for key, keep in entry.keeps.items()},
        "until": str(entry.until),
        "receivers": ropa.receivers(entry, names),
    }


def _form_data(columns: Iterable[Datum]) -> list[str]:
    """What must be given is not said again as what may be."""
    given = [datum for datum in columns if datum.source == Source.FORM]
    needed = {datum.category for datum in given if not datum.optional}
    shown = (datum for datum in given if datum.public or not datum.optional or datum.category not in needed)
    return ropa.once(_given(datum) for datum in shown)


def _asked(entry: Holding) -> list[str]:
    """What the forms ask, where all ask the same."""
    asked = [_form_data(form.asked.values()) for form in forms_of(entry)]
    return asked[0] if asked and all(words == asked[0] for words in asked) else []


def _by_form(entry: Holding) -> list[list[str]]:
    """What each form asks, after its title, where they differ."""
    asked = [[form.title, *_form_data(form.asked.values())] for form in forms_of(entry)]
    return asked if len({tuple(words) for _title, *words in asked}) > 1 else []


def _given(datum: Datum) -> str:
    words = str(datum.category.label)
    if datum.optional:
        words = _("%(category)s (optional)") % {"category": words}
    return _("%(category)s, shown publicly") % {"category": words} if datum.public else words


def _labels(values: Iterable[Any]) -> list[str]:
    return [str(value.label) for value in values]
