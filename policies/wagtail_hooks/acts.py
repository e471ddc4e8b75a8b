"""Publishing a policy asks first: can this text be frozen, and what becomes of the versions that are pending?"""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, PageLogEntry

from policies import reissue
from policies.models import PolicyPage
from policies.views import acts


@hooks.register("register_admin_urls")
def register_acts() -> list[URLPattern]:
    return [
        path("policies/withdraw/<int:version_pk>/", acts.WithdrawView.as_view(), name="policies_withdraw"),
        path("policies/end/<int:page_pk>/", acts.EndView.as_view(), name="policies_end"),
        path("policies/publish/<int:page_pk>/<int:revision_pk>/", acts.UrgentView.as_view(), name="policies_urgent"),
    ]


@hooks.register("before_publish_page")
def ask_before_publishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The draft is saved by now: what cannot be published, or not yet, stays one."""
    if not isinstance(page, PolicyPage):
        return None
    now, revision = timezone.now(), page.get_latest_revision()
    draft = revision.as_object()
    try:
        reissue.rehearse(draft, revision, now)
    except ValidationError as error:
        sentence = _("It is saved as a draft, and not published: %(errors)s")
        messages.error(request, sentence % {"errors": " ".join(error.messages)})
        return _as_a_draft(page, "wagtailadmin_pages:edit", page.pk)
    if reissue.pending_beside(draft, now):
        return _as_a_draft(page, "policies_urgent", page.pk, revision.pk)
    return None


def _as_a_draft(page: PolicyPage, address: str, *arguments: Any) -> HttpResponse:
    """Wagtail creates a page that it is about to publish as a live one."""
    PolicyPage.objects.filter(pk=page.pk, live=True, live_revision=None).update(live=False)
    return redirect(address, *arguments)


@hooks.register("after_edit_page")
def say_what_stays(request: HttpRequest, page: Page) -> None:
    """Approving in a workflow cannot ask: both versions stand, and whoever approved is told."""
    act = get_active_log_context().uuid
    kept = PageLogEntry.objects.filter(page=page.pk, action="policies.kept", uuid=act) if act else []
    for entry in kept:
        sentence = _("Version %(number)d stays pending as it is: on its date it replaces what was published now.")
        messages.warning(request, sentence % {"number": entry.data["number"]})
