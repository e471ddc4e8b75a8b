"""What may programs that read the whole site find on it?"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.sitemaps import views
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control
from wagtail.contrib.sitemaps import Sitemap
from wagtail.models import Locale, Page, PageQuerySet

from records.http import guarded

KEPT_FOR = 600  # seconds


class Pages(Sitemap):
    """Every page that anybody may read, in every language of the site, each beside its translations."""

    def items(self) -> PageQuerySet[Page]:
        root = self.get_wagtail_site().root_page
        homes = root.get_translations(inclusive=True).live()
        below = Page.objects.none()
        for home in homes:
            below |= Page.objects.descendant_of(home, inclusive=True)
        return below.live().public().order_by("path").defer_streamfields().specific()

    def _urls(self, page: int, protocol: str, domain: str | None) -> list[dict[str, Any]]:
        pages: Iterable[Page] = self.paginator.page(page).object_list
        urls: list[dict[str, Any]] = []
        same: defaultdict[UUID, list[dict[str, str]]] = defaultdict(list)
        languages = dict(Locale.objects.values_list("pk", "language_code"))
        for each in pages:
            for number, found in enumerate(each.get_sitemap_urls(self.request)):
                if number == 0:  # its own address; the others are its own business
                    found["alternates"] = same[each.translation_key]
                    same[each.translation_key].append(
                        {"location": found["location"], "lang_code": languages[each.locale_id]}
                    )
                urls.append(found)
        changed = [found["lastmod"] for found in urls if found.get("lastmod")]
        if changed:
            self.latest_lastmod = max(changed)
        for found in urls:
            if len(found.get("alternates", ())) == 1:
                found["alternates"] = []
        return urls


@guarded(limit=0, rate="60/m", methods=("GET", "HEAD"))
def sitemap(request: HttpRequest) -> HttpResponseBase:
    response = views.sitemap(request, {"pages": Pages(request)})
    response.render()
    patch_cache_control(response, public=True, max_age=KEPT_FOR)
    return response


@guarded(limit=0, rate="60/m", methods=("GET", "HEAD"), atomic=False)
def robots(request: HttpRequest) -> HttpResponse:
    """Forbids nothing: what is nobody else's says so itself, and a list of it would only be a map to it."""
    text = f"User-agent: *\nDisallow:\n\nSitemap: {request.build_absolute_uri(reverse('sitemap'))}\n"
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    patch_cache_control(response, public=True, max_age=KEPT_FOR)
    return response
