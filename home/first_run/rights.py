"""Who may take the steps of the first run?"""

from typing import Any

from wagtail.models import Page
from wagtail.permissions import page_permission_policy

SET_UP = ("records.change_controller", "wagtailcore.change_site")


def may_set_up(user: Any) -> bool:
    """A new home page stands beside the root's others: the right is that of the whole tree."""
    root = Page.objects.get(depth=1).permissions_for_user(user)
    return bool(user.has_perms(SET_UP) and root.can_add_subpage() and root.can_publish_subpage())


def may_follow(user: Any) -> bool:
    """Those who do one of the steps at least: who name the owner, publish the configuration or write the policy."""
    if user.has_perm("records.change_controller") or user.has_perm("consent.add_snapshot"):
        return True
    # Wagtail's menu has asked for these rights already: each screen of the CMS asks here, for its menu.
    publishes = page_permission_policy.user_has_permission(user, "publish")
    return bool(user.has_perm("wagtailadmin.access_admin") and publishes)
