"""Which service answers for an address, as browsers compare it with a Content-Security-Policy (CSP3, 6.7.2)?"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import SplitResult, urlsplit

Content = dict[str, Any]
KINDS = ("script", "connect", "img", "frame", "style", "font")
_SECURE = {"http": "https", "ws": "wss"}
_NETWORK = {"http", "https", "ws", "wss"}


def of(address: str) -> str:
    """The origin of an address with its scheme, such as https://www.example.org:8443; "" where it names none."""
    parts = _split(address)
    if parts is None or parts.scheme not in _NETWORK or not parts.hostname:
        return ""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"


def covers(origin: str, address: str) -> bool:
    """Does one of the catalogue's origins allow this address? A wildcard stands for one label or more; an origin of a
    plain scheme also allows the secure one."""
    wanted, asked = _split(origin), _split(address)
    if wanted is None or asked is None or asked.scheme not in {wanted.scheme, _SECURE.get(wanted.scheme)}:
        return False
    host, sent = wanted.netloc.lower(), asked.netloc.rpartition("@")[2].lower()
    return sent.endswith(host[1:]) if host.startswith("*.") else sent == host


def allowed(address: str, origins: Iterable[str]) -> bool:
    return any(covers(origin, address) for origin in origins)


def declared(service: Content) -> dict[str, list[str]]:
    """Everywhere a service of a snapshot loads from, by kind: the origins it lists, that of its script, and the hosts
    whose embeds it covers, as frames."""
    found = {kind: {*service["origins"].get(kind, [])} for kind in KINDS}
    if script := of(service["script_url"]):
        found["script"].add(script)
    found["frame"] |= {f"https://{host}" for host in service["embeds"]}
    return {kind: sorted(origins) for kind, origins in found.items()}


def declares(service: Content, address: str) -> bool:
    """Does a service of a snapshot load from this address, for whatever?"""
    return any(allowed(address, origins) for origins in declared(service).values())


def _split(address: str) -> SplitResult | None:
    try:
        return urlsplit(address.strip())
    except ValueError:
        return None
