"""Does a translation share number and instant with its original, and promise nothing else?"""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from time_machine import Traveller
from wagtail.actions.copy_for_translation import CopyPageForTranslationAction

from home.models import HomePage
from policies import chain, effective, freeze, tasks
from policies.models import PolicyPage, PolicyRendition
from records.models import Term, TermSheet
from tests import make
from tests.policies import languages
from tests.policies.languages import translate

SOON, LATER = make.NOW + timedelta(days=10), make.NOW + timedelta(days=20)


def renditions() -> list[tuple[int, int, str]]:
    rows = PolicyRendition.objects.order_by("version__number", "number")
    return [(row.version.number, row.number, row.text.strip()) for row in rows]


def read(page: PolicyPage, number: int, at: object = make.NOW) -> str:
    there = PolicyPage.objects.get(translation_key=page.key, locale=languages.russian())
    return effective.reading(there, page.versions.get(number=number), at).shown.text.strip()  # type: ignore[arg-type]


def test_a_translation_is_a_rendition_and_no_version(home: HomePage) -> None:
    page = make.policy(home, "Old.")
    translate(page, "Старое.").save_revision().publish()
    assert renditions() == [(1, 1, "1 Старое.")]
    assert page.versions.count() == TermSheet.objects.count() == 1


def test_a_corrected_translation_is_a_new_rendition_of_the_same_version(home: HomePage) -> None:
    page = make.policy(home, "Old.")
    translate(page, "Страое.").save_revision().publish()
    translate(page, "Старое.").save_revision().publish()
    assert renditions() == [(1, 1, "1 Страое."), (1, 2, "1 Старое.")]
    assert read(page, 1) == "1 Старое."
    assert list(chain.faults()) == []


def test_the_numbers_of_renditions_begin_anew_with_each_version_and_language(home: HomePage) -> None:
    page = make.policy(home, "Old.")
    translate(page, "Старое.").save_revision().publish()
    page = make.revise(page, "New.")
    translate(page, "Новое.").save_revision().publish()
    assert renditions() == [(1, 1, "1 Старое."), (2, 1, "1 Новое.")]


def test_an_unchanged_translation_freezes_nothing(home: HomePage) -> None:
    page = make.policy(home, "Old.")
    translate(page, "Старое.").save_revision().publish()
    translate(page, "Старое.").save_revision().publish()
    assert len(renditions()) == 1


def test_a_translation_of_an_announced_version_waits_for_it(home: HomePage, clock: Traveller, client: Client) -> None:
    page = make.policy(home, "Old.")
    translate(page, "Старое.").save_revision().publish()
    page = make.revise(page, "New.", at=SOON)
    translate(page, "Новое.").save_revision().publish()
    assert PolicyRendition.objects.get(version__number=2).effective_from == SOON
    for at, words in ((SOON - timedelta(microseconds=1), "Старое."), (SOON, "Новое.")):
        clock.move_to(at)
        assert words in client.get("/ru/privacy/").text


def test_a_translated_page_is_read_from_the_instant_though_it_never_was_live(
    home: HomePage, clock: Traveller, client: Client
) -> None:
    page = make.revise(make.policy(home, live=False), "First.", at=SOON)
    translate(page, "Первое.").save_revision().publish()
    for at, status in ((SOON - timedelta(microseconds=1), 404), (SOON, 200)):
        clock.move_to(at)
        assert client.get("/ru/privacy/").status_code == status


def test_what_is_not_translated_is_read_in_the_authoritative_language(home: HomePage) -> None:
    page = make.policy(home, "Old.")
    translate(page, "Старое.").save_revision().publish()
    page = make.revise(page, "New.")
    assert read(page, 2) == "1 New."


def test_a_reader_of_the_past_gets_the_translation_of_then(home: HomePage, clock: Traveller) -> None:
    page = make.policy(home, "Old.")
    translate(page, "Страое.").save_revision().publish()
    clock.move_to(SOON)
    translate(page, "Старое.").save_revision().publish()
    assert [read(page, 1, at) for at in (make.NOW, SOON)] == ["1 Страое.", "1 Старое."]


@pytest.mark.parametrize("days", [5, 15])
def test_a_date_of_its_own_is_refused_with_a_sentence(home: HomePage, days: int) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    draft = translate(page, "Новое.")
    draft.go_live_at = make.NOW + timedelta(days=days)
    with pytest.raises(ValidationError, match="A translation takes force with its original"):
        draft.save_revision().publish()
    assert renditions() == []


