"""An editor publishes now while a version is pending: what is asked, and what is done?"""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from time_machine import Traveller
from wagtail.models import Locale, PageLogEntry

from home.models import HomePage
from policies import effective, freeze, reissue
from policies.models import PolicyPage
from tests import make
from tests.policies import editing, urgent
from tests.policies.urgent import (
    FIXED,
    LATER,
    PENDING,
    SIMPLE,
    SOON,
    announce,
    decide,
    fix,
    log,
    mark,
    standing,
    withdrawn,
    written,
)

MERGED = ["We keep no letters.", "We sell no data.", "We answer."]


@pytest.fixture
def page(home: HomePage) -> PolicyPage:
    return urgent.beside_a_pending_version(home)


def test_publishing_beside_a_pending_version_asks_first(cms: Client, page: PolicyPage) -> None:
    asked = fix(cms, page, *FIXED)
    assert "What becomes of version 3?" in asked.text
    assert page.versions.count() == 3
    assert "We keep no letters." in editing.rows(page)[0]["value"]["text"], "the draft is saved"


def test_each_choice_says_what_visitors_read_from_when(cms: Client, page: PolicyPage) -> None:
    asked = fix(cms, page, *FIXED).text
    assert asked.count("Until 11 March 2026, 12:00 UTC visitors read this text. From then on they read version 3") == 2
    assert "Visitors read this text from now on, and nothing replaces it on 11 March 2026, 12:00 UTC." in asked


def test_the_pending_version_is_kept(cms: Client, page: PolicyPage) -> None:
    answer = decide(cms, fix(cms, page, *FIXED), fate="keep")
    assert "Version 4 is in force now. Version 3 takes force on 11 March 2026" in editing.said(answer)
    assert standing(page) == {3: (SOON, PENDING), 4: (make.NOW, FIXED)}
    assert mark(page) == [SOON]
    assert log(page, "policies.kept") == [{"number": 3, "beside": 4}]


def test_the_pending_version_is_withdrawn(cms: Client, page: PolicyPage) -> None:
    answer = decide(cms, fix(cms, page, *FIXED), fate="withdraw", reason="It was wrong.")
    assert editing.said(answer).strip() == "Version 4 is in force now. Version 3 is withdrawn."
    assert standing(page) == {4: (make.NOW, FIXED)}
    assert withdrawn(page) == {3: "It was wrong."}
    assert mark(page) == []
    assert log(page, "policies.kept") == []


def test_the_pending_version_is_re_issued_with_the_fix(cms: Client, page: PolicyPage) -> None:
    decide(cms, fix(cms, page, *FIXED, change_note="Letters."), fate="reissue")
    assert standing(page) == {4: (make.NOW, FIXED), 5: (SOON, MERGED)}
    assert withdrawn(page) == {3: "Re-issued as version 5 with the fix of version 4."}
    assert mark(page) == [SOON]
    assert log(page, "policies.kept") == []
    notes = page.versions.filter(number__gt=2).order_by("number").values_list("change_note", "material")
    assert list(notes) == [("We answer.", True), ("Letters.", False), ("We answer.", True)]


def test_the_draft_goes_on_from_the_re_issued_text(cms: Client, page: PolicyPage) -> None:
    decide(cms, fix(cms, page, *FIXED), fate="reissue")
    page.refresh_from_db()
    assert page.live
    assert page.live_revision_id == page.versions.get(number=4).revision_id
    assert page.latest_revision_id == page.versions.get(number=5).revision_id
    assert page.has_unpublished_changes


def test_who_decided_stands_in_the_history(cms: Client, page: PolicyPage) -> None:
    decide(cms, fix(cms, page, *FIXED), fate="keep")
    assert PageLogEntry.objects.get(page=page.pk, action="policies.kept").user.username == "vera"
    assert "Kept pending version 3" in cms.get(reverse("wagtailadmin_pages:history", args=(page.pk,))).text
    assert page.versions.get(number=4).frozen_by == "Vera Holt"


def test_the_re_issued_version_takes_force_on_the_day(cms: Client, page: PolicyPage, clock: Traveller) -> None:
    decide(cms, fix(cms, page, *FIXED), fate="reissue")
    for at, number in ((SOON - timedelta(microseconds=1), 4), (SOON, 5)):
        found = effective.in_force(page, at)
        assert found
        assert found.number == number


def test_several_pending_versions_are_decided_one_by_one(cms: Client, page: PolicyPage) -> None:
    page = announce(page, [*PENDING, "We ask."], at=LATER)
    asked = fix(cms, page, *FIXED)
    third, fourth = page.versions.filter(number__gt=2).order_by("number")
    assert "Until 21 March 2026, 12:00 UTC this changes nothing." in asked.text
    chosen = {f"fate-{third.pk}": "withdraw", f"reason-{third.pk}": "Too soon.", f"fate-{fourth.pk}": "reissue"}
    cms.post(asked.request["PATH_INFO"], {"seen": asked.context["form"]["seen"].value(), **chosen})
    assert standing(page) == {5: (make.NOW, FIXED), 6: (LATER, [*MERGED, "We ask."])}
    assert withdrawn(page) == {3: "Too soon.", 4: "Re-issued as version 6 with the fix of version 5."}
    assert mark(page) == [LATER]


CONFLICT = ["We keep letters.", "We sell everything."]


