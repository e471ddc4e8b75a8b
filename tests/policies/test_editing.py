"""What does the CMS answer to an editor's slips, what does its preview show, and what survives its text editor?"""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from home.models import HomePage
from policies import clauses
from policies.blocks import FEATURES
from policies.models import PolicyPage, PolicyVersion
from tests import make
from tests.policies import editing, reading

TWICE = [editing.clause("One.", anchor="same"), editing.clause("Two.", anchor="same")]


@pytest.mark.parametrize(
    ("body", "more", "sentence"),
    [
        (TWICE, {}, "Two clauses share an anchor: same."),
        ([], {}, "This field is required."),
        ([editing.clause("")], {}, "This field is required."),
        ([editing.clause("\N{NO-BREAK SPACE}")], {}, "This field is required."),
        ([editing.clause("One.", anchor="two words")], {}, "letters, numbers, underscores or hyphens"),
        ([editing.clause("One.", anchor="x" * 61)], {}, "Ensure this value has at most 60 characters"),
        ([editing.clause("One.")], {"go_live_at": "2026-13-01 00:00"}, "Enter a valid date/time."),
        ([editing.clause("One.")], {"change_note": "x" * 301}, "Ensure this value has at most 300 characters"),
        ([editing.clause("One.")], {"title": ""}, "This field is required."),
    ],
)
def test_a_slip_is_named_and_nothing_is_frozen(
    cms: Client, home: HomePage, body: list[editing.Row], more: dict[str, str], sentence: str
) -> None:
    response = editing.add(cms, home, body, **{"action-publish": "on", **more})
    assert response.status_code == 200
    assert sentence in response.text
    assert not PolicyVersion.objects.exists()


@pytest.mark.parametrize("block_id", ["", "not-a-uuid"])
def test_clauses_whose_ids_are_missing_or_alike_are_published(cms: Client, home: HomePage, block_id: str) -> None:
    body = [editing.clause("One.", block_id=block_id), editing.clause("Two.", block_id=block_id)]
    editing.add(cms, home, body, **{"action-publish": "on"})
    anchors = [clause["anchor"] for clause in PolicyVersion.objects.get().content["clauses"]]
    assert len(set(anchors)) == 2
    assert all(anchor.startswith("c-") for anchor in anchors)


def test_an_editor_who_may_not_publish_saves_a_draft(home: HomePage) -> None:
    writer = User.objects.create_user("cleo")
    writer.groups.add(Group.objects.get(name="Editors"))
    page = make.policy(home, "Old.")
    PolicyPage.objects.filter(pk=page.pk).update(owner=writer)
    client = Client()
    client.force_login(writer)
    assert editing.publish(client, page, [editing.clause("New.")]).status_code == 200
    assert editing.rows(page)[0]["id"] != page.body[0].id
    assert PolicyVersion.objects.count() == 1


def test_anchors_last_through_edits(cms: Client, home: HomePage) -> None:
    page = make.policy(home, "One.")
    body = editing.rows(page)
    editing.publish(cms, page, [editing.clause("Zero."), *body])
    editing.publish(cms, page, [editing.clause("Zero, again."), *editing.rows(page)[1:]])
    anchors = [version.content["clauses"][-1]["anchor"] for version in page.versions.order_by("number")]
    assert len(anchors) == 3
    assert len(set(anchors)) == 1


def preview(cms: Client, name: str, *arguments: object, **data: str) -> Any:
    address = reverse(f"wagtailadmin_pages:{name}", args=arguments)
    assert cms.post(address, data).json() == {"is_valid": True, "is_available": True}
    return cms.get(address, {"in_preview_panel": "true"})


def test_the_preview_shows_the_draft(cms: Client, home: HomePage) -> None:
    page = make.policy(home, "Old.")
    response = preview(cms, "preview_on_edit", page.pk, **editing.form([editing.clause("Not yet.")]))
    assert reading.text_of(response) == "Privacy policy 1 Not yet."
    assert "Preview of a draft" in reading.notices(response)


