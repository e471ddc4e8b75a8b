"""What did people reply by mail to an answer of ours? Read within bounds, and put below their inquiry once."""

from home.returns.mailbox import read_mailbox
from home.returns.taking import Taken, take_in

__all__ = ["Taken", "read_mailbox", "take_in"]
