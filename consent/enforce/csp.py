"""Which Content-Security-Policy does a page get: from what was published, and from what its visitor chose?

No nonce, for a page is one for all and caches keep it; no 'unsafe-inline', no 'unsafe-eval'. The head's own script and
style are allowed by their hashes (CSP Level 3).
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from consent import head, origins
from consent.catalogue import Published
from consent.decide import Choice

Sources = Mapping[str, Iterable[str]]


class Mode(StrEnum):
    DECIDED = "decided"  # before a choice everything declared may load once a gate opens; after it, what was allowed
    STRICT = "strict"  # nothing of others until it was allowed: the page is loaded again once
    REPORT = "report"  # as "decided", and browsers only tell
    OFF = "off"


_OWN: Mapping[str, tuple[str, ...]] = {
    "default-src": ("'self'",),
    "script-src": ("'self'", head.SCRIPT_HASH),
    "style-src": ("'self'", head.STYLE_HASH),
    "img-src": ("'self'", "data:"),
    "font-src": ("'self'",),
    "connect-src": ("'self'",),
    "frame-src": ("'self'",),
    "media-src": ("'self'",),
    "object-src": ("'none'",),
    "base-uri": ("'none'",),
    "form-action": ("'self'",),
    "frame-ancestors": ("'self'",),
}
_KINDS = {
    "script": ("script-src",),
    "connect": ("connect-src",),
    "img": ("img-src", "media-src"),
    "frame": ("frame-src",),
    "style": ("style-src",),
    "font": ("font-src",),
}
_TRUSTED_TYPES = ("require-trusted-types-for 'script'", "trusted-types candor")


def permitted(published: Published, choice: Choice, mode: Mode) -> frozenset[str]:
    """Keys of the services whose origins the header names. What cannot be refused always is; what nobody has decided
    about yet is in every mode but the strict one, where its gate alone holds it."""
    found = {row["key"] for group in published.groups if group["required"] for row in group["services"]}
    for service in published.services:
        undecided = service["group"] not in choice.groups and mode is not Mode.STRICT
        if undecided or choice.services.get(service["key"]) or published.waits_for_nobody(service):
            found.add(service["key"])
    return frozenset(found)


def header(
    published: Published | None,
    services: frozenset[str],
    *,
    report_uri: str,
    more: Sources | None = None,
    trusted_types: bool = False,
) -> str:
    """The header's value for these services. `more` are sources of the site's own, by directive.

    Reports go to `report_uri`: browsers that know report-to as well would hold them back for a minute.
    """
    sources = {directive: dict.fromkeys([*own, *(more or {}).get(directive, ())]) for directive, own in _OWN.items()}
    rows = [row for group in published.groups for row in group["services"]] if published else []
    for row in (row for row in rows if row["key"] in services):
        for kind, named in origins.declared(row).items():
            for directive in _KINDS[kind]:
                sources[directive] |= dict.fromkeys(named)
    rules = [f"{directive} {' '.join(named)}" for directive, named in sources.items()]
    return "; ".join([*rules, *(_TRUSTED_TYPES if trusted_types else ()), f"report-uri {report_uri}"])
