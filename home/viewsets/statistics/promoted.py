"""How often were promotions seen and followed? Nobody is counted by name."""

from django.db.models import Sum
from django.utils.translation import gettext as _

from home.models import PromotionCount
from home.statistics import Period
from home.statistics.beside import told
from home.viewsets.statistics.tables import Line, Table, barred


def promotions(period: Period) -> list[Table]:
    rows = PromotionCount.objects.filter(day__range=(period.since, period.until)).order_by()
    found: dict[str, dict[str, int]] = {}
    for title, act, number in rows.values_list("promotion__title", "act").annotate(number=Sum("number")):
        found.setdefault(title, {})[act] = number
    acts = (PromotionCount.Act.SEEN, PromotionCount.Act.FOLLOWED)
    lines = [Line(title, [told(found[title].get(act, 0)) for act in acts]) for title in sorted(found)]
    return [
        Table(
            "promotions",
            _("Promotions"),
            _("Promotion"),
            [_("Seen"), _("Followed")],
            barred(lines),
            says=_("Each time counts, whoever it was. Numbers are in steps of five."),
            empty=_("No promotion was seen in this time."),
        )
    ]
