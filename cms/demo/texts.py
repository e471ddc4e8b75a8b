"""The words of the demo's news and of the sections of its pages, in English and in Russian."""

from typing import Any

Part = tuple[str, Any]

INDEX = {
    "en": {"title": "News", "introduction": "What is new at the quay, about once a month."},
    "ru": {"title": "Новости", "introduction": "Что нового у причала, примерно раз в месяц."},
}
# By slug: days ago, picture, topics.
ARTICLES = {
    "second-crane": (6, "harbour", ("quay",)),
    "winter-timetable": (34, "road", ("timetable", "roads")),
    "six-cold-places": (71, "yard", ("quay", "storage")),
    "fewer-empty-miles": (118, "road", ("roads",)),
}
TOPICS = {
    "en": {"quay": "Quay", "timetable": "Timetable", "roads": "Roads", "storage": "Storage"},
    "ru": {"quay": "Причал", "timetable": "Расписание", "roads": "Дороги", "storage": "Хранение"},
}
WORDS: dict[str, dict[str, dict[str, Any]]] = {
    "en": {
        "second-crane": {
            "title": "The second crane is at work",
            "introduction": "From this week two containers leave the ship at the same time. What that means for you.",
            "body": [
                (
                    "text",
                    "<p>It came by sea in nine pieces and took eleven days to put together. Since Monday it lifts its "
                    "share, and a ship that lay at the quay for two days now leaves after one.</p>"
                    "<h2>What changes for you</h2><p>Loads that arrive by ten in the morning are on the road the same "
                    "day. The price stays as it is.</p>",
                ),
                (
                    "quote",
                    {
                        "text": "I have waited thirty years for a colleague up here.",
                        "who": "Nell Harker",
                        "role": "first crane, since 1996",
                    },
                ),
                (
                    "text",
                    "<p>Visitors may look at both of them on the first Saturday of each month, from the gate at four "
                    "Quay Street. Please wear shoes that are closed.</p>",
                ),
            ],
        },
        "winter-timetable": {
            "title": "The winter timetable",
            "introduction": "Part loads leave on Tuesdays and Fridays, an hour earlier than in summer.",
            "body": [
                ("text", "<p>From November to March we drive by daylight where we can.</p>"),
                (
                    "callout",
                    {
                        "title": "Before you bring a load",
                        "text": "<p>On days with black ice we call everybody who has booked, by eight in the "
                        "morning. Nobody has to look anything up.</p>",
                        "kind": "important",
                    },
                ),
            ],
        },
        "six-cold-places": {
            "title": "Six cold places more",
            "introduction": "Fruit, fish and flowers now wait at two degrees, paid by the day.",
            "body": [("text", "<p>They stand behind the yard, out of the sun, each with a meter of its own.</p>")],
        },
        "fewer-empty-miles": {
            "title": "Fewer empty miles",
            "introduction": "Four of ten lorries used to drive back empty. Now it is one.",
            "body": [("text", "<p>We ask each customer one more question, and write the answer on one wall.</p>")],
        },
    },
    "ru": {
        "second-crane": {
            "title": "Второй кран начал работу",
            "introduction": "С этой недели судно покидают сразу два контейнера. Что это значит для вас.",
            "body": [
                (
                    "text",
                    "<p>Он прибыл морем в девяти частях, и собирали его одиннадцать дней. С понедельника он поднимает "
                    "свою долю, и судно, стоявшее у причала двое суток, теперь уходит через одни.</p>"
                    "<h2>Что меняется для вас</h2><p>Грузы, прибывшие до десяти утра, выезжают в тот же день. "
                    "Цена прежняя.</p>",
                ),
                (
                    "quote",
                    {
                        "text": "Тридцать лет я ждала здесь, наверху, напарника.",
                        "who": "Нелл Харкер",
                        "role": "первый кран, с 1996 года",
                    },
                ),
            ],
        },
        "winter-timetable": {
            "title": "Зимнее расписание",
            "introduction": "Сборные грузы уходят по вторникам и пятницам, на час раньше, чем летом.",
            "body": [
                ("text", "<p>С ноября по март мы по возможности ездим при дневном свете.</p>"),
                (
                    "callout",
                    {
                        "title": "Прежде чем везти груз",
                        "text": "<p>В гололёд мы до восьми утра звоним всем, кто записан.</p>",
                        "kind": "important",
                    },
                ),
            ],
        },
        "six-cold-places": {
            "title": "Ещё шесть холодных мест",
            "introduction": "Фрукты, рыба и цветы теперь ждут при двух градусах, оплата по дням.",
            "body": [("text", "<p>Они стоят за двором, в тени, у каждого свой счётчик.</p>")],
        },
        "fewer-empty-miles": {
            "title": "Меньше пустых рейсов",
            "introduction": "Раньше порожняком возвращались четыре машины из десяти. Теперь одна.",
            "body": [("text", "<p>Мы задаём каждому клиенту ещё один вопрос и пишем ответ на одной стене.</p>")],
        },
    },
}
WRITE = {
    "en": "Ask for a price",
    "ru": "Узнать цену",
    "de": "Preis anfragen",
    "fr": "Demander un prix",
    "es": "Pedir un precio",
    "ar": "اطلبوا السعر",
}
FRONT: dict[str, list[Part]] = {
    "en": [
        (
            "quote",
            {
                "text": "They told us at six in the morning where our tea was. We had not even asked.",
                "who": "Marta Ilves",
                "role": "Ilves & Daughters, tea merchants",
            },
        ),
    ],
    "ru": [
        (
            "quote",
            {
                "text": "В шесть утра нам сообщили, где наш чай. Мы даже не спрашивали.",
                "who": "Марта Илвес",
                "role": "«Илвес и дочери», чайная торговля",
            },
        ),
    ],
}
YARD = {
    "en": "Containers of many colours, stacked up to five high",
    "ru": "Разноцветные контейнеры, сложенные до пяти ярусов",
}
CAPTION = {"en": "The yard on a quiet morning.", "ru": "Двор тихим утром."}
ABOUT_SERVICES: dict[str, list[Part]] = {
    "en": [
        (
            "questions",
            {
                "title": "What people ask us",
                "questions": [
                    {
                        "question": "How soon do you collect a container?",
                        "answer": "<p>The next working day, if you write or call before three.</p>",
                    },
                    {
                        "question": "Do you take dangerous goods?",
                        "answer": "<p>Some classes. Send us the safety data sheet, and we answer within a day.</p>",
                    },
                    {
                        "question": "What does a day of storage cost?",
                        "answer": "<p>The first two are free. After that it depends on size and cooling.</p>",
                    },
                ],
            },
        ),
    ],
    "ru": [
        (
            "questions",
            {
                "title": "О чём нас спрашивают",
                "questions": [
                    {
                        "question": "Когда вы заберёте контейнер?",
                        "answer": "<p>На следующий рабочий день, если написать или позвонить до трёх.</p>",
                    },
                    {
                        "question": "Берёте ли вы опасные грузы?",
                        "answer": "<p>Некоторые классы. Пришлите паспорт безопасности, ответим за день.</p>",
                    },
                ],
            },
        ),
    ],
}
