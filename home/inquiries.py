"""What happens to a message from a contact page?"""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import translation
from wagtail.models import Page

from home.models import Inquiry
from mailing import letters
from mailing.models import Delivery, Letter


def receive(*, page: Page, name: str, email: str, phone: str, message: str, now: datetime) -> Inquiry:
    """Stores one message. How long it stays is declared in data_map.py."""
    return Inquiry.objects.create(
        page=page.page_ptr, name=name, email=email, phone=phone, message=message, received_at=now
    )


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


def answers(inquiry: Inquiry) -> QuerySet[Delivery]:
    """What was answered, and what became of it."""
    return letters.about(reference(inquiry))


def reference(inquiry: Inquiry) -> str:
    return f"{inquiry._meta.label}:{inquiry.pk}"
