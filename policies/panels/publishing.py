"""What does the publish button say it will do, and how does an editor name the instant?"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.action_menu import PublishMenuItem
from wagtail.admin.panels import FieldPanel, PublishingPanel
from wagtail.admin.widgets.datetime import AdminDateTimeInput

from policies import freeze
from policies.models import PolicyPage
from policies.wording import instant

_NOTIFY_THE_DIALOG = {  # as Wagtail's own panel does, so that closing the dialog without saving forgets the date
    "data-controller": "w-action",
    "data-action": "w-dialog:hidden->w-action#reset",
    "data-w-dialog-target": "notify",
}


class PublishVersion(PublishMenuItem):
    """Wagtail's publish button, saying which version it makes and when that takes force."""

    template_name = "policies/admin/desk/publish.html"

    class Media:
        js = ["policies/admin/schedule.js"]

    def get_context_data(self, parent_context: Mapping[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        page = context.get("page")
        say = wording(page)
        ahead = page.go_live_at if page and page.go_live_at and page.go_live_at > timezone.now() else None
        typed = say(f"{{}} {timezone.get_current_timezone_name()}")  # {} stands for what is being typed
        label = say(instant(ahead) if ahead else "")
        return context | {"label": label, "now_label": say(""), "typed_label": typed, "is_scheduled": bool(ahead)}


def wording(page: PolicyPage | None) -> Callable[[str], str]:
    """What publishing this draft does, to be asked with the instant in words, or "" for at once."""
    if page and is_translated(page):
        return partial(_of_translation, number_translated(page))
    return partial(_of_version, next_number(page) if page else 1)


def is_translated(page: PolicyPage) -> bool:
    return bool(page.pk) and page.original.pk != page.pk


def next_number(page: PolicyPage) -> int:
    return (page.versions.aggregate(last=Max("number"))["last"] or 0) + 1


def number_translated(page: PolicyPage) -> int | None:
    """The version that this translated page's draft will translate."""
    try:
        return freeze.target(page).number
    except ValidationError:
        return None


def _of_version(number: int, when: str) -> str:
    if when:
        return _("Schedule version %(number)d for %(when)s") % {"number": number, "when": when}
    return _("Publish version %(number)d now") % {"number": number}


def _of_translation(number: int | None, when: str) -> str:
    """It takes force with its original, whatever date is in the form."""
    return _("Publish translation of version %(number)d") % {"number": number} if number else _("Publish translation")


class InForceFrom(FieldPanel):
    """Names the time zone in which the editor's entry is read: that of the account, as Wagtail activates it."""

    class BoundPanel(FieldPanel.BoundPanel):
        def __init__(self, **kwargs: Any) -> None:
            super().__init__(**kwargs)
            words = {"zone": timezone.get_current_timezone_name()}
            self.heading = _("In force from (time zone %(zone)s)") % words
            self.help_text = _("Left empty: from the moment you publish. The time zone is that of your account.")
            if is_translated(self.instance):
                self.help_text = _("A translation takes force with its original: leave the date empty.")
            if self.bound_field:
                self.bound_field.label = self.heading


class Scheduling(PublishingPanel):
    """Wagtail's schedule without the expiry: a policy is superseded or ended, never gone."""

    def __init__(self, **kwargs: Any) -> None:
        widget = AdminDateTimeInput(
            js_overlay_parent_selector="#schedule-publishing-dialog", attrs=dict(_NOTIFY_THE_DIALOG)
        )
        defaults: dict[str, Any] = {"children": [InForceFrom("go_live_at", widget=widget)]}
        super().__init__(**(defaults | kwargs))

    class BoundPanel(PublishingPanel.BoundPanel):
        template_name = "policies/admin/desk/schedule.html"
