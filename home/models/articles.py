"""News and articles: a list by date, and what stands in it."""

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.models import Page

from consent.blocks import PageForm
from home.blocks import SECTIONS
from home.models.pages import READING


class ArticleIndexPage(RoutablePageMixin, Page):
    introduction = models.CharField(_("introduction"), max_length=300, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    allowed_http_methods = READING
    parent_page_types = ["home.HomePage", "home.StandardPage"]
    subpage_types = ["home.ArticlePage"]

    class Meta:
        verbose_name = _("list of articles")

    # The views live upstairs, so they are named, not imported.
    @path("")
    def listing(self, request: HttpRequest) -> HttpResponse:
        answer: HttpResponse = import_string("home.views.articles.listing")(request, self)
        return answer

    @path("feed/")
    def feed(self, request: HttpRequest) -> HttpResponse:
        answer: HttpResponse = import_string("home.views.articles.feed")(request, self)
        return answer


class ArticleTag(TaggedItemBase):
    content_object = ParentalKey("home.ArticlePage", on_delete=models.CASCADE, related_name="tagged_items")

    class Meta:
        verbose_name = _("topic of an article")
        verbose_name_plural = _("topics of articles")


class ArticlePage(Page):
    date = models.DateField(_("date"), help_text=_("Shown beside the title. Articles stand in its order."))
    introduction = models.CharField(_("introduction"), max_length=300, blank=True)
    picture = models.ForeignKey(
        get_image_model_string(),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
        help_text=_("Above the text, in lists, and where somebody shares the page."),
    )
    body = StreamField(SECTIONS, verbose_name=_("text"), blank=True)
    topics = ClusterTaggableManager(through=ArticleTag, blank=True, verbose_name=_("topics"))

    base_form_class = PageForm
    content_panels = [*Page.content_panels, *map(FieldPanel, ("date", "introduction", "picture", "body", "topics"))]
    allowed_http_methods = READING
    parent_page_types = ["home.ArticleIndexPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("article")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context | import_string("home.articles.beside")(self)._asdict()
