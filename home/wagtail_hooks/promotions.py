"""Promotions: their screens, and what they log."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from home.viewsets.promotions import PromotionViewSet

register_snippet(PromotionViewSet)


@hooks.register("register_log_actions")
def register_log_actions(actions: Any) -> None:
    actions.register_action("home.end_promotion", _("End promotion"), _("Promotion ended"))
