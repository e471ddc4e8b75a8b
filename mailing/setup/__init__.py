"""Is everything in order outside this site for its mail to arrive: DNS, the mail server, the addresses in use?"""

from mailing.setup.report import Report, check, last, remember
from mailing.setup.shapes import Check, Configured, Finding, Said, Server, Status, configured
from mailing.setup.words import CHECKS, STATUSES, sentences

__all__ = [
    "CHECKS",
    "STATUSES",
    "Check",
    "Configured",
    "Finding",
    "Report",
    "Said",
    "Server",
    "Status",
    "check",
    "configured",
    "last",
    "remember",
    "sentences",
]
