"""Campaigns at the desk: a draft is written and approved; what was queued is read."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import ChecksSidePanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import HeaderButton
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views import snippets

from mailing.models import Campaign, Delivery, Text
from mailing.viewsets import acts, sending, trying
from mailing.viewsets.results import ResultsView
from mailing.viewsets.sending import SEND
from mailing.viewsets.writing import EDITOR

COPIED = (
    "title",
    "mailing_list",
    "segment",
    "reply_to",
    "in_recipient_zone",
    "per_minute",
    "test_share",
    "count_links",
    "in_archive",
)
WRITTEN = ("language", "version", "subject", "preheader", "body", "plain")
ACCEPTED = [Delivery.State.SENT, Delivery.State.BOUNCED, Delivery.State.COMPLAINED]


class CampaignPolicy(ModelPermissionPolicy):
    """A campaign that was queued is evidence: it is read, not edited and not deleted."""

    def user_has_permission_for_instance(self, user: AbstractBaseUser, action: str, instance: Any) -> bool:
        if action in {"change", "delete", "publish"} and instance.state != Campaign.State.DRAFT:
            return False
        return bool(super().user_has_permission_for_instance(user, action, instance))


class DraftOnly:
    """The screen of a draft; for a campaign that was queued it leads to the results instead."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        if request.method == "POST":
            # Locked until this request ends, so that nobody sends what is being changed.
            Campaign.objects.select_for_update(of=("self",)).filter(pk=kwargs["pk"]).first()
        super().setup(request, *args, **kwargs)  # type: ignore[misc]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        campaign = get_object_or_404(Campaign, pk=kwargs["pk"])
        if campaign.state == Campaign.State.DRAFT:
            return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        sentence = gettext(
            "This campaign was queued: it can be read, not changed and not deleted. Copy it to write another."
        )
        if not request.accepts("text/html"):  # the editor saves by itself
            return JsonResponse({"success": False, "error_code": "locked", "error_message": sentence}, status=400)
        messages.warning(request, sentence)
        return redirect(reverse("campaigns:inspect", args=[campaign.pk]))


class Approving:
    """Says "approved" where Wagtail would say "published". The mail is checked by its own preview."""

    def get_success_message(self, instance: Campaign | None = None) -> str:
        if self.action != "publish":  # type: ignore[attr-defined]
            return str(super().get_success_message(instance))  # type: ignore[misc]
        sentence = gettext("“%(campaign)s” is approved: it is ready to be sent.")
        return sentence % {"campaign": instance or self.object}  # type: ignore[attr-defined]

    def get_success_buttons(self) -> list[Any]:
        """The next step, for who may take it."""
        if self.action != "publish":  # type: ignore[attr-defined]
            return list(super().get_success_buttons())  # type: ignore[misc]
        user, pk = self.request.user, self.object.pk  # type: ignore[attr-defined]
        return [messages.button(reverse("campaigns:send", args=[pk]), gettext("Send…"))] if user.has_perm(SEND) else []

    def get_success_url(self) -> str:
        return reverse("campaigns:edit", args=[self.object.pk])  # type: ignore[attr-defined]

    def get_side_panels(self) -> MediaContainer:
        """Without the checks of pages: a mail has no user bar that would run them."""
        panels = super().get_side_panels()  # type: ignore[misc]
        return MediaContainer([panel for panel in panels if not isinstance(panel, ChecksSidePanel)])


class CampaignCreateView(Approving, snippets.CreateView):
    pass


class CampaignEditView(DraftOnly, Approving, snippets.EditView):
    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        pk, user, buttons = self.object.pk, self.request.user, []
        if trying.may_try(user):
            url = reverse("campaigns:test", args=[pk])
            buttons.append(HeaderButton(_("Send a test…"), url=url, icon_name="view"))
        if user.has_perm(SEND):
            buttons.append(HeaderButton(_("Send…"), url=reverse("campaigns:send", args=[pk]), icon_name="mail"))
        return buttons


