"""Which state is each version in at an instant, until when, and which languages still wait for it?"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy
from wagtail.coreutils import get_content_languages
from wagtail.models import Locale, Page

from policies.models import PolicyPage, PolicyRendition, PolicyVersion, PolicyVersionQuerySet


class State(models.TextChoices):
    PENDING = "pending", gettext_lazy("pending")
    IN_FORCE = "in_force", gettext_lazy("in force")
    SUPERSEDED = "superseded", gettext_lazy("superseded")
    WITHDRAWN = "withdrawn", gettext_lazy("withdrawn")


def with_states(versions: PolicyVersionQuerySet, at: datetime) -> PolicyVersionQuerySet:
    """Adds `until` (when the next standing version takes over) and `state` at `at` (UTC) to each."""
    later = Q(effective_from__gt=OuterRef("effective_from"))
    later |= Q(effective_from=OuterRef("effective_from"), number__gt=OuterRef("number"))
    following = PolicyVersion.objects.standing().filter(later, policy=OuterRef("policy"))
    until = Subquery(following.order_by("effective_from", "number").values("effective_from")[:1])
    state = Case(
        When(withdrawal__isnull=False, then=Value(State.WITHDRAWN)),
        When(effective_from__gt=at, then=Value(State.PENDING)),
        When(Q(until=None) | Q(until__gt=at), then=Value(State.IN_FORCE)),
        default=Value(State.SUPERSEDED),
    )
    standing_until = Case(When(withdrawal__isnull=True, then=F("following")), default=None)
    return versions.annotate(following=until).annotate(until=standing_until).annotate(state=state)


def languages(page: PolicyPage) -> list[str]:
    """Codes of the languages in which the policy, or the page above it, is on the site."""
    keys = [page.key, *Page.objects.parent_of(page).values_list("translation_key", flat=True)]
    speaking = Locale.objects.filter(pk__in=Page.objects.filter(translation_key__in=keys).values("locale"))
    return sorted(speaking.values_list("language_code", flat=True))


def translations(versions: Iterable[int]) -> dict[int, set[str]]:
    """The languages into which each of these versions (by id) is translated."""
    found = defaultdict(set)
    for version, language in PolicyRendition.objects.filter(version__in=versions).values_list("version", "language"):
        found[version].add(language)
    return found


def language_name(code: str) -> str:
    return str(get_content_languages().get(code, code))
