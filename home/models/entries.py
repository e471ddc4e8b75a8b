"""What visitors chose to publish: reviews, testimonials, names of supporters."""

from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, PageChooserPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from consent.blocks import PageForm
from consent.models import Decision
from home.models.forms import FormPage
from home.models.inquiries import Inquiry, key_of_person
from home.models.pages import FEATURES, READING
from records.sealed import BlindIndexField, RowNumber, SealedField


class PublicEntriesPage(Page):
    introduction = RichTextField(_("text above the entries"), features=FEATURES, blank=True)
    form = models.ForeignKey(
        FormPage,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="shown_on",
        verbose_name=_("form"),
        help_text=_("Through which visitors write what is shown here."),
    )

    base_form_class = PageForm
    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        PageChooserPanel("form", "home.FormPage"),
    ]
    allowed_http_methods = READING
    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("public entries")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Named, not imported: the answers live upstairs in views, which read these models.
        response: HttpResponse = import_string("home.views.entries.page")(request, self)
        return response


class PublicEntry(models.Model):
    """What somebody agreed to show, until they withdraw. The decision says to which words they agreed."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting for approval")
        SHOWN = "shown", _("shown")
        REFUSED = "refused", _("not shown")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = RowNumber(primary_key=True)
    form = models.ForeignKey(FormPage, on_delete=models.CASCADE, related_name="entries", verbose_name=_("form"))
    inquiry = models.ForeignKey(Inquiry, on_delete=models.SET_NULL, null=True, related_name="entries")
    subject_key = key_of_person()
    email = SealedField(_("e-mail"), most=254)  # where it is told how to withdraw; never shown
    email_index = BlindIndexField(of="email", kind="email", db_index=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+", verbose_name=_("decision"))
    content = models.JSONField(_("what is shown"))  # [{"key", "label", "kind", "said"}]; public by the person's choice
    locale = models.CharField(_("language"), max_length=12)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    received_at = models.DateTimeField(_("received at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("decided by")
    )
    changed_at = models.DateTimeField(_("since"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("public entry")
        verbose_name_plural = _("public entries")
        permissions = [("moderate_publicentry", _("Can approve public entries"))]
        indexes = [models.Index(fields=["form", "state", "-received_at"], name="public_entry_shown")]

    def __str__(self) -> str:
        return f"Public entry #{self.pk}"
