"""Who runs the mailboxes of each subscriber's domain? Learnt from DNS, for rates and slowdowns go by provider."""

from collections.abc import Mapping

from django.db.models import Count

from mailing.addresses import Provider
from mailing.models import Subscriber

SEVERAL = 5  # subscribers at one domain; what a smaller one's server bears is learnt from its own answers


def unknown_domains(*, limit: int = 500) -> list[str]:
    """Domains of several subscribers that no provider is known of, the most frequent first."""
    others = Subscriber.objects.filter(provider=Provider.OTHER).values("domain")
    counted = others.annotate(people=Count("pk")).filter(people__gte=SEVERAL)
    return list(counted.order_by("-people", "domain").values_list("domain", flat=True)[:limit])


def regroup(found: Mapping[str, Provider]) -> int:
    """Writes down what DNS said; returns how many subscribers are grouped anew."""
    changed = {domain: provider for domain, provider in found.items() if provider != Provider.OTHER}
    return sum(
        Subscriber.objects.filter(domain=domain, provider=Provider.OTHER).update(provider=provider)
        for domain, provider in changed.items()
    )
