"""A person's whole life on the site, and a search of the whole database for traces of them."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connection, transaction

from home import inquiries
from home.models import FormPage, HomePage
from mailing import letters
from mailing.models import AudienceImport, Delivery, Link, LinkFollowed, Return, Subscriber, Subscription
from records import disclosures, keys
from records.models import Disclosure, SubjectRequest
from records.registry import Ground
from records.sealed import SealedField
from tests import make
from tests.records import disclosing

PHONES = {make.ANA: "+44 20 7946 0101", make.BEN: "+44 20 7946 0202"}
NAMES = {make.ANA: "Ana Quell", make.BEN: "Ben Wharf"}
SECRETS = {make.ANA: "the kingfisher", make.BEN: "the cormorant"}  # what only they wrote


def marks(email: str) -> list[str]:
    """What nobody but this person has written."""
    return [email, PHONES[email], NAMES[email], SECRETS[email]]


def lived(*emails: str) -> None:
    """Each subscribes, gets a mail, follows a link; the mail comes back; each writes, is answered, is disclosed."""
    home = HomePage.objects.first() or make.site()
    page = FormPage.objects.first() or make.contact(home)
    make.purpose()
    news = make.mailing_list()
    rows = [make.subscriber(email, news) for email in emails]
    for row in rows:
        Subscriber.objects.filter(pk=row.subscriber_id).update(name=NAMES[row.subscriber.email])
    campaign = make.queued(make.campaign(news))
    link = Link.objects.create(campaign=campaign, url="https://site.example/spring")
    for delivery in Delivery.objects.filter(campaign=campaign):
        mailed(delivery, link)
    for email in emails:
        wrote(page, email)
    handed_out(*emails)


def mailed(delivery: Delivery, link: Link) -> None:
    LinkFollowed.objects.create(delivery=delivery, link=link, followed_at=make.NOW)
    Return.objects.create(
        delivery=delivery, kind="soft", source="mailbox", identity=str(delivery.pk), received_at=make.NOW
    )


def wrote(page: FormPage, email: str) -> None:
    message = f"I saw {SECRETS[email]}."
    inquiry = inquiries.receive(
        page=page, name=NAMES[email], email=email, phone=PHONES[email], message=message, now=make.NOW
    )
    words = f"Dear {NAMES[email]}, we saw {SECRETS[email]} too."
    letters.write(
        email=email,
        subject=f"Re: {SECRETS[email]}",
        text=words,
        locale="en",
        about=f"home.Inquiry:{inquiry.pk}",
        now=make.NOW,
    )
    asked(email, words=f"What do you know of {SECRETS[email]}?", kind="access", state="open", verified_at=make.NOW)


def asked(email: str, **values: Any) -> SubjectRequest:
    with transaction.atomic():
        key = keys.of_person(email, now=make.NOW)
        return SubjectRequest.objects.create(subject_key=key, email=email, locale="en", asked_at=make.NOW, **values)


def handed_out(*emails: str) -> Disclosure:
    disclosing.listed(Ground.PURPOSE)
    row = disclosures.disclose(
        recipient=make.recipient(),
        ground=Ground.PURPOSE,
        sets={"home.Inquiry": ["name", "email"]},
        people=emails,
        means="file download",
        content=b"a file",
        asked_by=None,
        now=make.NOW,
    )
    row.file.close()
    return row


def imported(*emails: str) -> AudienceImport:
    """A file that waits for somebody's look."""
    lines = ["email,consent_source,consent_at,name", *(f"{each},fair,2026-01-02,{NAMES[each]}" for each in emails)]
    return AudienceImport.objects.create(
        mailing_list=Subscription.objects.all()[0].mailing_list,
        filename="fair.csv",
        content="\r\n".join(lines).encode(),
        report={"accepted": len(emails), "left_out": [], "ignored": [], "words": "Yes.", "ignore": False},
        uploaded_at=make.NOW,
    )


def dump() -> bytes:
    """Every table of the database as COPY writes it, and every sealed column opened, in small letters."""
    parts = [_copied(table) for table in _tables()]
    parts += [_opened(model) for model in apps.get_models() if _sealed(model)]
    return b"\n".join(parts).lower()


def traces(of: Iterable[str], text: bytes) -> list[str]:
    """Which of these stand somewhere in `text`, as they are or in hexadecimal, as COPY writes bytes."""
    return [mark for mark in of if mark.lower().encode() in text or mark.encode().hex().encode() in text]


def rows_with(marks: Iterable[str]) -> dict[str, list[Any]]:
    """By data set, the keys of rows with one of these in a column: read row by row, sealed columns opened."""
    found: dict[str, list[Any]] = {}
    wanted = [mark.lower() for mark in marks]
    for model in apps.get_models():
        names = [column.attname for column in model._meta.concrete_fields]
        for row in model._base_manager.all():
            text = "\n".join(str(getattr(row, name)) for name in names).lower()
            if any(mark in text for mark in wanted):
                found.setdefault(model._meta.label, []).append(row.pk)
    return found


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        return [name for (name,) in cursor.fetchall()]


def _copied(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copy:
        return b"".join(bytes(block) for block in copy)


def _sealed(model: Any) -> list[str]:
    return [column.attname for column in model._meta.concrete_fields if isinstance(column, SealedField)]


def _opened(model: Any) -> bytes:
    rows = model._base_manager.all()
    return "\n".join(str(getattr(row, name)) for row in rows for name in _sealed(model)).encode()
