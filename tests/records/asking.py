"""Somebody asks about their data: what they send, and the letters they find in their mailbox."""

import re
from datetime import datetime
from typing import Any

from django.test import Client
from django.utils import timezone

from mailing.models import Letter
from records.models import SubjectRequest
from records.subject_requests import agreed, copies, filing, links
from tests import make

WORDS = "My name is Ana with one n."


def ask(client: Client, email: str = make.ANA, **headers: Any) -> Any:
    return client.post("/my-data/", {"email": email}, **make.HERE | headers)


def at_work(now: datetime | None = None) -> None:
    """What workers do that have been told of every request."""
    for row in SubjectRequest.objects.order_by("asked_at"):
        filing.send_link(row.pk, now=now or timezone.now())


def letters(email: str = make.ANA) -> list[Letter]:
    """The newest first."""
    return [letter for letter in Letter.objects.order_by("-pk") if letter.email == email]


def link_in(letter: Letter) -> str:
    [link] = re.findall(r"http://testserver(/\S+)", letter.text)
    return str(link)


def link(client: Client, email: str = make.ANA) -> str:
    """Asks, and opens the mailbox."""
    assert ask(client, email).status_code == 303
    at_work()
    return link_in(letters(email)[0])


def choose(client: Client, path: str, choice: str, words: str = "") -> Any:
    return client.post(path, {"choice": choice, "words": words}, **make.HERE)


def chosen(client: Client, choice: str, words: str = WORDS, email: str = make.ANA) -> SubjectRequest:
    """Asks, confirms, and chooses."""
    path = link(client, email)
    row = links.find(path.split("/")[-2], now=timezone.now())
    assert choose(client, path, choice, words).status_code in {200, 303}
    return SubjectRequest.objects.get(pk=row.pk)


def copy(client: Client, email: str = make.ANA) -> str:
    """Asks for a copy, and opens the mailbox again."""
    row = chosen(client, "access", email=email)
    assert copies.make(row.pk, now=timezone.now())
    return link_in(letters(email)[0])


def plan(client: Client, email: str = make.ANA) -> tuple[str, str]:
    """Asks for erasure: the address of the plan, and its hash."""
    path = str(choose(client, link(client, email), "erasure")["Location"])
    return path, hash_on(client.get(path))


def hash_on(page: Any) -> str:
    found = re.search(r'name="plan" value="([0-9a-f]{64})"', page.content.decode())
    assert found
    return found[1]


def erase() -> list[bool]:
    """What a worker does of every erasure that was agreed to."""
    rows = SubjectRequest.objects.exclude(plan_sha256="").order_by("asked_at")
    return [agreed.carry_out(row.pk, now=timezone.now()) for row in rows]
