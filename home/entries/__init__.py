"""What does somebody publish on the site, until when is it shown, and how is it taken down?"""

from home.entries.links import NotOurs, address, of_token, token
from home.entries.moderating import approve, refuse
from home.entries.receiving import receive
from home.entries.showing import Gone, agreed, leaves, pages, purpose, shown, standing, waiting
from home.entries.withdrawing import before_erasure, withdraw

__all__ = [
    "Gone",
    "NotOurs",
    "address",
    "agreed",
    "approve",
    "before_erasure",
    "leaves",
    "of_token",
    "pages",
    "purpose",
    "receive",
    "refuse",
    "shown",
    "standing",
    "token",
    "waiting",
    "withdraw",
]
