"""How far are the notices of a policy's versions? For the dashboard of the CMS."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mailing import notices
from mailing.models import Campaign, Delivery
from policies.models import PolicyPage, PolicyVersion
from policies.notices import RECENT
from policies.panels import Line

SENTENCES = {
    Campaign.Kind.NOTICE: gettext_lazy("Notice of version %(number)d: %(sent)d of %(all)d sent."),
    Campaign.Kind.WITHDRAWAL: gettext_lazy("Withdrawal of version %(number)d: %(sent)d of %(all)d sent."),
}


def notice_lines(page: PolicyPage, now: datetime) -> Iterator[Line]:
    """What is still to be told, and what was told of versions that are pending or new at `now` (UTC)."""
    for number in PolicyVersion.objects.filter(pk__in=notices.due(), policy=page.key).values_list("number", flat=True):
        yield Line(_("Version %(number)d: a worker is yet to tell subscribers.") % {"number": number}, open=True)
    recent = Campaign.objects.filter(policy_version__policy=page.key, policy_version__effective_from__gt=now - RECENT)
    sent = Count("deliveries", filter=Q(deliveries__state=Delivery.State.SENT))
    counted = recent.annotate(sent=sent, all=Count("deliveries")).order_by("pk")
    for key, kind, number, done, of in counted.values_list("pk", "kind", "policy_version__number", "sent", "all"):
        words = {"number": number, "sent": done, "all": of}
        yield Line(SENTENCES[Campaign.Kind(kind)] % words, reverse("campaigns:inspect", args=(key,)))
