"""What does the CMS's first page tell of people who wrote and wait for an answer?"""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince
from wagtail.admin.ui.components import Component

from home import inquiries

READ = "home.view_inquiry"


class InquiryStatus(Component):
    """For those who may read inquiries; one calm line while nobody waits."""

    name = "inquiries"
    order = 150
    template_name = "home/inquiries_panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        user, now = (parent_context or {})["request"].user, timezone.now()
        if not user.has_perm(READ):
            return {"shown": False}
        found = inquiries.waiting(user=user, now=now)
        url = reverse("inquiries:index")
        return {
            "shown": True,
            "waiting": found,
            "to_do": found.new + found.open,
            "is_calm": not (found.new or found.open),
            "age": timesince(found.oldest_at, now, depth=1) if found.oldest_at else "",
            "oldest_url": reverse("inquiries:inspect", args=[found.oldest]) if found.oldest else "",
            "all": url,
            "new": f"{url}?state=new",
            "open": f"{url}?state=open",
            "mine": f"{url}?assigned=me",
            "nobodys": f"{url}?assigned=nobody",
        }