def test_a_page_that_was_never_saved_has_a_preview(cms: Client, home: HomePage) -> None:
    form = editing.form([editing.clause("Not yet.", block_id="")])
    response = preview(cms, "preview_on_add", "policies", "policypage", home.pk, **form)
    assert reading.text_of(response) == "Privacy policy 1 Not yet."


def test_an_empty_page_has_a_preview(cms: Client, home: HomePage) -> None:
    response = preview(cms, "preview_on_add", "policies", "policypage", home.pk, **editing.form([], title="", slug=""))
    assert response.status_code == 200


def test_a_saved_draft_can_be_viewed(cms: Client, home: HomePage) -> None:
    page = make.policy(home, "Old.")
    editing.edit(cms, page, [editing.clause("Not yet.")])
    response = cms.get(reverse("wagtailadmin_pages:view_draft", args=(page.pk,)))
    assert reading.text_of(response) == "Privacy policy 1 Not yet."


@pytest.mark.parametrize(
    "html",
    [
        "<p>Plain, with “quotes” and a no-break space.</p>",
        "<p>Lead-in:</p><ul><li>one</li><li>two<ul><li>nested<ul><li>deep</li></ul></li></ul></li><li>three</li></ul>",
        "<ol><li>first</li><li>second</li></ol><p>After.</p>",
        '<p><b>Bold <i>both</i></b> <a href="https://quay.example/?a=1&amp;b=2">a link</a> a &lt; b &amp; c</p>',
        "<p>One.</p><p>Two.</p>",
    ],
)
def test_the_text_editor_keeps_a_clause_as_it_is(html: str) -> None:
    converter = ContentstateConverter(FEATURES)
    saved = converter.to_database_format(converter.from_database_format(html))
    before, after = ({"type": "text", "value": {"text": text, "anchor": "a"}, "id": "i"} for text in (html, saved))
    body = PolicyPage._meta.get_field("body")
    assert "data-block-key" in saved
    assert reading.clauses(body.to_python([after])) == reading.clauses(body.to_python([before]))


def test_numbers_come_from_places_and_never_twice() -> None:
    below = ["subclause", "clause", "subclause", "subclause", "text", "clause"]
    kinds = ["clause", "section", *below, "section", "clause"]
    values = {"section": {"title": "T", "numbered": True, "anchor": ""}}
    blocks = [
        {"type": kind, "value": values.get(kind, {"text": "<p>T</p>", "anchor": ""}), "id": str(place)}
        for place, kind in enumerate(kinds)
    ]
    numbered = reading.clauses(PolicyPage._meta.get_field("body").to_python(blocks))
    assert [clause.number for clause in numbered] == ["", "1", "1.1", "1.2", "1.2.1", "1.2.2", "", "1.3", "2", "2.1"]


def test_the_plain_text_of_a_clause_keeps_words_apart() -> None:
    html = "<p>Sell &amp; <b>buy</b>less:</p><ul><li>a<ul><li>b</li></ul></li><li>c<br/>d</li></ul>"
    clause = clauses.Clause(id="", kind="clause", number="1.1", anchor="", html=html)
    assert clause.text == "1.1 Sell & buyless: a b c d"


def test_a_link_to_a_page_is_frozen_as_its_address(home: HomePage) -> None:
    contact = make.contact(home)
    page = make.policy(home, f'Write <a linktype="page" id="{contact.pk}">to us</a>.')
    contact.slug = "elsewhere"
    contact.save()
    assert '<a href="/contact/">to us</a>' in page.versions.get().html


def test_what_was_announced_can_still_be_read_in_the_editor(cms: Client, home: HomePage) -> None:
    page = make.revise(make.policy(home, "Old."), "New.", at=make.NOW + timedelta(days=10))
    assert cms.get(reverse("wagtailadmin_pages:edit", args=(page.pk,))).status_code == 200
    assert cms.get(reverse("wagtailadmin_pages:history", args=(page.pk,))).status_code == 200
