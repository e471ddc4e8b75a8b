"""Which versions are there, were there and will there be?"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from policies import effective
from policies.models import PolicyPage, PolicyRendition, PolicyVersion
from policies.states import State
from policies.views.caching import cacheable
from policies.views.lineage import Lineage, Standing
from policies.views.reading import Tongue

ON_A_PAGE = 100
Renditions = dict[int, dict[str, PolicyRendition]]  # by version and language


@dataclass(frozen=True)
class Row:
    """One version in a list, told in the language of the page where somebody translated it."""

    standing: Standing
    note: str
    note_language: str  # "" when it is the page's own
    languages: list[Tongue]

    @property
    def version(self) -> PolicyVersion:
        return self.standing.version


def history(request: HttpRequest, page: PolicyPage) -> HttpResponse:
    """Every version there is or was announced, the newest first, with what changed."""
    now = timezone.now()
    versions = page.versions.brief().select_related("withdrawal", "page__locale")
    leaves = Paginator(versions.order_by("-effective_from", "-number"), ON_A_PAGE)
    try:
        leaf = leaves.page(request.GET.get("page", 1))
    except InvalidPage:
        raise Http404 from None
    context = {"rows": rows(request, page, leaf.object_list, now), "leaf": leaf, "address": page.get_url(request)}
    response = page.render(request, template="policies/history.html", context_overrides=context)
    return cacheable(response, page, now)


def upcoming(request: HttpRequest, page: PolicyPage) -> HttpResponse:
    """The announced versions, and how long there is until each."""
    now = timezone.now()
    coming = page.versions.brief().pending(now).select_related("page__locale")
    context = {
        "rows": rows(request, page, coming, now),
        "in_force": effective.in_force(page, now),
        "address": page.get_url(request),
        "now": now,
    }
    response = page.render(request, template="policies/upcoming.html", context_overrides=context)
    return cacheable(response, page, now)


def rows(request: HttpRequest, page: PolicyPage, versions: Iterable[PolicyVersion], now: datetime) -> list[Row]:
    """Each of `versions` with what is to be said of it at `now`; as many queries for a thousand as for one."""
    listed, lineage = list(versions), Lineage.whole(page)
    renditions = _renditions(listed)
    texts = {found.pk: [found, *renditions[found.pk].values()] for found in listed}
    pages = {text.page_id: text.page for several in texts.values() for text in several}
    addresses = {key: there.get_url(request) for key, there in pages.items()}
    return [
        _row(
            page,
            lineage.standing(found, now),
            renditions[found.pk],
            [Tongue(text.language, f"{addresses[text.page_id]}v/{found.number}/") for text in texts[found.pk]],
        )
        for found in listed
    ]


def _row(page: PolicyPage, standing: Standing, others: dict[str, PolicyRendition], tongues: list[Tongue]) -> Row:
    found = standing.version
    translated = others.get(page.language)
    if translated and translated.change_note:
        return Row(standing, translated.change_note, "", tongues)
    return Row(standing, found.change_note, found.language if found.language != page.language else "", tongues)


def _renditions(versions: list[PolicyVersion]) -> Renditions:
    """The newest one of each version in each language."""
    ids = [found.pk for found in versions]
    found = PolicyRendition.objects.filter(version__in=ids).select_related("page__locale").order_by("number")
    newest: Renditions = defaultdict(dict)
    for row in found.defer("content", "html", "text", "source", "used"):
        newest[row.version_id][row.language] = row
    return newest


def in_words(standing: Standing) -> str:
    """The state of a version in a list."""
    if standing.state == State.IN_FORCE and standing.version.ends:
        return _("the policy has ended")
    words = {
        State.PENDING: _("announced"),
        State.IN_FORCE: _("in force"),
        State.SUPERSEDED: _("superseded"),
        State.WITHDRAWN: _("withdrawn"),
    }
    return words[standing.state]
