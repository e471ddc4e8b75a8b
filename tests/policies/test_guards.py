"""What does the CMS refuse, with a sentence and without an error page, so that readers keep what was published?"""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from home.models import HomePage, StandardPage
from policies.models import PolicyPage
from tests import make
from tests.policies import editing

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
