"""What of an address may be written down? Nothing that names a person: no token, no whole IP address."""

import ipaddress
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from urllib.parse import quote_plus, unquote, urlsplit

ELSEWHERE = "/…"  # an address that is none of the site's: whatever was typed or pasted there
PAGES = {"public_page", "wagtail_serve"}  # names of addresses that are pages' own, and say nothing of who asks
_DAY = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|\+00:00)?)?"
_PAGE = r"\d{1,6}"
# A word of a campaign: begins with a letter, holds no "@" and no number as long as a telephone's.
_WORD = r"(?!.*\d{6})[^\W\d_][\w .~+-]{0,60}"
_CAMPAIGN = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
_PARAMETERS = {
    "on": re.compile(_DAY),
    "p": re.compile(_PAGE),
    "page": re.compile(_PAGE),
    **dict.fromkeys(_CAMPAIGN, re.compile(_WORD)),
}
PARAMETERS = tuple(_PARAMETERS)
_TOKEN = re.compile(r"[^/]{20,}|[^/]*@")  # a segment of a foreign path that may point at somebody
_BYTE = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4 = re.compile(rf"(?:{_BYTE}\.){{3}}{_BYTE}", re.ASCII)  # most are: the module that knows all takes longer
_KEPT = {4: ((1 << 24) - 1) << 8, 6: ((1 << 48) - 1) << 80}  # bits of an address that are kept


def address(sent: str) -> str:
    """The network an IP address lies in, /24 of IPv4 and /48 of IPv6; empty for what is no address."""
    if _IPV4.fullmatch(sent):
        return f"{sent[: sent.rindex('.')]}.0"
    try:
        found = ipaddress.ip_address(sent.strip().partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return str(type(found)(int(found) & _KEPT[found.version]))


def query(known: Mapping[str, str]) -> str:
    """Parameters as an address has them."""
    return "&".join([f"{name}={quote_plus(value)}" for name, value in known.items()])


def campaign(known: Mapping[str, str]) -> str:
    """Source and name of the campaign that a link was part of: "newsletter/spring"."""
    return "/".join([known[name] for name in ("utm_source", "utm_campaign") if name in known])


def known(sent: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """The parameters that are known to say nothing of a person, the first of each name, in a fixed order."""
    given: dict[str, str] = {}
    for name, value in sent:
        rule = _PARAMETERS.get(name)
        if rule and name not in given and rule.fullmatch(value):
            given[name] = value
    return {name: given[name] for name in PARAMETERS if name in given}


def source(referrer: str, *, host: str) -> str:
    """Origin and path of the page that had the link; empty for this site's own pages. Of a path nothing from the first
    segment on that is as long as a token or holds an "@"."""
    try:
        parts = urlsplit(referrer)
        name, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    authority = f"{name}:{port}" if port else name
    if parts.scheme not in {"http", "https", "android-app"} or not name or authority == host.lower():
        return ""
    path = unquote(parts.path)
    cut = next((found.start() for found in _TOKEN.finditer(path)), len(path))
    return f"{parts.scheme}://{authority}{path[:cut] or '/'}"


def path(path: str, *, name: str, route: str, has_values: bool) -> str:
    """A page's own path; the pattern of an address that holds more than a page's name, such as a mail link's token."""
    return path if name in PAGES or not has_values else pattern(route)


@lru_cache(maxsize=1024)
def pattern(route: str) -> str:
    """A route as Django knows it, to be read by people: "/mail/confirm/<token>/"."""
    named = re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", re.sub(r"\(\?P(<\w+>)(?:\[[^\]]*\]|[^()])*\)", r"\1", route))
    return "/" + re.sub(r"\\(?=[.\-/])|[\^$]", "", named).lstrip("/")
