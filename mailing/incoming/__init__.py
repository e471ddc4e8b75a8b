"""How do people who agreed elsewhere come onto a list? From a file that says of each where, how and when."""

from mailing.incoming.checking import Checked, check, first_rows
from mailing.incoming.forgetting import forget, holding
from mailing.incoming.reading import MOST_BYTES, MOST_LINES, Unreadable, template
from mailing.incoming.reasons import sentence
from mailing.incoming.writing import discard, queue, waiting, write

__all__ = [
    "MOST_BYTES",
    "MOST_LINES",
    "Checked",
    "Unreadable",
    "check",
    "discard",
    "first_rows",
    "forget",
    "holding",
    "queue",
    "sentence",
    "template",
    "waiting",
    "write",
]
