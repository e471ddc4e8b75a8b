"""What the browser of an editor sends from the CMS's policy editor."""

import uuid
from typing import Any

from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from home.models import HomePage
from policies.blocks import FEATURES
from policies.models import PolicyPage

Row = dict[str, Any]  # type, value, id


def clause(words: str, *, anchor: str = "", kind: str = "clause", block_id: str | None = None) -> Row:
    value = {"text": rich_text(f"<p>{words}</p>" if words else "", features=FEATURES), "anchor": anchor}
    return {"type": kind, "value": value, "id": block_id if block_id is not None else str(uuid.uuid4())}


def rows(page: PolicyPage) -> list[Row]:
    """The newest draft, as the editor shows it."""
    body = PolicyPage.objects.get(pk=page.pk).get_latest_revision_as_object().body
    return [{"type": block.block_type, "value": _shown(block.value), "id": block.id} for block in body]


def _shown(value: Any) -> dict[str, str]:
    terms = {name: str(value[name]) for name in ("holding", "number", "unit", "then") if name in value}
    shown = {"anchor": value["anchor"], **terms}
    if "text" in value:
        return shown | {"text": rich_text(value["text"].source, features=FEATURES)}
    return shown | {"title": value["title"]} | ({"numbered": "on"} if value["numbered"] else {})


def form(body: list[Row], **more: str) -> dict[str, str]:
    placed = {str(place): row | {"order": str(place), "deleted": ""} for place, row in enumerate(body)}
    values = {"title": "Privacy policy", "slug": "privacy", "change_note": "", "go_live_at": "", "expire_at": ""}
    stream = {"count": str(len(body)), **placed}
    return nested_form_data({**values, "body": stream, "comments": inline_formset([]), **more})


def add(cms: Client, home: HomePage, body: list[Row], **more: str) -> Any:
    """Sends the form of a new policy page; follows to what the editor sees then."""
    address = reverse("wagtailadmin_pages:add", args=("policies", "policypage", home.pk))
    return cms.post(address, form(body, **more), follow=True)


def edit(cms: Client, page: PolicyPage, body: list[Row], **more: str) -> Any:
    return cms.post(reverse("wagtailadmin_pages:edit", args=(page.pk,)), form(body, **more), follow=True)


def publish(cms: Client, page: PolicyPage, body: list[Row], **more: str) -> Any:
    return edit(cms, page, body, **{"action-publish": "on", **more})


def bulk(cms: Client, action: str, *pages: Any, **more: str) -> Any:
    """Picks pages in a listing and confirms a bulk action."""
    address = reverse("wagtail_bulk_action", args=("wagtailcore", "page", action))
    query = "&".join(f"id={page.pk}" for page in pages)
    return cms.post(f"{address}?{query}", more, follow=True)


def said(response: Any) -> str:
    """The messages above the page the editor sees."""
    return " ".join(str(message) for message in response.context["messages"])
