"""POST /consent/shown/: a visit saw the banner. It is counted, and nothing about whoever came is kept."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from consent import statistics
from consent.views.deciding import asking, shown
from records.http import guarded, json_object


@never_cache
@guarded(limit=256, rate="60/m", methods=("POST",))
def showing(request: HttpRequest) -> HttpResponse:
    """204 for {"snapshot": "<hash>"}, as the page's script says it once a visit."""
    sent = json_object(request)
    visitor = asking(request)
    published = shown(sent.get("snapshot"), visitor)
    statistics.count_showing(snapshot=published.pk, language=visitor.language, now=visitor.now)
    return HttpResponse(status=204)
