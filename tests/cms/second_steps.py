"""A telephone that shows codes, and the people who hold it."""

import hmac
import re
import struct
from base64 import b32decode
from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client
from django.utils import timezone

LOGIN, CODE, SET_UP = "/cms/login/", "/cms/sign-in/code/", "/cms/sign-in/set-up/"
PASSWORD = "by the quay"


def shown(key: str, seconds: float) -> str:
    """The six digits of RFC 6238, computed here: the key is in base 32, as a page shows it."""
    counter = struct.pack(">Q", int(seconds) // 30)
    digest = hmac.digest(b32decode(key.replace(" ", "")), counter, "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def now(key: str, steps: int = 0) -> str:
    return shown(key, timezone.now().timestamp() + 30 * steps)


def person(role: str = "Support", name: str = "sam", **fields: Any) -> User:
    user = User.objects.create_user(name, f"{name}@staff.example", PASSWORD, **fields)
    user.groups.set(Group.objects.filter(name=role))
    return user


def typed(name: str = "sam", password: str = PASSWORD, client: Client | None = None) -> tuple[Client, Any]:
    """Somebody types a password; the client, and what it was answered."""
    client = client or Client()
    return client, client.post(LOGIN, {"username": name, "password": password, "next": "/cms/"})


def key_on(page: Any) -> str:
    """The key that the set-up page shows as text."""
    found = re.search(r'desk-secret">([A-Z2-7 ]+)<', page.content.decode())
    assert found
    return found[1]


def secret_in(page: Any) -> str:
    found = re.search(r'name="secret" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def set_up(client: Client) -> tuple[str, list[str]]:
    """Sets the second step up; the key, and the recovery codes that the page shows."""
    page = client.get(SET_UP)
    key = key_on(page)
    answer = client.post(SET_UP, {"secret": secret_in(page), "code": now(key), "next": "/cms/"})
    return key, re.findall(r"<code>(\d{5}-\d{5})</code>", answer.content.decode())


def give(client: Client, code: str, follow: str = "/cms/") -> Any:
    return client.post(CODE, {"code": code, "next": follow})


def is_in(client: Client) -> bool:
    return bool(client.get("/cms/").status_code == 200)
