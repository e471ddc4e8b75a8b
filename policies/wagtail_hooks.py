"""Guards: a policy that has versions cannot be deleted or unpublished by a stray click."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages

from policies.models import PolicyPage, PolicyVersion


def _refuse(request: HttpRequest, pages: list[Any]) -> HttpResponse | None:
    frozen = PolicyVersion.objects.filter(page__in=[page.pk for page in pages if isinstance(page, PolicyPage)])
    if not frozen.exists():
        return None
    messages.error(
        request, _("This policy has published versions. Visitors may still cite them: publish a new version.")
    )
    return redirect("wagtailadmin_explore", pages[0].get_parent().pk)


@hooks.register("before_delete_page")
@hooks.register("before_unpublish_page")
def keep_published_policy(request: HttpRequest, page: Any) -> HttpResponse | None:
    return _refuse(request, [page.specific])


@hooks.register("before_bulk_action")
def keep_published_policies(
    request: HttpRequest, action_type: str, objects: list[Any], action_class_instance: Any
) -> HttpResponse | None:
    if action_type not in {"delete", "unpublish"}:
        return None
    return _refuse(request, [getattr(item, "specific", item) for item in objects])
