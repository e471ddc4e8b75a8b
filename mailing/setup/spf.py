"""May the mail server write in the domain's name, as SPF has it (RFC 7208)?"""

import re
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network

from mailing.lookups import Resolver
from mailing.setup.shapes import Check, Finding, Said, Server, Status

MOST_LOOKUPS = 10  # RFC 7208, 4.6.4
MOST_VOID = 2  # lookups without a result
ENOUGH = 30  # further on, the number no longer matters
_TERM = re.compile(
    r"(?P<sign>[+?~-]?)(?P<name>all|include|a|mx|ptr|ip4|ip6|exists)(?::(?P<value>[^/\s]\S*?))?(?P<size>(?:/\d+){0,2})"
    r"|(?P<modifier>[a-z][a-z0-9_.-]*)=(?P<argument>\S*)",
    re.IGNORECASE,
)
_ASKS = {"include", "a", "mx", "ptr", "exists"}


def spf(domain: str, *, resolver: Resolver, server: Server | None) -> Finding:
    """The domain's record, with everything that it includes. Raises Unanswered."""
    records = _records(domain, resolver)
    suggested = f'{domain}. TXT "v=spf1 {_source(server)} -all"'
    if len(records) != 1:
        status, key = (Status.WRONG, "spf_several") if records else (Status.MISSING, "spf_missing")
        return Finding(Check.SPF, domain, status, (Said(key, {"count": len(records)}),), tuple(records), suggested)
    walk = _Walk(resolver)
    walk.follow(domain, records[0])
    wrong = list(walk.faults())
    said = wrong or [Said("spf_ok", {"lookups": walk.lookups, "most": MOST_LOOKUPS})]
    if server and not server.is_local and not wrong:
        covered = any(walk.covers(address) for address in resolver.hosts(server.host))
        said.append(Said("spf_covers" if covered else "spf_covers_not", {"host": server.host}))
    status = Status.WRONG if wrong else Status.OK
    better = re.sub(r"\s*[+?~-]?\ball\b.*$", "", records[0], flags=re.IGNORECASE) + " -all"
    record = f'{domain}. TXT "{better}"' if walk.ending not in {"-", "~"} else ""
    return Finding(Check.SPF, domain, status, tuple(said), tuple(records), record)


def _records(domain: str, resolver: Resolver) -> list[str]:
    return [text for text in resolver.texts(domain) if re.match(r"v=spf1(\s|$)", text, re.IGNORECASE)]


def _source(server: Server | None) -> str:
    if server is None:
        return "include:…"  # the provider's own documentation names it
    return "mx" if server.is_local else f"a:{server.host}"


@dataclass
class _Walk:
    """What a receiver does with a record: `networks` may write, `ending` is the sign of its "all"."""

    resolver: Resolver
    lookups: int = 0
    void: int = 0
    ending: str = ""
    networks: list[str] = field(default_factory=list)
    broken: list[Said] = field(default_factory=list)

    def follow(self, domain: str, record: str, *, included: bool = False) -> None:
        terms = [(_TERM.fullmatch(word), word) for word in record.split()[1:]]
        for found, word in terms:
            if found is None:
                self.broken.append(Said("spf_syntax", {"term": word}))
        known = [found for found, _word in terms if found]
        for term in known:
            if term["name"]:
                self._mechanism(domain, term["name"].lower(), term["value"] or "", term["size"], included)
                if term["name"].lower() == "all" and not included:
                    self.ending = term["sign"] or "+"
        redirects = [term["argument"] for term in known if (term["modifier"] or "").lower() == "redirect"]
        if redirects and not any((term["name"] or "").lower() == "all" for term in known):
            self.lookups += 1
            self._other(redirects[0], included=included)

    def _mechanism(self, domain: str, name: str, value: str, size: str, included: bool) -> None:
        self.lookups += name in _ASKS
        if name in {"ip4", "ip6"}:
            self.networks.append(value + size)
        elif self.lookups > ENOUGH or "%" in value:
            return  # a macro is filled in for each message: nothing to look up beforehand
        elif name == "include":
            self._other(value, included=True)
        elif name in {"a", "mx"}:
            self._hosts(name, value or domain, size)

    def _other(self, domain: str, *, included: bool) -> None:
        if "%" in domain or self.lookups > ENOUGH:
            return
        records = _records(domain, self.resolver)
        if len(records) == 1:
            self.follow(domain, records[0], included=included)
        else:
            self.broken.append(Said("spf_include", {"domain": domain}))

    def _hosts(self, name: str, target: str, size: str) -> None:
        hosts = self.resolver.exchangers(target)[:10] if name == "mx" else [target]
        found = [address for host in hosts for address in self.resolver.hosts(host)]
        self.void += not found
        for address in found:
            narrow = size.rpartition("//")[2] if ":" in address else size.partition("//")[0].strip("/")
            self.networks.append(f"{address}/{narrow}" if narrow.isdecimal() else address)

    def faults(self) -> list[Said]:
        found = [*self.broken]
        if self.lookups > MOST_LOOKUPS:
            found.append(Said("spf_lookups", {"lookups": self.lookups, "most": MOST_LOOKUPS}))
        if self.void > MOST_VOID:
            found.append(Said("spf_void", {"count": self.void, "most": MOST_VOID}))
        if self.ending not in {"-", "~"}:
            found.append(Said({"+": "spf_open", "?": "spf_neutral"}.get(self.ending, "spf_no_end"), {}))
        return found

    def covers(self, address: str) -> bool:
        for network in self.networks:
            try:
                if ip_address(address) in ip_network(network, strict=False):
                    return True
            except ValueError:
                continue
        return False
