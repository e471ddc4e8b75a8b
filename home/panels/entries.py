"""What does the CMS's first page tell of what visitors want to publish, and nobody has looked at?"""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.ui.components import Component

from home import entries
from home.models import PublicEntry


class EntryStatus(Component):
    """For those who may approve; nothing while nothing waits."""

    name = "entries"
    order = 152
    template_name = "home/entries_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        user, now = (parent_context or {})["request"].user, timezone.now()
        if not (user.has_perm("home.moderate_publicentry") and user.has_perm("home.view_publicentry")):
            return {"waiting": 0}
        rows = entries.waiting(at=now)
        count, oldest = rows.count(), rows.last()
        sentence = ngettext("%(count)d entry waits for approval.", "%(count)d entries wait for approval.", count) % {
            "count": count
        }
        since = (
            _("The oldest has waited for %(time)s.") % {"time": timesince(oldest.received_at, now)} if oldest else ""
        )
        url = f"{reverse('entries:index')}?state={PublicEntry.State.WAITING.value}"
        return {"waiting": count, "sentence": sentence, "since": since, "url": url, "to_do": count}
