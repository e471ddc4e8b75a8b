"""Where does a browser go for an address in a page (WHATWG URL, 4.4), and what does a tag make it fetch?"""

import re
from urllib.parse import unquote, urljoin

from consent.enforce.markup import Tag

_AROUND = "".join(map(chr, range(0x21)))
_BREAKS = dict.fromkeys(map(ord, "\t\n\r"))
_FOREIGN = re.compile(r"(?:(https?|wss?):[\\/]*|[\\/]{2,})([^\\/?#]*)", re.IGNORECASE | re.ASCII)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE | re.ASCII)
_USUAL_PORT = {"http": "80", "ws": "80", "https": "443", "wss": "443"}

# By tag: attribute, and the kind of origin that permits it; "" where none does.
_FETCHES: dict[str, tuple[tuple[str, str], ...]] = {
    "iframe": (("src", "frame"),),
    "frame": (("src", "frame"),),
    "script": (("src", "script"),),
    "img": (("src", "img"), ("srcset", "img")),
    "image": (("src", "img"), ("srcset", "img")),
    "source": (("src", "img"), ("srcset", "img")),
    "video": (("src", "img"), ("poster", "img")),
    "audio": (("src", "img"),),
    "track": (("src", "img"),),
    "input": (("src", "img"),),
    "embed": (("src", ""),),
    "object": (("data", ""),),
    **dict.fromkeys(("body", "table", "thead", "tbody", "tfoot", "tr", "td", "th"), (("background", "img"),)),
}
_DRAWN = {"script": "script", "image": "img", "feimage": "img"}
_RELATIONS = {
    "stylesheet": "style",
    "modulepreload": "script",
    "icon": "img",
    "apple-touch-icon": "img",
    "apple-touch-icon-precomposed": "img",
    "mask-icon": "img",
    **dict.fromkeys(("preload", "prefetch", "prerender", "preconnect", "dns-prefetch", "manifest"), ""),
}
_AS = {"script": "script", "worker": "script", "style": "style", "font": "font", "image": "img", "document": "frame"}
TAGS = frozenset({*_FETCHES, *_DRAWN, "link", "base"})
_LISTS = {"srcset", "imagesrcset"}


def network(value: str, base: str = "") -> str:
    """The whole address on the network, as origins are compared; "" for one of this site, or of no network. `base` is
    that of the page, where it names one of others."""
    text = value.strip(_AROUND).translate(_BREAKS)
    found = _FOREIGN.match(text)
    if found is None:
        return _joined(base, text) if base and not _SCHEME.match(text) else ""
    scheme = (found[1] or "https").lower()
    host = _host(found[2].rpartition("@")[2], scheme)
    return f"{scheme}://{host}{text[found.end() :]}" if host else ""


def _joined(base: str, text: str) -> str:
    try:
        return urljoin(base, text.replace("\\", "/"))
    except ValueError:
        return base


def _host(written: str, scheme: str) -> str:
    name, colon, port = unquote(written).lower().rpartition(":")
    if not colon or not (port.isascii() and (port.isdigit() or not port)):
        name, port = unquote(written).lower(), ""
    try:
        name = name if name.isascii() else name.encode("idna").decode()
    except UnicodeError:
        return ""  # no browser finds it either
    port = port.lstrip("0")
    return name if port in {"", _USUAL_PORT[scheme]} else f"{name}:{port}"


def fetched(name: str, said: dict[str, str], *, drawn: bool = False) -> list[tuple[str, str, str]]:
    """What a start tag makes a browser fetch: attribute, address as it is written, kind of origin."""
    if name == "link":
        wanted = _of_link(said)
    elif name == "input" and said.get("type", "").lower() != "image":
        wanted = []
    else:
        wanted = list(_FETCHES.get(name, ()))
    if drawn and name in _DRAWN:  # the rest of it is nothing there, and yet fetched by who looks ahead
        wanted += [(key, _DRAWN[name]) for key in ("href", "xlink:href")]
    return [(key, address, kind) for key, kind in wanted for address in _addresses(key, said.get(key, ""))]


def of(tag: Tag, base: str = "") -> list[tuple[str, str, str]]:
    """What of others a tag fetches: attribute, whole address, kind."""
    found = fetched(tag.name, tag.attributes, drawn=tag.drawn)
    return [(key, whole, kind) for key, address, kind in found if (whole := network(address, base))]


def _of_link(said: dict[str, str]) -> list[tuple[str, str]]:
    relations = [word for word in said.get("rel", "").lower().split() if word in _RELATIONS]
    if not relations:
        return []
    kind = _RELATIONS[relations[0]] or _AS.get(said.get("as", "").lower(), "")
    return [("href", kind), ("imagesrcset", kind)]


def _addresses(key: str, value: str) -> list[str]:
    return re.split(r"[\s,]+", value) if key in _LISTS else [value]
