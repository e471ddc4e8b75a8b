"""May this text be published? What it says about itself that no visitor's browser would run or load, in sentences."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from consent import origins
from consent.catalogue import Published
from consent.enforce import addresses, declared, markup
from consent.enforce.markup import Tag

_CODE = {"", "module", "importmap", "speculationrules", "jscript", "livescript"}
_LINKS = ("href", "src", "action", "formaction", "data", "xlink:href")


def problems(html: str, published: Published | None) -> list[str]:
    """What stands in the way, each once. `published` is the site's configuration; without one nothing is declared."""
    return list(dict.fromkeys(_problems(html, published)))


def _problems(html: str, published: Published | None) -> Iterator[str]:
    found = markup.tags(html)
    base = next((addresses.network(tag.attributes["href"]) for tag in found if _is_base(tag)), "")
    for tag in found:
        yield from map(_about_code, _code(tag))
        for _key, address, kind in addresses.of(tag, base):
            yield from _about(address, kind, published)
        if tag.name == "iframe" and "srcdoc" in tag.attributes:
            yield from _problems(tag.attributes["srcdoc"], published)


def _is_base(tag: Tag) -> bool:
    return tag.name == "base" and "href" in tag.attributes


def _about(address: str, kind: str, published: Published | None) -> Iterator[str]:
    origin = origins.of(address)
    if not origin or _is_own(address, published) or (published and declared.is_declared(address, kind, published)):
        return
    if published and declared.is_declared(address, "", published):
        yield _(
            "“%(origin)s” is declared, but not for this: it is missing among “%(kind)s” of its service. Add it under "
            "Consent › Services and publish it, then this text can be published."
        ) % {"origin": origin, "kind": declared.name_of(kind)}
        return
    yield _(
        "“%(origin)s” is not declared. Add the service under Consent › Services and publish it, then this text can be "
        "published."
    ) % {"origin": origin}


def _is_own(address: str, published: Published | None) -> bool:
    here = {published.content["host"]} if published else set()
    more = (source for sources in settings.CONSENT_CSP_SOURCES.values() for source in sources)
    own = [network for url in (settings.MEDIA_URL, settings.STATIC_URL) if (network := addresses.network(url))]
    return urlsplit(address).hostname in here or origins.allowed(address, [*map(origins.of, own), *more])


def _code(tag: Tag) -> Iterator[str]:
    """What of a tag is code, as an editor finds it in the text."""
    said = tag.attributes
    kind = said.get("type", "").strip().lower()
    if tag.name == "script" and "src" not in said and (kind in _CODE or "script" in kind) and not kind.endswith("json"):
        yield "<script>"
    yield from (name for name in said if name.startswith("on") and len(name) > 2)
    if any(_without_breaks(said.get(name, "")).startswith("javascript:") for name in _LINKS):
        yield "javascript:"


def _without_breaks(address: str) -> str:
    return "".join(character for character in address.lower() if character > " ")


def _about_code(what: str) -> str:
    return _(
        "Code written into a page does not run, and this text has some: %(what)s. Put it into the first-party module "
        "of a service under Consent › Services."
    ) % {"what": what}
