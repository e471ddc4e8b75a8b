"""How does a list of articles answer: as a page, for one topic, and as a feed?"""

from datetime import UTC, datetime, time
from typing import Any

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from home import articles
from home.models import ArticleIndexPage, ArticlePage

FEED_FOR = 600  # seconds that a feed reader may keep it


def listing(request: HttpRequest, page: ArticleIndexPage) -> HttpResponse:
    """`?topic=` and `?page=`; there is nothing at any other value of theirs."""
    known = list(articles.topics(page))
    wanted = request.GET.get("topic")
    topic = next((each for each in known if each.slug == wanted), None)
    if wanted is not None and topic is None:
        raise Http404(_("No article is about this."))
    try:
        shown = Paginator(articles.about(page, topic), articles.A_PAGE).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404(_("The list ends before this page.")) from error
    context: dict[str, Any] = {"articles": shown, "topics": known, "topic": topic}
    answer: HttpResponse = page.render(request, context_overrides=context)
    return answer


def feed(request: HttpRequest, page: ArticleIndexPage) -> HttpResponse:
    """Atom (RFC 4287). Ids rest on the pages' own keys, so that they outlive an address."""
    address = page.get_full_url(request)
    atom = Atom1Feed(
        title=page.title,
        link=address,
        description=page.introduction,
        language=page.locale.language_code,
        feed_url=f"{address}feed/",
        feed_guid=_id(page),
    )
    for article in articles.standing(page)[: articles.IN_FEED]:
        published = datetime.combine(article.date, time(), UTC)
        atom.add_item(
            title=article.title,
            link=article.get_full_url(request),
            description=article.introduction or article.search_description,
            unique_id=_id(article),
            pubdate=published,
            updateddate=max(published, article.last_published_at or published),
        )
    response = HttpResponse(content_type=Atom1Feed.content_type)
    atom.write(response, "utf-8")
    patch_cache_control(response, public=True, max_age=FEED_FOR)
    return response


def _id(page: ArticleIndexPage | ArticlePage) -> str:
    return f"{page.translation_key.urn}:{page.locale.language_code}"
