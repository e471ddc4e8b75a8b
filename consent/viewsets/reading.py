"""Who may read decisions and their proof, and what does Wagtail's log say of it?"""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter
from wagtail.permission_policies import ModelPermissionPolicy

from consent.models import Decision

DECISIONS = ModelPermissionPolicy(Decision)
READ = "consent.view_decision"


class ReadersItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return DECISIONS.user_has_permission(request.user, "view")


class Exported(LogFormatter):
    label = _("Export consent decisions")

    def format_message(self, entry: Any) -> str:
        rows = entry.data["rows"]
        sentence = ngettext("Exported %(rows)d decision as %(form)s", "Exported %(rows)d decisions as %(form)s", rows)
        return sentence % {"rows": rows, "form": entry.data["form"]}


def log_reading(actions: Any) -> None:
    """Looking somebody's decision up is reading about a person: Wagtail's log keeps who did."""
    actions.register_action("consent.search", _("Search a decision"), _("Searched a decision by its receipt"))
    actions.register_action("consent.read", _("Read a decision"), _("Read a decision"))
    actions.register_action("consent.export")(Exported)
