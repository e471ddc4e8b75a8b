"""What stands in a page while something waits: templates, the words in a frame's place, and what is fetched ahead."""

import re
from collections.abc import Callable, Mapping
from html import escape

from consent import origins
from consent.catalogue import Content

Attributes = Mapping[str, str]
SIZE = (560, 315)  # of a frame that names none, CSS pixels
_NUMBER = re.compile(r"\s*([0-9]{1,5})(?:\.[0-9]*)?(?:px)?\s*", re.IGNORECASE)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Looks that belong into the style sheet. The page's header permits no style in a tag, and no code.
_LOOKS = {"style", "frameborder", "marginwidth", "marginheight", "align", "border", "allowtransparency"}
_PAGES = (
    (re.compile(r"https://www\.youtube(?:-nocookie)?\.com/embed/([\w-]{11})"), "https://www.youtube.com/watch?v={}"),
    (re.compile(r"https://player\.vimeo\.com/video/([0-9]+)"), "https://vimeo.com/{}"),
)


def gate(service: Content, *, advanced: bool = False) -> str:
    """The attributes by which a page's script knows whose permission is needed. Google's tags that load before a
    choice are `advanced`."""
    named = {"data-consent-gate": service["group"], "data-service": service["key"]}
    said = " ".join(f'{name}="{escape(str(value))}"' for name, value in named.items())
    return f"{said} data-advanced" if advanced else said


def template(service: Content, inside: str = "", *, advanced: bool = False) -> str:
    """Its start, or the whole of it around `inside`."""
    start = f"<template {gate(service, advanced=advanced)}>"
    return f"{start}{inside}</template>" if inside else start


def is_hidden(said: Attributes) -> bool:
    """A frame that nobody is to see needs no words in its place."""
    small = any(size is not None and size <= 1 for size in (_pixels(said, name) for name in ("width", "height")))
    return small or "hidden" in said or bool(_HIDDEN.search(said.get("style", "")))


def iframe(said: Attributes) -> str:
    """A frame's start tag as the page's header lets it be."""
    kept = {name: value for name, value in said.items() if name not in _LOOKS and name[:2] != "on" and name[0] != "="}
    if is_hidden(said):
        kept["hidden"] = ""
    # Players refuse to play for a page that says nothing of itself, which is the rule of this site's other addresses.
    kept.setdefault("referrerpolicy", "strict-origin-when-cross-origin")
    return f"<iframe {' '.join(_attribute(name, value) for name, value in kept.items())}>"


def _attribute(name: str, value: str) -> str:
    return f'{name}="{escape(value)}"' if value else name


def embed(service: Content, said: Attributes, address: str, words: Mapping[str, object], wrapper: str) -> str:
    """Everything before the frame itself. Only what may stand inside a paragraph, where authors put frames."""
    fill = _filling(service, address)
    buttons = "".join(
        f'<button type="button" value="{value}">{escape(fill(str(words[key])))}</button>'
        for value, key in (("once", "load_once"), ("always", "always_allow"))
    )
    width, height = (_pixels(said, name) or usual for name, usual in zip(("width", "height"), SIZE, strict=True))
    label = said.get("title", "").strip() or service["name"]
    return (
        f'<candor-embed {gate(service)} data-frame="{escape(wrapper)}">'
        f'<svg width="{width}" height="{height}" aria-hidden="true"></svg>'
        f'<span class="consent-embed" role="group" aria-label="{escape(label)}">'
        f'<span class="consent-words">{escape(fill(str(words["embed"])))}</span> '
        f'<span class="consent-actions">{buttons}'
        f'<a href="{escape(own_page(address))}">{escape(fill(str(words["open_there"])))}</a></span></span><template>'
    )


def _filling(service: Content, address: str) -> Callable[[str], str]:
    values = {"service": service["name"], "vendor": service["vendor"]["name"], "host": _host(address)}
    return lambda text: re.sub(r"\{(service|vendor|host)\}", lambda found: values[found[1]], text)


def _host(address: str) -> str:
    """With its port, for who is asked to go there."""
    return origins.of(address).partition("://")[2]


def own_page(address: str) -> str:
    """Where the content of a frame can be seen without this site."""
    for player, page in _PAGES:
        if found := player.match(address):
            return page.format(found[1])
    return address


def _pixels(said: Attributes, name: str) -> int | None:
    found = _NUMBER.fullmatch(said.get(name, ""))
    return int(found[1]) if found else None


def ahead(name: str, said: Attributes, address: str) -> str:
    """What the head fetches early for who allowed it on an earlier visit; "" for what is no use ahead."""
    if name == "iframe":
        return f'<link rel="preconnect" href="{escape(origins.of(address))}">'
    kind = said.get("type", "").strip().lower()
    if "nomodule" in said or (kind != "module" and kind and "javascript" not in kind):
        return ""
    relation = 'rel="modulepreload"' if kind == "module" else 'rel="preload" as="script"'
    copied = (_attribute(key, said[key]) for key in ("crossorigin", "integrity", "referrerpolicy") if key in said)
    return " ".join([f"<link {relation}", f'href="{escape(address)}"', *copied]) + ">"
