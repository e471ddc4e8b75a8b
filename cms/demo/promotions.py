"""What does the demo's company promote on its own pages, to whom, and what did it lead to?"""

from datetime import datetime, timedelta
from typing import Any

from wagtail.images.models import Image
from wagtail.models import Locale

from cms.demo.texts import TOPICS
from consent import adding, presets
from home.models import FormPage, Promotion, PromotionCount, StandardPage
from home.models.promotions import Slot
from home.promotions import day_of

LANGUAGES = ("en", "ru")
WORDS: dict[str, dict[str, dict[str, str]]] = {
    "price": {
        "en": {
            "title": "A price within one working day",
            "text": "Tell us what, from where and by when. You get one number, with everything in it.",
            "label": "Ask for a price",
        },
        "ru": {
            "title": "Цена за один рабочий день",
            "text": "Напишите, что, откуда и к какому дню. Вы получите одно число, в котором есть всё.",
            "label": "Узнать цену",
        },
    },
    "again": {
        "en": {
            "title": "Good to see you again",
            "text": "Did you find what you were looking for? Nell and Tom answer the telephone from six o’clock.",
            "label": "Write to us",
        },
        "ru": {
            "title": "Рады видеть вас снова",
            "text": "Нашли, что искали? Нелл и Том отвечают на звонки с шести утра.",
            "label": "Написать нам",
        },
    },
    "cold": {
        "en": {
            "title": "Two degrees, all year",
            "text": "Reefers at the quay, paid by the day. The first night costs nothing until the end of the season.",
            "label": "See how we store",
        },
        "ru": {
            "title": "Два градуса круглый год",
            "text": "Рефрижераторные места у причала с оплатой по дням. До конца сезона первая ночь бесплатно.",
            "label": "Как мы храним",
        },
    },
}


def declare() -> None:
    """What visitors are asked about: without it, nobody's browser remembers what they read."""
    adding.add(presets.find("promotions"))


def add(now: datetime) -> None:
    """By place on the page about services, on the home page for who came back, elsewhere for readers about storage."""
    for language in LANGUAGES:
        locale = Locale.objects.filter(language_code=language).first()
        if locale:
            _in(locale, now)


def _in(locale: Locale, now: datetime) -> None:
    language = locale.language_code
    contact = FormPage.objects.get(locale=locale, slug="contact")
    services = StandardPage.objects.get(locale=locale, slug="services")
    price = _promotion("price", language, link_page=contact, rules=[("section", services)])
    _promotion("again", language, link_page=contact, slot=Slot.HOME, rules=[("returning", None)], cap=3)
    about = ("topic", {"topic": TOPICS[language]["storage"], "times": 1})
    yard = Image.objects.filter(title="Yard").first()
    cold = _promotion("cold", language, link_page=services, image=yard, rules=[about], weight=90)
    for days in range(1, 15):
        _count(price, now - timedelta(days=days), seen=31 + days * 17 % 23, followed=2 + days % 4)
        _count(cold, now - timedelta(days=days), seen=9 + days * 7 % 11, followed=1 + days % 2, targeted=True)


def _promotion(key: str, language: str, **fields: Any) -> Promotion:
    made = Promotion(language=language, **WORDS[key][language], **fields)
    made.full_clean()
    made.save()
    return made


def _count(promotion: Promotion, at: datetime, *, targeted: bool = False, **numbers: int) -> None:
    for act, number in numbers.items():
        PromotionCount.objects.create(promotion=promotion, day=day_of(at), act=act, number=number, targeted=targeted)
