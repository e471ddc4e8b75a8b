"""Which service of a published configuration answers for an address, and may a visitor refuse it?"""

import re
from collections.abc import Iterable, Iterator

from consent import origins
from consent.catalogue import Content, Published
from consent.models import Service

_Row = tuple[Content, dict[str, list[str]], bool]
_PLAIN = re.compile("^(http|ws):")


def needing_permission(address: str, kind: str, published: Published) -> Content | None:
    """The service that must be allowed before this is fetched; None for the site's own addresses, for what nobody
    declares, and for what no visitor can refuse."""
    if _is_own(address, published):
        return None
    # Browsers fetch pictures of a plain scheme by the secure one, and compare that.
    service, refusable = _answers(_PLAIN.sub(r"\1s:", address), kind, published)
    return service if refusable else None


def _is_own(address: str, published: Published) -> bool:
    """What has the site's name and another port is another's."""
    return origins.of(address).partition("://")[2] == published.content["host"]


def _answers(address: str, kind: str, published: Published) -> tuple[Content | None, bool]:
    """An origin may be several services'. The one whose script it is goes first, then what can be refused."""
    found = list(_declaring(address, published))
    for service, _declared, refusable in found:
        if _is_script_of(address, service):
            return service, refusable
    for wanted, kinds in ((True, [kind]), (False, [kind]), (True, origins.KINDS)):
        for service, declared, refusable in found:
            if refusable is wanted and origins.allowed(address, _of_kinds(declared, kinds)):
                return service, refusable
    return None, False


def _declaring(address: str, published: Published) -> Iterator[_Row]:
    for row in _rows(published):
        if origins.allowed(address, _of_kinds(row[1], origins.KINDS)):
            yield row


def _rows(published: Published) -> list[_Row]:
    if "declared" not in published.made:
        required = [row for group in published.groups if group["required"] for row in group["services"]]
        published.made["declared"] = [
            *((service, origins.declared(service), True) for service in published.services),
            *((service, origins.declared(service), False) for service in required),
        ]
    rows: list[_Row] = published.made["declared"]
    return rows


def _of_kinds(declared: dict[str, list[str]], kinds: Iterable[str]) -> list[str]:
    return [origin for kind in kinds for origin in declared.get(kind, ())]


def _is_script_of(address: str, service: Content) -> bool:
    script = _PLAIN.sub(r"\1s:", service["script_url"])
    return bool(script) and script.partition("?")[0] == address.partition("?")[0].partition("#")[0]


def is_declared(address: str, kind: str, published: Published) -> bool:
    """Does some service list the address's origin for this kind? For "", for any."""
    kinds = [kind] if kind else origins.KINDS
    return any(origins.allowed(address, _of_kinds(declared, kinds)) for _service, declared, _may in _rows(published))


def name_of(kind: str) -> str:
    """As the form of a service calls it."""
    return str(getattr(Service._meta.get_field(f"{kind}_origins"), "verbose_name", kind)) if kind else ""
