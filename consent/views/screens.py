"""POST /consent/screen/: the size of a screen, from browsers that allowed it."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from consent.views import visitor as visitors
from records import action_log
from records.http import BadRequest, guarded, json_object
from records.middleware.actions import sender

SERVICE = "own-statistics"  # the key it ships under
_SIZE = re.compile(r"[1-9]\d{1,4}x[1-9]\d{1,4}")


@never_cache
@guarded(limit=128, rate="30/m", methods=("POST",), atomic=False)
def screen(request: HttpRequest) -> HttpResponse:
    """Puts {"screen": "1920x1080"} on record; 204. Of a browser that sends GPC or DNT nothing is written."""
    size = json_object(request).get("screen")
    if not (isinstance(size, str) and _SIZE.fullmatch(size)):
        raise BadRequest(422, _("“screen” is width and height, such as 1920x1080."))
    _published, choice = visitors.answer_of(request)
    who = sender(request)
    if not choice.services.get(SERVICE):
        raise BadRequest(403, _("You have not allowed that your screen's size is noted."))
    if settings.ACTION_LOG and not who.signal:
        now = timezone.now()
        action_log.record(
            action_log.note(who, at=now, now=now, kind="screen", path=request.path, method="POST", screen=size)
        )
    return HttpResponse(status=204)
