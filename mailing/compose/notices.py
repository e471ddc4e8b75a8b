"""How does the notice of a new, ended or withdrawn policy version become a mail? Its words are this site's own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from mailing.compose import headers, letterhead, manuscript
from mailing.compose.body import absolute
from mailing.compose.encoding import one_line
from mailing.compose.manuscript import Content, Manuscript, Values
from mailing.models import Campaign
from policies import effective
from policies.models import PolicyPage, PolicyVersion
from policies.notices import material, what_changes


@dataclass(frozen=True)
class Notice:
    """A notice in one language, with all that has to be looked up for it."""

    campaign: Campaign
    language: str
    facts: dict[str, Any]

    @property
    def name(self) -> str:
        return "withdrawal" if self.campaign.kind == Campaign.Kind.WITHDRAWAL else "notice"

    def content(self, values: Values) -> Content:
        with translation.override(self.language):
            links = manuscript.addresses(values)
            context = self.context(values, links)
            return Content(
                subject=context["title"],
                html=letterhead.html(self.name, context),
                text=letterhead.plain(self.name, context),
                headers={
                    "List-Id": values["list_id"],
                    **headers.to_leave(links["unsubscribe"]),
                    **headers.feedback_id(self.campaign, values["list_key"]),
                    **headers.AUTOMATIC,
                },
            )

    def page(self, values: Values, links: dict[str, str]) -> str:
        with translation.override(self.language):
            return letterhead.html(self.name, self.context(values, links))

    def context(self, values: Values, links: dict[str, str]) -> dict[str, Any]:
        subject = one_line(render_to_string(f"mailing/mail/{self.name}_subject.txt", self.facts))
        return {**self.facts, "title": subject, "list_name": values["list_name"], "links": links, "leave_said": True}


def written(campaign: Campaign, *, language: str, at: datetime) -> Notice:
    """What the notice says at `at`, before or after its version takes force."""
    assert campaign.policy_version_id, "the database holds no notice without a version"
    version = material(PolicyVersion.objects.filter(pk=campaign.policy_version_id)).select_related("page").get()
    page = _in_language(version, language)
    shown = effective.reading(page, version, at).shown
    facts = {
        **letterhead.letterhead(),
        "version": version,
        "policy": shown.title,
        "note": shown.change_note or version.change_note,
        "is_coming": version.effective_from > at,
        "changes_url": absolute(what_changes(page, version)),
        "history_url": absolute(f"{page.url}history/"),
    }
    return Notice(campaign, language, facts)


def of(notice: Notice, *, now: datetime) -> Manuscript:
    words: manuscript.Gaps = {
        "list_name": lambda reader: one_line(reader.list_name),
        "list_id": lambda reader: headers.list_id(reader.list_key, reader.list_name),
    }
    tokens = {**manuscript.personal(now), "list_key": lambda reader: reader.list_key}
    return Manuscript(notice.content, tokens, words, headers.sender_of(None), now)


def _in_language(version: PolicyVersion, language: str) -> PolicyPage:
    """The policy's page in `language` where visitors can read one, else in the authoritative language."""
    pages = PolicyPage.objects.live().filter(translation_key=version.policy, locale__language_code=language)
    return pages.filter(alias_of=None).select_related("locale").first() or version.page
