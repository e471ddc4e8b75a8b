"""How is a mail made? The same few functions for campaigns, notices and letters."""

from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.utils import timezone

from mailing.compose import body, editions, letters, manuscript, notices, promotions
from mailing.compose.anew import Anew
from mailing.compose.headers import message_id, return_address
from mailing.compose.shapes import Edition, Reader
from mailing.models import Campaign, Letter, Subscription

__all__ = [
    "Edition",
    "Reader",
    "confirmation",
    "edition",
    "links_of",
    "message_id",
    "of_letter",
    "page",
    "plain",
    "return_address",
]


def edition(campaign: Campaign, *, language: str, version: str = "", now: datetime) -> Edition:
    """A campaign or notice in one language and one version, ready to be made out to anybody. A notice says what is so
    at `now` (UTC). Raises ValueError where the campaign has no text, or the layout is no MJML."""
    label = f"campaign {campaign.pk} in {language}"
    if not campaign.is_promotion:
        notice = notices.written(campaign, language=language, at=now)
        return editions.edition(notices.of(notice, now=now), label=label)
    written = promotions.written(campaign, language=language, version=version)
    plain_links = editions.edition(promotions.of(written, now=now), label=label)
    rows = {link.url: link.pk for link in campaign.links.all()} if campaign.count_links else {}
    if not rows:
        return plain_links
    counted = promotions.of(promotions.counting(written, rows), now=now)
    return editions.TwoSets(plain_links, editions.edition(counted, label=f"{label} with counted links"))


def of_letter(letter: Letter, *, now: datetime) -> Edition:
    return Anew(letters.of(letter, now=now))


def confirmation(subscription: Subscription) -> EmailMultiAlternatives:
    """The question whether somebody asked for our mail."""
    return letters.confirmation(subscription)


def links_of(campaign: Campaign) -> list[str]:
    """The http(s) addresses that the texts of a campaign link to, once each."""
    return list(dict.fromkeys(url for text in campaign.written.values() for url in body.links(text)))


def page(campaign: Campaign, *, language: str, version: str = "", reader: Reader | None = None) -> str:
    """The HTML of a campaign or notice as a web page. What a reader could be recognised or signed off by is left out:
    whoever passes on the address of the page passes on nothing else. Only a preview (a reader of no delivery) has all
    links; they lead to no row."""
    somebody = reader or Reader(email="")
    written = _written(campaign, language, version)
    values = _manuscript(written).values(somebody)
    is_preview = reader is not None and not reader.delivery
    html = written.page(values, manuscript.addresses(values) if is_preview else {})
    return html.replace(' role="article"', ' role="main"', 1)  # a mail is shown inside a page, this is one


def plain(campaign: Campaign, *, language: str, version: str = "") -> str:
    """The plain-text part as a preview shows it: whole, with links that lead to no row."""
    written = _written(campaign, language, version)
    return written.content(_manuscript(written).values(Reader(email=""))).text


def _written(campaign: Campaign, language: str, version: str) -> promotions.Written | notices.Notice:
    if campaign.is_promotion:
        return promotions.written(campaign, language=language, version=version)
    return notices.written(campaign, language=language, at=_read_at(campaign))


def _manuscript(written: promotions.Written | notices.Notice) -> manuscript.Manuscript:
    at = _read_at(written.campaign)
    return promotions.of(written, now=at) if isinstance(written, promotions.Written) else notices.of(written, now=at)


def _read_at(campaign: Campaign) -> datetime:
    """A page shows what was sent; before that, what would be sent now."""
    return campaign.queued_at or timezone.now()
