"""What is the record of processing activities (GDPR Art. 30(1))? Data map and terms in force, as plain values."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Site

from records import retention, terms
from records.models import Controller, Recipient
from records.registry import Datum, Form, Holding, Measure, Receiver, Source, declared, forms_of, holdings, purposes_of

Names = dict[str, list[str]]
_VOCABULARIES = {
    "dpv": "https://w3id.org/dpv#",
    "pd": "https://w3id.org/dpv/pd#",
    "eu-gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
}
COLUMNS = ("title", "key", "subjects", "data", "purposes", "basis", "receivers", "kept", "erased")


def record(*, site: Site, now: datetime) -> dict[str, Any]:
    """The whole record for one site at `now` (UTC), in the language that is active. `term` values are W3C DPV's."""
    controller, rules = Controller.for_site(site), retention.rules(now)
    words: Names = {}
    for rule in rules:
        words.setdefault(rule.entry.label, []).append(_kept(rule))
    stated = [term for kind in terms.Kind for term in terms.all_in_force(kind, now).values()]
    return {
        "@context": _VOCABULARIES,
        "@type": "dpv:RegisterOfProcessingActivities",
        "language": get_language(),
        "made_at": now.isoformat(timespec="seconds"),
        "controller": {name: getattr(controller, name) for name in ("name", "address", "phone", "email")}
        | {"site": site.root_url},
        "policies_in_force": sorted(set(terms.names(term.sheet for term in stated).values())),
        "activities": [_activity(entry, words.get(entry.label, []), named()) for entry in holdings()],
        "services": list(_services(now)),
        "transfers": list(_transfers()),
        "measures": [{"term": measure.value, "words": str(measure.label)} for measure in Measure],
        "nothing_personal": sorted(label for label, entry in declared().items() if not entry.personal),
    }


def _activity(entry: Holding, kept: list[str], names: Names) -> dict[str, Any]:
    return {
        "key": entry.label,
        "title": str(entry.title),
        "subjects": [_both(subject) for subject in entry.subjects],
        "data": _data(entry.personal),
        "forms": [_form(form) for form in forms_of(entry)],
        "purposes": [_both(purpose) for purpose in purposes_of(entry)],
        "basis": _both(entry.basis) if entry.basis else None,
        "receivers": [_receiver(each, names) for each in roles(entry, names)],
        "kept": [*kept, *filter(None, [str(entry.until)])],
        "erased": {"act": entry.on_erase.value, "words": str(entry.on_erase.label), "why": str(entry.why_kept)},
        "found_by": sorted(entry.find_by),
    }


def _form(form: Form) -> dict[str, Any]:
    return {"title": form.title, "data": _data(form.asked), "purposes": [_both(each) for each in form.purposes]}


def _data(columns: Mapping[str, Datum]) -> list[dict[str, Any]]:
    return [
        _both(datum.category)
        | {"column": column, "source": datum.source.value, "mandatory": not datum.optional, "public": datum.public}
        for column, datum in columns.items()
    ]


def _both(choice: Any) -> dict[str, Any]:
    return {"term": str(choice.value), "words": str(choice.label)}


def _receiver(role: Receiver, names: Names) -> dict[str, Any]:
    return {"role": role.value, "term": role.dpv, "words": str(role.label), "names": names.get(role, [])}


def _kept(rule: retention.Rule) -> str:
    """How long, and which version says so."""
    said = f"{rule.keep.rows}: {rule.words}" if rule.keep.rows else rule.words
    return f"{said} ({rule.stated_by})" if rule.stated_by else said


def named() -> Names:
    """By role: the recipients in the CMS that have it, with their countries."""
    found: Names = {}
    for recipient in Recipient.objects.exclude(role="").order_by("name"):
        found.setdefault(recipient.role, []).append(_with_country(recipient))
    return found


def _with_country(recipient: Recipient) -> str:
    return f"{recipient.name} ({recipient.country})" if recipient.country else recipient.name


def roles(entry: Holding, names: Names) -> list[Receiver]:
    """The declared ones; and whoever runs the machines, where that is somebody else."""
    return [*([Receiver.HOSTING] if names.get(Receiver.HOSTING) else []), *entry.receivers]


def receivers(entry: Holding, names: Names) -> list[str]:
    """Who receives a data set beside the owner, in words: "the provider that carries mail: Quay Mail (NL)"."""
    words = []
    for role in roles(entry, names):
        known = ", ".join(names.get(role, []))
        words.append(f"{role.label}: {known}" if known else str(role.label))
    return words


def _services(now: datetime) -> Iterator[dict[str, str]]:
    """Third parties' software that the versions in force name: it collects by itself, in the visitor's browser."""
    for key, term in sorted(terms.all_in_force(terms.Kind.SERVICE, now).items()):
        yield {"key": key, "vendor": str(term.value.get("vendor", "")), "group": str(term.value.get("group", ""))}


def _transfers() -> Iterator[dict[str, str]]:
    """Who receives data, where, and what safeguards it there (Art. 30(1)(e))."""
    for recipient in Recipient.objects.exclude(country="").order_by("name"):
        yield {"name": recipient.name, "country": recipient.country, "safeguard": recipient.safeguard}


def as_csv(found: dict[str, Any]) -> str:
    """One line for each activity; what is several is joined by "; "."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow([str(heading) for heading in headings().values()])
    for activity in found["activities"]:
        writer.writerow([_cell(activity, column) for column in COLUMNS])
    return file.getvalue()


def headings() -> dict[str, str]:
    words = (
        _("data set"),
        _("model"),
        _("whose"),
        _("what"),
        _("why"),
        _("legal basis"),
        _("receivers"),
        _("kept"),
        _("when a person is erased"),
    )
    return dict(zip(COLUMNS, words, strict=True))


def _cell(activity: dict[str, Any], column: str) -> str:
    value = activity[column]
    if column == "data":
        return "; ".join(datum_in_words(each) for each in value)
    if column == "erased":
        return f"{value['words']}: {value['why']}" if value["why"] else value["words"]
    if column == "receivers":
        return "; ".join(", ".join([each["words"], *each["names"]]) for each in value)
    return _joined(value)


def _joined(value: Any) -> str:
    if isinstance(value, dict):
        return str(value["words"])
    if isinstance(value, list):
        return "; ".join(_joined(each) for each in value)
    return str(value or "")


def datum_in_words(datum: dict[str, Any]) -> str:
    """ "telephone number (given in a form, optional)" """
    marks = [str(Source(datum["source"]).label)]
    marks += [] if datum["mandatory"] else [_("optional")]
    marks += [_("shown publicly")] if datum["public"] else []
    return f"{datum['words']} ({', '.join(marks)})"


def once(words: Iterable[str]) -> list[str]:
    """Two columns of one category are one thing to a reader."""
    return list(dict.fromkeys(words))
