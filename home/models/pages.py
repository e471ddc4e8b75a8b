"""The pages that anybody reads and nobody fills in."""

from http import HTTPMethod
from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, PageChooserPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model_string
from wagtail.models import Page

from consent.blocks import PageForm
from home.blocks import FEATURES as FEATURES
from home.blocks import SECTIONS as SECTIONS

NEWS = 3  # articles on the home page
READING = [HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS]


def languages() -> list[tuple[str, str]]:
    """Asked, not written into migrations: each site chooses its own."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]


def own_language() -> str:
    return str(settings.LANGUAGE_CODE)


class HomePage(Page):
    tagline = models.CharField(_("tagline"), max_length=200)
    picture = models.ForeignKey(
        get_image_model_string(),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
        help_text=_("Beside the title, and where somebody shares the page."),
    )
    link_page = models.ForeignKey(
        Page, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("page it leads to")
    )
    link_label = models.CharField(_("words on the button"), max_length=60, blank=True)
    body = RichTextField(_("text"), features=FEATURES, blank=True)
    sections = StreamField(SECTIONS, verbose_name=_("sections"), blank=True)

    base_form_class = PageForm
    content_panels = [
        *Page.content_panels,
        FieldPanel("tagline"),
        FieldPanel("picture"),
        MultiFieldPanel(
            [FieldRowPanel([PageChooserPanel("link_page"), FieldPanel("link_label")])], heading=_("Button below it")
        ),
        FieldPanel("body"),
        FieldPanel("sections"),
    ]
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
        context["news_index"], context["news"] = import_string("home.articles.newest")(self, NEWS)
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
    subpage_types = ["home.StandardPage", "home.ArticleIndexPage", "home.FormPage", "home.PublicEntriesPage"]

    class Meta:
        verbose_name = _("standard page")
