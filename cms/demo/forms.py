"""Which forms does the demo's company have beside the contact page, in English and in Russian?"""

from typing import Any

from wagtail.models import Locale

from home.models import Field, FormPage, HomePage
from mailing.models import MailingList
from records.registry import Category

Kind = Field.Kind
# By key: kind, what else is set, then label, why it is asked and what can be chosen, in English and in Russian.
Asked = tuple[str, dict[str, Any], tuple[str, ...], tuple[str, ...]]
QUOTE: list[Asked] = [
    (Kind.NAME, {"required": True}, ("Your name",), ("Ваше имя",)),
    (
        Kind.EMAIL,
        {"required": True},
        ("Your e-mail address", "The quote goes there."),
        ("Ваша электронная почта", "Туда придёт расчёт."),
    ),
    (
        Kind.PHONE,
        {},
        ("Your telephone number", "If something is unclear, calling is quicker."),
        ("Ваш телефон", "Если что-то неясно, позвонить быстрее."),
    ),
    (
        Kind.CHOICE,
        {"required": True},
        ("What is it", "", "A full container of 20 feet\nA full container of 40 feet\nPart of a load"),
        ("Что везём", "", "Полный контейнер 20 футов\nПолный контейнер 40 футов\nСборный груз"),
    ),
    (
        Kind.RADIO,
        {"required": True},
        ("Which way", "", "To the ship\nFrom the ship"),
        ("Куда", "", "На судно\nС судна"),
    ),
    (
        Kind.CHECKS,
        {},
        ("What else", "", "Storage\nCustoms papers\nRefrigeration"),
        ("Что ещё", "", "Хранение\nТаможенные документы\nОхлаждение"),
    ),
    (Kind.NUMBER, {}, ("Weight in kilograms",), ("Вес в килограммах",)),
    (Kind.DATE, {}, ("When it is ready",), ("Когда груз готов",)),
    (
        Kind.FILE,
        {},
        ("Packing list", "If you have one: then we ask less."),
        ("Упаковочный лист", "Если он есть: тогда мы спросим меньше."),
    ),
    (Kind.MESSAGE, {}, ("What else we should know",), ("Что ещё нам стоит знать",)),
]
WENT: list[Asked] = [
    (
        Kind.NAME,
        {"shown_publicly": True},
        ("Your name, as it may be shown", "A first name is enough."),
        ("Ваше имя, как его можно показать", "Достаточно имени."),
    ),
    (
        Kind.EMAIL,
        {"required": True},
        ("Your e-mail address", "By it you take down what you publish. It is never shown."),
        ("Ваша электронная почта", "Через неё вы убираете опубликованное. Её никто не увидит."),
    ),
    (
        Kind.CHOICE,
        {"shown_publicly": True, "category": Category.PREFERENCE},
        ("Stars", "", "★\n★★\n★★★\n★★★★\n★★★★★"),
        ("Звёзды", "", "★\n★★\n★★★\n★★★★\n★★★★★"),
    ),
    (Kind.LINES, {"shown_publicly": True}, ("In your words",), ("Своими словами",)),
    (
        Kind.LINE,
        {},
        ("Number of the booking", "So that we find it. It is never shown."),
        ("Номер заказа", "Чтобы мы нашли его. Его никто не увидит."),
    ),
]
PAGES: dict[str, tuple[list[Asked], dict[str, Any], tuple[dict[str, str], dict[str, str]]]] = {
    "quote": (
        QUOTE,
        {"confirms": True, "keep_days": 180, "show_in_menus": True},
        (
            {
                "title": "Request a quote",
                "introduction": "<p>Tell us what is to go where. The price comes within one working day.</p>",
                "button": "Ask for the price",
                "thanks": "Thank you. The price comes by mail within one working day.",
            },
            {
                "title": "Рассчитать цену",
                "introduction": "<p>Расскажите, что и куда везём. Цену пришлём за один рабочий день.</p>",
                "button": "Узнать цену",
                "thanks": "Спасибо. Цену пришлём по почте за один рабочий день.",
            },
        ),
    ),
    "how-it-went": (
        WENT,
        {},
        (
            {
                "title": "Tell us how it went",
                "introduction": "<p>Good or bad: we read all of it. What others may read is for you to say.</p>",
                "thanks": "Thank you for taking the time.",
            },
            {
                "title": "Расскажите, как всё прошло",
                "introduction": "<p>Хорошо или плохо, мы читаем всё. Что увидят другие, решаете вы.</p>",
                "thanks": "Спасибо, что нашли время.",
            },
        ),
    ),
}


def add(home: HomePage) -> None:
    """Each page, and its translation with the same keys."""
    russian, editor = Locale.objects.get(language_code="ru"), home.owner
    for slug, (asked, settings, (english, other)) in PAGES.items():
        page = FormPage(slug=slug, owner=editor, **settings, **english)
        page.fields = [Field(kind=kind, **said, **_words(words)) for kind, said, words, _other in asked]
        if slug == "quote":
            page.mailing_list = MailingList.objects.get(key="news")
        home.add_child(instance=page)
        page.save_revision(user=editor).publish(user=editor)
        translation = page.copy_for_translation(russian)
        for name, text in other.items():
            setattr(translation, name, text)
        fields = list(translation.fields.all())
        for field, (_kind, _said, _words_here, words) in zip(fields, asked, strict=True):
            for name, text in _words(words).items():
                setattr(field, name, text)
        translation.fields = fields
        translation.save_revision(user=editor).publish(user=editor)


def _words(said: tuple[str, ...]) -> dict[str, str]:
    return dict(zip(("label", "why", "options"), said, strict=False))
