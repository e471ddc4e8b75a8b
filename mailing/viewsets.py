"""The editor's side: lists, campaigns, and the button that sends one."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.panels import FieldPanel
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.base import ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log
from wagtail.permission_policies import ModelPermissionPolicy

from mailing import campaigns, tasks
from mailing.messages import plain_text
from mailing.models import Campaign, MailingList
from records.tasks import hint
from records.viewsets import KeptWhileUsed

SEND = "mailing.send_campaign"


class CampaignPolicy(ModelPermissionPolicy):
    """A campaign that was sent is evidence: it is read, not edited and not deleted."""

    def user_has_permission_for_instance(self, user: AbstractBaseUser, action: str, instance: Any) -> bool:
        if action in {"change", "delete"} and instance.state != Campaign.State.DRAFT:
            return False
        return bool(super().user_has_permission_for_instance(user, action, instance))


class DraftOnly:
    """The screen of a draft; for a campaign that was sent it leads to the deliveries instead."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        # Locked until this request ends, so that nobody sends what is being changed.
        campaign = get_object_or_404(Campaign.objects.select_for_update(of=("self",)), pk=kwargs["pk"])
        if campaign.state == Campaign.State.DRAFT:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        messages.warning(request, gettext("This campaign was sent: it can be read, not changed and not deleted."))
        return redirect(reverse("campaigns:inspect", args=[campaign.pk]))


class CampaignDeleteView(DraftOnly, KeptWhileUsed):
    pass


class CampaignEditView(DraftOnly, generic.EditView):
    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.request.user.has_perm(SEND):
            return []
        url = reverse("campaigns:send", args=[self.object.pk])
        return [HeaderButton(_("Send…"), url=url, icon_name="mail")]

    def get_success_url(self) -> str:
        return reverse("campaigns:edit", args=[self.object.pk])


class CampaignCreateView(generic.CreateView):
    def get_success_url(self) -> str:
        return reverse("campaigns:edit", args=[self.object.pk])


class CampaignCopyView(generic.CopyViewMixin, CampaignCreateView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        campaign = get_object_or_404(Campaign, pk=kwargs["pk"])
        if campaign.kind == Campaign.Kind.PROMOTION:
            return super().dispatch(request, *args, **kwargs)
        messages.warning(request, gettext("Candor wrote this notice for each reader: there is no text to copy."))
        return redirect(reverse("campaigns:inspect", args=[campaign.pk]))

    def get_initial_form_instance(self) -> Campaign:
        """A new draft. Wagtail's own view would fill in the very row that is copied, and save over it."""
        original = self.get_object()
        return Campaign(subject=original.subject, mailing_list=original.mailing_list, body=original.body)


class CampaignInspectView(generic.InspectView):
    template_name = "mailing/campaign_results.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        deliveries = self.object.deliveries.order_by("pk")[:200]
        return super().get_context_data(progress=campaigns.progress(self.object), deliveries=deliveries, **kwargs)


class SendView(WagtailAdminTemplateMixin, TemplateView):
    """The last look before a campaign leaves: to whom, and how it reads."""

    page_title = _("Send campaign")
    header_icon = "mail"
    template_name = "mailing/campaign_send.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(SEND):
            raise PermissionDenied
        self.campaign = get_object_or_404(Campaign, pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.campaign)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("campaigns:index"), "label": capfirst(Campaign._meta.verbose_name_plural)},
            {"url": reverse("campaigns:edit", args=[self.campaign.pk]), "label": str(self.campaign)},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            campaign=self.campaign,
            count=campaigns.recipients(self.campaign).count(),
            is_draft=self.campaign.state == Campaign.State.DRAFT,
            refusal=campaigns.refusal(timezone.now()),
            body_text=plain_text(self.campaign.body),
            **kwargs,
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        try:
            count = campaigns.queue(campaign=self.campaign, now=timezone.now())
        except campaigns.CannotSend as error:
            messages.error(request, str(error))
            return redirect(request.path)
        log(self.campaign, "mailing.send", user=request.user, data={"recipients": count})
        hint(tasks.deliver, self.campaign.pk)
        messages.success(
            request,
            ngettext(
                "A worker is sending the campaign to %(count)d subscriber.",
                "A worker is sending the campaign to %(count)d subscribers.",
                count,
            )
            % {"count": count},
        )
        return redirect(reverse("campaigns:inspect", args=[pk]))


class CampaignViewSet(ModelViewSet):
    model = Campaign
    name = "campaigns"
    url_prefix = "mailing/campaigns"
    icon = "mail"
    menu_label = _("Campaigns")
    list_display = ["subject", "kind", "mailing_list", "state", "queued_at"]
    list_filter = ["kind", "mailing_list", "state"]
    ordering = "-pk"
    inspect_view_enabled = True
    inspect_view_fields = ["subject", "kind", "mailing_list", "state", "queued_at"]
    copy_view_enabled = True
    add_view_class = CampaignCreateView
    copy_view_class = CampaignCopyView
    edit_view_class = CampaignEditView
    delete_view_class = CampaignDeleteView
    inspect_view_class = CampaignInspectView
    inspect_template_name = "mailing/campaign_results.html"
    panels = [FieldPanel("subject"), FieldPanel("mailing_list"), FieldPanel("body")]

    def get_urlpatterns(self) -> list[Any]:
        return [*super().get_urlpatterns(), path("send/<int:pk>/", SendView.as_view(), name="send")]


class MailingListViewSet(ModelViewSet):
    model = MailingList
    name = "mailing_lists"
    url_prefix = "mailing/lists"
    icon = "list-ul"
    menu_label = _("Lists")
    list_display = ["name", "key"]
    delete_view_class = KeptWhileUsed
    panels = [FieldPanel("name"), FieldPanel("key"), FieldPanel("description")]


class MailingViewSetGroup(ViewSetGroup):
    menu_label = _("Mailing")
    menu_icon = "mail"
    menu_order = 400
    items = (CampaignViewSet("campaigns"), MailingListViewSet("mailing_lists"))
