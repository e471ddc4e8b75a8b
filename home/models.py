"""The public pages, and what visitors write to us."""

from http import HTTPMethod
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import RichTextBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from consent.blocks import HtmlBlock, MapBlock, PageForm

FEATURES = ["h2", "h3", "bold", "italic", "link", "document-link", "ol", "ul", "hr", "image", "embed"]

READING = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS]


class HomePage(Page):
    tagline = models.CharField(_("tagline"), max_length=200)
    body = RichTextField(_("text"), features=FEATURES, blank=True)

    base_form_class = PageForm
    content_panels = [*Page.content_panels, FieldPanel("tagline"), FieldPanel("body")]
    allowed_http_methods = READING
    subpage_types = ["home.StandardPage", "home.ContactPage", "policies.PolicyPage"]
    parent_page_types = ["wagtailcore.Page"]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["cards"] = StandardPage.objects.child_of(self).live().in_menu()
        return context


class StandardPage(Page):
    introduction = models.CharField(_("introduction"), max_length=300, blank=True)
    body = RichTextField(_("text"), features=FEATURES)
    sections = StreamField(
        [
            ("text", RichTextBlock(features=FEATURES, label=_("Text"))),
            ("embed", EmbedBlock(label=_("Video or post"))),
            ("map", MapBlock()),
            ("html", HtmlBlock()),
        ],
        verbose_name=_("sections"),
        blank=True,
        help_text=_("Shown below the text. What comes from others waits for the visitor's permission."),
    )

    base_form_class = PageForm
    content_panels = [*Page.content_panels, *map(FieldPanel, ("introduction", "body", "sections"))]
    allowed_http_methods = READING
    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage"]

    class Meta:
        verbose_name = _("standard page")


class ContactPage(Page):
    introduction = RichTextField(_("text above the form"), features=FEATURES, blank=True)
    thanks = models.CharField(_("thanks"), max_length=300, help_text=_("Shown once a message has arrived."))

    base_form_class = PageForm
    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("thanks")]
    allowed_http_methods = [*READING, HTTPMethod.POST]
    parent_page_types = ["home.HomePage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("contact page")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Named, not imported: the answers live upstairs in views.py, which reads these models.
        response: HttpResponse = import_string("home.views.contact")(request, self)
        return response


class Inquiry(models.Model):
    """What somebody wrote through a contact page. Nobody checked that it is true, or theirs."""

    page = models.ForeignKey(Page, on_delete=models.SET_NULL, null=True, verbose_name=_("page"), related_name="+")
    name = models.CharField(_("name"), max_length=100)
    email = models.EmailField(_("e-mail"), max_length=254)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    message = models.TextField(_("message"), max_length=5000)
    received_at = models.DateTimeField(_("received at"), db_index=True)

    # The reference index would keep a trace of each row, and makes deleting many of them slow.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        permissions = [("answer_inquiry", _("Can answer inquiries"))]

    def __str__(self) -> str:
        return f"Inquiry #{self.pk}"