class CampaignCopyView(snippets.generic.CopyViewMixin, CampaignCreateView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        campaign = get_object_or_404(Campaign, pk=kwargs["pk"])
        if campaign.is_promotion:
            return super().dispatch(request, *args, **kwargs)
        messages.warning(request, gettext("Candor wrote this notice for each reader: there is no text to copy."))
        return redirect(reverse("campaigns:inspect", args=[campaign.pk]))

    def get_initial_form_instance(self) -> Campaign:
        """A new draft. Wagtail's own view would fill in the very row that is copied, and save over it."""
        original = super().get_object().get_latest_revision_as_object()
        copy = Campaign(**{name: getattr(original, name) for name in COPIED})
        texts = original.texts.all()
        copy.texts.set([Text(**{name: getattr(text, name) for name in WRITTEN}) for text in texts])
        return copy

    def get_object(self, queryset: "QuerySet[Campaign] | None" = None) -> Campaign | None:
        """None while the form is set up: what is saved is new."""
        super().get_object()
        return None


class CampaignDeleteView(DraftOnly, snippets.DeleteView):
    pass


class CampaignUnpublishView(DraftOnly, snippets.UnpublishView):
    pass


class CampaignWorkflowActionView(DraftOnly, snippets.WorkflowActionView):
    pass


class CampaignIndexView(snippets.IndexView):
    """A draft leads to its text, everything else to what became of it."""

    def get_edit_url(self, instance: Campaign) -> str | None:
        return super().get_edit_url(instance) if instance.state == Campaign.State.DRAFT else None

    def get_delete_url(self, instance: Campaign) -> str | None:
        return super().get_delete_url(instance) if instance.state == Campaign.State.DRAFT else None

    def get_copy_url(self, instance: Campaign) -> str | None:
        return super().get_copy_url(instance) if instance.is_promotion else None


class StateColumn(Column):
    """In which state it is; of a draft also whether it may be sent."""

    def get_value(self, instance: Campaign) -> str:
        state = str(instance.get_state_display())
        if instance.state != Campaign.State.DRAFT or not instance.live:
            return state
        return (
            gettext("draft, changed since it was approved") if instance.has_unpublished_changes else gettext("approved")
        )


class SentColumn(Column):
    def get_value(self, instance: Campaign) -> str:
        if not instance.rows:
            return ""
        return gettext("%(sent)d of %(all)d") % {"sent": instance.accepted, "all": instance.rows}


def with_counts(campaigns: QuerySet[Campaign]) -> QuerySet[Campaign]:
    """Counted from the rows, for the campaigns of one page of the list."""
    rows = Delivery.objects.filter(campaign=OuterRef("pk")).order_by().values("campaign")
    counted = {"rows": Count("pk"), "accepted": Count("pk", filter=Q(state__in=ACCEPTED))}
    return campaigns.annotate(
        **{
            name: Coalesce(Subquery(rows.annotate(n=count).values("n"), output_field=IntegerField()), 0)
            for name, count in counted.items()
        }
    )


class CampaignViewSet(snippets.SnippetViewSet):
    model = Campaign
    url_namespace = "campaigns"
    url_prefix = "mailing/campaigns"
    icon = "mail"
    index_results_template_name = "mailing/campaigns_results.html"
    menu_label = _("Campaigns")
    menu_item_is_registered = True
    list_display = [
        "title",
        "kind",
        "mailing_list",
        StateColumn("state", label=_("State"), sort_key="state"),
        "send_at",
        SentColumn("accepted", label=_("Accepted by mail servers")),
    ]
    list_filter = ["kind", "mailing_list", "state"]
    search_fields = ["title"]
    ordering = "-pk"
    edit_handler = EDITOR
    inspect_view_enabled = True
    inspect_view_class = ResultsView
    index_view_class = CampaignIndexView
    add_view_class = CampaignCreateView
    copy_view_class = CampaignCopyView
    edit_view_class = CampaignEditView
    delete_view_class = CampaignDeleteView
    unpublish_view_class = CampaignUnpublishView
    workflow_action_view_class = CampaignWorkflowActionView

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        return with_counts(Campaign.objects.select_related("mailing_list"))

    def get_urlpatterns(self) -> list[Any]:
        return [*super().get_urlpatterns(), *self.own_urls()]

    def own_urls(self) -> Iterable[Any]:
        yield path("send/<int:pk>/", sending.SendView.as_view(), name="send")
        yield path("test/<int:pk>/", trying.TestView.as_view(), name="test")
        yield path("pause/<int:pk>/", acts.PauseView.as_view(), name="pause")
        yield path("resume/<int:pk>/", acts.ResumeView.as_view(), name="resume")
        yield path("cancel/<int:pk>/", acts.CancelView.as_view(), name="cancel")
        yield path("choose/<int:pk>/<str:version>/", acts.ChooseView.as_view(), name="choose")
