"""Which cookies and services does the demo's site have? Its vendors are played by the demo itself."""

from typing import Any

from consent import catalogue
from consent.models import Service
from consent.vocabulary import Party, Responsible, Safeguard, Storage
from records.models import Recipient
from records.registry import Basis, Observed, Purpose

SCRIPTS = {"tally": "count.js", "billboard": "advertise.js"}
CAM, MAP = "harbour-cam", "port-map"
HOSTS = {"tally": "127.0.0.1", "billboard": "127.0.0.2", CAM: "127.0.0.3", MAP: "127.0.0.4"}


def add() -> None:
    """An essential group, one that counts visits, one whose vendor shares data: it gives way to a browser's Global
    Privacy Control signal, and one of two that are shown in frames."""
    _essential()
    _analytics()
    _marketing()
    _media()


def follow(vendor_url: str) -> bool:
    """The vendors' origins have the port of this start. False when it was the same at the last one."""
    moved = False
    for key, script in SCRIPTS.items():
        address = f"{at(vendor_url, key)}/{script}"
        origins = {f"{kind}_origins": [at(vendor_url, key)] for kind in ("script", "connect")}
        elsewhere = Service.objects.filter(key=key).exclude(script_url=address)
        moved |= bool(elsewhere.update(script_url=address, **origins))
    for key in (CAM, MAP):
        frames = [at(vendor_url, key)]
        elsewhere = Service.objects.filter(key=key).exclude(frame_origins=frames)
        moved |= bool(elsewhere.update(frame_origins=frames))
    return moved


def at(vendor_url: str, service: str) -> str:
    """The origin of one of the vendors: of this machine each has an address of its own."""
    return vendor_url.replace("//127.0.0.1", f"//{HOSTS[service]}")


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
    draft = "What you typed into a form, until it is sent: in this tab of your browser, and nowhere else."
    russian = "То, что вы ввели в форму, пока она не отправлена: только в этой вкладке вашего браузера."
    _cookie("essential", "candor_draft", "session", draft, russian, storage=Storage.SESSION)
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
        description="Our offers, here by what you read and on other sites because you were here.",
        texts=_group_in_russian(
            "Реклама", "Наши предложения: здесь по прочитанному и на других сайтах, если вы бывали здесь."
        ),
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


def _media() -> None:
    catalogue.add_group(
        key="media",
        name="Videos and maps",
        description="What others show in our pages. It loads from them, so they learn that you look at it.",
        texts=_group_in_russian(
            "Видео и карты", "То, что показывают на наших страницах другие. Оно загружается от них, и они это видят."
        ),
    )
    _service(
        key=CAM,
        name="Harbour Cam",
        vendor=_vendor("Quayside Media"),
        group_key="media",
        description="Shows the quay as it is now. It learns your IP address, your browser and the page you read.",
        texts=_in_russian(
            "Показывает причал в эту минуту. Узнаёт ваш IP-адрес, браузер и страницу, которую вы читаете."
        ),
        purposes=[Purpose.SERVICE],
        data=[Observed.ADDRESS, Observed.BROWSER, Observed.COOKIES, Observed.PAGE, Observed.TIME],
        responsible=Responsible.VENDOR,
        frame_origins=["http://127.0.0.1"],
    )
    viewer, russian = "Lets the cam know a viewer who comes back.", "Чтобы камера узнавала вернувшегося зрителя."
    _service(
        key=MAP,
        name="Port Map",
        vendor=_vendor("Chartroom"),
        group_key="media",
        description="Shows the way to us. It learns your IP address, your browser and the page you read.",
        texts=_in_russian("Показывает дорогу к нам. Узнаёт ваш IP-адрес, браузер и страницу, которую вы читаете."),
        purposes=[Purpose.SERVICE],
        data=[Observed.ADDRESS, Observed.BROWSER, Observed.PAGE, Observed.TIME],
        responsible=Responsible.VENDOR,
        frame_origins=["http://127.0.0.4"],
    )
    _cookie("media", "cam_viewer", "P1D", viewer, russian, CAM, party=Party.THIRD, domain=HOSTS[CAM])


def _service(*, group_key: str, **fields: Any) -> None:
    script = SCRIPTS.get(fields["key"])
    address = f"http://127.0.0.1/{script}" if script else ""
    place = {"countries": ["NL"], "safeguard": Safeguard.NONE_NEEDED}
    catalogue.add_service(group=group_key, script_url=address, **place, **fields)


def _vendor(name: str) -> Recipient:
    return Recipient.objects.get_or_create(name=name, defaults={"country": "NL"})[0]


def _cookie(
    group: str, name: str, lifetime: str, description: str, russian: str, service: str = "", **more: Any
) -> None:
    catalogue.add_cookie(
        group=group,
        name=name,
        description=description,
        service=service,
        lifetime=lifetime,
        texts=_in_russian(russian),
        **{"party": Party.FIRST} | more,
    )


def _in_russian(description: str) -> dict[str, dict[str, str]]:
    return {"ru": {"description": description}}


def _group_in_russian(name: str, description: str) -> dict[str, dict[str, str]]:
    return {"ru": {"name": name, "description": description}}
