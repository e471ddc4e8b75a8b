"""All checks at once, within fifteen seconds: what did they find, and what did the last run find?"""

import ssl
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.core.cache import cache

from mailing.lookups import ALL, Resolver, Unanswered
from mailing.setup import dmarc, hosts, tls
from mailing.setup.dkim import dkim
from mailing.setup.shapes import Check, Configured, Finding, Said, Status
from mailing.setup.spf import spf

KEPT = 3600  # seconds
LAST = "candor:mail-setup"
AT_ONCE = 8
Job = tuple[Check, str, Callable[[], Finding]]


@dataclass(frozen=True)
class Report:
    at: datetime
    findings: tuple[Finding, ...]

    @property
    def is_complete(self) -> bool:
        """Nothing is missing and nothing wrong. What could not be looked at is neither."""
        return not any(finding.status in {Status.MISSING, Status.WRONG} for finding in self.findings)

    def by_subject(self) -> dict[str, list[Finding]]:
        found: dict[str, list[Finding]] = {}
        for finding in self.findings:
            found.setdefault(finding.subject, []).append(finding)
        return found

    def as_json(self) -> dict[str, Any]:
        return {
            "at": self.at.isoformat(),
            "complete": self.is_complete,
            "findings": [asdict(finding) for finding in self.findings],
        }


def last() -> Report | None:
    """What the last check found, if that was within the hour."""
    found: Report | None = cache.get(LAST)
    return found


def remember(report: Report) -> None:
    cache.set(LAST, report, KEPT)


def check(
    about: Configured,
    *,
    resolver: Resolver,
    now: datetime,
    context: ssl.SSLContext | None = None,
    within: float = ALL,
) -> Report:
    """Asks everything at once; whatever has no answer after `within` seconds could not be looked at."""
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="mail-setup")
    # Everything about the server waits for one connection to it, which therefore begins first.
    greeting = pool.submit(tls.look, about.server, context=context) if about.server else None
    jobs = list(_jobs(about, resolver, now, greeting))
    running = [(check, subject, pool.submit(job)) for check, subject, job in jobs]
    wait([future for _check, _subject, future in running], timeout=within)
    pool.shutdown(wait=False, cancel_futures=True)
    return Report(now, tuple(_result(check, subject, future) for check, subject, future in running))


def _jobs(about: Configured, resolver: Resolver, now: datetime, greeting: Future[tls.Seen] | None) -> Iterator[Job]:
    server = about.server
    for domain in about.senders:
        yield Check.SPF, domain, partial(spf, domain, resolver=resolver, server=server)
        yield Check.DKIM, domain, partial(dkim, domain, selectors=about.selectors, resolver=resolver)
        yield Check.DMARC, domain, partial(dmarc.dmarc, domain, resolver=resolver)
        yield Check.ALIGNMENT, domain, partial(dmarc.alignment, domain, about=about, resolver=resolver)
        yield Check.REPLIES, domain, partial(hosts.replies, domain, resolver=resolver)
    back = about.return_domain
    if back and back not in about.senders:
        yield Check.SPF, back, partial(spf, back, resolver=resolver, server=server)
    yield Check.RETURN_PATH, back or "MAIL_RETURN_ADDRESS", partial(hosts.return_path, about, resolver=resolver)
    yield Check.RETURNS, "MAIL_RETURN_MAILBOX", partial(hosts.returns, about)
    if server and greeting:
        yield Check.TLS, f"{server.host}:{server.port}", lambda: tls.tls(server, greeting.result(), now=now)
        yield Check.REVERSE, server.host, lambda: hosts.reverse(server, greeting.result(), resolver=resolver)
        yield Check.HELO, server.host, lambda: hosts.helo(server, greeting.result(), resolver=resolver)
    yield Check.SITE, "SITE_URL", partial(hosts.site, about)


def _result(check: Check, subject: str, future: Future[Finding]) -> Finding:
    unanswered = Finding(check, subject, Status.UNKNOWN, (Said("unanswered", {}),))
    if not future.done() or future.cancelled():
        return unanswered
    try:
        return future.result()
    except Unanswered:
        return unanswered
