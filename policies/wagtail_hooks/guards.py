"""No stray click takes a published policy from its readers, or publishes a text that has gaps."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page

from policies.models import PolicyPage, PolicyVersion


def _policies(pages: list[Any], *, below: bool) -> list[PolicyPage]:
    """The policies among `pages`, and `below` them."""
    if not below:
        return list(PolicyPage.objects.filter(pk__in=[page.pk for page in pages]))
    return [policy for page in pages for policy in PolicyPage.objects.descendant_of(page, inclusive=True)]


def _why_it_stays(policies: list[PolicyPage]) -> str:
    if not PolicyVersion.objects.filter(page__in=policies).exists():
        return ""
    return _(
        "Visitors may still cite the published versions of this policy, so it stays. Publish a new version instead."
    )


def _why_it_waits(policies: list[PolicyPage]) -> str:
    """The bulk action asks no form, so what a form would have refused is refused here."""
    for policy in policies:
        try:
            policy.get_latest_revision_as_object().clean_for_publishing()
        except ValidationError as error:
            sentence = _("“%(page)s” cannot be published yet: %(errors)s")
            return sentence % {"page": policy.get_admin_display_title(), "errors": " ".join(error.messages)}
    return ""


def _refusal(request: HttpRequest, pages: list[Any], sentence: str) -> HttpResponse | None:
    if not sentence:
        return None
    messages.error(request, sentence)
    return redirect("wagtailadmin_explore", pages[0].get_parent().pk)


@hooks.register("before_delete_page")
def keep_cited_policy(request: HttpRequest, page: Any) -> HttpResponse | None:
    return _refusal(request, [page], _why_it_stays(_policies([page], below=True)))


@hooks.register("before_unpublish_page")
def keep_published_policy(request: HttpRequest, page: Any) -> HttpResponse | None:
    below = bool(request.POST.get("include_descendants"))
    return _refusal(request, [page], _why_it_stays(_policies([page], below=below)))


@hooks.register("before_bulk_action")
def keep_published_policies(
    request: HttpRequest, action_type: str, objects: list[Any], action_class_instance: Any
) -> HttpResponse | None:
    reasons = {"delete": _why_it_stays, "unpublish": _why_it_stays, "publish": _why_it_waits}
    if action_type not in reasons or not issubclass(action_class_instance.model, Page):
        return None
    below = action_type == "delete" or bool(request.POST.get("include_descendants"))
    return _refusal(request, objects, reasons[action_type](_policies(objects, below=below)))
