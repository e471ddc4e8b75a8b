"""Who may do what with inquiries? Whoever may answer them also assigns, notes, closes and sorts out spam."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from wagtail.permission_policies import ModelPermissionPolicy

from home.models import Inquiry

READ = "home.view_inquiry"
ANSWER = "home.answer_inquiry"
EXPORT = "home.export_inquiry"
DELETE = "home.delete_inquiry"


class ReadAndDelete(ModelPermissionPolicy):
    """Nobody rewrites what a visitor wrote."""

    def user_has_permission(self, user: AbstractBaseUser, action: str) -> bool:
        return action not in {"add", "change"} and bool(super().user_has_permission(user, action))


POLICY = ReadAndDelete(Inquiry)


class ForThoseWho:
    """A view for accounts with these rights alone."""

    rights: tuple[str, ...] = (READ, ANSWER)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perms(self.rights):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response
