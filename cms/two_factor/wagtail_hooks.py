from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet

from cms.two_factor.models import is_on
from cms.two_factor.viewsets import TITLE, OwnViewSet, SecondStepsViewSet


@hooks.register("register_admin_viewset")
def register_second_step() -> list[ViewSet]:
    return [OwnViewSet(), SecondStepsViewSet()]


@hooks.register("register_account_menu_item")
def in_ones_own_account(request: HttpRequest) -> dict[str, Any] | None:
    if not is_on():
        return None
    told = _("A code from your telephone, besides the password: set it up, make new recovery codes, switch it off.")
    return {"url": reverse("second_step:own"), "label": TITLE, "help_text": told}


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    for action, label, said in (
        ("two_factor.set_up", _("Set up the second step"), _("Second step set up")),
        ("two_factor.codes", _("Make new recovery codes"), _("New recovery codes made")),
        ("two_factor.recovery_code", _("Use a recovery code"), _("Signed in with a recovery code")),
        ("two_factor.remove", _("Switch off the second step"), _("Second step switched off")),
        ("two_factor.reset", _("Reset the second step"), _("Second step reset by an administrator")),
    ):
        actions.register_action(action, label, said)
