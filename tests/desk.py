"""An editor at the CMS without a browser: signed in with certain rights, and told something in return."""

from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.contrib.messages import get_messages
from django.test import Client
from wagtail.models import GroupPagePermission, Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from mailing.models import MailingList
from tests import make


def signed_in(*rights: str) -> Client:
    """Vera at the CMS with these rights and no other."""
    user = make.vera(is_superuser=False)
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *rights]))
    client = Client()
    client.force_login(user)
    return client


def editing(page: Page) -> Client:
    """Cleo at the CMS, who may change this page and what is beside it, and publish nothing."""
    group = Group.objects.create(name="Writers")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    change = Permission.objects.get(codename="change_page")
    GroupPagePermission.objects.create(group=group, page=page.get_parent(), permission=change)
    user = User.objects.create_user("cleo")
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    return client


def told(answer: Any) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def campaign_form(to: MailingList, *texts: dict[str, Any], initial: int = 0, **settings: Any) -> dict[str, Any]:
    """What the editor of campaigns sends: its texts, one in English where none is given, and its settings."""
    fields = {"title": "Summer", "mailing_list": to.pk, "per_minute": "", "test_share": "", **settings}
    forms = inline_formset([*texts] or [text_form()], initial=initial)
    sent: dict[str, Any] = nested_form_data({**fields, "texts": forms})
    return sent


def text_form(subject: str = "Summer", words: str = "It is summer.", **fields: Any) -> dict[str, Any]:
    body = streamfield([("text", rich_text(f"<p>{words}</p>"))])
    return {
        "language": "en",
        "version": "a",
        "subject": subject,
        "preheader": "",
        "body": body,
        "plain": "",
        "id": "",
        **fields,
    }
