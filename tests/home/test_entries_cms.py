"""Vera looks at what visitors want to publish, shows it, does not, or takes it down."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from home import entries
from home.models import FormPage, PublicEntry
from records.models import AccessEntry
from tests import make

State = PublicEntry.State
RIGHTS = ("view_publicentry", "moderate_publicentry")


@pytest.fixture
def form(db: None, clock: Any) -> FormPage:
    return make.reviews(moderated=True)


def colleague(*rights: str) -> Client:
    user = User.objects.create_user(f"c{len(rights)}", f"c{len(rights)}@staff.example", "secret")
    user.user_permissions.set(Permission.objects.filter(codename__in=[*rights, "access_admin"]))
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, name: str, *args: Any, follow: bool = False, **query: str) -> Any:
    return client.get(reverse(f"entries:{name}", args=args), query, follow=follow)


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_who_waits_stands_first_and_lists_narrow(form: FormPage) -> None:
    client, old, new = colleague(*RIGHTS), make.entry(form, "Older."), make.entry(form, "Newer.")
    entries.approve(new, by=User.objects.get(), now=make.NOW)
    text = said(page(client, "index"))
    assert text.index(str(old)) < text.index(str(new))
    assert "waiting for approval" in text
    assert "How it went" in text
    shown = said(page(client, "index", state="shown", through=str(form.pk)))
    assert str(new) in shown
    assert str(old) not in shown
    assert make.BEN not in text


def test_an_empty_list_says_what_to_do(form: FormPage) -> None:
    client = colleague(*RIGHTS)
    assert "Mark a field of a form" in said(page(client, "index"))
    assert "No entry is like this." in said(page(client, "index", state="refused"))


def test_one_is_read_with_the_words_it_rests_on(form: FormPage) -> None:
    entry = make.entry(form)
    reader = colleague(*RIGHTS, "view_decision")
    text = said(page(reader, "inspect", entry.pk))
    assert "All went well." in text
    assert not re.search(r">\s*None\s*<", text)
    assert "Everybody may read this on the site." in text
    assert reverse("consent_decisions:read", args=[entry.decision_id]) in text
    assert str(entry.decision_id) not in said(page(colleague(*RIGHTS), "inspect", entry.pk))
    assert AccessEntry.objects.filter(holding="home.PublicEntry", act="inspect", keys=[str(entry.pk)]).count() == 2


def test_approving_asks_first_is_logged_and_leads_to_the_next(form: FormPage) -> None:
    client, entry, other = colleague(*RIGHTS), make.entry(form), make.entry(form, "Another.")
    asked = said(page(client, "approve", entry.pk))
    assert "Everybody can read this on the site from now on." in asked
    assert PublicEntry.objects.get(pk=entry.pk).state == State.WAITING
    answer = client.post(reverse("entries:approve", args=[entry.pk]), follow=True)
    row = PublicEntry.objects.get(pk=entry.pk)
    assert (row.state, row.decided_by) == (State.SHOWN, User.objects.get())
    assert "The entry is shown. Its writer is told." in said(answer)
    assert reverse("entries:inspect", args=[other.pk]) in said(answer)
    assert ModelLogEntry.objects.get(action="home.entry_approve").label == f"Public entry #{entry.pk}"


def test_what_is_shown_is_taken_down(client: Client, form: FormPage) -> None:
    entry, moderator = make.entry(form), colleague(*RIGHTS)
    moderator.post(reverse("entries:approve", args=[entry.pk]))
    assert "All went well." in said(client.get("/said/"))
    shown = said(page(moderator, "inspect", entry.pk))
    assert "Take it down…" in shown
    assert str(User.objects.get()) in shown
    moderator.post(reverse("entries:refuse", args=[entry.pk]))
    assert "All went well." not in said(client.get("/said/"))
    again = moderator.post(reverse("entries:refuse", args=[entry.pk]), follow=True)
    assert "it was so already" in said(again)


def test_what_its_writer_took_down_is_gone_here_too(form: FormPage) -> None:
    client, entry = colleague(*RIGHTS), make.entry(form)
    key = entry.pk
    entries.withdraw(entry, now=make.NOW)
    for name in ("inspect", "approve", "refuse"):
        assert page(client, name, key).status_code == 404


@pytest.mark.parametrize("name", ["approve", "refuse"])
def test_who_only_reads_changes_nothing(form: FormPage, name: str) -> None:
    client, entry = colleague("view_publicentry"), make.entry(form)
    assert "Show it…" not in said(page(client, "inspect", entry.pk))
    client.post(reverse(f"entries:{name}", args=[entry.pk]))
    assert PublicEntry.objects.get().state == State.WAITING


@pytest.mark.parametrize("name", ["add", "edit", "delete"])
def test_nobody_writes_for_a_visitor(form: FormPage, name: str) -> None:
    client, entry = Client(), make.entry(form)
    client.force_login(make.vera())
    answer = client.get(reverse(f"entries:{name}", args=[] if name == "add" else [entry.pk]))
    assert answer.status_code == 302


def test_the_first_page_says_how_many_wait(form: FormPage) -> None:
    client, words = colleague(*RIGHTS), "1 entry waits for approval."
    home = reverse("wagtailadmin_home")
    assert words not in said(client.get(home))
    make.entry(form)
    assert words in said(client.get(home))
    assert words not in said(colleague("view_publicentry").get(home))
