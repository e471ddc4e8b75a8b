"""The public pages, and what visitors write to us."""

from http import HTTPMethod
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.blocks import RichTextBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from consent.blocks import HtmlBlock, MapBlock, PageForm
from records.models import SubjectKey
from records.sealed import BlindIndexField, RowNumber, SealedField

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


class Asked(models.TextChoices):
    REQUIRED = "required", _("asked, and must be given")
    OPTIONAL = "optional", _("asked, and may be left out")
    NOT = "no", _("not asked")


class ContactPage(Page):
    introduction = RichTextField(_("text above the form"), features=FEATURES, blank=True)
    thanks = models.CharField(_("thanks"), max_length=300, help_text=_("Shown once a message has arrived."))

    # Somebody who writes has an address to be answered at, and something to say; the rest the owner decides.
    name_asked = models.CharField(_("name"), max_length=8, choices=Asked.choices, default=Asked.REQUIRED)
    phone_asked = models.CharField(
        _("telephone number"),
        max_length=8,
        choices=Asked.choices,
        default=Asked.OPTIONAL,
        help_text=_("The policy's data table follows when its next version is frozen."),
    )

    base_form_class = PageForm
    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        MultiFieldPanel(
            [FieldPanel("name_asked"), FieldPanel("phone_asked")],
            heading=_("What the form asks"),
            help_text=_("E-mail address and message are always asked. Ask for no more than you need (GDPR Art. 5)."),
        ),
        FieldPanel("thanks"),
    ]
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

    id = RowNumber(primary_key=True)
    page = models.ForeignKey(Page, on_delete=models.SET_NULL, null=True, verbose_name=_("page"), related_name="+")
    subject_key = models.ForeignKey(
        SubjectKey, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+", verbose_name=_("key")
    )
    name = SealedField(_("name"), most=100)
    email = SealedField(_("e-mail"), most=254)
    phone = SealedField(_("telephone"), most=40, blank=True, default=b"")
    message = SealedField(_("message"), most=5000)
    name_index = BlindIndexField(of="name", kind="name", db_index=True)
    email_index = BlindIndexField(of="email", kind="email", db_index=True)
    phone_index = BlindIndexField(of="phone", kind="phone", db_index=True)
    received_at = models.DateTimeField(_("received at"), db_index=True)

    # The reference index would keep a trace of each row, and makes deleting many of them slow.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        permissions = [("answer_inquiry", _("Can answer inquiries"))]

    def __str__(self) -> str:
        return f"Inquiry #{self.pk}"
