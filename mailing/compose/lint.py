"""What would providers or readers hold against a campaign as it is written? A sentence for each, for its editors."""

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from mailing import addresses
from mailing.compose import body, editions, headers, merge, notices, promotions
from mailing.compose.encoding import one_line
from mailing.compose.manuscript import Manuscript
from mailing.compose.shapes import Reader
from mailing.models import Campaign, Text

LARGEST = 102 * 1024  # bytes of HTML; Gmail cuts off the rest, with the link to leave the list
LONG_SUBJECT = 70  # characters; phones show about half of them
_FAKE = re.compile(r"\s*(re|fwd?|aw|wg|отв|ha)\s*(\[\d+\])?\s*:", re.IGNORECASE)
_SAMPLE = Reader(email="reader@mail.example", list_key="list", list_name="List")
_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Problem:
    """With an error, a message may be refused or harm its readers; a warning is worth a thought."""

    level: Literal["error", "warning"]
    sentence: str


def problems(campaign: Campaign) -> list[Problem]:
    """Errors first; each sentence once, with the language and version it is about where there are several texts."""
    found = list(_of_sender(campaign))
    can_be_built = not [problem for problem in found if problem.level == "error"]
    texts = list(campaign.written.values()) if campaign.is_promotion else []
    if campaign.is_promotion and not texts:
        found.append(Problem("error", _("There is no text yet.")))
    for text in texts:
        where = f"{text.language}, {text.version.upper()}: " if len(texts) > 1 else ""
        said = [*_of_text(text), *(_of_message(_promotion(campaign, text)) if can_be_built else [])]
        found += [Problem(each.level, f"{where}{each.sentence}") for each in said]
    if not campaign.is_promotion:  # its words are this site's own
        found += [each for language, _name in settings.LANGUAGES for each in _of_message(_notice(campaign, language))]
    return sorted(dict.fromkeys(found), key=lambda problem: problem.level)


def _promotion(campaign: Campaign, text: Text) -> Manuscript:
    return promotions.of(promotions.written(campaign, language=text.language, version=text.version), now=_AT)


def _notice(campaign: Campaign, language: str) -> Manuscript:
    return notices.of(notices.written(campaign, language=language, at=_AT), now=_AT)


def _of_sender(campaign: Campaign) -> Iterator[Problem]:
    mailing_list = campaign.mailing_list
    sender = mailing_list.sender if mailing_list and mailing_list.sender else settings.DEFAULT_FROM_EMAIL
    if not _is_address(parseaddr(sender)[1]):
        yield Problem("error", _("The sender has no valid address. Write one in the settings of the list."))
    elif not _is_aligned(addresses.domain(parseaddr(sender)[1]), headers.own_domain()):
        words = {"domain": addresses.domain(parseaddr(sender)[1]), "own": headers.own_domain()}
        sentence = _("Mail from %(domain)s is not signed by it: this site signs as %(own)s. Providers may refuse it.")
        yield Problem("error", sentence % words)
    if campaign.reply_to and not _is_address(campaign.reply_to):
        yield Problem("error", _("The address for answers is not valid."))
    if urlsplit(settings.SITE_URL).scheme != "https":
        sentence = _("The address of this site does not begin with https: mailboxes show no button to leave the list.")
        yield Problem("warning", sentence)


def _is_aligned(domain: str, own: str) -> bool:
    """Relaxed alignment (RFC 7489, 3.1.1), as far as it shows without the list of public suffixes."""
    return domain == own or domain.endswith(f".{own}") or own.endswith(f".{domain}")


def _is_address(address: str) -> bool:
    try:
        validate_email(address)
        headers.reachable(address)
    except (ValidationError, ValueError):
        return False
    return True


def _of_text(text: Text) -> Iterator[Problem]:
    yield from _of_subject(one_line(merge.without_reader(text.subject)))
    if not text.preheader.strip():
        yield Problem("warning", _("There is no preview line: mailboxes show the first words of the text instead."))
    yield from (Problem("error", sentence) for sentence in merge.problems_of(text))
    sections = body.sections(text)
    yield from _of_sections(sections)
    yield from (problem for url in body.links(text) if (problem := _of_link(url)))
    if not one_line(body.plain(text, sections, {}, lambda url: url)):
        yield Problem("error", _("The mail says nothing as plain text. Write something, or a plain text of its own."))


def _of_subject(subject: str) -> Iterator[Problem]:
    letters = [letter for letter in subject if letter.isalpha() and letter.lower() != letter.upper()]
    if not subject:
        yield Problem("error", _("The subject is empty."))
    elif _FAKE.match(subject):
        yield Problem("error", _("The subject begins as an answer does, and this is none: that counts as deceit."))
    if len(subject) > LONG_SUBJECT:
        words = {"count": len(subject), "most": LONG_SUBJECT}
        yield Problem("warning", _("The subject has %(count)d characters; more than %(most)d are cut off.") % words)
    if len(letters) > 5 and all(letter.isupper() for letter in letters):
        yield Problem("warning", _("The subject is written in capitals: filters and readers take it for shouting."))


def _of_sections(sections: list[body.Section]) -> Iterator[Problem]:
    for section in sections:
        if section.picture and not section.picture.alt and not section.picture.is_decorative:
            yield Problem("error", _("An image has no words in its place. Describe it, or mark it as decorative."))
        if section.kind == "button" and not section.url:
            yield Problem("error", _("The button “%(label)s” leads nowhere.") % {"label": section.words})
        yield from _of_sections(section.columns)


def _of_link(url: str) -> Problem | None:
    if url.startswith(f"{settings.SITE_URL}/"):
        return None
    words = {"url": url[:100]}
    if _is_private(urlsplit(url).hostname or ""):
        return Problem("error", _("%(url)s cannot be reached from outside.") % words)
    if url.startswith("http://"):
        return Problem("warning", _("%(url)s is not encrypted. Does it begin with https, too?") % words)
    return None


def _is_private(host: str) -> bool:
    """Of this machine, this network, or no network at all."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".localhost", ".local", ".internal", ".lan"))


def _of_message(manuscript: Manuscript) -> Iterator[Problem]:
    """The message as it would leave."""
    wire = editions.edition(manuscript, label="a draft").wire(_SAMPLE)
    message = editions.parsed(wire)
    plain, html = (editions.part(message, kind) for kind in ("plain", "html"))
    size = len(html.encode("utf-8"))
    if size > LARGEST:
        words = {"size": size // 1024, "most": LARGEST // 1024}
        yield Problem("warning", _("The mail has %(size)d kB; Gmail cuts off what is beyond %(most)d kB.") % words)
    leave = str(message["List-Unsubscribe"] or "").strip("<>")
    if not leave or leave not in plain or leave not in html:
        yield Problem("error", _("The message has no link to leave the list, in its headers or where readers see it."))
    head = wire.partition(b"\r\n\r\n")[0]
    if not head.isascii() or max(map(len, wire.split(b"\r\n"))) > 998:
        yield Problem("error", _("The message is not formed as mail servers demand (RFC 5322)."))
