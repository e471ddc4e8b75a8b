"""What should receivers do with mail that only pretends to be from the domain, and does ours pass (DMARC, RFC 7489)?"""

import re

from mailing.lookups import Resolver
from mailing.setup import dkim
from mailing.setup.shapes import Check, Configured, Finding, Said, Status

_POLICIES = {"none", "quarantine", "reject"}


def above(domain: str) -> list[str]:
    """The domain and those above it that are more than an ending: "a.quay.example", "quay.example"."""
    labels = domain.split(".")
    return [".".join(labels[place:]) for place in range(max(len(labels) - 1, 1))]


def records(domain: str, resolver: Resolver) -> tuple[str, list[str]]:
    """Where the policy for a domain stands, its own or one above it, and what stands there. Raises Unanswered."""
    for name in above(domain):
        found = [text for text in resolver.texts(f"_dmarc.{name}") if re.match(r"v\s*=\s*DMARC1\b", text)]
        if found:
            return name, found
    return domain, []


def dmarc(domain: str, *, resolver: Resolver) -> Finding:
    """Raises Unanswered."""
    where, found = records(domain, resolver)
    suggested = f'_dmarc.{domain}. TXT "v=DMARC1; p=none; rua=mailto:postmaster@{domain}"'
    if len(found) != 1:
        status, key = (Status.WRONG, "dmarc_several") if found else (Status.MISSING, "dmarc_missing")
        return Finding(Check.DMARC, domain, status, (Said(key, {}),), tuple(found), suggested)
    tags = dkim.tags(found[0])
    policy = (tags.get("sp") if where != domain else None) or tags.get("p", "")
    if policy.lower() not in _POLICIES:
        unknown = Said("dmarc_no_policy", {"policy": policy or "-"})
        return Finding(Check.DMARC, domain, Status.WRONG, (unknown,), tuple(found), suggested)
    said = (Said(f"dmarc_{policy.lower()}", {"where": f"_dmarc.{where}"}), *_reports(where, tags, resolver))
    return Finding(Check.DMARC, domain, Status.OK, said, tuple(found))


def _reports(where: str, tags: dict[str, str], resolver: Resolver) -> list[Said]:
    """Who gets the daily reports; a foreign domain must say that it wants them (RFC 7489, 7.1)."""
    places = [place.partition("!")[0] for place in tags.get("rua", "").split(",") if place]
    if not places:
        return [Said("dmarc_no_reports", {})]
    foreign = {place.rpartition("@")[2].lower() for place in places if "@" in place}
    silent = [
        name
        for name in sorted(foreign)
        if above(name)[-1] != above(where)[-1] and not resolver.texts(f"{where}._report._dmarc.{name}")
    ]
    return [Said("dmarc_foreign_reports", {"domain": name}) for name in silent]


def alignment(domain: str, *, about: Configured, resolver: Resolver) -> Finding:
    """Does a message From this domain pass DMARC: by a signature, or by its return path? Raises Unanswered."""
    where, found = records(domain, resolver)
    tags = dkim.tags(found[0]) if found else {}
    signing = [
        name
        for name in ([domain] if tags.get("adkim", "r").lower() == "s" else above(domain))
        if dkim.has_key(name, selectors=about.selectors, resolver=resolver)
    ]
    back = about.return_domain or domain
    strict = tags.get("aspf", "r").lower() == "s"
    returns = back == domain if strict else above(back)[-1] == above(domain)[-1] or back.endswith(f".{where}")
    if signing:
        status, said = Status.OK, Said("aligned_by_signature", {"domain": signing[0]})
    elif not about.selectors:
        status, said = Status.UNKNOWN, Said("aligned_unknown", {})
    elif returns:
        status, said = Status.WRONG, Said("aligned_by_return_path", {"domain": back})
    else:
        status, said = Status.WRONG, Said("aligned_not", {"domain": back})
    return Finding(Check.ALIGNMENT, domain, status, (said,))
