"""What may be done with a campaign on its way: pause, resume, cancel, choose a version. Each is one button."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.log_actions import log

from mailing import campaigns, tasks
from mailing.models import Campaign, Delivery
from mailing.viewsets.sending import SEND, OfCampaign
from records.tasks import hint

State = Campaign.State


def possible(campaign: Campaign, user: Any) -> dict[str, Any]:
    """What `user` may do with `campaign` now; mailing/campaign_actions.html shows it beside `campaign`."""
    if not user.has_perm(SEND):
        return {"acts": {}}
    waiting = not campaign.chosen and campaign.state in {State.SENDING, State.PAUSED}
    held = campaign.deliveries.filter(state=Delivery.State.HELD).count() if waiting else 0
    acts = {
        "pause": campaign.state == State.SENDING,
        "resume": campaign.state == State.PAUSED,
        "cancel": campaign.state in {State.SCHEDULED, State.SENDING, State.PAUSED},
        "choose": held,
    }
    return {"acts": {name: yes for name, yes in acts.items() if yes}}


class Act(View):
    """One thing done to a campaign by who may send campaigns. Says what came of it, and leads to the results."""

    http_method_names = ["post"]
    action = ""
    said: Any = ""
    too_late: Any = _("Nothing was changed: by now the campaign is in another state.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(SEND):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponse:
        campaign = get_object_or_404(Campaign, pk=pk)
        return _tell(self, request, campaign, self.act(campaign, timezone.now(), **kwargs))

    def act(self, campaign: Campaign, now: datetime) -> int:
        raise NotImplementedError


def _tell(act: Any, request: HttpRequest, campaign: Campaign, done: int) -> HttpResponse:
    if done:
        log(campaign, act.action, user=request.user)
        messages.success(request, act.said)
    else:
        messages.warning(request, act.too_late)
    return redirect(reverse("campaigns:inspect", args=[campaign.pk]))


class PauseView(Act):
    action = "mailing.pause"
    said = _("The campaign is paused: nothing more leaves, but what a worker has in its hands.")

    def act(self, campaign: Campaign, now: datetime) -> int:
        return campaigns.pause(campaign=campaign, by=Campaign.Paused.EDITOR, now=now)


class ResumeView(Act):
    action = "mailing.resume"
    said = _("The campaign goes on where it stood.")

    def act(self, campaign: Campaign, now: datetime) -> int:
        resumed = campaigns.resume(campaign=campaign, now=now)
        if resumed:
            hint(tasks.deliver, campaign.pk)
        return resumed


class ChooseView(Act):
    """The rest of the audience gets this version."""

    action = "mailing.choose"

    def act(self, campaign: Campaign, now: datetime, version: str = "") -> int:
        if version not in Campaign.Version.values:
            raise Http404
        chosen = Campaign.Version(version)
        count = campaigns.choose(campaign=campaign, version=chosen, now=now)
        sentence = ngettext(
            "Version %(version)s goes to the %(count)d reader who waited for it.",
            "Version %(version)s goes to the %(count)d readers who waited for it.",
            count,
        )
        self.said = sentence % {"version": chosen.label, "count": count}
        if count:
            hint(tasks.deliver, campaign.pk)
        return count


class CancelView(OfCampaign, TemplateView):
    """Asks first: what was cancelled cannot be resumed."""

    page_title = _("Cancel campaign")
    template_name = "mailing/campaign_cancel.html"
    action = "mailing.cancel"
    said = _("The campaign is cancelled: what has not left never does.")
    too_late = _("There is nothing to cancel (any more).")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        left = self.campaign.deliveries.unfinished().count()
        return super().get_context_data(campaign=self.campaign, results=self.results, left=left, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "cancel" in possible(self.campaign, request.user)["acts"]:
            return super().get(request, *args, **kwargs)
        return _tell(self, request, self.campaign, 0)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return _tell(self, request, self.campaign, campaigns.cancel(campaign=self.campaign, now=timezone.now()))
