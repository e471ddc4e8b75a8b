"""Whose is a site, what does it look like, and by which clock does it tell the time? Asked of the database once in a
few seconds, never for each page."""

import hashlib
import re
from collections.abc import Callable
from typing import NamedTuple

from wagtail.images.models import AbstractImage
from wagtail.images.shortcuts import get_rendition_or_not_found
from wagtail.models import Site

from home.colours import ACCENT, ACCENT_DARK, on
from home.models import Appearance
from mailing.compose.letterhead import Dress
from records.memory import Fresh
from records.models import Controller

LOGO, SHARED = "max-480x96|preserve-svg", "fill-1200x630|format-jpeg"  # twice as many pixels as the header shows
IN_MAIL = "max-480x96|format-png"
_FILE = re.compile(r"([0-9a-f]{6})-([0-9a-f]{6})\.([0-9a-f]{12})")


class Shown(NamedTuple):
    """A picture at the size pages show it: its address, and CSS pixels."""

    url: str
    width: int
    height: int
    alt: str


class Owner(NamedTuple):
    """As the foot of every page says; without a name where nobody has said it yet."""

    name: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""


class Look(NamedTuple):
    owner: Owner = Owner()
    logo: Shown | None = None
    mail: Dress = Dress()
    share: Shown | None = None
    style: str = ""  # name of the sheet with its colours; empty where they are the design's own
    time_zone: str = ""  # of the IANA database; empty where the operator's counts


_looks: Fresh[int, Look] = Fresh()
_zones: Fresh[str, str] = Fresh()  # by host name
_shares: Fresh[tuple[int, str], Shown] = Fresh()  # by picture and its file
_WORKERS = ""


def of(site: Site | None) -> Look:
    """As it was at most a few seconds ago."""
    return _looks.get(site.pk, lambda _old: _read(site)) if site else Look()


def zone_at(host: str, find_site: Callable[[], Site | None]) -> str:
    """By which the site with this name and port tells the time, as it was at most a few seconds ago: a request that
    asks the database nothing need not ask for this either."""
    return _zones.get(host, lambda _old: of(find_site()).time_zone)


def zone_of_workers() -> str:
    """The default site's: by which tasks, which no site asks for, tell the time."""
    return zone_at(_WORKERS, Site.objects.filter(is_default_site=True).first)


def forget() -> None:
    """What was saved in this process is seen in it at once."""
    _looks.forget()
    _zones.forget()
    _shares.forget()


def _read(site: Site) -> Look:
    said = Controller.objects.filter(site=site).values_list(*Owner._fields).first()  # reading makes no row
    owner = Owner(*said) if said else Owner()
    row = Appearance.objects.filter(site=site).select_related("logo", "share_image").first()
    if row is None:
        return Look(owner)
    coloured = row.accent or row.accent_dark
    return Look(
        owner,
        logo=_logo(row.logo),
        mail=_dress(row),
        share=shared(row.share_image),
        style=name_of_sheet(row.accent or ACCENT, row.accent_dark or ACCENT_DARK) if coloured else "",
        time_zone=row.time_zone,
    )


def _logo(image: AbstractImage | None) -> Shown | None:
    if image is None:
        return None
    found = get_rendition_or_not_found(image, LOGO)
    return Shown(found.url, round(found.width / 2), round(found.height / 2), image.default_alt_text)


def in_mail(site: Site) -> Dress:
    """What mail is written on; remembered like all of it, for a letter must not cost more than the address on it."""
    return of(site).mail


def _dress(row: Appearance) -> Dress:
    """Mailboxes show no SVG: a logo that is one stays on the site, and the name stands in the mail."""
    coloured = Dress(accent=row.accent, on_accent=on(row.accent)) if row.accent else Dress()
    if row.logo is None or row.logo.is_svg():
        return coloured
    found = get_rendition_or_not_found(row.logo, IN_MAIL)
    return coloured._replace(logo=found.url, width=round(found.width / 2), height=round(found.height / 2))


def shared(image: AbstractImage | None) -> Shown | None:
    """As sites show it where somebody shares a page."""
    if image is None or image.is_svg():
        return None
    return _shares.get((image.pk, image.file.name), lambda _old: _drawn(image))


def _drawn(image: AbstractImage) -> Shown:
    found = get_rendition_or_not_found(image, SHARED)
    return Shown(found.url, found.width, found.height, image.default_alt_text)


def sheet(accent: str, accent_dark: str) -> str:
    """The colours as CSS, over those of the design; `on` them stands what can be read."""
    colours = f"--accent: light-dark({accent}, {accent_dark})"
    return f":root {{ {colours}; --on-accent: light-dark({on(accent)}, {on(accent_dark)}); }}\n"


def name_of_sheet(accent: str, accent_dark: str) -> str:
    """Both colours, and a hash of what the sheet says: another text has another name."""
    digest = hashlib.sha256(sheet(accent, accent_dark).encode()).hexdigest()[:12]
    return f"{accent[1:]}-{accent_dark[1:]}.{digest}"


def named(name: str) -> tuple[str, bool] | None:
    """The sheet of that name, and whether it will be the same for ever; None for what is no name of one."""
    found = _FILE.fullmatch(name)
    if found is None:
        return None
    accent, accent_dark = f"#{found[1]}", f"#{found[2]}"
    return sheet(accent, accent_dark), name_of_sheet(accent, accent_dark) == name
