"""Which cookies and services does the demo's site have? Both vendors are played by the demo itself."""

from typing import Any

from consent import catalogue
from consent.models import Service
from consent.vocabulary import Party, Responsible, Safeguard
from records.models import Recipient
from records.registry import Basis, Observed, Purpose

SCRIPTS = {"tally": "count.js", "billboard": "advertise.js"}


def add() -> None:
    """An essential group, one that counts visits, and one whose vendor shares data: it gives way to a browser's Global
    Privacy Control signal."""
    _essential()
    _analytics()
    _marketing()


def follow(vendor_url: str) -> bool:
    """The vendors' origin has the port of this start. False when it was the same at the last one."""
    moved = False
    for key, script in SCRIPTS.items():
        address = f"{vendor_url}/{script}"
        origins = {f"{kind}_origins": [vendor_url] for kind in ("script", "connect")}
        elsewhere = Service.objects.filter(key=key).exclude(script_url=address)
        moved |= bool(elsewhere.update(script_url=address, **origins))
    return moved


def _essential() -> None:
    catalogue.add_group(
        key="essential",
        name="Essential",
        description="What the site needs to remember your choice, and our editors to sign in.",
        required=True,
        purposes=[Purpose.SERVICE],
        basis=Basis.INTEREST,
        texts=_group_in_russian(
            "Необходимые", "То, без чего сайт не помнит ваш выбор, а наши редакторы не могут войти."
        ),
    )
    _cookie("essential", "candor_consent", "P6M", "Your choice about cookies.", "Ваш выбор о файлах cookie.")
    compatible = "The same choice, in a form that other software reads."
    _cookie("essential", "cookie_consent", "P6M", compatible, "Тот же выбор в виде, который читают другие программы.")
    session = "Our editors' session in the CMS; visitors never get it."
    _cookie("essential", "sessionid", "P2W", session, "Сеанс наших редакторов в CMS; посетителям он не ставится.")
    guard = "Guards the CMS's forms; visitors never get it."
    _cookie("essential", "csrftoken", "P1Y", guard, "Защищает формы CMS; посетителям он не ставится.")


def _analytics() -> None:
    catalogue.add_group(
        key="analytics",
        name="Statistics",
        description="Counting visits helps us see which pages are read.",
        texts=_group_in_russian("Статистика", "Подсчёт посещений показывает нам, какие страницы читают."),
    )
    _service(
        key="tally",
        name="Tally",
        vendor=_vendor("Tally Works"),
        group_key="analytics",
        description="Counts visits. It learns your IP address, your browser and the page you read.",
        texts=_in_russian("Считает посещения. Узнаёт ваш IP-адрес, браузер и страницу, которую вы читаете."),
        purposes=[Purpose.MEASUREMENT],
        data=[Observed.ADDRESS, Observed.BROWSER, Observed.COOKIES, Observed.PAGE, Observed.TIME],
        responsible=Responsible.PROCESSOR,
    )
    _cookie("analytics", "visit_count", "P1D", "How often you have been here.", "Сколько раз вы здесь были.", "tally")


def _marketing() -> None:
    catalogue.add_group(
        key="marketing",
        name="Advertising",
        description="Our offers on other sites, shown to those who were here.",
        texts=_group_in_russian("Реклама", "Наши предложения на других сайтах для тех, кто бывал здесь."),
    )
    _service(
        key="billboard",
        name="Billboard",
        vendor=_vendor("Quayside Media"),
        group_key="marketing",
        description="Remembers that you were here and tells advertisers on other sites.",
        texts=_in_russian("Запоминает, что вы здесь были, и сообщает об этом рекламодателям на других сайтах."),
        purposes=[Purpose.ADVERTISING, Purpose.TARGETING],
        data=[Observed.ADDRESS, Observed.BROWSER, Observed.COOKIES, Observed.PAGE, Observed.REFERRER],
        responsible=Responsible.VENDOR,
        gpc=True,
    )
    _cookie("marketing", "billboard_seen", "P30D", "That you were here.", "Что вы здесь были.", "billboard")


def _service(*, group_key: str, **fields: Any) -> None:
    address = f"http://127.0.0.1/{SCRIPTS[fields['key']]}"
    place = {"countries": ["NL"], "safeguard": Safeguard.NONE_NEEDED}
    catalogue.add_service(group=group_key, script_url=address, **place, **fields)


def _vendor(name: str) -> Recipient:
    return Recipient.objects.create(name=name, country="NL")


def _cookie(group: str, name: str, lifetime: str, description: str, russian: str, service: str = "") -> None:
    catalogue.add_cookie(
        group=group,
        name=name,
        description=description,
        service=service,
        lifetime=lifetime,
        party=Party.FIRST,
        texts=_in_russian(russian),
    )


def _in_russian(description: str) -> dict[str, dict[str, str]]:
    return {"ru": {"description": description}}


def _group_in_russian(name: str, description: str) -> dict[str, dict[str, str]]:
    return {"ru": {"name": name, "description": description}}
