"""Which pages does the demo's company have, in English and in Russian?"""

import json
import re
from typing import Any

from django.contrib.auth.models import User
from django.utils.translation import override
from wagtail.models import Locale, Page, Site

from cms.demo.catalogue import CAM, MAP, at
from home import asking
from home.models import FormPage, HomePage, StandardPage
from records.models import Controller

FRAMES = {"cam": CAM, "map": MAP}
_FRAME = re.compile(r"http://127\.0\.0\.[0-9](?::[0-9]+)?/(cam|map)")
RUSSIAN: dict[str, dict[str, str]] = {
    "harbour-lane": {
        "title": "Контейнеры: от двери до причала",
        "tagline": "Мы перевозим полные и сборные грузы от вашего двора до судна и всегда знаем, где они.",
        "body": "<p>Три тягача, два крана и один телефон. Семейное дело в Порт-Олдере с 1987 года.</p>",
    },
    "services": {
        "title": "Услуги",
        "introduction": "Полные контейнеры, сборные грузы, хранение по дням, таможенные документы.",
        "body": "<h2>Полные контейнеры</h2><p>20 и 40 футов, сухие и рефрижераторные. Забираем на следующий день.</p>"
        "<h2>Сборные грузы</h2><p>От одного поддона. Отправка по вторникам и пятницам.</p>"
        "<h2>Хранение</h2><p>Сорок сухих мест и шесть рефрижераторных, оплата по дням.</p>"
        "<h2>Документы</h2><p>Экспортные и импортные декларации: их готовят те, кто заполнил тысячи.</p>",
    },
    "about": {
        "title": "О нас",
        "introduction": "Кто берёт трубку, когда вы звоните.",
        "body": "<p>Компанию основали Ида и Том Марш, купив подержанный тягач. Теперь ею руководит их дочь, а с нею "
        "одиннадцать человек, которые знают каждые ворота порта.</p>",
    },
    "contact": {
        "title": "Контакты",
        "introduction": "<p>Напишите нам о грузе, счёте или работе. Мы отвечаем в течение одного рабочего дня.</p>",
        "thanks": "Спасибо. Ваше сообщение получено, мы ответим в течение одного рабочего дня.",
    },
}


def add(editor: User) -> HomePage:
    root = Page.objects.get(depth=1)
    home = HomePage(
        title="Containers, door to quay",
        slug="harbour-lane",
        tagline="We move full and part loads between your yard and the ship, and tell you where they are.",
        body="<p>Three trucks, two cranes and one telephone number. Family-run in Port Alder since 1987.</p>",
        owner=editor,
    )
    root.add_child(instance=home)
    site = Site.objects.get(is_default_site=True)
    welcome = site.root_page
    site.root_page, site.site_name = home, "Harbour Lane Logistics"
    site.save()
    welcome.delete()
    Controller.objects.create(
        site=site,
        name="Harbour Lane Logistics Ltd",
        address="4 Quay Street, Port Alder",
        phone="+44 20 7946 0018",
        email="privacy@harbour-lane.example",
    )
    pages: list[StandardPage | FormPage] = [*_standard_pages(), _contact_page()]
    for page in pages:
        page.owner, page.show_in_menus = editor, True
        home.add_child(instance=page)
        page.save_revision(user=editor).publish(user=editor)
    russian, _new = Locale.objects.get_or_create(language_code="ru")
    put_into(russian, [home, *pages], RUSSIAN, editor)
    return home


def put_into(locale: Locale, pages: list[Any], words: dict[str, dict[str, str]], editor: User) -> None:
    """A translation of each, as the CMS's own “Translate” makes it, and then the words, by the page's slug."""
    for page in pages:
        translation = page.copy_for_translation(locale)
        for field, text in words[page.slug].items():
            setattr(translation, field, text)
        if isinstance(translation, FormPage):
            with override(locale.language_code):
                asking.usual(translation)
        translation.save_revision(user=editor).publish(user=editor)


def show_frames(vendor_url: str) -> None:
    """On the pages about services and about us, once their addresses are declared."""
    for page in StandardPage.objects.filter(slug__in=("services", "about")):
        language = page.locale.language_code
        if page.slug == "services":
            page.sections = [("html", _cam(f"{at(vendor_url, CAM)}/cam", language))]
        else:
            address, title = f"{at(vendor_url, MAP)}/map", "Где мы находимся" if language == "ru" else "Where we are"
            page.sections = [("map", {"title": title, "address": address, "height": "450"})]
        page.save_revision(user=page.owner).publish()


def follow(vendor_url: str) -> None:
    """The frames' addresses have the port of this start. A draft that waits is left alone."""
    for page in StandardPage.objects.filter(slug__in=("services", "about")):
        before = json.dumps([*page.sections.raw_data])
        after = _FRAME.sub(lambda found: f"{at(vendor_url, FRAMES[found[1]])}/{found[1]}", before)
        if after != before:
            page.sections = after
            page.save() if page.has_unpublished_changes else page.save_revision(user=page.owner).publish()


def _cam(address: str, language: str) -> str:
    """As a vendor's “Share” would give it to an editor."""
    title = "Камера в порту" if language == "ru" else "Harbour cam"
    return f'<iframe width="560" height="315" src="{address}" title="{title}" frameborder="0" allowfullscreen></iframe>'


def _standard_pages() -> list[StandardPage]:
    return [
        StandardPage(
            title="Services",
            slug="services",
            introduction="Full containers, part loads, storage by the day, customs papers.",
            body="<h2>Full containers</h2><p>20 and 40 feet, dry and refrigerated. Collected next day.</p>"
            "<h2>Part loads</h2><p>From one pallet. Leaves on Tuesdays and Fridays.</p>"
            "<h2>Storage</h2><p>Forty dry places and six refrigerated ones, paid by the day.</p>"
            "<h2>Papers</h2><p>Export and import declarations, by two people who have filled in thousands.</p>",
        ),
        StandardPage(
            title="About us",
            slug="about",
            introduction="Who answers when you call.",
            body="<p>Harbour Lane was founded by Ida and Tom Marsh with one second-hand truck. Their daughter runs it, "
            "with eleven people who know every gate of the port.</p>",
        ),
    ]


def _contact_page() -> FormPage:
    page = FormPage(
        title="Contact",
        slug="contact",
        introduction="<p>Write to us about a load, an invoice or a job. We answer within one working day.</p>",
        thanks="Thank you. Your message has arrived, and we answer within one working day.",
    )
    asking.usual(page)
    return page
