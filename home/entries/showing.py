"""Which entries may anybody read at an instant, which of their fields, and on which pages?"""

from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from consent.models import Decision
from home.models import FormPage, PublicEntriesPage, PublicEntry
from records import retention

State = PublicEntry.State
ON_A_PAGE = 20


class Gone(LookupError):
    """It was taken down by whoever wrote it, or its period is over."""


def purpose(form: int, key: str) -> str:
    """How a decision names that a field of a form may be shown."""
    return f"public:{form}:{key}"


def standing(at: datetime) -> QuerySet[PublicEntry]:
    """Entries whose writer's consent stands at `at` (UTC) and whose period is not over, a legal hold or not; the newest
    first. One question, however many there are.

    An entry rests on the newest decision about it and on no other: whoever decides anew, takes it down.
    """
    same = Decision.objects.filter(consent_id=OuterRef("decision__consent_id"), decided_at__lte=at)
    rows = PublicEntry.objects.exclude(state=State.WITHDRAWN).annotate(
        newest=Subquery(same.order_by("-seq").values("pk")[:1])
    )
    counts = Q(decision__expires_at=None) | Q(decision__expires_at__gt=at)
    found = retention.unexpired(rows.filter(counts, newest=F("decision_id")), at)
    return found.select_related("decision").order_by("-received_at", "-pk")


def shown(form: FormPage, *, at: datetime) -> QuerySet[PublicEntry]:
    """What anybody may read at `at` of what came through this form, in whichever language it is asked."""
    same = FormPage.objects.filter(translation_key=form.translation_key)
    return standing(at).filter(form__in=same.values("pk"), state=State.SHOWN).defer("email")


def leaves(form: FormPage | None, *, at: datetime) -> "Paginator[PublicEntry]":
    """The same, leaf by leaf; without a form there is nothing to show."""
    return Paginator(shown(form, at=at) if form else PublicEntry.objects.none(), ON_A_PAGE)


def waiting(*, at: datetime) -> QuerySet[PublicEntry]:
    """What somebody has to look at, the newest first."""
    return standing(at).filter(state=State.WAITING).defer("email")


def agreed(entry: PublicEntry) -> list[dict[str, Any]]:
    """The fields of an entry that its decision says yes to, in the order of the form."""
    allowed = entry.decision.choices
    return [each for each in entry.content if allowed.get(purpose(entry.form_id, each["key"])) is True]


def pages(form: FormPage) -> list[PublicEntriesPage]:
    """The live pages that show what comes through this form, in every language."""
    found = PublicEntriesPage.objects.live().filter(form__translation_key=form.translation_key)
    return list(found.select_related("locale").order_by("path"))
