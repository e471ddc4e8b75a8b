"""Typed clauses as an editor leaves them, and the policies written from them."""

import uuid
from typing import Any

from bs4 import BeautifulSoup
from wagtail.models import Site

from home.models import HomePage
from policies import clauses
from policies.models import PolicyPage
from records.models import Controller
from tests import make

Row = dict[str, Any]
HELD = "You give: name, e-mail address, telephone number (optional), message The site records: language"
# What the data map adds to the period of inquiries.
SOONER = "Inquiries whose form keeps them for a shorter time: not a day longer than the form says"


def clause(kind: str, **value: Any) -> Row:
    return {"type": kind, "value": {"text": "", "anchor": ""} | value, "id": str(uuid.uuid4())}


def retention(number: int | None = 1, unit: str = "year", *, holding: str = "home.Inquiry", words: str = "") -> Row:
    text = f"<p>{words}</p>" if words else ""
    return clause("retention", holding=holding, number=number, unit=unit, then="delete", text=text)


def purposes(*keys: str, words: str = "", basis: str = "") -> Row:
    return clause("purposes", items=[{"purpose": key, "words": words, "basis": basis} for key in keys])


def grounds(*keys: str, words: str = "") -> Row:
    return clause("grounds", items=[{"ground": key, "words": words} for key in keys])


def data(*subjects: str) -> Row:
    return clause("data", subjects=list(subjects or ("dpv:Visitor", "dpv:Subscriber")))


def definition(term: str, meaning: str) -> Row:
    return clause("definitions", items=[{"term": term, "meaning": f"<p>{meaning}</p>"}])


def body(*rows: Row) -> Any:
    """The clauses as the page's field holds them."""
    return PolicyPage(title="Privacy policy", body=list(rows)).body


def written(*rows: Row, language: str = "en") -> clauses.Text:
    """The clauses as they would be frozen now on the default site."""
    site = Site.objects.get(is_default_site=True)
    return clauses.text("Privacy policy", body(*rows), language=language, site=site)


def sentence(row: Row, language: str = "en") -> str:
    """One clause, as people read it."""
    [found] = written(row, language=language).clauses
    return " ".join(BeautifulSoup(found.html, "html.parser").get_text(" ").split())


def terms(*rows: Row) -> list[tuple[str, str, Any]]:
    return [(said.kind, said.key, said.value) for said in written(*rows).statements]


def publish(page: PolicyPage, *rows: Row, at: Any = None) -> PolicyPage:
    """Publishes these clauses now, or schedules them for `at`."""
    draft = page.get_latest_revision_as_object()
    draft.body, draft.go_live_at = list(rows), at
    draft.save_revision().publish()
    return PolicyPage.objects.get(pk=page.pk)


def policy(home: HomePage, *rows: Row) -> PolicyPage:
    """A policy of these clauses, in force from now."""
    return publish(make.policy(home, live=False), *rows)


def owner(**values: str) -> None:
    Controller.objects.update(**values)
