"""What does each address of the CMS answer somebody: is it shown to them, or refused? Does asking change a thing?"""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from django.contrib.auth.models import Group, User
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from tests import filled
from tests.filled import Address

ROLES = ("Editor", "Marketer", "Privacy officer", "Support")
WHO = ("nobody", *ROLES, "superuser")
# Asking changes nothing but these: who is signed in, who read what, who has which editor open, thumbnails of pictures.
MAY_CHANGE = {
    *("django_session", "records_accessentry", "wagtailadmin_editingsession", "wagtailimages_rendition"),
    # Wagtail's settings of an account, and whether it hears of comments: made when its owner first looks.
    *("wagtailusers_userprofile", "wagtailcore_pagesubscription"),
    *("wagtailcore_modellogentry",),  # who read or searched a person, in the history of the site
}


@dataclass
class Crawl:
    """`shown` are the names of addresses that were not refused; `statuses` those of the answers."""

    shown: set[str] = field(default_factory=set)
    statuses: dict[str, int] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)


def account(who: str) -> User | None:
    if who == "nobody":
        return None
    user = User.objects.create_user(who.lower().replace(" ", "-"), f"{who[0].lower()}@staff.example", "secret")
    if who == "superuser":
        User.objects.filter(pk=user.pk).update(is_superuser=True)
        return User.objects.get(pk=user.pk)
    user.groups.add(Group.objects.get(name=who))
    return user


def known(who: str) -> Crawl:
    """The same, asked once for all tests: addresses and roles do not change between them."""
    if who not in _known:
        filled.fill()
        _known[who] = crawl(who)
    return _known[who]


_known: dict[str, Crawl] = {}


def crawl(who: str) -> Crawl:
    """Asks for every address. What answers to nothing but a post is posted to, and undone."""
    client, user, found, to_post = Client(raise_request_exception=False), account(who), Crawl(), list[Address]()
    if user:
        client.force_login(user)
    before, cookies = _writes(), client.cookies.copy()
    for address in filled.addresses():
        client.cookies = cookies.copy()  # to ask where people sign out takes the cookie away
        answer = client.get(address.url)
        if answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            to_post.append(address)
        _note(found, address, answer)
    found.changed = {table for table, count in _writes().items() if count != before.get(table)} - MAY_CHANGE
    for address in to_post:
        client.cookies = cookies.copy()
        with transaction.atomic():
            _note(found, address, client.post(address.url))
            transaction.set_rollback(True)
    return found


def _note(found: Crawl, address: Address, answer: Any) -> None:
    found.statuses[address.name] = answer.status_code
    found.shown.discard(address.name)
    if not refused(answer):
        found.shown.add(address.name)


def refused(answer: Any) -> bool:
    """Wagtail answers a browser by leading it to its first page, or to where people sign in; or it does not know the
    row, for those who may not."""
    if answer.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
        return True
    if answer.status_code != HTTPStatus.FOUND:
        return False
    if answer["Location"].startswith(reverse("wagtailadmin_login")):
        return True
    told = [str(message) for message in get_messages(answer.wsgi_request)._queued_messages]
    return any("do not have permission" in sentence for sentence in told)


def _writes() -> dict[str, tuple[int, ...]]:
    """Rows that this transaction has written, changed and deleted, by table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables")
        return {name: tuple(counts) for name, *counts in cursor.fetchall()}
