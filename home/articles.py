"""Which articles stand in a list, about what, and which come before and after one?"""

from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from taggit.models import Tag
from wagtail.models import Page, PageQuerySet

from home.models import ArticleIndexPage, ArticlePage

A_PAGE = 12
IN_FEED = 20


class Beside(NamedTuple):
    """`older` and `newer` in the order of their dates, the article's own topics, and where the whole list is."""

    older: ArticlePage | None
    newer: ArticlePage | None
    topics: list[Tag]
    list_url: str


def standing(index: ArticleIndexPage) -> PageQuerySet[ArticlePage]:
    """What visitors can read, the newest first."""
    articles: PageQuerySet[ArticlePage] = ArticlePage.objects.child_of(index).live().public().defer_streamfields()
    return articles.select_related("picture").order_by("-date", "-pk")


def about(index: ArticleIndexPage, topic: Tag | None) -> PageQuerySet[ArticlePage]:
    articles = standing(index)
    return articles.filter(tagged_items__tag=topic) if topic else articles


def topics(index: ArticleIndexPage) -> QuerySet[Tag]:
    """Those of the articles of this list, by name."""
    used = Count("home_articletag_items", filter=Q(home_articletag_items__content_object__in=standing(index)))
    return Tag.objects.annotate(used=used).filter(used__gt=0).order_by("name")


def beside(article: ArticlePage) -> Beside:
    index = ArticleIndexPage.objects.parent_of(article).first()
    known = list(article.topics.order_by("name"))
    if index is None:
        return Beside(None, None, [], "")
    others = standing(index).exclude(pk=article.pk).select_related(None)
    same_day = Q(date=article.date)
    older = others.filter(Q(date__lt=article.date) | same_day & Q(pk__lt=article.pk)).first()
    newer = others.filter(Q(date__gt=article.date) | same_day & Q(pk__gt=article.pk)).order_by("date", "pk").first()
    return Beside(older, newer, known, index.url or "")


def newest(parent: Page, number: int) -> tuple[ArticleIndexPage | None, list[ArticlePage]]:
    """Of the first list below a page, and the list itself."""
    index = ArticleIndexPage.objects.child_of(parent).live().public().first()
    return index, list(standing(index)[:number]) if index else []
