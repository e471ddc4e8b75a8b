"""DNS for tests: a resolver that knows what it is told, and a name server that answers with the same over UDP."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from mailing.lookups import Unanswered


@dataclass
class Zone:
    """Records by name, the preferred exchanger first. Of a name in `silent` nobody answers."""

    txt: dict[str, list[str]] = field(default_factory=dict)
    mx: dict[str, list[str]] = field(default_factory=dict)
    a: dict[str, list[str]] = field(default_factory=dict)
    ptr: dict[str, list[str]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)

    def texts(self, name: str) -> list[str]:
        return self._of(self.txt, name)

    def exchangers(self, domain: str) -> list[str]:
        return self._of(self.mx, domain)

    def hosts(self, name: str) -> list[str]:
        return self._of(self.a, name)

    def names(self, address: str) -> list[str]:
        return self._of(self.ptr, address)

    def _of(self, records: dict[str, list[str]], name: str) -> list[str]:
        if name in self.silent:
            raise Unanswered
        return records.get(name, [])


@contextmanager
def name_server(lines: str) -> Iterator[int]:
    """Answers for the records in `lines` ("name kind data"), says nothing about silent.example, and knows no other
    name. Yields its port on 127.0.0.1."""
    records = [line.split(None, 2) for line in lines.strip().splitlines()]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        door.bind(("127.0.0.1", 0))
        thread = Thread(target=_serve, args=(door, records))
        thread.start()
        yield door.getsockname()[1]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bell:
            bell.sendto(b"", door.getsockname())  # an empty packet ends it
        thread.join(timeout=5)


def _serve(door: socket.socket, records: list[list[str]]) -> None:
    while True:
        packet, sender = door.recvfrom(4096)
        if not packet:
            return
        query = dns.message.from_wire(packet)
        if "silent.example" not in str(query.question[0].name):
            door.sendto(_answer(query, records).to_wire(), sender)


def _answer(query: dns.message.Message, records: list[list[str]]) -> dns.message.Message:
    response, [asked] = dns.message.make_response(query), query.question
    response.flags |= dns.flags.RA
    known = [record for record in records if dns.name.from_text(record[0]) == asked.name]
    of_kind = [data for _name, kind, data in known if kind == dns.rdatatype.to_text(asked.rdtype)]
    if of_kind:
        response.answer.append(dns.rrset.from_text(asked.name, 60, "IN", asked.rdtype, *of_kind))
    elif not known:
        response.set_rcode(dns.rcode.NXDOMAIN)
    return response
