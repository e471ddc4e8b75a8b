"""How is a message from a form stored?"""

from datetime import datetime

from django.db import transaction
from wagtail.models import Page

from home.models import Inquiry
from records import keys


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
