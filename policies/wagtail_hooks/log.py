"""What a page's history in the CMS says about its versions."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogFormatter

from policies.states import language_name
from policies.wording import instant


@hooks.register("register_log_actions")
def register_acts(actions: Any) -> None:
    actions.register_action("policies.frozen")(Frozen)
    actions.register_action("policies.withdrawn")(Withdrawn)
    actions.register_action("policies.ended")(Ended)
    actions.register_action("policies.kept")(Kept)


class Frozen(LogFormatter):
    label = gettext_lazy("Freeze a version")

    def format_message(self, entry: Any) -> str:
        if "language" in entry.data:
            words = {"number": entry.data["number"], "language": language_name(entry.data["language"])}
            return _("Froze the translation of version %(number)d: %(language)s") % words
        return _("Froze version %(number)d, in force from %(when)s") % _numbered(entry)


class Withdrawn(LogFormatter):
    label = gettext_lazy("Withdraw a version")

    def format_message(self, entry: Any) -> str:
        return _("Withdrew version %(number)d") % {"number": entry.data["number"]}

    def format_comment(self, entry: Any) -> str:
        return str(entry.data["reason"])


class Ended(LogFormatter):
    label = gettext_lazy("End a policy")

    def format_message(self, entry: Any) -> str:
        return _("Ended the policy by version %(number)d, from %(when)s") % _numbered(entry)


class Kept(LogFormatter):
    label = gettext_lazy("Keep a pending version")

    def format_message(self, entry: Any) -> str:
        return _("Kept pending version %(number)d as it is") % {"number": entry.data["number"]}


def _numbered(entry: Any) -> dict[str, Any]:
    return {"number": entry.data["number"], "when": instant(datetime.fromisoformat(entry.data["at"]))}
