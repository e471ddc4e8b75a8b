"""Who may read what the site records about its own keeping of promises? Who may see what retention did."""

from typing import Any

from django.http import HttpRequest
from wagtail.admin.menu import MenuItem
from wagtail.permission_policies import ModelPermissionPolicy

from records.models import Disclosure, RetentionRun

RUNS = ModelPermissionPolicy(RetentionRun)
_RIGHTS = {
    "view": "records.view_disclosure",
    "disclose": "records.disclose",
    "approve": "records.approve_disclosureorder",
}


class DisclosurePolicy(ModelPermissionPolicy):
    """Nobody adds, changes or deletes a row of the register: it is written when data goes."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in _RIGHTS and bool(user.is_active and user.has_perm(_RIGHTS[action]))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


DISCLOSURES = DisclosurePolicy(Disclosure)


def may_see_orders(user: Any) -> bool:
    return DISCLOSURES.user_has_any_permission(user, ["disclose", "approve"])


class ForThoseWhoDisclose(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return DISCLOSURES.user_has_any_permission(request.user, _RIGHTS)


class ForReadersOfRuns(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(RUNS.user_has_permission(request.user, "view"))
