"""What does an editor see when something deep below the CMS refuses, where Wagtail asks no form first?"""

import logging
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

logger = logging.getLogger(__name__)


class Refusals:
    """Middleware: a ValidationError that nobody caught, as in the approval of a workflow, becomes its sentence above
    the page the editor came from. The request's transaction is rolled back by then, so nothing is half-written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        cms = reverse("wagtailadmin_home")
        if not (isinstance(exception, ValidationError) and request.path.startswith(cms)):
            return None
        logger.warning("refused at %s: %s", request.path, type(exception).__name__)
        messages.error(request, " ".join(exception.messages))
        back = request.headers.get("Referer", "")
        is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
        return HttpResponseRedirect(back if is_ours else cms)
