"""A policy in a second language, and a clause that the site acts on."""

import uuid

from wagtail.models import Locale

from policies.models import PolicyPage
from records.registry import Purpose

PURPOSES = {
    "type": "purposes",
    "value": {
        "text": "",
        "items": [
            {
                "type": "item",
                "value": {"purpose": Purpose.SERVICE, "words": "", "basis": ""},
                "id": str(uuid.uuid4()),
            }
        ],
        "anchor": "",
    },
    "id": str(uuid.uuid4()),
}


def russian() -> Locale:
    return Locale.objects.get_or_create(language_code="ru")[0]


def translate(page: PolicyPage, words: str) -> PolicyPage:
    """The Russian page of `page`, made as the CMS makes it and with `words` in its first clause; not published yet."""
    there = PolicyPage.objects.filter(translation_key=page.key, locale=russian(), alias_of=None).first()
    if there is None:
        there = page.copy_for_translation(russian(), copy_parents=True)
    original = page.get_latest_revision_as_object()
    draft: PolicyPage = PolicyPage.objects.get(pk=there.pk).get_latest_revision_as_object()
    draft.body = original.body.get_prep_value()
    draft.body[0].value["text"].source = f"<p>{words}</p>"
    draft.title = "Политика"
    return draft
