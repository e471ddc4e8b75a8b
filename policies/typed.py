"""What does a clause that the site acts on say: to people as a sentence or table, to the site as terms?"""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue, StructValue

from policies.expansion import OWNER, Facts, rich
from records.periods import Period
from records.registry import Basis, Ground, Purpose, Then, kept, spans
from records.terms import Kind, Statement


def period(value: StructValue) -> Period:
    """Raises ValidationError while a draft states none."""
    if not value["number"]:
        raise ValidationError(_("A retention clause does not say yet how long."))
    return Period(value["number"], value["unit"])


def periods(body: StreamValue) -> dict[str, Period]:
    """The period that `body` states for each data set."""
    stated = (block.value for block in body if block.block_type == "retention")
    return {value["holding"]: period(value) for value in stated if value["holding"] and value["number"]}


def html(block: StreamValue.StreamChild, facts: Facts) -> str:
    """The clause as people read it. Raises ValidationError as Facts.fill does."""
    return _HTML[block.block_type](block.value, rich(block.value["text"].source), facts)


def statements(block: StreamValue.StreamChild, facts: Facts) -> Iterator[Statement]:
    """What the clause obliges the site to. Nothing for a clause that holds words alone."""
    if said := _STATEMENTS.get(block.block_type):
        yield from said(block.value, facts)


def _render(name: str, words: str, standard: str, facts: Facts, **context: Any) -> str:
    introduction = facts.fill(words) if words else f"<p>{facts.fill(standard)}</p>"
    context["introduction"] = mark_safe(introduction)
    return render_to_string(f"policies/clauses/{name}.html", context).strip()


def _retention(value: StructValue, words: str, facts: Facts) -> str:
    return facts.fill(words or f"<p>{escape(_kept_sentence(value['holding'], value['then']))}</p>", period(value))


def _kept_sentence(key: str, then: str) -> str:
    if (span := spans().get(key)) and not span.deleted:
        counts = {"what": span.title, "period": f"{{period}} {span.start}".rstrip()}
        return capfirst(_("%(what)s counts for %(period)s, then we ask again.") % counts)
    if span:
        data, start = str(span.title), span.start
    elif key in kept():
        entry, keep = kept()[key]
        data, start = str(keep.rows or entry.title), keep.start
    else:
        raise ValidationError(_("A retention clause names no data set of this site: choose one, or write its words."))
    how_long = f"{{period}} {start}".rstrip()
    sentence = {Then.DELETE: _("We keep %(data)s for %(period)s, then delete them.")}[Then(then or Then.DELETE)]
    return capfirst(sentence % {"data": data[:1].lower() + data[1:], "period": how_long})


def _retention_terms(value: StructValue, facts: Facts) -> Iterator[Statement]:
    if value["holding"]:
        span = spans().get(value["holding"])
        then = Then.ASK.value if span and not span.deleted else value["then"] or Then.DELETE.value
        yield Statement(Kind.RETENTION, value["holding"], {"period": period(value).iso, "then": then})


def _own_words(item: StructValue, standard: object, facts: Facts) -> object:
    return facts.fill_plain(item["words"]) if item["words"] else standard


def _purposes(value: StructValue, words: str, facts: Facts) -> str:
    items = [
        {
            "words": _own_words(item, Purpose(item["purpose"]).label, facts),
            "basis": Basis(item["basis"]).label if item["basis"] else "",
        }
        for item in _filled(value, "purpose")
    ]
    return _render("purposes", words, _("We use personal data for these purposes:"), facts, items=items)


def _filled(value: StructValue, name: str) -> list[StructValue]:
    """A draft may have gaps, and a preview shows the rest; publishing refuses them."""
    return [item for item in value["items"] if item[name]]


def _purposes_terms(value: StructValue, facts: Facts) -> Iterator[Statement]:
    for item in value["items"]:
        yield Statement(Kind.PURPOSE, item["purpose"], {"basis": item["basis"]})


def _data_name(value: StructValue) -> str:
    return f"data:{','.join(sorted(value['subjects']))}"


def _data(value: StructValue, words: str, facts: Facts) -> str:
    rows = [row | {"kept": _kept(row, facts)} for row in facts.rows(_data_name(value))]
    optional = any(row["optional"] for row in rows)
    received = any(row["receivers"] for row in rows)
    standard = _("This is the personal data we hold:")
    return _render("data", words, standard, facts, rows=rows, optional=optional, received=received)


def _kept(row: dict[str, Any], facts: Facts) -> list[str]:
    """By what this very policy states, where it does."""
    lines = [_kept_line(key, which, declared, facts) for key, (which, declared) in row["kept"].items()]
    return [*lines, row["until"]] if row["until"] else lines


def _kept_line(key: str, which: str, declared: str, facts: Facts) -> str:
    own = facts.periods.get(key)
    _entry, keep = kept()[key]
    how_long = keep.words(own.words()) if own else declared
    return f"{which}: {how_long}" if which else how_long


def _data_terms(value: StructValue, facts: Facts) -> Iterator[Statement]:
    for row in facts.rows(_data_name(value)):
        yield Statement(Kind.DATA, row["key"], {"categories": row["categories"]})


def _services(value: StructValue, words: str, facts: Facts) -> str:
    standard = _("These services and cookies are used on this site, the optional ones only if you allow them:")
    return _render("services", words, standard, facts, groups=facts.rows("services"))


def _services_terms(value: StructValue, facts: Facts) -> Iterator[Statement]:
    for group in facts.rows("services"):
        for service in group["services"]:
            yield Statement(Kind.SERVICE, service["key"], {"group": group["key"], "vendor": service["vendor"]})


def _grounds(value: StructValue, words: str, facts: Facts) -> str:
    items = [_own_words(item, Ground(item["ground"]).label, facts) for item in _filled(value, "ground")]
    return _render("grounds", words, _("We give personal data to third parties only if:"), facts, items=items)


def _grounds_terms(value: StructValue, facts: Facts) -> Iterator[Statement]:
    for item in value["items"]:
        yield Statement(Kind.GROUND, item["ground"], {})


def _contact(value: StructValue, words: str, facts: Facts) -> str:
    if words:
        return facts.fill(words)
    standard = _("{owner} decides how and why personal data is used on {site}, and answers for it:")
    facts.fill("{email}")  # the one address that nobody may leave out
    return _render("contact", "", standard, facts, controller={name: facts.known(name) for name in OWNER})


def _contact_terms(value: StructValue, facts: Facts) -> Iterator[Statement]:
    yield Statement(Kind.CONTACT, "controller", {name: facts.known(name) for name in ("owner", "email", "site")})


def _definitions(value: StructValue, words: str, facts: Facts) -> str:
    items = [(item["term"], mark_safe(facts.fill(rich(item["meaning"].source)))) for item in _filled(value, "term")]
    return _render("definitions", words, _("In this policy:"), facts, items=items)


def _definitions_terms(value: StructValue, facts: Facts) -> Iterator[Statement]:
    for item in value["items"]:
        yield Statement(Kind.DEFINITION, item["term"], {})


_HTML = {
    "retention": _retention,
    "purposes": _purposes,
    "data": _data,
    "services": _services,
    "grounds": _grounds,
    "contact": _contact,
    "definitions": _definitions,
}
_STATEMENTS = {
    "retention": _retention_terms,
    "purposes": _purposes_terms,
    "data": _data_terms,
    "services": _services_terms,
    "grounds": _grounds_terms,
    "contact": _contact_terms,
    "definitions": _definitions_terms,
}
