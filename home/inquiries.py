"""What happens to a message from a contact page?"""

from datetime import datetime

from wagtail.models import Page

from home.models import Inquiry


def receive(*, page: Page, name: str, email: str, phone: str, message: str, now: datetime) -> Inquiry:
    """Stores one message. How long it stays is declared in data_map.py."""
    return Inquiry.objects.create(
        page=page.page_ptr, name=name, email=email, phone=phone, message=message, received_at=now
    )
