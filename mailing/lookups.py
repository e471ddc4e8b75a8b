"""What does DNS say of a domain? Each question takes three seconds at most, and all of one resolver fifteen."""

import time
from collections.abc import Iterable
from typing import Any, Protocol

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver
import dns.reversename

from mailing import addresses
from mailing.addresses import Provider

EACH = 3.0  # seconds
ALL = 15.0  # seconds


class Unanswered(Exception):
    """Nobody could be asked, or nobody answered in time: whether there is such a record is not known."""


class Resolver(Protocol):
    """Each answers an empty list where there is no such record, and raises Unanswered where that is not known."""

    def texts(self, name: str) -> list[str]:
        """TXT records, the strings of each joined."""

    def exchangers(self, domain: str) -> list[str]:
        """Mail exchangers (MX), the preferred first; "." where the domain says it takes no mail (RFC 7505)."""

    def hosts(self, name: str) -> list[str]:
        """IPv4 and IPv6 addresses."""

    def names(self, address: str) -> list[str]:
        """Names of an address (PTR)."""


class DnsResolver:
    """Asks the name servers of this machine, or those that are given."""

    def __init__(
        self, *, servers: Iterable[str] = (), port: int = 53, each: float = EACH, altogether: float = ALL
    ) -> None:
        self._servers, self._port, self._each = list(servers), port, each
        self._until = time.monotonic() + altogether
        self._made: dns.resolver.Resolver | None = None

    def texts(self, name: str) -> list[str]:
        return [b"".join(record.strings).decode("ascii", "replace") for record in self._ask(name, "TXT")]

    def exchangers(self, domain: str) -> list[str]:
        found = sorted(self._ask(domain, "MX"), key=lambda record: record.preference)
        return [str(record.exchange).rstrip(".").lower() or "." for record in found]

    def hosts(self, name: str) -> list[str]:
        return [record.address for kind in ("A", "AAAA") for record in self._ask(name, kind)]

    def names(self, address: str) -> list[str]:
        pointer = dns.reversename.from_address(address)
        return [str(record.target).rstrip(".").lower() for record in self._ask(pointer, "PTR")]

    def _ask(self, name: str | dns.name.Name, kind: str) -> list[Any]:
        left = min(self._each, self._until - time.monotonic())
        if left <= 0:
            raise Unanswered
        try:
            asked = dns.name.from_text(name) if isinstance(name, str) else name
        except (dns.exception.DNSException, UnicodeError):
            return []  # nobody can have such a name
        try:
            return list(self._resolver().resolve(asked, kind, lifetime=left, search=False))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise Unanswered from error

    def _resolver(self) -> dns.resolver.Resolver:
        if self._made is None:
            self._made = dns.resolver.Resolver(configure=not self._servers)
            if self._servers:
                self._made.nameservers, self._made.port = self._servers, self._port
            self._made.timeout = self._each / 2  # of one server; then the next is asked
        return self._made


def resolver() -> Resolver:
    """One that asks this machine's name servers, for one run."""
    return DnsResolver()


def exchangers(domain: str, *, resolver: Resolver | None = None) -> list[str]:
    """The domain's mail exchangers, the preferred first. Raises Unanswered."""
    return (resolver or DnsResolver()).exchangers(domain)


def providers_of(domains: Iterable[str], resolver: Resolver) -> dict[str, Provider]:
    """Who runs the mailboxes of each domain. Left out: domains of which nobody answered, to be asked another time."""
    found = {}
    for domain in domains:
        who = addresses.provider(domain)
        try:
            found[domain] = addresses.provider(domain, resolver.exchangers(domain)) if who == Provider.OTHER else who
        except Unanswered:
            continue
    return found
