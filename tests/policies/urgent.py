"""A policy with a version pending, an editor who publishes a fix beside it, and what there is afterwards."""

from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from wagtail.models import PageLogEntry

from home.models import HomePage
from policies import effective
from policies.models import PolicyPage
from tests import make
from tests.policies import editing

SOON, LATER = make.NOW + timedelta(days=10), make.NOW + timedelta(days=20)
SIMPLE = ["We keep letters.", "We sell nothing."]
FIXED = ["We keep no letters.", "We sell nothing."]
PENDING = ["We keep letters.", "We sell no data.", "We answer."]


def beside_a_pending_version(home: HomePage) -> PolicyPage:
    """In force: two clauses. Pending from SOON: the second changed, a third added."""
    page = make.policy(home)
    page.body = [make.text(words) for words in SIMPLE]
    page.save_revision().publish()
    return announce(page, PENDING)


def announce(page: PolicyPage, words: list[str], at: datetime = SOON, note: str = "We answer.") -> PolicyPage:
    draft = page.get_latest_revision_as_object()
    draft.body = written(page, words)
    draft.go_live_at, draft.change_note, draft.material = at, note, True
    draft.save_revision().publish()
    return PolicyPage.objects.get(pk=page.pk)


def written(page: PolicyPage, words: list[str]) -> list[dict[str, Any]]:
    """These clauses, each with the id that the clause of its place has in the version in force."""
    current = effective.in_force(page, make.NOW)
    assert current
    ids = [block["id"] for block in current.source]
    rows = [make.text(text) for text in words]
    return [row | ({"id": ids[place]} if place < len(ids) else {}) for place, row in enumerate(rows)]


def fix(cms: Client, page: PolicyPage, *words: str, **more: str) -> Any:
    """Presses Publish in the editor with these clauses; follows to what the editor sees then."""
    rows = [
        editing.clause(text, block_id=row["id"]) for text, row in zip(words, written(page, list(words)), strict=True)
    ]
    return editing.publish(cms, page, rows, **more)


def decide(cms: Client, asked: Any, side: str = "", **more: str) -> Any:
    """Sends the form that was shown, with the same choices for every pending version and conflict."""
    form = asked.context["form"]
    values = {"seen": form["seen"].value()}
    for pk in (question.version.pk for question in form.questions):
        values |= {f"{name}-{pk}": value for name, value in more.items()}
        values |= {name: side for name in form.fields if name.startswith(f"side-{pk}-") and side}
    return cms.post(asked.request["PATH_INFO"], values, follow=True)


def standing(page: PolicyPage) -> dict[int, tuple[datetime, list[str]]]:
    """From when each standing version is in force, and what its clauses say."""
    found = page.versions.standing().filter(number__gt=2)
    return {
        version.number: (version.effective_from, [clause["html"][3:-4] for clause in version.content["clauses"]])
        for version in found
    }


def withdrawn(page: PolicyPage) -> dict[int, str]:
    found = page.versions.exclude(withdrawal=None).order_by("number")
    return {version.number: version.withdrawal.reason for version in found}


def mark(page: PolicyPage) -> list[datetime]:
    """What Wagtail itself holds for scheduled."""
    marks = page.revisions.values_list("approved_go_live_at", flat=True)
    return [at for at in marks if at]


def log(page: PolicyPage, action: str) -> list[dict[str, Any]]:
    return [entry.data for entry in PageLogEntry.objects.filter(page=page.pk, action=action).order_by("pk")]
