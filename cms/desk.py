"""In which order does the CMS's first page tell what is to be done, and what does it say at one glance?"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component

# A panel of a floor below may say in its context: `to_do`, how many things wait; `late`, how many are late or broken;
# `coming`, what comes: instant (UTC), sentence, address. Without `to_do` it has nothing for this account.
FLOORS = ("home", "mailing", "consent", "policies", "records")
# What they are called, and where they stand on the page.
NAMES = {
    "promises": (_("Promises"), "promises"),
    "subject_requests": (_("Requests about people's data"), "subject-requests"),
    "inquiries": (_("Inquiries"), "inquiries"),
    "entries": (_("What visitors publish"), "public-entries"),
    "policies": (_("Policies"), "policies"),
    "consent": (_("Consent"), "consent"),
    "mailing": (_("Mail"), "mailing"),
}
_FIRST = 100  # place of the first of them; Wagtail's own start at 220
_STEP = 30  # places for what is equally pressing


class Worked(Component):
    """A panel whose context is worked out, so that it is known how pressing it is."""

    def __init__(self, panel: Any, request: Any) -> None:
        self.name, self.template_name, self._media = panel.name, panel.template_name, panel.media
        self.context: Mapping[str, Any] = panel.get_context_data({"request": request}) or {}
        rank = 0 if self.context.get("late") else 1 if self.context.get("to_do") else 2
        self.order = panel.order if panel.order < _FIRST else _FIRST + rank * _STEP

    @property
    def media(self) -> Any:
        return self._media

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        return dict(self.context)


class Glance(Component):
    """Above all panels: how much is late, how much waits, and what comes next. For whoever has such a panel."""

    name = "today"
    order = 50
    template_name = "cms/desk/glance.html"

    def __init__(self, panels: Iterable[Worked]) -> None:
        self._panels = [panel for panel in panels if "to_do" in panel.context]

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        coming: list[tuple[datetime, str, str]]
        coming = [each for panel in self._panels for each in panel.context.get("coming", [])]
        sentence, url = min(coming, default=(None, "", ""))[1:]
        late, to_do = self._where("late"), self._where("to_do")
        return {
            "shown": bool(self._panels),
            "late": sum(number for _panel, number, _anchor in late),
            "late_in": late,
            "to_do": sum(number for _panel, number, _anchor in to_do),
            "to_do_in": to_do,
            "next": sentence,
            "next_url": url,
        }

    def _where(self, what: str) -> list[tuple[Any, int, str]]:
        """Name, number and anchor of each panel that has some."""
        found = (
            (*NAMES.get(panel.name, (panel.name, panel.name)), panel.context.get(what, 0)) for panel in self._panels
        )
        return [(name, int(number), anchor) for name, anchor, number in found if number]


def is_ours(panel: Any) -> bool:
    return type(panel).__module__.partition(".")[0] in FLOORS


def arrange(panels: list[Any], request: Any) -> None:
    """Puts what is late before what waits, and that before what is calm. Among equals the floors' own order stays."""
    ours = [Worked(panel, request) for panel in sorted(filter(is_ours, panels), key=lambda panel: panel.order)]
    panels[:] = [Glance(ours), *ours, *(panel for panel in panels if not is_ours(panel))]
