"""The screen "Banner": a form for the words of a site in every language, and who may open it."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from wagtail.models import ModelLogEntry, Site

from consent import wording
from consent.catalogue import Published
from consent.models import Banner
from tests import make
from tests.committed import together
from tests.desk import signed_in, told

LIST, NEW = "/cms/consent/banner/", "/cms/consent/banner/new/"


@pytest.fixture
def cms(published: Published) -> Client:
    """Vera, who may change cookie groups, look at the publication, and nothing else."""
    return signed_in("change_cookiegroup", "add_snapshot", "view_snapshot")


def here() -> Site:
    return Site.objects.get(is_default_site=True)


def fields(**words: str) -> dict[str, Any]:
    return {"site": here().pk, "consent_mode": "basic"} | words


def sentences(answer: Any) -> dict[str, str]:
    assert answer.status_code == 200
    return {name: " ".join(errors) for name, errors in answer.context["form"].errors.items()}


def test_words_are_written_changed_listed_and_taken_back(cms: Client) -> None:
    cms.post(NEW, fields(refuse_en="  No,\nthank   you ", refuse_ru="Нет", consent_mode="advanced"))
    row = Banner.objects.get()
    assert row.texts == {"en": {"refuse": "No, thank you"}, "ru": {"refuse": "Нет"}}
    assert (row.site, row.consent_mode) == (here(), "advanced")
    listed = cms.get(LIST).content.decode()
    assert all(words in listed for words in ("English 1, Russian 1", f"{LIST}edit/{row.pk}/", "load at once"))
    form = cms.get(f"{LIST}edit/{row.pk}/").content.decode()
    assert 'value="No, thank you"' in form
    cms.post(f"{LIST}edit/{row.pk}/", fields(accept_en="Yes"))
    row.refresh_from_db()
    assert (row.texts, row.consent_mode) == ({"en": {"accept": "Yes"}}, "basic")
    assert "shipped words stand in their place again" in cms.get(f"{LIST}delete/{row.pk}/").content.decode()
    cms.post(f"{LIST}delete/{row.pk}/")
    assert not Banner.objects.exists()
    acts = ModelLogEntry.objects.filter(object_id=str(row.pk)).values_list("action", flat=True)
    assert {*acts} == {"wagtail.create", "wagtail.edit", "wagtail.delete"}


def test_the_form_has_a_field_for_every_word_and_says_what_stands_there_if_it_is_empty(cms: Client) -> None:
    form = cms.get(NEW).context["form"]
    for language, words in wording.words().items():
        for key, text in words.items():
            field = form[f"{key}_{language.replace('-', '_')}"]
            assert field.help_text == f"Left empty: {text}"
            assert field.field.widget.attrs["lang"] == language
    page = cms.get(NEW).content.decode()
    assert page.index('name="refuse_en"') < page.index('name="title_ru"') < page.index('name="consent_mode"')
    assert "Text of the button “Refuse”" in page
    assert "before anybody has agreed" in page


def test_two_editors_at_the_same_moment_add_one(committed: None) -> None:
    make.site()
    make.catalogue_of_one()
    vera = signed_in("change_cookiegroup", "add_snapshot", "view_snapshot")
    second = Client()
    second.cookies = vera.cookies
    said = fields(title_en="Ours")
    answers = together(lambda: vera.post(NEW, said), lambda: second.post(NEW, said))
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    assert Banner.objects.count() == 1


def test_a_site_has_one_banner_and_keeps_it(cms: Client) -> None:
    assert NEW in cms.get(LIST).content.decode()
    cms.post(NEW, fields())
    row = Banner.objects.get()
    assert NEW not in cms.get(LIST).content.decode()
    assert "site" in sentences(cms.post(NEW, fields()))
    other = Site.objects.create(hostname="other.example", root_page=here().root_page)
    assert NEW in cms.get(LIST).content.decode()
    assert cms.get(NEW).context["form"].initial["site"] == other
    cms.post(f"{LIST}edit/{row.pk}/", fields(site=other.pk))
    row.refresh_from_db()
    assert row.site == here()
    cms.post(NEW, fields(site=other.pk))
    assert Banner.objects.count() == 2


@pytest.mark.parametrize(
    ("words", "field", "sentence"),
    [
        ({"accept_en": "A" * 25}, "accept_en", "at most 24 characters"),
        ({"close_ru": "Я" * 25}, "close_ru", "at most 24 characters"),
        ({"title_en": "A" * 81}, "title_en", "at most 80 characters"),
        ({"introduction_en": "A" * 401}, "introduction_en", "at most 400 characters"),
        ({"always_allow_en": "A" * 25 + "{service}"}, "always_allow_en", "at most 33 characters"),
        ({"introduction_en": "We <b>love</b> cookies"}, "introduction_en", "Plain words only"),
        ({"introduction_en": "Salt &amp; pepper"}, "introduction_en", "Plain words only"),
        ({"title_en": "…"}, "title_en", "Words that people can read"),
        ({"title_en": "\u200b"}, "title_en", "Words that people can read"),
        ({"title_en": "Cookies \u202eseikooc"}, "title_en", "no signs that nobody sees"),
        ({"embed_en": "It contacts others."}, "embed_en", "Keep {service}, {vendor}"),
        ({"always_allow_ru": "Всегда"}, "always_allow_ru", "Keep {service}"),
        ({"open_there_en": "Open there"}, "open_there_en", "Keep {host}"),
        ({"open_there_en": "Open at {host} or {place}"}, "open_there_en", "only these are filled in: {host}"),
        ({"open_there_en": "Open at {{host}}"}, "open_there_en", "only these are filled in: {host}"),
        ({"title_en": "Cookies of {vendor}"}, "title_en", "leave the braces out"),
        ({"title_en": "Cookies }"}, "title_en", "leave the braces out"),
        ({"refuse_en": "accept"}, "refuse_en", "Another button beside it says the same"),
        ({"accept_en": "Choose"}, "accept_en", "Another button beside it says the same"),
        ({"refuse_all_en": "One", "save_en": "one"}, "save_en", "Another button beside it says the same"),
        ({"consent_mode": "sometimes"}, "consent_mode", "not one of the available choices"),
    ],
)
def test_words_that_cannot_stay_are_refused_with_a_sentence(
    cms: Client, words: dict[str, str], field: str, sentence: str
) -> None:
    assert sentence in sentences(cms.post(NEW, fields(**words)))[field]
    assert not Banner.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        {"accept_en": "A" * 24, "title_en": "A" * 80, "introduction_en": "A" * 400},
        {"always_allow_en": "A" * 24 + "{service}"},
        {"embed_en": "{vendor}, {vendor} & {service}: less than < 3 cookies"},
        {"accept_en": "Refuse", "refuse_en": "Accept"},
        {"refuse_en": "Close"},
        {"title_ru": "Куки 🍪"},
        {"title_ar": "\u2068Candor\u2069"},
    ],
)
def test_words_that_keep_the_rules_are_taken(cms: Client, words: dict[str, str]) -> None:
    assert cms.post(NEW, fields(**words)).status_code == 302
    assert Banner.objects.count() == 1


def test_the_publish_screen_shows_them_and_what_has_changed(cms: Client) -> None:
    cms.post(NEW, fields(refuse_ru="Не надо", load_once_en="Show it now", consent_mode="advanced"))
    page = cms.get("/cms/consent/published/").content.decode()
    preview = page.partition("What visitors will read")[2]
    assert "[Не надо]" in preview
    assert "Show it now" in preview
    changed = page.partition("The site and its banner")[2]
    assert "Banner: text of the button “Refuse” (Russian)" in changed
    assert "Google Consent Mode: before a choice, Google&#x27;s tags" in changed
    assert "Google is contacted before anybody chooses" in page
    cms.post("/cms/consent/published/", {"seen": cms.get("/cms/consent/published/").context["seen"]})
    compared = cms.get("/cms/consent/published/compare/?one=1&other=2").content.decode()
    assert "Banner: text of the button “Refuse” (Russian)" in compared


def client_of(who: str) -> Client:
    if who == "privacy role":
        user = User.objects.create_user("pia")
        user.groups.add(Group.objects.get(name="Privacy officer"))
        client = Client()
        client.force_login(user)
        return client
    rights = {"no right": [], "banner alone": ["add_banner", "change_banner"], "groups": ["change_cookiegroup"]}
    return Client() if who == "anonymous" else signed_in(*rights[who])


@pytest.mark.parametrize(
    ("who", "allowed"),
    [("anonymous", False), ("no right", False), ("banner alone", False), ("groups", True), ("privacy role", True)],
)
def test_whoever_may_change_cookie_groups_may_change_the_banner(published: Published, who: str, allowed: bool) -> None:
    row = Banner.objects.create(site=here())
    other = Site.objects.create(hostname="other.example", root_page=here().root_page)
    client = client_of(who)
    assert (LIST in client.get("/cms/").content.decode()) is allowed
    for screen in (LIST, NEW, f"{LIST}edit/{row.pk}/", f"{LIST}delete/{row.pk}/"):
        answer = client.get(screen)
        assert answer.status_code == (200 if allowed else 302)
        if who != "anonymous" and not allowed:
            assert "do not have permission" in told(answer)
    client.post(NEW, fields(site=other.pk))
    client.post(f"{LIST}edit/{row.pk}/", fields(title_en="Biscuits"))
    row.refresh_from_db()
    assert (Banner.objects.count(), row.texts) == ((2, {"en": {"title": "Biscuits"}}) if allowed else (1, {}))
    client.post(f"{LIST}delete/{row.pk}/")
    assert Banner.objects.filter(pk=row.pk).exists() is not allowed


def test_groups_of_editors_are_offered_no_right_that_would_do_nothing(published: Published) -> None:
    root = Client()
    root.force_login(make.vera())
    page = root.get("/cms/groups/new/").content.decode()
    assert str(Permission.objects.get(codename="change_cookiegroup").pk) in page
    assert not any(f'value="{right.pk}"' in page for right in Permission.objects.filter(content_type__model="banner"))
