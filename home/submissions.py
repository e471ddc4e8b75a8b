"""What happens to what a visitor sent: all of it, once, or nothing?"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from consent.told import Told
from home import entries, inquiries, spam
from home.models import Attachment, Field, FormPage, Inquiry
from home.uploads import File
from mailing import audience, letters
from mailing.models import Letter, Subscription
from records import cipher, keys
from records.models import Controller

SAME_WITHIN = timedelta(minutes=10)  # a page sent again, or a button pressed twice
CONFIRM_AGAIN_AFTER = timedelta(minutes=10)  # nobody can be made to flood a stranger's mailbox
Answer = Mapping[str, str]


@dataclass(frozen=True)
class Said:
    """What one visitor sent: answers as `{"key", "label", "kind", "said"}`, files by the key of their field, and by
    key the words under which an answer may be shown. `newsletter` holds the words agreed to, where they were."""

    answers: Sequence[Answer]
    files: Sequence[tuple[str, File]] = ()
    agreed: Mapping[str, str] = field(default_factory=dict)
    newsletter: str = ""

    def value(self, key: str) -> str:
        return next((each["said"] for each in self.answers if each["key"] == key), "")


@dataclass(frozen=True)
class Taken:
    """The inquiry, whether it is `new` or had been sent before, and the mail that waits for a worker."""

    inquiry: Inquiry
    new: bool
    letters: bool = False
    subscription: Subscription | None = None


def take(
    *,
    page: FormPage,
    said: Said,
    locale: str,
    told: Told,
    path: str,
    now: datetime,
    suspected: bool = False,
) -> Taken:
    """Stores what was sent in one transaction: the inquiry with its files, sealed; what may be shown; the wish for a
    newsletter; the mail that confirms it. The same sent again within ten minutes is what was stored first.

    What is `suspected` to be spam is stored for 30 days, and nothing else: it sends no mail and shows nothing.
    """
    with transaction.atomic():
        digest = _digest(page, said)
        _wait_for(digest)
        if first := Inquiry.objects.filter(digest=digest, received_at__gt=now - SAME_WITHIN).first():
            return Taken(first, new=False)
        inquiry = _inquiry(page, said, digest=digest, locale=locale, now=now, suspected=suspected)
        if suspected:
            return Taken(inquiry, new=True)
        shown = _publish(inquiry, page, said, locale=locale, told=told, path=path, now=now)
        subscription = _ask_about_newsletter(page, said, locale=locale, path=path, now=now)
        letter = _confirm(inquiry, page, said, now=now)
        return Taken(inquiry, new=True, letters=shown or letter is not None, subscription=subscription)


def _digest(page: FormPage, said: Said) -> bytes:
    files = [[key, file.name, sha256(file.content).hexdigest()] for key, file in said.files]
    whole = [page.pk, [dict(each) for each in said.answers], files, dict(said.agreed), said.newsletter]
    return cipher.digest("submission", json.dumps(whole, sort_keys=True).encode())


def _wait_for(digest: bytes) -> None:
    """Until nobody else is storing the same: they are seen to have, or have not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], signed=True)])


def _inquiry(page: FormPage, said: Said, *, digest: bytes, locale: str, now: datetime, suspected: bool) -> Inquiry:
    email = said.value("email")
    beside = [dict(each) for each in said.answers if each["key"] not in Field.COLUMNS]
    inquiry = Inquiry.objects.create(
        page=page.page_ptr,
        subject_key=keys.of_person(email, now=now) if email else keys.of_nobody(now=now),
        **{key.value: said.value(key) for key in Field.COLUMNS},
        answers=json.dumps(beside, ensure_ascii=False) if beside else "",
        locale=locale,
        received_at=now,
        changed_at=now,
        keep_until=_keep_until(page, now, suspected=suspected),
        digest=digest,
        state=Inquiry.State.SPAM if suspected else Inquiry.State.NEW,
    )
    for key, file in said.files:
        told = {"name": file.name, "content": file.content, "media_type": file.media_type, "size": len(file.content)}
        Attachment.objects.create(inquiry=inquiry, subject_key=inquiry.subject_key, key=key, **told)
    return inquiry


def _keep_until(page: FormPage, now: datetime, *, suspected: bool) -> datetime | None:
    """Where the form, or the suspicion, ends it before the policy does."""
    periods = [timedelta(days=page.keep_days)] if page.keep_days else []
    periods += [spam.KEPT] if suspected else []
    return now + min(periods) if periods else None


def _publish(
    inquiry: Inquiry, page: FormPage, said: Said, *, locale: str, told: Told, path: str, now: datetime
) -> bool:
    content = [dict(each) for each in said.answers if each["key"] in said.agreed]
    if not content:
        return False
    entries.receive(
        inquiry=inquiry,
        form=page,
        content=content,
        statement=" ".join(said.agreed[each["key"]] for each in content),
        email=said.value("email"),
        locale=locale,
        told=told,
        path=path,
        now=now,
    )
    return True


def _ask_about_newsletter(page: FormPage, said: Said, *, locale: str, path: str, now: datetime) -> Subscription | None:
    """Only asks: whoever owns the mailbox answers. An address on the suppression list is left in peace."""
    if not (said.newsletter and page.mailing_list):
        return None
    try:
        return audience.request(
            email=said.value("email"),
            name=said.value("name"),
            mailing_list=page.mailing_list,
            statement=said.newsletter,
            locale=locale,
            source_note=path,
            now=now,
        )
    except audience.Suppressed:
        return None


def _confirm(inquiry: Inquiry, page: FormPage, said: Said, *, now: datetime) -> Letter | None:
    """One mail an address and form in ten minutes: the address may be a stranger's."""
    email = said.value("email")
    if not (page.confirms and email):
        return None
    index = cipher.blind("email", email)
    _wait_for(cipher.digest("confirmation", f"{page.pk}:".encode() + index))
    if _confirmed_lately(inquiry, index, now):
        return None
    owner = Controller.for_site(page.get_site())
    with translation.override(inquiry.locale):
        text = render_to_string("home/confirmation.txt", {"page": page, "owner": owner, "said": said, "at": now})
        subject = _("Your message has arrived: %(page)s") % {"page": page.title}
    return letters.write(
        email=email,
        subject=subject,
        text=text.strip() + "\n",
        locale=inquiry.locale,
        about=inquiries.reference(inquiry),
        reply_to=owner.email,
        now=now,
    )


def _confirmed_lately(inquiry: Inquiry, index: bytes, now: datetime) -> bool:
    since = now - CONFIRM_AGAIN_AFTER
    others = Inquiry.objects.filter(page=inquiry.page, email_index=index, received_at__gt=since).exclude(pk=inquiry.pk)
    about = [inquiries.reference(each) for each in others.only("pk")]
    return Letter.objects.filter(about__in=about).exists()
