"""A site's own colours, as a style sheet that never changes under its name."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from home import appearance
from records.http import guarded

YEAR, MINUTE = 31_536_000, 60  # seconds


@guarded(limit=0, rate="300/m", methods=("GET", "HEAD"), atomic=False)
def style(request: HttpRequest, name: str) -> HttpResponse:
    """Asks the database nothing: the name says what is in it."""
    found = appearance.named(name)
    if found is None:
        raise Http404(_("No such style sheet."))
    text, lasting = found
    response = HttpResponse(text, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable" if lasting else f"public, max-age={MINUTE}"
    return response
