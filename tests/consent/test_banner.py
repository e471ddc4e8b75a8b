"""The banner says the editor's words where there are some, as they were published, and asks nobody again for them."""

import copy
import json
from typing import Any

import pytest
import rfc8785
from django.test import Client
from wagtail.models import Site

from consent import catalogue, changes, doubts, draft, facts, wording
from consent.catalogue import Published
from consent.changes import Change
from consent.models import Banner, Snapshot
from consent.models.banner import room
from tests import make


def here() -> Site:
    return Site.objects.get(is_default_site=True)


def say(language: str = "en", *, mode: str = "basic", **words: str) -> Banner:
    return Banner.objects.update_or_create(site=here(), defaults={"texts": {language: words}, "consent_mode": mode})[0]


def drafted() -> dict[str, Any]:
    banner: dict[str, Any] = draft.content(here())["banner"]
    return banner


def site_changes() -> list[Change]:
    content, earlier = catalogue.proposed(here())
    return changes.of_site(earlier, content)


def doubted() -> list[str]:
    content, _earlier = catalogue.proposed(here())
    told = " ".join(("Essential", "Statistics", "Tally", "candor_consent"))
    return [sentence for sentence in doubts.of(content, here()) if not any(name in sentence for name in told.split())]


def test_a_site_without_a_banner_of_its_own_says_the_shipped_words(published: Published) -> None:
    assert not Banner.objects.exists()
    assert drafted() == {"layout": "bar", "words": wording.words(), "google": "basic"}
    assert drafted()["words"]["ru"]["refuse"] != drafted()["words"]["en"]["refuse"]


def test_what_an_editor_left_empty_says_the_shipped_words_of_its_language(published: Published) -> None:
    Banner.objects.create(
        site=here(), texts={"ru": {"refuse": "Нет", "accept": ""}, "xx": {"refuse": "?"}, "en": {"gone": "An old word"}}
    )
    shipped = wording.words()
    assert drafted()["words"] == shipped | {"ru": shipped["ru"] | {"refuse": "Нет"}}


def test_published_words_stay_what_they_were_until_the_next_publication(published: Published) -> None:
    say("ru", refuse="Нет")
    assert catalogue.unpublished_changes(here())
    current = catalogue.current(here().pk)
    assert current
    assert current.words("ru")["refuse"] == wording.shipped("ru")["refuse"]
    later = make.publish()
    assert (later.words("ru")["refuse"], later.words("en")["refuse"]) == ("Нет", "Refuse")
    assert published.words("ru")["refuse"] == wording.shipped("ru")["refuse"]
    assert not catalogue.unpublished_changes(here())


def test_visitors_read_them(published: Published, client: Client) -> None:
    say(refuse="No, thank you")
    make.publish()
    assert "No, thank you" in client.get("/").content.decode()
    say(refuse_all="None of it")
    make.publish()
    assert "None of it" in client.get("/consent/").content.decode()


def test_every_site_has_words_of_its_own(published: Published) -> None:
    other = Site.objects.create(hostname="other.example", root_page=here().root_page)
    Banner.objects.create(site=other, texts={"en": {"accept": "Yes"}}, consent_mode="advanced")
    assert (draft.content(other)["banner"]["google"], drafted()["google"]) == ("advanced", "basic")
    assert drafted()["words"]["en"]["accept"] == "Accept"
    other.delete()
    assert not Banner.objects.exists()


def test_google_is_part_of_what_is_published(published: Published) -> None:
    assert (published.advanced, published.content["banner"]["google"]) == (False, "basic")
    say(mode="advanced")
    later = make.publish()
    assert (later.advanced, later.content["banner"]["google"]) == (True, "advanced")


def earlier_release(published: Published, *words: str, languages: list[str] | None = None) -> Published:
    """A snapshot as it was written when the banner had these words alone, and no switch for Google."""
    content = copy.deepcopy(published.content)
    content |= {"number": published.number + 1, "previous": published.sha256}
    content["languages"] = languages or content["languages"]
    content["banner"] = {
        "layout": "bar",
        "words": {
            language: {key: content["banner"]["words"][language][key] for key in words}
            for language in content["languages"]
        },
    }
    text = rfc8785.dumps(content).decode()
    row = {"sha256": "e" * 64, "material_sha256": "e" * 64, "content": text, "published_at": make.NOW}
    Snapshot.objects.create(site=here(), number=content["number"], **row)
    catalogue.forget()
    found = catalogue.current(here().pk)
    assert found
    return found


