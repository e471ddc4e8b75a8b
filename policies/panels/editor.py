"""Which versions does a policy have, as the editor of its page sees them, and where does each lead?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import Select
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import CommentPanel, FieldPanel, ObjectList, Panel, TabbedInterface

from policies import states, wording
from policies.models import PolicyPage, PolicyVersion
from policies.panels.publishing import Scheduling, is_translated, next_number, number_translated
from policies.states import State

MOST = 20  # rows in the tab; the report has all


def edit_handler() -> TabbedInterface:
    """The editor's tabs: what is written, what was frozen from it, and Wagtail's own."""
    contents = [*PolicyPage.content_panels, Material("material"), Translates("translates")]
    return TabbedInterface(
        [
            ObjectList(contents, heading=gettext_lazy("Content")),
            ObjectList([Versions()], heading=gettext_lazy("Versions")),
            ObjectList(PolicyPage.promote_panels, heading=gettext_lazy("Promote")),
            ObjectList([Scheduling(), CommentPanel()], heading=gettext_lazy("Settings")),
        ],
        base_form_class=PolicyPage.base_form_class,
    )


class Material(FieldPanel):
    """Whether a version asks anew is said of the original, once for all languages."""

    class BoundPanel(FieldPanel.BoundPanel):
        def is_shown(self) -> bool:
            return not is_translated(self.instance) and bool(super().is_shown())


class Translates(FieldPanel):
    """A choice among the versions there are; on the original page there is nothing to choose."""

    class BoundPanel(FieldPanel.BoundPanel):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            self.translated = is_translated(self.instance)
            if self.translated and self.bound_field:
                self.bound_field.field.widget = Select(choices=_translatable(self.instance))
                self.help_text = _("The text has to promise what that version promises.")

        def is_shown(self) -> bool:
            return self.translated and bool(super().is_shown())


def _translatable(page: PolicyPage) -> list[tuple[object, str]]:
    versions = page.versions.standing().brief().filter(ends=False).order_by("-number")
    sentence = _("Version %(number)d, in force from %(when)s")
    named = [
        (found.number, sentence % {"number": found.number, "when": wording.instant(found.effective_from)})
        for found in versions
    ]
    return [("", _("The newest version")), *named]


class Versions(Panel):
    """Pending, in force, past: read only, for a frozen version is."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "policies/admin/desk/versions.html"

        def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            page = self.instance
            if not page.pk:
                return context | {"next_number": 1}
            may_publish = page.permissions_for_user(self.request.user).can_publish()
            return context | _versions(Shelf.of(page, timezone.now(), may_publish=may_publish))


@dataclass(frozen=True)
class Row:
    """One version in the tab; an address is "" where there is nothing to go to."""

    version: PolicyVersion
    state: str
    since: str
    frozen: str
    translated: str
    missing: str
    view: str
    text: str
    compare: str
    withdraw: str


@dataclass(frozen=True)
class Shelf:
    """What all rows of one page have in common."""

    page: PolicyPage
    original: PolicyPage
    now: datetime
    may_publish: bool
    current: PolicyVersion | None
    spoken: list[str]

    @classmethod
    def of(cls, page: PolicyPage, now: datetime, *, may_publish: bool) -> "Shelf":
        current = page.versions.brief().effective_by(now).first()
        return cls(page, page.original, now, may_publish, current, states.languages(page))

    @property
    def base(self) -> str:
        """The public address below which the versions stand; "" while visitors find nothing there."""
        shown = self.page if self.page.live else self.original
        return shown.url or "" if shown.live or self.current else ""

    def rows(self, versions: list[Any]) -> list[Row]:
        translated, base = states.translations(version.pk for version in versions), self.base
        return [self._row(version, translated.get(version.pk, set()), base) for version in versions]

    def _row(self, version: Any, translated: set[str], base: str) -> Row:
        missing = set(self.spoken) - {version.language} - translated if not version.ends else set()
        permalink = f"{base}v/{version.number}/" if base else ""
        return Row(
            version=version,
            state=State(version.state),
            since=wording.instant(version.effective_from),
            frozen=wording.instant(version.frozen_at),
            translated=_names(translated),
            missing=_names(missing),
            view=permalink or reverse("wagtailadmin_pages:revisions_view", args=(version.page_id, version.revision_id)),
            text=f"{permalink}text/" if permalink else "",
            compare=self._comparison(version, base),
            withdraw=self._withdrawal(version),
        )

    def _comparison(self, version: Any, base: str) -> str:
        if not base or self.current is None or version.pk == self.current.pk:
            return ""
        old, new = sorted([version.number, self.current.number])
        return f"{base}compare/{old}-{new}/"

    def _withdrawal(self, version: Any) -> str:
        return address("policies_withdraw", version.pk) if self.may_publish and version.state == State.PENDING else ""


def _versions(shelf: Shelf) -> dict[str, Any]:
    page, current = shelf.page, shelf.current
    versions = states.with_states(page.versions.brief(), shelf.now).select_related("withdrawal")
    found = list(versions.order_by("-effective_from", "-number")[: MOST + 1])
    goes_on = bool(current and not current.ends)
    return {
        "rows": shelf.rows(found[:MOST]),
        "next_number": next_number(page),
        "report": f"{reverse('policy_versions:index')}?policy={page.key}" if len(found) > MOST else "",
        "end": address("policies_end", shelf.original.pk) if shelf.may_publish and goes_on else "",
        "original": shelf.original if shelf.original.pk != page.pk else None,
        "translates": number_translated(page) if shelf.original.pk != page.pk else None,
    }


def _names(codes: set[str]) -> str:
    return ", ".join(states.language_name(code) for code in sorted(codes))


def address(name: str, *arguments: object) -> str:
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""
