"""What do the mails of this site look like?"""

import hashlib
import hmac
import re
from email.header import Header
from email.utils import parseaddr, quote
from typing import Any
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from wagtail.models import Site
from wagtail.rich_text import expand_db_html

from mailing import tokens
from mailing.models import Campaign, MailingList, Subscription
from policies import effective
from records.models import Controller


class Message(EmailMultiAlternatives):
    """Headers stay on one line: a folded List-Unsubscribe loses its DKIM signature at some relays."""

    def message(self, *args: Any, **kwargs: Any) -> Any:
        built = super().message(*args, **kwargs)
        built.policy = built.policy.clone(max_line_length=998)  # RFC 5322, 2.1.1
        return built


def confirmation(subscription: Subscription) -> Message:
    """The question: did you ask for this?"""
    with translation.override(subscription.subscriber.locale):
        link = _absolute("mailing:confirm", tokens.make(subscription, tokens.CONFIRM))
        context = {"subscription": subscription, "confirm_url": link, **_letterhead()}
        subject = render_to_string("mailing/mail/confirmation_subject.txt", context).strip()
        return _message(subject, "confirmation", context, subscription)


def promotional(campaign: Campaign, subscription: Subscription) -> Message:
    """One recipient's copy, with one-click unsubscription in its headers (RFC 2369, RFC 8058)."""
    with translation.override(subscription.subscriber.locale):
        leave = _absolute("mailing:unsubscribe", tokens.make(subscription, tokens.UNSUBSCRIBE))
        body = _body(campaign)
        context = {
            "campaign": campaign,
            "subscription": subscription,
            "body": body,
            "body_text": plain_text(body),
            "unsubscribe_url": leave,
            **_letterhead(),
        }
        message = _message(campaign.subject, "campaign", context, subscription)
    message.extra_headers |= {
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": _list_id(campaign.mailing_list),
        "Message-ID": message_id(campaign, subscription),
    }
    return message


def message_id(campaign: Campaign, subscription: Subscription) -> str:
    """The same at every attempt, so that a repeated message is recognised; says nothing about the person."""
    seed = f"campaign:{campaign.pk}:{subscription.pk}".encode()
    digest = hmac.new(settings.SECRET_KEY.encode(), seed, hashlib.sha256).hexdigest()
    return f"<{digest[:32]}@{_domain()}>"


def plain_text(html: str) -> str:
    """The readable text of rich text: paragraphs apart, list items dashed, link targets in brackets."""
    soup = BeautifulSoup(html, "html.parser")
    for link in soup.find_all("a", href=True):
        link.append(f" ({link['href']})")
    for item in soup.find_all("li"):
        item.insert(0, "- ")
    for end_of_line in soup.find_all("br"):
        end_of_line.replace_with("\n")
    for block in soup.find_all(["p", "h2", "h3", "li", "ul", "ol", "hr"]):
        block.insert_before("\n\n")
        block.insert_after("\n\n")
    blocks = (" ".join(block.split()) for block in re.split(r"\n\n+", soup.get_text()))
    return "\n\n".join(block for block in blocks if block)


def _body(campaign: Campaign) -> str:
    """The campaign's HTML, with links that work outside the site as well."""
    soup = BeautifulSoup(expand_db_html(campaign.body), "html.parser")
    for link in soup.find_all("a", href=True):
        link["href"] = urljoin(f"{settings.SITE_URL}/", str(link["href"]))
    return str(soup)


def _list_id(mailing_list: MailingList) -> str:
    """RFC 2919: words for people, quoted or encoded; then the name for machines, which must stay plain."""
    words = " ".join(mailing_list.name.split())
    phrase = f'"{quote(words)}"' if words.isascii() else Header(words, "utf-8", maxlinelen=75).encode(linesep="")
    return f"{phrase} <{mailing_list.key}.{_domain()}>"


def _message(subject: str, name: str, context: dict[str, Any], subscription: Subscription) -> Message:
    message = Message(
        subject=" ".join(subject.split()),
        body=render_to_string(f"mailing/mail/{name}.txt", context),
        to=[subscription.subscriber.email],
    )
    message.attach_alternative(render_to_string(f"mailing/mail/{name}.html", context), "text/html")
    return message


def _letterhead() -> dict[str, Any]:
    """Who writes, and where the policy in force is: at the foot of every mail."""
    site = Site.objects.select_related("root_page").get(is_default_site=True)
    policy = effective.policy_of(site)
    return {
        "controller": Controller.for_site(site),
        "site_url": settings.SITE_URL,
        "policy_url": urljoin(f"{settings.SITE_URL}/", policy.get_url()) if policy else "",
    }


def _absolute(name: str, *arguments: str) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=arguments)}"


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
