"""What is kept of a text when it is frozen, and by whom, one act at a time per policy."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.template.loader import render_to_string
from wagtail.models import Page, Revision

from policies import clauses
from policies.models import PolicyPage


@dataclass(frozen=True)
class Act:
    """One press of a button: when (UTC), by whom, and who wrote the text."""

    now: datetime
    by: str = ""
    written_by: str = ""


def name_of(user: AbstractUser | None) -> str:
    """As it is copied into what they freeze, end or withdraw; "" where nobody is known."""
    return (user.get_full_name() or user.get_username())[:200] if user else ""


@contextmanager
def alone(policy: UUID) -> Iterator[None]:
    """One at a time per policy, so that numbers have no gap and no double and nothing is withdrawn twice."""
    with transaction.atomic():
        # One row for all languages: who publishes holds the row of their own page already, and two who wait for each
        # other's would wait for ever.
        rows = Page.objects.select_for_update(no_key=True).filter(translation_key=policy).order_by("pk")
        list(rows.values_list("pk")[:1])
        yield


def fields(page: PolicyPage, revision: Revision, written: clauses.Text, act: Act) -> dict[str, Any]:
    """What a version and a rendition keep of a text. The HTML is rendered once and for ever."""
    return {
        "page": page,
        "revision": revision,
        "language": page.language,
        "frozen_at": act.now,
        "frozen_by": act.by,
        "written_by": act.written_by,
        "change_note": page.change_note,
        "content": written.content,
        "html": render_to_string("policies/frozen.html", {"clauses": written.clauses}),
        "text": "\n\n".join(clause.text for clause in written.clauses) + "\n",
        "source": page.body.get_prep_value(),
        "used": written.used,
    }
