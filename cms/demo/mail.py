"""Which campaigns has the demo's editor written? One to send, in two languages, and one that tries two versions."""

from typing import Any

from wagtail.models import Page
from wagtail.rich_text import RichText

from mailing.models import Campaign, Field, MailingList, Segment, Text

WINTER = {
    "en": (
        "Winter sailing times",
        "Trucks on Mondays as well, from 1 December",
        "<p>Good morning {{ name|dear reader }},</p>"
        "<p>from 1 December the part-load trucks leave on Mondays as well.</p>"
        "<ul><li>Monday, 14:00: northern ports</li><li>Tuesday and Friday, 9:00: all ports</li></ul>",
        "<p>Prices stay as they are until April.</p>",
        "Ask for a quote",
    ),
    "ru": (
        "Зимнее расписание",
        "С 1 декабря машины отправляются и по понедельникам",
        "<p>Доброе утро, {{ name|дорогой читатель }}!</p>"
        "<p>С 1 декабря сборные машины отправляются и по понедельникам.</p>"
        "<ul><li>понедельник, 14:00: северные порты</li><li>вторник и пятница, 9:00: все порты</li></ul>",
        "<p>Цены не меняются до апреля.</p>",
        "Запросить расчёт",
    ),
}


def add(news: MailingList) -> None:
    Field.objects.create(key="port", label="Port", why="So that you read of the ports you ship to.")
    segment = Segment.objects.create(name="Readers of Russian")
    segment.conditions.create(attribute="language", comparison="is", value="ru")
    trial = Campaign.objects.create(title="Spring prices", mailing_list=news, test_share=20, live=False)
    for version, subject in (("a", "Spring prices"), ("b", "What a container costs in spring")):
        body: list[Any] = [("heading", subject), ("text", RichText("<p>The new list holds from 1 April.</p>"))]
        Text.objects.create(campaign=trial, language="en", version=version, subject=subject, body=body)
    winter = Campaign.objects.create(title="Winter sailing times", mailing_list=news, in_archive=True)
    for language, words in WINTER.items():
        _text(winter, language, *words)


def _text(campaign: Campaign, language: str, subject: str, line: str, first: str, last: str, button: str) -> None:
    contact = Page.objects.filter(slug="contact").first()
    body: list[Any] = [("heading", subject), ("text", RichText(first)), ("divider", None), ("text", RichText(last))]
    if contact:
        body.append(("button", {"label": button, "page": contact, "url": ""}))
    Text.objects.create(campaign=campaign, language=language, subject=subject, preheader=line, body=body)
