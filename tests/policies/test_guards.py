"""What does the CMS refuse, with a sentence and without an error page, so that readers keep what was published?"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from wagtail.actions.copy_page import CopyPageAction
from wagtail.actions.delete_page import DeletePageAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Collection, Locale, Page, Site

from home.models import HomePage, StandardPage
from policies.models import PolicyPage, PolicyRendition, PolicyVersion
from tests import make
from tests.policies import editing, reading, translating

STAYS = "Visitors may still cite the published versions"


@pytest.fixture
def page(home: HomePage) -> PolicyPage:
    return make.policy(home, "We keep nothing.")


def ask(cms: Client, name: str, page: Page, **data: str) -> Any:
    return cms.post(reverse(f"wagtailadmin_pages:{name}", args=(page.pk,)), data, follow=True)


@pytest.mark.parametrize("action", ["delete", "unpublish"])
def test_a_published_policy_stays(cms: Client, page: PolicyPage, action: str) -> None:
    response = ask(cms, action, page)
    assert response.status_code == 200
    assert STAYS in editing.said(response)
    assert PolicyPage.objects.get(pk=page.pk).live


@pytest.mark.parametrize("action", ["delete", "unpublish"])
def test_a_published_policy_stays_when_picked_among_others(cms: Client, page: PolicyPage, action: str) -> None:
    other = make.contact(page.get_parent())
    response = editing.bulk(cms, action, other, page)
    assert STAYS in editing.said(response)
    assert set(Page.objects.filter(depth__gt=2).values_list("pk", "live")) == {(page.pk, True), (other.pk, True)}


@pytest.mark.parametrize("action", ["delete", "unpublish"])
def test_a_published_policy_stays_when_the_page_above_goes(cms: Client, page: PolicyPage, action: str) -> None:
    response = ask(cms, action, page.get_parent(), include_descendants="on")
    assert STAYS in editing.said(response)
    assert PolicyPage.objects.get(pk=page.pk).live


@pytest.mark.parametrize("action", ["delete", "unpublish"])
def test_a_published_policy_stays_when_the_page_above_is_picked(cms: Client, page: PolicyPage, action: str) -> None:
    response = editing.bulk(cms, action, page.get_parent(), include_descendants="on")
    assert STAYS in editing.said(response)
    assert PolicyPage.objects.get(pk=page.pk).live


def test_a_draft_that_nobody_could_read_may_be_deleted(cms: Client, home: HomePage) -> None:
    page = make.policy(home, live=False)
    ask(cms, "delete", page)
    assert not PolicyPage.objects.exists()


def test_other_pages_are_not_guarded(cms: Client, page: PolicyPage) -> None:
    other = StandardPage(title="About us", slug="about", body="<p>Us.</p>")
    page.get_parent().add_child(instance=other)
    editing.bulk(cms, "unpublish", other)
    assert not Page.objects.get(pk=other.pk).live
    ask(cms, "delete", other)
    assert not StandardPage.objects.exists()


@pytest.mark.parametrize("days", [None, 10])
@pytest.mark.parametrize("body", [[], [make.text("One.", anchor="same"), make.text("Two.", anchor="same")]])
def test_a_bulk_publication_of_a_text_with_gaps_is_refused(
    cms: Client, page: PolicyPage, body: list[object], days: int | None
) -> None:
    page.body, page.go_live_at = body, make.NOW + timedelta(days=days) if days else None
    page.save_revision(clean=False)
    response = editing.bulk(cms, "publish", page)
    assert response.status_code == 200
    assert "“Privacy policy” cannot be published yet: " in editing.said(response)
    assert page.versions.count() == 1


def test_code_cannot_delete_a_published_policy(page: PolicyPage) -> None:
    with pytest.raises(ProtectedError):
        page.delete()


def test_purging_keeps_every_revision_that_was_frozen(page: PolicyPage) -> None:
    page = make.revise(page, "We keep less.")
    page = make.revise(page, "We keep it until then.", at=make.NOW + timedelta(days=10))
    for words in ("A draft.", "Another draft."):
        page.body[0].value["text"].source = f"<p>{words}</p>"
        page.save_revision()
    call_command("purge_revisions")
    kept = page.revisions.order_by("pk")
    assert [revision.as_object().body[0].value["text"].source for revision in kept] == [
        "<p>We keep nothing.</p>",
        "<p>We keep less.</p>",
        "<p>We keep it until then.</p>",
        "<p>Another draft.</p>",
    ]


def test_an_editor_s_account_can_be_deleted_and_the_name_stays(cms: Client, home: HomePage) -> None:
    author = User.objects.create_user("cleo", first_name="Cleo", last_name="Stone")
    page = make.policy(home, live=False)
    page.save_revision(user=author).publish()
    response = cms.post(reverse("wagtailusers_users:delete", args=(author.pk,)), follow=True)
    assert response.status_code == 200
    assert not User.objects.filter(username="cleo").exists()
    assert page.versions.get().frozen_by == "Cleo Stone"


@pytest.mark.parametrize("action", ["delete", "unpublish"])
def test_a_published_translation_stays(cms: Client, page: PolicyPage, action: str) -> None:
    russian = translating.translate(cms, page)
    editing.publish(cms, russian, editing.rows(russian))
    assert STAYS in editing.said(ask(cms, action, russian))
    assert STAYS in editing.said(editing.bulk(cms, action, russian))
    assert PolicyPage.objects.get(pk=russian.pk).live
    assert PolicyRendition.objects.filter(page=russian).exists()


def test_a_translation_that_was_never_published_may_be_deleted(cms: Client, page: PolicyPage) -> None:
    russian = translating.translate(cms, page)
    ask(cms, "delete", russian)
    assert not PolicyPage.objects.filter(pk=russian.pk).exists()


def elsewhere() -> HomePage:
    """A home page that belongs to no site."""
    home = HomePage(title="Elsewhere", slug="elsewhere", tagline="There.")
    Page.objects.get(depth=1).add_child(instance=home)
    return home


def move_one(cms: Client, page: Page, to: Page) -> Any:
    return cms.post(reverse("wagtailadmin_pages:move_confirm", args=(page.pk, to.pk)), follow=True)


def move_picked(cms: Client, page: Page, to: Page) -> Any:
    return editing.bulk(cms, "move", page, chooser=str(to.pk))


Move = Callable[[Client, Page, Page], Any]


@pytest.mark.parametrize("move", [move_one, move_picked])
def test_a_published_policy_stays_on_its_site(cms: Client, page: PolicyPage, move: Move) -> None:
    response = move(cms, page, elsewhere())
    assert "so it stays on its site" in editing.said(response)
    assert cms.get("/privacy/").status_code == 200


@pytest.mark.parametrize("move", [move_one, move_picked])
def test_a_policy_moves_within_its_site_and_a_draft_anywhere(cms: Client, page: PolicyPage, move: Move) -> None:
    inner = HomePage(title="Inner", slug="inner", tagline="In.")
    page.get_parent().add_child(instance=inner)
    move(cms, page, inner)
    assert cms.get("/inner/privacy/").status_code == 200
    draft = PolicyPage(title="Draft", slug="draft", body=[make.text("T")], live=False)
    inner.add_child(instance=draft)
    there = elsewhere()
    move(cms, draft, there)
    assert PolicyPage.objects.get(pk=draft.pk).get_parent().pk == there.pk


def test_a_whole_site_moves_with_its_policies(cms: Client, page: PolicyPage) -> None:
    move_one(cms, page.get_parent(), elsewhere())
    assert cms.get("/privacy/").status_code == 200


def copy(cms: Client, page: Page, **more: str) -> Any:
    data = {"new_title": "Copy", "new_slug": "copy", "new_parent_page": str(page.get_parent().pk), **more}
    return ask(cms, "copy", page, **data)


def test_a_policy_is_copied_as_a_draft(cms: Client, page: PolicyPage, clock: Any) -> None:
    page = make.revise(page, "Later.", at=make.NOW + timedelta(days=1), note="Less.", material=True)
    clock.move_to(make.NOW + timedelta(days=2))
    page.versions.get(number=2).revision.publish()
    form = cms.get(reverse("wagtailadmin_pages:copy", args=(page.pk,))).text
    assert 'name="publish_copies"' not in form
    assert copy(cms, page).status_code == 200
    made = PolicyPage.objects.get(slug="copy")
    draft = made.get_latest_revision_as_object()
    assert (made.live, made.versions.count()) == (False, 0)
    assert (draft.go_live_at, draft.change_note, draft.material) == (None, "", False)


def test_a_copy_is_not_published_at_once(cms: Client, page: PolicyPage) -> None:
    for copied, more in ((page, {}), (page.get_parent(), {"copy_subpages": "on"})):
        response = copy(cms, copied, publish_copies="on", **more)
        assert "The copy of a policy starts as a draft" in editing.said(response)
    assert not Page.objects.filter(slug="copy").exists()
    assert PolicyVersion.objects.count() == 1


def test_pages_without_a_policy_are_copied_and_published(cms: Client, page: PolicyPage) -> None:
    copy(cms, make.contact(page.get_parent()), publish_copies="on")
    assert Page.objects.get(slug="copy").live


def test_code_that_publishes_a_copy_gives_it_a_first_version(page: PolicyPage) -> None:
    made = CopyPageAction(page, update_attrs={"slug": "copy"}, keep_live=True).execute()
    assert made.specific.versions.get().number == 1


def test_an_alias_reads_as_its_original_and_does_not_become_a_page_of_its_own(cms: Client, page: PolicyPage) -> None:
    copy(cms, page, alias="on", publish_copies="on")
    alias = PolicyPage.objects.get(slug="copy")
    assert reading.text_of(cms.get("/copy/")) == reading.text_of(cms.get("/privacy/"))
    assert cms.get(reverse("wagtailadmin_pages:edit", args=(alias.pk,))).status_code == 200
    response = ask(cms, "convert_alias", alias)
    assert "An alias shows the versions of its original" in editing.said(response)
    assert PolicyPage.objects.get(slug="copy").alias_of_id == page.pk
    ask(cms, "delete", alias)
    assert not PolicyPage.objects.filter(slug="copy").exists()


def test_an_alias_of_a_draft_whose_date_has_passed_can_be_made(cms: Client, home: HomePage, clock: Any) -> None:
    page = make.policy(home, live=False)
    PolicyPage.objects.filter(pk=page.pk).update(go_live_at=make.NOW - timedelta(days=1))
    assert copy(cms, page, alias="on").status_code == 200
    assert PolicyPage.objects.filter(slug="copy").exists()


def test_an_action_without_the_editor_takes_nothing_from_readers(cms: Client, page: PolicyPage) -> None:
    with pytest.raises(ProtectedError), transaction.atomic():
        DeletePageAction(page).execute()
    UnpublishPageAction(PolicyPage.objects.get(pk=page.pk)).execute()
    assert not PolicyPage.objects.get(pk=page.pk).live
    assert reading.text_of(Client().get("/privacy/")) == "Privacy policy 1 We keep nothing."


@pytest.mark.parametrize("view", ["wagtaillocales:delete", "wagtailcollections", "wagtailsites:delete"])
def test_nothing_else_that_goes_ends_in_an_error_page(cms: Client, page: PolicyPage, view: str) -> None:
    addresses = {
        "wagtaillocales:delete": lambda: (view, Locale.get_default().pk),
        "wagtailcollections": lambda: ("wagtailadmin_collections:delete", _collection().pk),
        "wagtailsites:delete": lambda: (view, Site.objects.get().pk),
    }
    name, key = addresses[view]()
    assert cms.post(reverse(name, args=(key,)), follow=True).status_code == 200
    assert PolicyVersion.objects.exists()
    for address in (reverse("wagtailadmin_home"), reverse("wagtailadmin_pages:edit", args=(page.pk,))):
        assert cms.get(address).status_code == 200, address


def _collection() -> Collection:
    collection: Collection = Collection.get_first_root_node().add_child(name="Pictures")
    return collection
