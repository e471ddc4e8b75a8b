"""Did every mail of a list leave under a consent and a purpose, and does every mail lead to the policy?"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from mailing import compose
from mailing.compose import letterhead
from mailing.deliver.claim import LEASE
from mailing.models import Campaign, Delivery, Letter
from records.promises import Promise, State, Stated, counted, last, later, listed, stretches
from records.registry import Purpose
from records.terms import Kind

LOOKED_BACK = timedelta(days=90)
WHOLE_EVERY = timedelta(days=1)
LATE = timedelta(days=2)  # a machine that was down writes down later when its messages were accepted
WEEK = timedelta(days=7)
CAMPAIGNS = 3  # the newest ones are written out anew
_OWED = (Purpose.LEGAL.value,)  # what the law asks for needs no purpose in a policy and no consent
# What was withdrawn while the message was being handed over came too late for it.
_WITHOUT_CONSENT = """
SELECT count(*) FROM mailing_delivery d
JOIN mailing_campaign c ON c.id = d.campaign_id AND c.kind = 'promotion'
JOIN mailing_mailinglist l ON l.id = c.mailing_list_id
LEFT JOIN consent_decision k ON k.id = d.decision_id
WHERE d.sent_at >= %(since)s AND d.sent_at < %(until)s AND (
    k.id IS NULL OR k.choices -> ('mail:' || l.key) IS DISTINCT FROM 'true'::jsonb
    OR k.decided_at > d.sent_at OR k.expires_at <= d.sent_at - %(lease)s
    OR EXISTS (
        SELECT 1 FROM consent_decision n
        WHERE n.consent_id = k.consent_id AND n.seq > k.seq AND n.choices ? ('mail:' || l.key)
            AND n.decided_at <= d.sent_at - %(lease)s
    )
)
"""


def with_consent(now: datetime) -> Iterator[Promise]:
    """Of what was sent within 90 days, each message of a list against the decision it names. Once a day of all of it;
    between, of what came since, unless something was found."""
    known = last("mailing.consent")
    whole_at = known.get("whole_at")
    since = now - LOOKED_BACK
    if whole_at and not known["without"] and datetime.fromisoformat(whole_at) > now - WHOLE_EVERY:
        since = datetime.fromisoformat(whole_at) - LATE
    else:
        whole_at = now.isoformat()
    without = sum(_without(start, now) for start in _weeks(since, now))
    yield Promise(
        key="mailing.consent",
        title=_consent_title(),
        promised=_consent_promised(),
        stated_by=Stated(Kind.PURPOSE, now).by(Purpose.PROMOTION),
        state=State.BROKEN if without else State.KEPT,
        evidence=_without_consent(without),
        measured={"without": bool(without), "whole_at": whole_at},
        mend="mail_queue:index",
    )


def _weeks(since: datetime, until: datetime) -> Iterator[datetime]:
    """Where each begins: a statement is about no more than one."""
    while since <= until:
        yield since
        since += WEEK


def _without(since: datetime, now: datetime) -> int:
    until = min(since + WEEK, now + timedelta(microseconds=1))
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"since": since, "until": until, "lease": LEASE}
        cursor.execute(_WITHOUT_CONSENT, values)
        [count] = cursor.fetchone()
    return int(count)


def with_purpose(now: datetime) -> Iterator[Promise]:
    """The same against the purposes that the versions in force at the time named. A letter needs one only where a
    version in force named purposes at all."""
    since, without = now - LOOKED_BACK, 0
    for stretch in stretches(Kind.PURPOSE, since, now + timedelta(microseconds=1)):
        sent = Delivery.objects.filter(sent_at__gte=stretch.since, sent_at__lt=stretch.until)
        unnamed = sent.exclude(purpose__in=[*stretch.stated, *_OWED])
        without += (unnamed if stretch.stated else unnamed.filter(campaign__isnull=False)).count()
    stated = Stated(Kind.PURPOSE, now)
    yield Promise(
        key="mailing.purpose",
        title=_purpose_title(),
        promised=_purpose_promised(),
        stated_by=stated.by_any(),
        state=State.BROKEN if without else State.KEPT if stated.terms else State.UNCOVERED,
        evidence=_without_purpose(without),
        measured={"without": bool(without), "since": since},
        mend="mail_queue:index",
    )


def linked(now: datetime) -> Iterator[Promise]:
    """Writes out a letter in each language, and the newest campaigns, and looks for the policy's address."""
    address = letterhead.letterhead()["policy_url"]
    without = [name for name, text in _mails(now) if address not in text] if address else []
    yield Promise(
        key="mailing.linked",
        title=_linked_title(),
        promised=_linked_promised(),
        stated_by="",
        state=State.BROKEN if without else State.KEPT if address else State.UNCOVERED,
        evidence=_linked(bool(without), there=bool(address)),
        measured={"without": len(without)},
        details=listed(*without),
    )


def _mails(now: datetime) -> Iterator[tuple[str, str]]:
    """Each part of each mail, with a name for it."""
    for language, _name in settings.LANGUAGES:
        letter = Letter(email="reader@mail.example", locale=language, subject="-", text="-", written_at=now)
        written = compose.letters.of(letter, now=now).write({})
        yield from ((f"letter in {language}", part) for part in (written.html, written.text))
    for campaign in Campaign.objects.filter(kind=Campaign.Kind.PROMOTION).order_by("-pk")[:CAMPAIGNS]:
        for language, version in campaign.written:
            name = f"{campaign} in {language}"
            yield name, compose.page(campaign, language=language, version=version)
            yield name, compose.plain(campaign, language=language, version=version)


@later
def _consent_title() -> str:
    return _("Mail to lists")


@later
def _consent_promised() -> str:
    return _("Only to people whose recorded consent covers it as it leaves")


@later
def _without_consent(number: int) -> str:
    if not number:
        return _("Every message of the last 90 days names the consent that allowed it.")
    return _("Messages within 90 days that no consent allowed as they left: %(number)s.") % {"number": counted(number)}


@later
def _purpose_title() -> str:
    return _("What mail is for")


@later
def _purpose_promised() -> str:
    return _("Only for purposes that the policy in force names")


@later
def _without_purpose(number: int) -> str:
    if not number:
        return _("Every message of the last 90 days was for a purpose that was named at the time.")
    said = _("Messages within 90 days for a purpose that no version in force named: %(number)s.")
    return said % {"number": counted(number)}


@later
def _linked_title() -> str:
    return _("The way from a mail to the policy")


@later
def _linked_promised() -> str:
    return _("Every mail leads to the policy in force")


@later
def _linked(without: bool, *, there: bool) -> str:
    if without:
        return _("Some of the newest do not.")
    return _("Letters and the newest campaigns were written out, and all do.") if there else _("There is no policy.")
