"""What do the mails of this site look like?"""

import hashlib
import hmac
import re
from datetime import datetime
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
from policies.models import PolicyPage, PolicyVersion
from policies.notices import material, what_changes
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


def one_of_many(campaign: Campaign, subscription: Subscription, now: datetime) -> Message:
    """One recipient's copy of a campaign or of a notice, with one-click unsubscription in its headers (RFC 2369,
    RFC 8058)."""
    with translation.override(subscription.subscriber.locale):
        if campaign.kind == Campaign.Kind.PROMOTION:
            message = promotional(campaign, subscription)
        else:
            message = notice(campaign, subscription, now)
    message.extra_headers |= {
        "List-Unsubscribe": f"<{_leave(subscription)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": _list_id(subscription.mailing_list),
        "Message-ID": message_id(campaign, subscription),
    }
    return message


def promotional(campaign: Campaign, subscription: Subscription) -> Message:
    """What an editor wrote, and why the reader gets it."""
    body = _body(campaign)
    context = {
        "campaign": campaign,
        "subscription": subscription,
        "body": body,
        "body_text": plain_text(body),
        "unsubscribe_url": _leave(subscription),
        **_letterhead(),
    }
    return _message(campaign.subject, "campaign", context, subscription)


def notice(campaign: Campaign, subscription: Subscription, now: datetime) -> Message:
    """What changes in a policy and when, or that it does not after all, and how to leave."""
    assert campaign.policy_version_id, "the database holds no notice without a version"
    version = material(PolicyVersion.objects.filter(pk=campaign.policy_version_id)).select_related("page").get()
    page = _in_language(version, subscription.subscriber.locale)
    shown = effective.reading(page, version, now).shown
    context = {
        "version": version,
        "title": shown.title,
        "note": shown.change_note or version.change_note,
        "is_coming": version.effective_from > now,
        "changes_url": _public(what_changes(page, version)),
        "history_url": _public(f"{page.url}history/"),
        "subscriptions": _all_of(subscription),
        **_letterhead(),
    }
    name = "withdrawal" if campaign.kind == Campaign.Kind.WITHDRAWAL else "notice"
    subject = render_to_string(f"mailing/mail/{name}_subject.txt", context)
    return _message(subject, name, context, subscription)


def _in_language(version: PolicyVersion, language: str) -> PolicyPage:
    """The policy's page in `language` where visitors can read one, else in the authoritative language."""
    pages = PolicyPage.objects.live().filter(translation_key=version.policy, locale__language_code=language)
    return pages.filter(alias_of=None).select_related("locale").first() or version.page


def _all_of(subscription: Subscription) -> list[tuple[str, str]]:
    """The lists that the same person is on, that of `subscription` first, and where to leave each."""
    live = Subscription.objects.live().filter(subscriber=subscription.subscriber).select_related("mailing_list")
    ordered = sorted(live, key=lambda each: (each.pk != subscription.pk, each.pk))
    return [(each.mailing_list.name, _leave(each)) for each in ordered]


def _leave(subscription: Subscription) -> str:
    return _absolute("mailing:unsubscribe", tokens.make(subscription, tokens.UNSUBSCRIBE))


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
        link["href"] = _public(str(link["href"]))
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
        "policy_url": _public(policy.get_url()) if policy else "",
    }


def _public(address: str) -> str:
    return urljoin(f"{settings.SITE_URL}/", address)


def _absolute(name: str, *arguments: str) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=arguments)}"


def _domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
