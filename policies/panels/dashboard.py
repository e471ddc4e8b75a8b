"""How do the policies stand today: what is in force, what comes, what is missing, what has drifted?"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timeuntil
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import Component
from wagtail.models import Site
from wagtail.permission_policies.pages import PagePermissionPolicy

from policies import expansion, projection, states, wording
from policies.models import PolicyPage, PolicyVersion


@dataclass(frozen=True)
class Line:
    """One sentence about a policy, with the page where more is to be seen; `open` asks for somebody to act, `at` (UTC)
    is when something comes."""

    text: str
    url: str = ""
    open: bool = False
    at: datetime | None = None


Status = Callable[[PolicyPage, datetime], Iterable[Line]]
_statuses: list[Status] = []


def add_status(status: Status) -> None:
    """Gives the dashboard lines of a floor above, such as notices due: asked for each policy with the instant (UTC)."""
    if status not in _statuses:
        _statuses.append(status)


class PolicyStatus(Component):
    """For those who may edit or publish a policy; nothing for the others, and nothing without a policy."""

    name = "policies"
    order = 150
    template_name = "policies/admin/desk/dashboard.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        user, now = (parent_context or {})["request"].user, timezone.now()
        mine = PagePermissionPolicy(PolicyPage).instances_user_has_any_permission_for(user, {"change", "publish"})
        behind = {page.pk for page, _version in projection.lagging(now)}
        pages = [page for page in mine.filter(alias_of=None).order_by("path") if page.original.pk == page.pk]
        told = [(page, _edit(page), list(lines(page, now, behind))) for page in pages]
        if not told:
            return {"policies": []}
        return {
            "policies": told,
            "to_do": sum(line.open for _page, _url, lines in told for line in lines),
            "coming": [
                (line.at, f"{page.get_admin_display_title()}: {line.text}", url)
                for page, url, lines in told
                for line in lines
                if line.at
            ],
        }


def _edit(page: PolicyPage) -> str:
    return reverse("wagtailadmin_pages:edit", args=(page.pk,))


def lines(page: PolicyPage, now: datetime, behind: set[int]) -> Iterator[Line]:
    """Everything to say about one policy; `behind` are the pages (by id) that Wagtail has not caught up with."""
    current = page.versions.defer("content", "html", "text", "source").effective_by(now).first()
    pending = list(page.versions.brief().pending(now))
    yield _in_force(page, current)
    yield from (_coming(page, version, now) for version in pending)
    yield from _untranslated(page, [version for version in [current, *pending] if version and not version.ends])
    if current:
        yield from _drift(page, current)
    if page.pk in behind:
        sentence = _(
            "Menus and search still show an earlier text; the worker brings them up to date. Readers see the right one."
        )
        yield Line(sentence, open=True)
    for status in _statuses:
        yield from status(page, now)


def _in_force(page: PolicyPage, current: PolicyVersion | None) -> Line:
    if current is None:
        return Line(_("No version is in force."))
    words = {"number": current.number, "when": wording.instant(current.effective_from)}
    if current.ends:
        return Line(_("The policy ended on %(when)s.") % words, f"{page.url}history/")
    return Line(_("Version %(number)d has been in force since %(when)s.") % words, f"{page.url}v/{current.number}/")


def _coming(page: PolicyPage, version: PolicyVersion, now: datetime) -> Line:
    words = {
        "number": version.number,
        "time": timeuntil(version.effective_from, now),
        "when": wording.instant(version.effective_from),
    }
    if version.ends:
        return Line(_("The policy ends in %(time)s: on %(when)s.") % words, at=version.effective_from)
    return Line(_("Version %(number)d takes force in %(time)s: on %(when)s.") % words, at=version.effective_from)


def _untranslated(page: PolicyPage, versions: list[PolicyVersion]) -> Iterator[Line]:
    spoken, translated = states.languages(page), states.translations(version.pk for version in versions)
    for version in versions:
        missing = sorted(set(spoken) - {version.language} - translated.get(version.pk, set()))
        if missing:
            names = ", ".join(map(states.language_name, missing))
            sentence = _("Version %(number)d is not translated yet: %(languages)s.")
            yield Line(sentence % {"number": version.number, "languages": names}, open=True)


def _drift(page: PolicyPage, current: PolicyVersion) -> Iterator[Line]:
    site = page.get_site() or Site.objects.filter(is_default_site=True).first()
    changed = expansion.changed(current.used, site=site, language=current.language) if site else []
    if changed:
        sentence = _("The configuration has changed since version %(number)d: %(names)s. A new version would say so.")
        yield Line(sentence % {"number": current.number, "names": wording.things(changed)}, _edit(page), open=True)