def test_an_earlier_snapshot_says_the_shipped_words_where_it_has_none(published: Published, client: Client) -> None:
    say("ru", accept="Хорошо")
    earlier = earlier_release(make.publish(), "title", "introduction", "reminder", "accept", "refuse", "choose")
    assert earlier.words("ru") == wording.shipped("ru") | {"accept": "Хорошо"}
    assert earlier.words("en") == wording.shipped("en")
    assert not earlier.advanced
    assert client.get("/").status_code == client.get("/consent/").status_code == 200


def test_a_language_it_does_not_have_is_answered_in_one_language(published: Published) -> None:
    assert published.words("nl") == wording.shipped("en")
    earlier = earlier_release(published, "accept", languages=["en"])
    assert earlier.words("ru") == wording.shipped("en")


def test_what_a_release_added_is_published_as_a_change(published: Published) -> None:
    earlier = earlier_release(published, *(key for key in wording.WORDS if key != "save"))
    assert catalogue.unpublished_changes(here())
    added = [(change.what, change.after) for change in site_changes() if not change.before]
    assert ("Banner: text of the button “Save my choice” (English)", "Save my choice") in added
    assert len(added) == len(wording.languages()) + 1  # and the switch
    later, asked = catalogue.publish(site=here(), now=make.NOW)
    assert (later.number, asked) == (earlier.number + 1, [])
    assert json.loads(later.content)["banner"] == drafted()


def test_the_change_is_said_with_the_name_of_the_word_and_asks_nobody(published: Published) -> None:
    say("ru", refuse="Нет", mode="advanced")
    before = wording.shipped("ru")["refuse"]
    changed = {change.what: (change.before, change.after, change.asks) for change in site_changes()}
    assert changed.pop("Banner: text of the button “Refuse” (Russian)") == (before, "Нет", False)
    (what, (was, becomes, asks)), *others = changed.items()
    assert what == "Google Consent Mode: before a choice, Google's tags"
    assert (was, asks, others) == ("wait until the visitor allows them", False, [])
    assert becomes
    assert becomes.startswith("load at once")
    content, earlier = catalogue.proposed(here())
    assert not any(group.material or group.changes for group in changes.of_groups(earlier, content))
    later, asked = catalogue.publish(site=here(), now=make.NOW)
    assert asked == []
    assert later.material_sha256 == Snapshot.objects.get(sha256=published.sha256).material_sha256


def test_an_editor_can_have_people_asked_again_for_new_words(published: Published) -> None:
    say(introduction="Everything here is new.")
    assert catalogue.publish(site=here(), now=make.NOW, ask_again=["analytics"])[1] == ["analytics"]


def test_every_word_has_a_name_of_its_own() -> None:
    names = [facts.word(key) for key in wording.WORDS]
    assert len({*names}) == len(names)
    assert not {*names} & {*wording.WORDS} - {"title", "introduction"}
    assert facts.word("gone") == "text of the button “gone”"


def test_the_shipped_words_keep_the_rules_of_the_editors_own(published: Published) -> None:
    banner = Banner(site=here(), texts=wording.words())
    assert [*banner.problems()] == []
    long = [
        (language, key)
        for language, words in wording.words().items()
        for key, text in words.items()
        if len(text) > room(key)
    ]
    assert long == []


def test_the_shipped_words_push_nobody(published: Published) -> None:
    assert doubted() == []


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"refuse": "Continue without agreeing"}, "“Accept” and “Continue without agreeing” differ much in length"),
        ({"refuse": "No"}, "differ much in length (English)"),
        ({"accept_all": "Yes"}, "“Yes” and “Refuse all” differ much in length"),
        ({"refuse": "Choose."}, "“Choose.” reads like “Choose” (English)"),
        ({"refuse_all": "Save my choice…"}, "“Save my choice…” reads like “Save my choice”"),
        ({"accept": "Accept!"}, "“Accept!” has an exclamation mark or a picture (English)"),
        ({"accept": "Accept ✅"}, "“Accept ✅” has an exclamation mark or a picture"),
        ({"accept_all": "Yes to all 😀"}, "“Yes to all 😀” has an exclamation mark"),
    ],
)
def test_words_that_push_people_are_named(published: Published, words: dict[str, str], sentence: str) -> None:
    say(**words)
    (doubt,) = doubted()
    assert sentence in doubt


def test_so_is_google_contacted_before_anybody_chooses(published: Published) -> None:
    say(mode="advanced")
    (doubt,) = doubted()
    assert doubt.startswith("Google is contacted before anybody chooses")
