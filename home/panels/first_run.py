"""What does the CMS's first page say while visitors can read no policy? The next step, to those who may take one."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from wagtail.admin.ui.components import Component

from home import first_run

DISMISSIBLE = "candor-first-run"


class FirstRun(Component):
    """Gone by itself once a policy is published, and for whoever says so."""

    name = "first_run"
    order = 10
    template_name = "home/first_run/panel.html"

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        user, site = (parent_context or {})["request"].user, first_run.default_site()
        if site is None or _is_dismissed(user) or not first_run.may_follow(user) or first_run.is_published(site):
            return {"step": None}
        progress = first_run.of_site(site, now=timezone.now())
        steps = first_run.described(progress, user)
        return {
            "step": next((step for step in steps if step.is_next), None),
            "done": sum(progress.is_done(step) for step in first_run.STEPS),
            "all": len(first_run.STEPS),
            "dismissible": DISMISSIBLE,
        }


def _is_dismissed(user: Any) -> bool:
    profile = getattr(user, "wagtail_userprofile", None)
    return bool(profile and profile.dismissibles.get(DISMISSIBLE))
