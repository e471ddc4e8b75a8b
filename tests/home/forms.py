"""Forms for tests: one field of each kind, and what a browser sends of them."""

from typing import Any

from bs4 import BeautifulSoup, Tag
from django.test import Client

from home.models import Field, FormPage, HomePage
from tests import make

Kind = Field.Kind
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
EMAIL = {"kind": Kind.EMAIL, "label": "E-mail", "required": True}
EVERY = [
    {"kind": Kind.NAME, "label": "Name"},
    EMAIL,
    {"kind": Kind.PHONE, "label": "Telephone"},
    {"kind": Kind.MESSAGE, "label": "Message"},
    {"kind": Kind.LINE, "label": "Port"},
    {"kind": Kind.LINES, "label": "Load"},
    {"kind": Kind.NUMBER, "label": "Weight"},
    {"kind": Kind.DATE, "label": "Day"},
    {"kind": Kind.URL, "label": "Your site"},
    {"kind": Kind.CHOICE, "label": "Size", "options": "20 feet\n40 feet"},
    {"kind": Kind.RADIO, "label": "Speed", "options": "Slow\nFast"},
    {"kind": Kind.CHECKS, "label": "Extras", "options": "Storage\nPapers"},
    {"kind": Kind.TICK, "label": "Urgent"},
    {"kind": Kind.FILE, "label": "Plan"},
]
WHOLE: dict[str, Any] = {
    "name": "Ben Ode",
    "email": make.BEN,
    "phone": "+44 20 7946 0018",
    "message": "Two pallets.\r\nSoon.",
    "port": "Alder",
    "load": "Tea\nand salt",
    "weight": "12.50",
    "day": "2026-03-04",
    "your-site": "https://ben.example/a",
    "size": "40 feet",
    "speed": "Fast",
    "extras": ["Storage", "Papers"],
    "urgent": "on",
}


def form(*fields: dict[str, Any], home: HomePage | None = None, **said: Any) -> FormPage:
    """A published form with these fields; every kind without any."""
    home = home or HomePage.objects.first() or make.site()
    page = FormPage(**{"title": "Quote", "slug": "quote", "thanks": "It has arrived."} | said)
    page.fields = [Field(**each) for each in fields or EVERY]
    home.add_child(instance=page)
    return page


def soup(client: Client, page: FormPage) -> BeautifulSoup:
    return BeautifulSoup(client.get(page.url).content, "html.parser")


def words(client: Client, page: FormPage) -> str:
    """The fingerprint of what a visitor of this page would agree to."""
    place = soup(client, page).select_one("input[name=words]")
    assert isinstance(place, Tag)
    return str(place["value"])


def send(client: Client, page: FormPage, said: dict[str, Any], **headers: Any) -> Any:
    return client.post(page.url, said, **make.HERE | headers)
