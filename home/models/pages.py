"""The pages that anybody reads and nobody fills in."""

from http import HTTPMethod
from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import RichTextBlock
from wagtail.embeds.blocks import EmbedBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from consent.blocks import HtmlBlock, MapBlock, PageForm

FEATURES = ["h2", "h3", "bold", "italic", "link", "document-link", "ol", "ul", "hr", "image", "embed"]

READING = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS]
SECTIONS = [
    ("text", RichTextBlock(features=FEATURES, label=_("Text"))),
    ("embed", EmbedBlock(label=_("Video or post"))),
    ("map", MapBlock()),
    ("html", HtmlBlock()),
]


def languages() -> list[tuple[str, str]]:
    """Asked, not written into migrations: each site chooses its own."""
    return list(settings.LANGUAGES)


def own_language() -> str:
    return str(settings.LANGUAGE_CODE)


class HomePage(Page):
    tagline = models.CharField(_("tagline"), max_length=200)
    body = RichTextField(_("text"), features=FEATURES, blank=True)

    base_form_class = PageForm
    content_panels = [*Page.content_panels, FieldPanel("tagline"), FieldPanel("body")]
    allowed_http_methods = READING
    subpage_types = [
        "home.StandardPage",
        "home.ArticleIndexPage",
        "home.FormPage",
        "home.PublicEntriesPage",
        "policies.PolicyPage",
    ]
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
        SECTIONS,
        verbose_name=_("sections"),
        blank=True,
        help_text=_("Shown below the text. What comes from others waits for the visitor's permission."),
    )

    base_form_class = PageForm
    content_panels = [*Page.content_panels, *map(FieldPanel, ("introduction", "body", "sections"))]
    allowed_http_methods = READING
    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.StandardPage", "home.FormPage", "home.PublicEntriesPage"]

    class Meta:
        verbose_name = _("standard page")
