"""What does the demo's policy say? Words come from policy.en.md and policy.ru.md, the terms from here."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from wagtail.models import Locale

from home.models import HomePage
from policies import importing
from policies.importing import stand_ins
from policies.models import PolicyPage
from records.registry import Basis, Ground, Purpose, Subject

NOTES = {
    1: {"en": "First version.", "ru": "Первая версия."},
    2: {"en": "Messages are kept for six months instead of a year.", "ru": "Сообщения хранятся полгода вместо года."},
}


TERMS: dict[str, dict[str, Any]] = {
    "[contact]": {"type": "contact", "value": {"text": ""}},
    "[data]": {"type": "data", "value": {"text": "", "subjects": [Subject.VISITOR.value, Subject.SUBSCRIBER.value]}},
    "[services]": {"type": "services", "value": {"text": ""}},
    "[grounds]": stand_ins.listing("grounds", "ground", *((ground.value, "") for ground in Ground)),
    "[purposes]": stand_ins.listing(
        "purposes",
        "purpose",
        (Purpose.SERVICE.value, Basis.INTEREST.value),
        (Purpose.COMMUNICATION.value, Basis.CONTRACT.value),
        (Purpose.PROMOTION.value, Basis.CONSENT.value),
        (Purpose.MEASUREMENT.value, Basis.INTEREST.value),
        (Purpose.SECURITY.value, Basis.INTEREST.value),
        (Purpose.LEGAL.value, Basis.OBLIGATION.value),
    ),
    "[inquiries]": stand_ins.retention("home.Inquiry", 1, "year"),
    "[subscriptions]": stand_ins.retention("mailing.Subscription", 7, "day"),
    "[addresses]": stand_ins.retention("mailing.Subscriber", 7, "day"),
    "[choices]": stand_ins.retention("consent.choice", 6, "month"),
    "[decisions]": stand_ins.retention("consent.Decision", 3, "year"),
    "[actions]": stand_ins.retention("records.Action", 1, "year"),
}


def add(home: HomePage, editor: User, now: datetime) -> None:
    """Version 1 now; version 2, a shorter period, announced for a month from now; both in English and in Russian."""
    page = PolicyPage(title="", slug="privacy", body=[], owner=editor)
    page.title, page.body = _written("en")
    page.change_note = NOTES[1]["en"]
    home.add_child(instance=page)
    page.save_revision(user=editor).publish(user=editor)
    page = PolicyPage.objects.get(pk=page.pk)
    russian = page.copy_for_translation(Locale.objects.get(language_code="ru"))
    russian.title, russian.body = _written("ru")
    russian.change_note = NOTES[1]["ru"]
    russian.save_revision(user=editor).publish(user=editor)
    page.go_live_at = (now + timedelta(days=30)).replace(hour=0, minute=0, second=0, microsecond=0)
    for draft, language in ((page, "en"), (PolicyPage.objects.get(pk=russian.pk), "ru")):
        kept = next(block for block in draft.body if block.value["anchor"] == "s-4-2")
        kept.value["number"], kept.value["unit"] = 6, "month"
        draft.change_note, draft.material = NOTES[2][language], True
        draft.save_revision(user=editor).publish(user=editor)


def _written(language: str) -> tuple[str, list[dict[str, Any]]]:
    """A clause that is only a name in brackets stands for the terms of that name."""
    text = Path(__file__).with_name(f"policy.{language}.md").read_text(encoding="utf-8")
    draft = importing.read(text)
    return draft.title, list(stand_ins.put(draft.body, {name: [term] for name, term in TERMS.items()}))
