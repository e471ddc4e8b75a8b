"""An editor at the CMS without a browser: signed in with certain rights, and told something in return."""

from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.contrib.messages import get_messages
from django.test import Client
from wagtail.models import GroupPagePermission, Page

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
