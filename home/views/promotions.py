"""POST /promotions/count/: a promotion was seen or followed. It is counted, and nothing about who it was is kept."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from home import promotions
from home.models import PromotionCount
from records.http import BadRequest, guarded, json_object

_LARGEST = 2**63  # of a number that the database knows


@never_cache
@guarded(limit=256, rate="120/m", methods=("POST",), atomic=False)
def count(request: HttpRequest) -> HttpResponse:
    """204 for {"promotion": 3, "act": "seen", "targeted": false}; 404 for a promotion that is not on."""
    sent = json_object(request)
    act, promotion, targeted = sent.get("act"), sent.get("promotion"), sent.get("targeted")
    if type(promotion) is not int or not 0 < promotion < _LARGEST:
        raise BadRequest(400, _("“promotion” is the number of a promotion."))
    if act not in PromotionCount.Act.values:
        raise BadRequest(400, _("“act” is “seen” or “followed”."))
    if not isinstance(targeted, bool):
        raise BadRequest(400, _("“targeted” is true or false."))
    act = PromotionCount.Act(act)
    if not promotions.count(promotion=promotion, act=act, targeted=targeted, now=timezone.now()):
        raise BadRequest(404, _("No promotion of this number is on."))
    return HttpResponse(status=204)
