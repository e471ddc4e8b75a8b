"""No stray click takes a published policy from its readers, or publishes a text that has gaps."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.models import Page

from policies import reissue
from policies.models import PolicyPage, PolicyRendition, PolicyVersion


def _policies(pages: list[Any], *, below: bool) -> list[PolicyPage]:
    """The policies among `pages`, and `below` them."""
    if not below:
        return list(PolicyPage.objects.filter(pk__in=[page.pk for page in pages]))
    return [policy for page in pages for policy in PolicyPage.objects.descendant_of(page, inclusive=True)]


def _published(policies: list[PolicyPage]) -> list[PolicyPage]:
    """Those of which a version or a translation was frozen; an alias has none of its own."""
    found = (model.objects.filter(page__in=policies) for model in (PolicyVersion, PolicyRendition))
    frozen = {page for texts in found for page in texts.values_list("page", flat=True)}
    return [policy for policy in policies if policy.pk in frozen]


def _why_it_stays(policies: list[PolicyPage]) -> str:
    if not _published(policies):
        return ""
    return _(
        "Visitors may still cite the published versions of this policy, so it stays. Publish a new version instead."
    )


def _why_it_waits(policies: list[PolicyPage]) -> str:
    """The bulk action asks no form, so what a form would have refused or asked is refused here."""
    now = timezone.now()
    for policy in policies:
        page, revision = policy.get_admin_display_title(), policy.get_latest_revision()
        draft = revision.as_object() if revision else policy
        try:
            reissue.rehearse(draft, revision, now) if revision else draft.clean_for_publishing()
            pending = reissue.pending_beside(draft, now)
        except ValidationError as error:
            sentence = _("“%(page)s” cannot be published yet: %(errors)s")
            return sentence % {"page": page, "errors": " ".join(error.messages)}
        if pending:
            sentence = _(
                "Version %(number)d of “%(page)s” is pending. Publish in the editor: it asks what becomes of it."
            )
            return sentence % {"page": page, "number": pending[0].number}
    return ""


def _why_not_there(page: Any, destination: Any) -> str:
    """Below a page of no site, or of another one, the addresses that people cite lead nowhere."""
    there = destination.get_site()
    for policy in _published(_policies([page], below=True)):
        here = policy.get_site()
        whole = here and here.root_page.path.startswith(page.path)  # the site itself moves along
        if here != there and not whole:
            return _("Visitors may still cite the addresses of this policy, so it stays on its site.")
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


@hooks.register("before_move_page")
def keep_policy_on_its_site(request: HttpRequest, page: Any, destination: Any) -> HttpResponse | None:
    return _refusal(request, [page], _why_not_there(page, destination))


@hooks.register("before_copy_page")
def copy_policy_as_draft(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Published as it is copied, a policy would have a first version that nobody wrote for its place."""
    asked = request.POST.get("publish_copies") and not request.POST.get("alias")
    if not asked or not _policies([page], below=bool(request.POST.get("copy_subpages"))):
        return None
    messages.error(request, _("The copy of a policy starts as a draft: copy without publishing, and publish it then."))
    return redirect("wagtailadmin_pages:copy", page.pk)


@hooks.register("before_convert_alias_page")
def keep_alias(request: HttpRequest, page: Any) -> HttpResponse | None:
    """A page of its own would be live without a version: its readers would find nothing."""
    if not _policies([page], below=False):
        return None
    sentence = _("An alias shows the versions of its original and has none of its own. Copy the original instead.")
    return _refusal(request, [page], sentence)


@hooks.register("before_bulk_action")
def keep_published_policies(
    request: HttpRequest, action_type: str, objects: list[Any], action_class_instance: Any
) -> HttpResponse | None:
    if not issubclass(action_class_instance.model, Page):
        return None
    if action_type == "move":
        destination = action_class_instance.cleaned_form.cleaned_data["chooser"]
        sentences = (_why_not_there(page, destination) for page in objects)
        return _refusal(request, objects, next(filter(None, sentences), ""))
    reasons = {"delete": _why_it_stays, "unpublish": _why_it_stays, "publish": _why_it_waits}
    if action_type not in reasons:
        return None
    below = action_type == "delete" or bool(request.POST.get("include_descendants"))
    return _refusal(request, objects, reasons[action_type](_policies(objects, below=below)))
