"""What does a configuration say of a group, a service or a cookie, each thing with its label and in words?"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from cookie_consent.models import Cookie, CookieGroup
from django.db.models import Model
from django.utils.translation import gettext as _

from consent import lifetimes, vocabulary, wording
from consent.models import CookieDetail, GroupDetail, Service
from policies.states import language_name
from records.models import Controller, Recipient

Content = dict[str, Any]
_CHOICES: dict[str, Callable[[], list[tuple[str, Any]]]] = {
    "purposes": vocabulary.purposes,
    "data": vocabulary.observed,
    "basis": vocabulary.bases,
    "safeguard": lambda: vocabulary.Safeguard.choices,
    "responsible": lambda: vocabulary.Responsible.choices,
    "party": lambda: vocabulary.Party.choices,
    "match": lambda: vocabulary.Match.choices,
    "storage": lambda: vocabulary.Storage.choices,
    "google": lambda: vocabulary.GoogleTags.choices,
}
_STAMPS = {"key", "since", "bit", "services", "cookies"}


class Fact(NamedTuple):
    label: str
    value: Any
    words: str


def name(group: Content) -> str:
    """In the site's own language."""
    return str(_own(group)["name"]) or str(group["key"])


def _own(row: Content) -> Content:
    own: Content = row["texts"].get(wording.languages()[0], {})
    return {"name": "", "description": ""} | own


def of_group(group: Content) -> dict[str, Fact]:
    return dict(_facts(group, (GroupDetail, CookieGroup)))


def of_service(service: Content) -> dict[str, Fact]:
    return dict(_facts(service, (Service,)))


def of_cookie(cookie: Content) -> dict[str, Fact]:
    return dict(_facts(cookie, (CookieDetail, Cookie)))


def of_site(content: Content) -> dict[str, Fact]:
    said = {name: content[name] for name in ("host", "controller", "languages", "banner")}
    return dict(_facts(said, ()))


def word(key: str) -> str:
    """What a word of the banner is, for an editor."""
    shown = {"word": wording.WORDS.get(key, key)}
    if key in _WORDS:
        return _WORDS[key]()
    return (_("text of the link “%(word)s”") if key in _LINKS else _("text of the button “%(word)s”")) % shown


def service_title(service: Content) -> str:
    return _("Service %(name)s") % {"name": service["name"]}


def service_line(service: Content) -> str:
    """Who learns what, for one that is new or gone."""
    learns = _in_words("data", service["data"])
    if not learns:
        return str(service["vendor"]["name"])
    return _("%(vendor)s learns: %(data)s") % {"vendor": service["vendor"]["name"], "data": learns}


def cookie_key(cookie: Content) -> tuple[str, str]:
    return cookie["name"], cookie["domain"]


def cookie_title(cookie: Content) -> str:
    words = {"name": f"{cookie['name']} {cookie['domain']}".strip()}
    return (_("Cookie %(name)s") if cookie["storage"] == "cookie" else _("Stored %(name)s")) % words


def cookie_line(cookie: Content) -> str:
    lasts, purpose = kept(cookie), _own(cookie)["description"]
    return _("%(purpose)s Kept: %(lasts)s.") % {"purpose": purpose, "lasts": lasts} if lasts else purpose


def kept(cookie: Content) -> str:
    """How long; empty where nobody has said."""
    return lifetimes.words(cookie["lifetime"])


def _facts(row: Content, models: Iterable[type[Model]]) -> Iterator[tuple[str, Fact]]:
    for path, value in _leaves({key: row[key] for key in row if key not in _STAMPS}):
        words = kept(row) if path == ("lifetime",) else _in_words(path[-1], value)
        yield ".".join(path), Fact(_label(path, models), value, words)


def _leaves(row: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in row.items():
        if isinstance(value, dict):
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key), value


def _in_words(field: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    known = dict(_CHOICES[field]()) if field in _CHOICES else {}
    if isinstance(value, list):
        named = [language_name(item) for item in value] if field == "languages" else [known.get(v, v) for v in value]
        return ", ".join(str(item) for item in named)
    return str(known.get(value, value))


def _label(path: tuple[str, ...], models: Iterable[type[Model]]) -> str:
    first, last = path[0], path[-1]
    if first == "texts":
        words = {"text": _verbose(last, models), "language": language_name(path[1])}
        return _("%(text)s (%(language)s)") % words
    if first == "vendor":
        return _("vendor, %(field)s") % {"field": _verbose(last, [Recipient])}
    if first == "controller":
        return _("Site owner: %(field)s") % {"field": _verbose(last, [Controller])}
    if first == "origins":
        return _verbose(f"{last}_origins", models)
    if path[:2] == ("banner", "words"):
        return _("Banner: %(word)s (%(language)s)") % {"word": word(last), "language": language_name(path[2])}
    return _NAMES[last]() if last in _NAMES else _verbose(last, models)


_NAMES = {
    "required": lambda: _("cannot be refused"),
    "gpc": lambda: _("refused by Global Privacy Control"),
    "host": lambda: _("address of the site"),
    "languages": lambda: _("languages"),
    "layout": lambda: _("form of the banner"),
    "google": lambda: _("Google Consent Mode: before a choice, Google's tags"),
}


_WORDS = {
    "title": lambda: _("title"),
    "introduction": lambda: _("introduction"),
    "reminder": lambda: _("how to change one's mind"),
    "explanation": lambda: _("explanation above the settings"),
    "always_on": lambda: _("what cannot be refused"),
    "failed": lambda: _("message when a choice could not be saved"),
    "kept": lambda: _("message when the page was not loaded again"),
    "embed": lambda: _("explanation in place of what is not loaded"),
}
_LINKS = {"settings", "open_there"}


def _verbose(field: str, models: Iterable[type[Model]]) -> str:
    for model in models:
        known = {row.name: row for row in model._meta.get_fields()}
        if field in known:
            return str(getattr(known[field], "verbose_name", field))
    return field
