"""What came back? Bounces, complaints and people who leave from their mailbox: read, written down once, acted upon."""

from mailing.returns import mailbox
from mailing.returns.complaints import complained_too_often
from mailing.returns.rules import receive, refused
from mailing.returns.shapes import Nothing, Report, report

__all__ = ["Nothing", "Report", "complained_too_often", "mailbox", "receive", "refused", "report"]
