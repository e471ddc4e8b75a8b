"""Which browser, system and kind of device sent a request, and is it a program? As coarse as statistics need it."""

import re
from functools import lru_cache
from typing import NamedTuple

from ua_parser import parse

_LONGEST = 400  # signs of a User-Agent that are looked at; browsers' have 100 to 200
_PROGRAM = re.compile(
    r"(?<!cu)bot(?:\b|[/;-])|crawl|spider|slurp|preview|scan|monitor|fetch|archiv|headless|phantom|selenium|lighthouse|"
    r"^(?!mozilla/|opera/)\S+/|curl|wget|python|java/|okhttp|libwww|http[-_]?client",
    re.IGNORECASE,
)
_TABLET = re.compile(r"iPad|Tablet|PlayBook|Kindle|Silk/|Android(?!.*Mobile)", re.IGNORECASE)
_TELEVISION = re.compile(r"Smart-?TV|\bTV\b|AppleTV|BRAVIA|HbbTV|Web0S|Tizen.*TV", re.IGNORECASE)
_PHONE = re.compile(r"Mobi|iPhone|iPod|Windows Phone", re.IGNORECASE)
_LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3})(?=[-,;\s]|$)")


class Software(NamedTuple):
    browser: str = ""  # "Firefox 140"
    system: str = ""  # "Android 15"
    device: str = ""  # "phone", "tablet", "computer", "television"
    bot: bool = False


def software(agent: str, *, says_mobile: bool = False, has_language: bool = True) -> Software:
    """What a User-Agent says. `says_mobile`: Sec-CH-UA-Mobile does. Every browser names a language; programs that call
    themselves browsers mostly do not."""
    found = _software(agent[:_LONGEST], says_mobile)
    return found if has_language or found.bot else found._replace(bot=True)


@lru_cache(maxsize=2048)
def _software(agent: str, says_mobile: bool) -> Software:
    found = parse(agent)
    browser = _named(found.user_agent.family, found.user_agent.major) if found.user_agent else ""
    system = _named(found.os.family, found.os.major) if found.os else ""
    is_program = bool(found.device and found.device.family == "Spider") or not agent or bool(_PROGRAM.search(agent))
    return Software(browser, system, _device(agent, says_mobile) if browser or system else "", is_program)


def _named(family: str, major: str | None) -> str:
    return f"{family} {major}" if major else family


def _device(agent: str, says_mobile: bool) -> str:
    if _TELEVISION.search(agent):
        return "television"
    if _TABLET.search(agent):
        return "tablet"
    return "phone" if says_mobile or _PHONE.search(agent) else "computer"


def language(accepted: str) -> str:
    """The language that comes first in Accept-Language, without its country: "pt" for "pt-BR,en;q=0.8"."""
    found = _LANGUAGE.match(accepted)
    return found[1].lower() if found else ""


def load() -> None:
    """Reads the data set of browsers: half a second, once a process, best before the first request."""
    software("Mozilla/5.0")
