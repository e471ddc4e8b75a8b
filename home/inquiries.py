"""What happens to a message from a contact page?"""

import re
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from wagtail.models import Page

from home.models import Inquiry
from mailing import letters
from mailing.models import Delivery, Letter
from records import cipher, keys


def receive(*, page: Page, email: str, message: str, now: datetime, name: str = "", phone: str = "") -> Inquiry:
    """Stores one message, sealed. How long it stays is declared in data_map."""
    with transaction.atomic():
        return Inquiry.objects.create(
            page=page.page_ptr,
            subject_key=keys.of_person(email, now=now),
            name=name,
            email=email,
            phone=phone,
            message=message,
            received_at=now,
        )


def index_of(words: str) -> tuple[str, str]:
    """What an e-mail address, a telephone number or a name is found by: which index, and its value in hexadecimal."""
    kind = "name"
    if "@" in words:
        kind = "email"
    elif re.search(r"\d", words) and not re.search(r"[^\W\d_]", words):
        kind = "phone"
    return kind, cipher.blind(kind, words).hex()


def found(kind: str, index: str) -> QuerySet[Inquiry]:
    """Raises ValueError for what `index_of` never says."""
    if kind not in {"email", "phone", "name"} or len(value := bytes.fromhex(index)) not in {0, cipher.INDEX_BYTES}:
        raise ValueError("No such index.")
    return Inquiry.objects.filter(**{f"{kind}_index": value})


def answer(*, inquiry: Inquiry, subject: str, text: str, reply_to: str, now: datetime) -> Letter:
    """Puts an answer on its way: through the queue of all mail, under its own purpose. It needs no consent to
    promotional mail, for the person wrote first; where nobody knows whether it arrived, it is sent again."""
    return letters.write(
        email=inquiry.email,
        subject=subject,
        text=text,
        locale=inquiry.page.locale.language_code if inquiry.page else translation.get_language(),
        about=reference(inquiry),
        reply_to=reply_to,
        now=now,
    )


def answers(inquiry: Inquiry, *, at: datetime) -> QuerySet[Delivery]:
    """What was answered, and what became of it; without answers that have reached their end at `at` (UTC)."""
    return letters.about(reference(inquiry), at=at)


def reference(inquiry: Inquiry) -> str:
    return f"{inquiry._meta.label}:{inquiry.pk}"