@pytest.mark.parametrize(("side", "words"), [("fix", "We sell everything."), ("pending", "We sell no data.")])
def test_a_conflict_is_settled_by_the_editor(cms: Client, page: PolicyPage, side: str, words: str) -> None:
    asked = fix(cms, page, "We keep no letters.", CONFLICT[1])
    assert "We sell everything." in asked.text
    assert "We sell no data." in asked.text
    decide(cms, asked, fate="reissue", side=side)
    assert standing(page)[5] == (SOON, ["We keep no letters.", words, "We answer."])


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({}, "This field is required."),
        ({"fate": "withdraw"}, "Say why it is withdrawn."),
        ({"fate": "withdraw", "reason": "x" * 301}, "Ensure this value has at most 300 characters"),
        ({"fate": "reissue"}, "Choose whose words stand."),
        ({"fate": "forget"}, "Select a valid choice."),
    ],
)
def test_a_choice_that_is_not_whole_is_named_and_nothing_is_done(
    cms: Client, page: PolicyPage, choices: dict[str, str], sentence: str
) -> None:
    answer = decide(cms, fix(cms, page, *CONFLICT), **choices)
    assert sentence in answer.text
    assert page.versions.count() == 3


def test_a_text_that_brings_the_pending_one_forward_is_called_that(cms: Client, page: PolicyPage) -> None:
    asked = editing.publish(cms, page, editing.rows(page))
    assert "This text says already all that version 3 changes" in asked.text
    assert reverse("wagtailadmin_pages:revisions_revert", args=(page.pk, page.live_revision_id)) in asked.text
    assert 'value="reissue"' not in asked.text


def test_a_re_issue_that_would_say_the_same_as_the_fix_only_withdraws(cms: Client, page: PolicyPage) -> None:
    rows = editing.rows(page)
    rows[1] = editing.clause("We sell everything.", block_id=rows[1]["id"])
    decide(cms, editing.publish(cms, page, rows), fate="reissue", side="fix")
    assert standing(page) == {4: (make.NOW, ["We keep letters.", "We sell everything.", "We answer."])}
    assert withdrawn(page) == {3: "Taken into version 4."}


def test_a_re_issue_without_a_word_of_the_fix_keeps_the_version(cms: Client, page: PolicyPage) -> None:
    decide(cms, fix(cms, page, *CONFLICT), fate="reissue", side="pending")
    assert standing(page) == {3: (SOON, PENDING), 4: (make.NOW, CONFLICT)}
    assert log(page, "policies.kept") == [{"number": 3, "beside": 4}]


def test_an_end_that_is_pending_is_kept_or_withdrawn(cms: Client, home: HomePage) -> None:
    page = make.policy(home, "Old.")
    freeze.end(page=page, effective_from=SOON, now=make.NOW, note="We close.")
    asked = editing.publish(cms, page, [editing.clause("New.")])
    assert "Version 2 ends the policy." in asked.text
    assert 'value="reissue"' not in asked.text
    decide(cms, asked, fate="keep")
    found = effective.in_force(page, SOON)
    assert found
    assert found.ends


def test_what_is_merged_but_cannot_be_frozen_is_named_and_nothing_is_done(cms: Client, page: PolicyPage) -> None:
    draft = page.get_latest_revision_as_object()
    draft.body = [*draft.body.get_prep_value()[:2], make.text("We answer.", anchor="letters")]
    draft.go_live_at = LATER
    draft.save_revision().publish()
    page = PolicyPage.objects.get(pk=page.pk)
    ids = [row["id"] for row in written(page, FIXED)]
    rows = [editing.clause("One.", block_id=ids[0], anchor="letters"), editing.clause(SIMPLE[1], block_id=ids[1])]
    answer = decide(cms, editing.publish(cms, page, rows), fate="reissue")
    assert "Nothing was published: Two clauses share an anchor: letters." in answer.text
    assert page.versions.count() == 4
    assert not page.versions.exclude(withdrawal=None).exists()


def test_another_address_that_was_pending_is_re_issued_too(cms: Client, page: PolicyPage) -> None:
    draft = page.get_latest_revision_as_object()
    draft.slug, draft.go_live_at = "data", LATER
    draft.body = written(page, [*PENDING, "We ask."])
    draft.save_revision().publish()
    page = PolicyPage.objects.get(pk=page.pk)
    decide(cms, fix(cms, page, *FIXED), fate="reissue")
    slugs = [row.revision.content["slug"] for row in page.versions.standing().filter(number__gt=4).order_by("number")]
    assert slugs == ["privacy", "privacy", "data"]


def test_translations_of_the_pending_version_are_named(cms: Client, page: PolicyPage) -> None:
    version = page.versions.get(number=3)
    russian, _new = Locale.objects.get_or_create(language_code="ru")
    translated = page.copy_for_translation(russian, copy_parents=True)
    translated.get_latest_revision().publish()
    assert version.renditions.count() == 1
    asked = fix(cms, page, *FIXED)
    assert "Version 3 is translated: Russian. A re-issued version has to be translated again." in asked.text


def test_the_clock_goes_on_while_it_is_published(page: PolicyPage, vera: User, clock: Traveller) -> None:
    page.body = written(page, FIXED)
    revision, asked = page.save_revision(), make.NOW + timedelta(hours=1)
    situation = reissue.look(page, revision, asked)
    clock.move_to(asked + timedelta(seconds=1))
    keep = {question.version.pk: reissue.Decision("keep") for question in situation.questions}
    reissue.publish(situation=situation, decisions=keep, user=vera, by="Vera", now=asked)
    assert mark(page) == [SOON]
