"""Can mail come back: answers to the sender, bounces to the return path? And who is the mail server by its names?"""

from ipaddress import ip_address

from mailing.lookups import Resolver
from mailing.setup.shapes import Check, Configured, Finding, Said, Server, Status
from mailing.setup.tls import Seen

NO_MAIL = ["."]  # RFC 7505


def replies(domain: str, *, resolver: Resolver) -> Finding:
    """Where answers to the sender's address go. Raises Unanswered."""
    found = resolver.exchangers(domain)
    if found == NO_MAIL:
        return Finding(Check.REPLIES, domain, Status.WRONG, (Said("takes_no_mail", {}),), ("MX .",))
    if found:
        return Finding(Check.REPLIES, domain, Status.OK, (Said("has_mx", {}),), tuple(f"MX {name}" for name in found))
    if hosts := resolver.hosts(domain):
        return Finding(Check.REPLIES, domain, Status.OK, (Said("only_address", {}),), tuple(hosts))
    return Finding(Check.REPLIES, domain, Status.MISSING, (Said("no_mx", {}),), (), f"{domain}. MX 10 mail.{domain}.")


def return_path(about: Configured, *, resolver: Resolver) -> Finding:
    """Where bounces go. Raises Unanswered."""
    domain = about.return_domain
    if not domain:
        status = Status.OK if about.by_provider else Status.MISSING
        key = "return_provider" if about.by_provider else "return_unset"
        example = f"MAIL_RETURN_ADDRESS=bounces@{about.senders[0] if about.senders else 'example.org'}"
        return Finding(
            Check.RETURN_PATH,
            "MAIL_RETURN_ADDRESS",
            status,
            (Said(key, {}),),
            record="" if about.by_provider else example,
        )
    found = resolver.exchangers(domain)
    seen = tuple(f"MX {name}" for name in found)
    if found == NO_MAIL:
        return Finding(Check.RETURN_PATH, domain, Status.WRONG, (Said("takes_no_mail", {}),), seen)
    if not found:
        said = (Said("return_no_mx", {}),)
        return Finding(Check.RETURN_PATH, domain, Status.MISSING, said, (), f"{domain}. MX 10 mail.{domain}.")
    return Finding(Check.RETURN_PATH, domain, Status.OK, (Said("return_ok", {}),), seen)


def returns(about: Configured) -> Finding:
    """Does this site learn of what comes back?"""
    if about.reads_returns:
        return Finding(Check.RETURNS, "MAIL_RETURN_MAILBOX", Status.OK, (Said("returns_read", {}),))
    if about.by_provider:
        return Finding(Check.RETURNS, "MAIL_RETURN_MAILBOX", Status.OK, (Said("returns_told", {}),))
    record = "MAIL_RETURN_MAILBOX=imaps://name:password@host/INBOX"
    return Finding(Check.RETURNS, "MAIL_RETURN_MAILBOX", Status.MISSING, (Said("returns_unread", {}),), record=record)


def helo(server: Server, seen: Seen, *, resolver: Resolver) -> Finding:
    """The name by which the server greets, which it usually also says to others (HELO). Raises Unanswered."""
    if not seen.reached:
        return Finding(Check.HELO, server.host, Status.UNKNOWN, (Said("not_reached", {}),))
    name = seen.greeting
    if "." not in name.strip("."):
        said = Said("helo_short", {"name": name or "-"})
        return Finding(Check.HELO, server.host, Status.WRONG, (said,), (name,))
    found = resolver.hosts(name)
    key = "helo_ok" if found else "helo_unknown"
    status = Status.OK if found else Status.WRONG
    record = "" if found else f"{name}. A …"
    return Finding(Check.HELO, server.host, status, (Said(key, {"name": name}),), (name, *found), record)


def reverse(server: Server, seen: Seen, *, resolver: Resolver) -> Finding:
    """Do the addresses have names that lead back to them? For a server in this network: those of the name it greets
    with. Raises Unanswered."""
    name = seen.greeting if server.is_local else server.host
    found = resolver.hosts(name) if "." in name.strip(".") else _itself(name)
    addresses = [address for address in found if ip_address(address).is_global]
    if not addresses:
        return Finding(Check.REVERSE, server.host, Status.UNKNOWN, (Said("reverse_private", {}),), tuple(found))
    said, lines, names = [], [], {address: resolver.names(address) for address in addresses}
    for address, called in names.items():
        lines.append(f"{address} {' '.join(called) or '-'}")
        confirmed = any(address in resolver.hosts(each) for each in called)
        key = "reverse_ok" if confirmed else "reverse_elsewhere" if called else "reverse_none"
        said.append(Said(key, {"address": address, "name": called[0] if called else ""}))
    keys = {each.key for each in said}
    status = Status.WRONG if "reverse_elsewhere" in keys else Status.MISSING if "reverse_none" in keys else Status.OK
    bare = [address for address, called in names.items() if not called]
    record = f"{ip_address(bare[0]).reverse_pointer}. PTR {name}." if bare else ""
    return Finding(Check.REVERSE, server.host, status, tuple(said), tuple(lines), record)


def _itself(name: str) -> list[str]:
    try:
        return [str(ip_address(name))]
    except ValueError:
        return []


def site(about: Configured) -> Finding:
    """One-click unsubscribing is posted to https (RFC 8058)."""
    if about.site_url.startswith("https://"):
        return Finding(Check.SITE, "SITE_URL", Status.OK, (Said("site_ok", {}),), (about.site_url,))
    record = f"SITE_URL={about.site_url.replace('http://', 'https://', 1)}"
    return Finding(Check.SITE, "SITE_URL", Status.WRONG, (Said("site_plain", {}),), (about.site_url,), record)
