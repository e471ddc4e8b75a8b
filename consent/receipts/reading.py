"""What was somebody asked, in which words, and what did they answer?

Read from the rows a decision points at, never from what the CMS says today.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from consent import catalogue, draft
from consent.models import Decision, Snapshot
from policies.models import FrozenText
from records import retention

Content = dict[str, Any]
_LONG = ("html", "text", "source", "used")


@dataclass(frozen=True)
class Shown:
    """A decision with what was shown. `asked` are the groups somebody could choose, each with `answer`: True, False, or
    None where they gave none; the services of a group likewise."""

    decision: Decision
    language: str
    controller: dict[str, str]
    asked: list[Content]
    always_on: list[Content]
    notice: FrozenText | None

    @property
    def allowed(self) -> list[Content]:
        return [row for row in self.asked if row["answer"]]

    @property
    def refused(self) -> list[Content]:
        return [row for row in self.asked if row["answer"] is False]

    @property
    def version_number(self) -> int | None:
        """Of the policy; a translation has the number of its version."""
        return self.decision.policy_version.number if self.decision.policy_version else None


def find(pk: uuid.UUID, *, at: datetime) -> Decision | None:
    """None also for one whose period is over at `at` (UTC)."""
    return retention.unexpired(_with_what_was_shown(), at).filter(pk=pk).first()


def stored(pk: uuid.UUID) -> Decision | None:
    """Whatever its period, for a check of what is stored: no reader sees it."""
    return _with_what_was_shown().filter(pk=pk).first()


def decisions_of(consent_id: uuid.UUID, *, at: datetime) -> QuerySet[Decision]:
    """One person's, the newest first, without those whose period is over at `at` (UTC)."""
    return retention.unexpired(_with_what_was_shown(), at).filter(consent_id=consent_id).order_by("-seq")


def _with_what_was_shown() -> QuerySet[Decision]:
    texts = ("policy_version", "rendition")
    long = [f"{text}__{name}" for text in texts for name in _LONG]
    related = ("snapshot", *texts, *(f"{text}__page" for text in texts))
    return Decision.objects.select_related(*related).defer(*long)


def shown(decision: Decision) -> Shown:
    content = _content(decision.snapshot, decision.locale) if decision.snapshot else None
    languages = content["languages"] if content else []
    language = decision.locale if decision.locale in languages or not languages else languages[0]
    groups = [_group(group, decision, language) for group in content["groups"]] if content else _stated(decision)
    return Shown(
        decision=decision,
        language=language,
        controller=content["controller"] if content else _stated_controller(decision),
        asked=[group for group in groups if not group["required"]],
        always_on=[group for group in groups if group["required"]],
        notice=decision.rendition or decision.policy_version,
    )


def _group(group: Content, decision: Decision, language: str) -> Content:
    """In the language it was shown in, with the answers."""
    return _said(group, language) | {
        "answer": decision.choices.get(group["key"]),
        "services": [_said(row, language) | {"answer": decision.services.get(row["key"])} for row in group["services"]],
        "cookies": [_said(row, language) for row in group["cookies"]],
    }


def _said(row: Content, language: str) -> Content:
    texts = row["texts"]
    words: Content = texts.get(language) or next(iter(texts.values()))
    return {key: value for key, value in row.items() if key != "texts"} | words


def _stated(decision: Decision) -> list[Content]:
    """A decision on a sentence: each purpose it names, as a group without services."""
    blank = {"required": False, "basis": "", "purposes": [], "gpc": False, "services": [], "cookies": []}
    return [
        blank | {"key": key, "name": key, "description": "", "answer": answer}
        for key, answer in decision.choices.items()
    ]


def _stated_controller(decision: Decision) -> dict[str, str]:
    """Who answers for the data, as the policy of that day says where it does."""
    terms = decision.policy_version.terms if decision.policy_version else []
    stated: dict[str, str] = next((term["value"] for term in terms if term["kind"] == "contact"), {})
    return {"name": stated.get("owner", ""), "address": "", "phone": "", "email": stated.get("email", "")}


def _content(snapshot: Snapshot, language: str) -> Content:
    content = catalogue.content_of(snapshot)
    return content if catalogue.is_readable(snapshot) else _of_first_format(content, language)


def _of_first_format(content: Content, language: str) -> Content:
    """As an earlier release wrote it: in one language, without owner, purposes and what services learn."""
    groups = [_first_format_group(group, language) for group in content.get("groups", [])]
    owner = dict.fromkeys(("name", "address", "phone", "email"), "")
    return {"format": draft.FORMAT, "host": "", "controller": owner, "languages": [language], "groups": groups}


def _first_format_group(group: Content, language: str) -> Content:
    nowhere = {"name": "", "address": "", "country": "", "url": "", "policy_url": ""}
    unsaid = {"purposes": [], "data": [], "countries": [], "safeguard": "", "responsible": "", "gpc": False}
    unknown = {"match": "", "storage": "", "party": "", "lifetime": "", "service": ""}
    return {
        "key": group["key"],
        "required": group["required"],
        "basis": "",
        "purposes": [],
        "gpc": False,
        "texts": {language: {name: group[name] for name in ("name", "description")}},
        "services": [
            {**unsaid, **{name: row[name] for name in ("key", "name", "policy_url")}}
            | {"vendor": nowhere | {"name": row["vendor"]}, "texts": {language: {"description": row["description"]}}}
            for row in group["services"]
        ],
        "cookies": [
            {**unknown, **{name: row[name] for name in ("name", "domain", "path")}}
            | {"texts": {language: {"description": row["description"]}}}
            for row in group["cookies"]
        ],
    }
