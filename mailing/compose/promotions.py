"""How does a campaign that an editor wrote become a mail?"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils import translation

from mailing.compose import body, headers, letterhead, manuscript, merge
from mailing.compose.body import Section
from mailing.compose.encoding import one_line
from mailing.compose.manuscript import Content, Manuscript, Values
from mailing.models import Campaign, MailingList, Text


@dataclass(frozen=True)
class Written:
    """A text of a campaign with all that has to be looked up for it. `rows` are the keys of its counted links."""

    campaign: Campaign
    text: Text
    parts: list[Section]
    letterhead: dict[str, Any]
    rows: dict[str, int] = field(default_factory=dict)

    def content(self, values: Values) -> Content:
        with translation.override(self.text.language):
            links = manuscript.addresses(values)
            context = self.context(values, links)
            key = self.mailing_list.key
            return Content(
                subject=one_line(merge.fill(self.text.subject, values)),
                html=letterhead.html("campaign", context),
                text=letterhead.plain("campaign", context),
                headers={
                    "List-Id": headers.list_id(key, self.mailing_list.name),
                    **headers.to_leave(links["unsubscribe"]),
                    **headers.feedback_id(self.campaign, key),
                },
            )

    def page(self, values: Values, links: dict[str, str]) -> str:
        with translation.override(self.text.language):
            return letterhead.html("campaign", self.context(values, links))

    def context(self, values: Values, links: dict[str, str]) -> dict[str, Any]:
        def link(url: str) -> str:
            return manuscript.address("go", values[f"link {self.rows[url]}"]) if url in self.rows else url

        return {
            **self.letterhead,
            "title": one_line(merge.without_reader(self.text.subject)),
            "preheader": one_line(merge.fill(self.text.preheader, values)),
            "sections": [section.filled(values, link) for section in self.parts],
            "body": body.plain(self.text, self.parts, values, link),
            "list_name": self.mailing_list.name,
            "links": links,
        }

    @property
    def mailing_list(self) -> MailingList:
        """A draft may have none yet."""
        return self.campaign.mailing_list or MailingList(key="list")

    def merged(self) -> list[str]:
        return [self.text.subject, self.text.preheader, self.text.plain, *merge.words_of(self.text)]


def written(campaign: Campaign, *, language: str, version: str) -> Written:
    """With plain links. Raises ValueError where the campaign has no text."""
    text = campaign.text_for(language, version)
    if text is None:
        raise ValueError("the campaign has no text")
    return Written(campaign, text, body.sections(text), letterhead.letterhead())


def counting(plain: Written, rows: dict[str, int]) -> Written:
    """The same with a counted link for each address that has a row."""
    return replace(plain, rows=rows)


def of(found: Written, *, now: datetime) -> Manuscript:
    return Manuscript(
        write=found.content,
        tokens={**manuscript.personal(now), **manuscript.counted(found.rows)},
        words=merge.gaps(found.merged(), found.text.language),
        sender=headers.sender_of(found.mailing_list),
        now=now,
        reply_to=found.campaign.reply_to,
    )
