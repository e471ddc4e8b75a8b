"""What anybody reads of what others published, and how its writer takes it down with the link in their mail."""

import re
from typing import Any

import pytest
from django.test import Client

from consent.models import Decision
from home import entries
from home.models import FormPage, PublicEntry
from mailing.models import Letter
from tests import make

HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture
def form(db: None, clock: Any) -> FormPage:
    make.policy(make.site())
    return make.reviews()


def link(which: int = -1) -> str:
    """The path of the link in a mail."""
    letters = list(Letter.objects.order_by("pk"))
    found = re.search(r"https?://[^/\s]+(/\S*entries/\S+)", letters[which].text)
    assert found
    return found[1]


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_words_facts_and_signature_are_shown_by_their_kind(client: Client, form: FormPage) -> None:
    make.entry(form, "All went well.\n\nAnd <b>fast</b>.")
    text = said(client.get("/said/"))
    assert re.search(r"<blockquote dir=\"auto\"><p>All went well.</p>\s+<p>And &lt;b&gt;fast&lt;/b&gt;.</p>", text)
    assert '<dt dir="auto">Stars</dt><dd dir="auto">5</dd>' in text
    assert '<bdi class="entry-name">Ben Ode</bdi> · <time datetime="2026-03-01">' in text
    assert '<a class="button" href="/how-it-went/">Write one too</a>' in text
    assert make.BEN not in text


def test_words_in_another_language_say_so(client: Client, form: FormPage) -> None:
    make.entry(form, "Всё хорошо.", locale="ru")
    text = said(client.get("/said/"))
    assert '<blockquote lang="ru" dir="auto">' in text
    assert '<bdi class="entry-name" lang="ru">' in text


def test_a_page_holds_twenty_and_one_there_is_none_of_is_the_last(client: Client, form: FormPage) -> None:
    for number in range(21):
        make.entry(form, f"Number {number}.", now=make.NOW)
    assert said(client.get("/said/")).count("<article") == 20
    for asked in ("2", "3", "99999999999999999999"):
        text = said(client.get(f"/said/?page={asked}"))
        assert text.count("<article") == 1
        assert "Page 2 of 2" in text
    assert said(client.get("/said/?page=two")).count("<article") == 20


def test_nobody_keeps_the_page_and_it_is_the_same_for_everybody(client: Client, form: FormPage) -> None:
    make.entry(form)
    make.catalogue_of_one()
    answer = client.get("/said/", headers={"X-Consent-Key": "none none"})
    assert answer["X-Accel-Expires"] == "0"
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    editor = Client()
    editor.force_login(make.vera())
    assert editor.get("/said/").content == answer.content


def test_an_empty_page_asks_for_the_first(client: Client, form: FormPage) -> None:
    text = said(client.get("/said/"))
    assert "Nothing is shown here yet." in text
    assert "Write the first one" in text
    form.unpublish()
    assert "Write the first one" not in said(client.get("/said/"))


def test_who_opens_the_link_sees_the_entry_and_changes_nothing(client: Client, form: FormPage) -> None:
    make.entry(form)
    for _time in range(3):  # programs that look through mail open every link in it
        answer = client.get(link())
    assert "All went well." in said(answer)
    assert '<form method="post"><button>Take it down</button></form>' in said(answer)
    assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "?" not in link()
    assert PublicEntry.objects.exists()


def test_who_presses_the_button_takes_it_down_at_once(client: Client, form: FormPage) -> None:
    make.entry(form)
    assert "All went well." in said(client.get("/said/"))
    answer = client.post(link(), **HERE)
    assert (answer.status_code, "It is taken down" in said(answer)) == (200, True)
    assert "All went well." not in said(client.get("/said/"))
    taken = Decision.objects.order_by("-seq")[0]
    assert taken.action == Decision.Action.WITHDRAW
    assert taken.policy_version_id
    for again in (client.get(link()), client.post(link(), **HERE)):
        assert again.status_code == 410
        assert "is not on our site any more" in said(again)


def test_the_link_works_in_the_language_of_its_writer(client: Client, form: FormPage) -> None:
    make.entry(form, locale="ru")
    assert link().startswith("/ru/entries/")
    assert client.get(link()).status_code == 200


def test_the_link_works_for_years_and_until_the_end_of_the_entry(client: Client, form: FormPage, clock: Any) -> None:
    make.entry(form)
    clock.shift(1094 * 86_400)
    assert client.get(link()).status_code == 200
    clock.shift(86_400)
    assert client.get(link()).status_code == 410


@pytest.mark.parametrize("wrong", ["x", "A" * 43, "{}A", "{}=", "%00", "..", "{}%2F"])
def test_a_wrong_link_is_nobodys(client: Client, form: FormPage, wrong: str) -> None:
    token = entries.token(make.entry(form))
    answer = client.get(f"/entries/{wrong.replace('{}', token)}/")
    assert answer.status_code == 404
    assert "All went well." not in said(answer)


def test_each_sign_of_a_token_counts(client: Client, form: FormPage) -> None:
    token = entries.token(make.entry(form))
    for place in range(len(token)):
        other = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(entries.NotOurs):
            entries.of_token(other, at=make.NOW)


def test_a_token_of_mail_is_none_of_an_entry(client: Client, form: FormPage) -> None:
    from mailing import tokens

    entry = make.entry(form)
    for act in (tokens.VIEW, tokens.PREFERENCES, tokens.UNSUBSCRIBE):
        assert client.get(f"/entries/{tokens.make(act, entry.pk)}/").status_code == 404


def test_another_site_cannot_press_the_button(client: Client, form: FormPage) -> None:
    make.entry(form)
    assert client.post(link(), HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
    assert client.put(link()).status_code == 405
    assert client.post(link(), {"a": "b" * 2000}, **HERE).status_code == 413
    assert PublicEntry.objects.exists()
