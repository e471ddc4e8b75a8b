"""What are many mails called, asked of the database at once? As for a reader who is not known."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from mailing.compose import merge
from mailing.compose.shapes import Reader
from mailing.models import Campaign, Text

NOBODY = Reader(email="")


def look_up(campaigns: Iterable[Campaign]) -> None:
    """Gives each campaign its texts, without their bodies."""
    found: dict[int, dict[tuple[str, str], Text]] = defaultdict(dict)
    known = {campaign.pk: campaign for campaign in campaigns}
    for text in Text.objects.filter(campaign__in=known).defer("body", "plain").order_by("pk"):
        found[text.campaign_id][text.language, text.version] = text
    for key, campaign in known.items():
        campaign.written = found[key]


def filled(words: Collection[str], language: str) -> list[str]:
    """Each with what stands where nothing is known of the reader."""
    values = {key: said(NOBODY) for key, said in merge.gaps(list(words), language).items()}
    return [merge.fill(each, values) for each in words]