def test_other_terms_are_refused_with_a_sentence(home: HomePage) -> None:
    page = make.policy(home, "Old.")
    draft = translate(page, "Старое.")
    draft.body = [*draft.body.get_prep_value(), languages.PURPOSES]
    with pytest.raises(ValidationError, match=r"does not promise the same as version 1: dpv:ServiceProvision\."):
        draft.save_revision().publish()
    assert renditions() == []
    assert not Term.objects.exists()


def test_missing_terms_are_refused_too(home: HomePage) -> None:
    page = make.policy(home, live=False)
    page.body = [make.text("We keep nothing."), languages.PURPOSES]
    page.save_revision().publish()
    draft = translate(page, "Мы ничего не храним.")
    draft.body = draft.body.get_prep_value()[:1]
    with pytest.raises(ValidationError, match="does not promise the same"):
        draft.save_revision().publish()


def test_nothing_is_translated_before_the_original_is_frozen(home: HomePage) -> None:
    draft = translate(make.policy(home, live=False), "Ничего.")
    with pytest.raises(ValidationError, match="publish or schedule the original first"):
        draft.save_revision().publish()


def test_an_older_version_can_still_be_translated(home: HomePage) -> None:
    page = make.revise(make.policy(home, "Old."), "New.")
    draft = translate(page, "Старое.")
    draft.translates = 1
    draft.save_revision().publish()
    assert renditions() == [(1, 1, "1 Старое.")]


@pytest.mark.parametrize("number", [2, 3])
def test_a_withdrawn_version_or_one_that_is_not_there_is_not_translated(home: HomePage, number: int) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=SOON)
    freeze.withdraw(version=page.versions.get(number=2), now=make.NOW, reason="A mistake.")
    draft = translate(page, "Новое.")
    draft.translates = number
    with pytest.raises(ValidationError, match="There is no such version to translate"):
        draft.save_revision().publish()


def test_the_worker_that_publishes_a_translation_late_freezes_nothing(
    home: HomePage, clock: Traveller, caplog: pytest.LogCaptureFixture
) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=LATER)
    draft = translate(page, "Новое.")
    draft.go_live_at = LATER  # its original's: nothing to refuse
    draft.save_revision().publish()
    page = make.revise(page, "Newer.", at=LATER + timedelta(days=1))
    clock.move_to(LATER + timedelta(days=2))
    tasks.publish_scheduled()
    assert renditions() == [(2, 1, "1 Новое.")]
    assert not [record for record in caplog.records if record.exc_info]


def test_a_copy_for_translation_keeps_the_ids_of_the_clauses(home: HomePage) -> None:
    page = make.policy(home)
    copied = CopyPageForTranslationAction(page, languages.russian(), copy_parents=True).execute(
        skip_permission_checks=True
    )
    assert [block.id for block in copied.specific.body] == [block.id for block in page.body]
    assert not PolicyRendition.objects.exists()


def test_anchors_are_the_same_in_every_language(home: HomePage) -> None:
    page = make.policy(home)
    translate(page, "Ничего.").save_revision().publish()
    texts = [PolicyRendition.objects.get(), page.versions.get()]
    anchors = [[clause["anchor"] for clause in text.content["clauses"]] for text in texts]
    assert anchors[0] == anchors[1]


def test_an_alias_has_no_versions_of_its_own(home: HomePage, client: Client) -> None:
    page = make.policy(home, "Old.")
    alias = page.create_alias(update_slug="first")
    second = alias.create_alias(update_slug="second")
    make.revise(page, "New.")
    assert page.versions.count() == TermSheet.objects.count() == 2
    for slug in (alias.slug, second.slug):
        assert "New." in client.get(f"/{slug}/").text
        assert "Old." in client.get(f"/{slug}/v/1/").text


def test_an_alias_does_not_wait_for_the_worker(home: HomePage, clock: Traveller, client: Client) -> None:
    page = make.revise(make.policy(home, live=False), "First.", at=SOON)
    page.create_alias(update_slug="first")
    for at, status in ((SOON - timedelta(microseconds=1), 404), (SOON, 200)):
        clock.move_to(at)
        assert client.get("/first/").status_code == status


def test_an_alias_in_another_language_shows_the_original(home: HomePage, client: Client) -> None:
    page = make.policy(home, "Old.")
    page.copy_for_translation(languages.russian(), copy_parents=True, alias=True)
    assert "Old." in client.get("/ru/privacy/").text
    assert not PolicyRendition.objects.exists()
