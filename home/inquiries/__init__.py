"""What happens to a message from a form?"""

from home.inquiries.answering import answer, answers, fill, reference, reply_address, reply_to_whom, subject_for
from home.inquiries.finding import found, index_of
from home.inquiries.handling import Refused, assign, delete, mark_spam, note, readers, set_state
from home.inquiries.receiving import receive
from home.inquiries.telling import Ending, Line, Turn, conversation, ending, is_from_another, lines, standing
from home.inquiries.waiting import Waiting, waiting

__all__ = [
    "Ending",
    "Line",
    "Refused",
    "Turn",
    "Waiting",
    "answer",
    "answers",
    "assign",
    "conversation",
    "delete",
    "ending",
    "fill",
    "found",
    "index_of",
    "is_from_another",
    "lines",
    "mark_spam",
    "note",
    "readers",
    "receive",
    "reference",
    "reply_address",
    "reply_to_whom",
    "set_state",
    "standing",
    "subject_for",
    "waiting",
]
