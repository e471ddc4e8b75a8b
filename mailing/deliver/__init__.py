"""How does a message leave so that none is lost and none is sent twice, whatever dies meanwhile?

Rows are the queue: taken (`claim`), let out chunk by chunk (`fence`), written down as they leave (`journal`), and
settled from that (`settle`), by the same hands or by others (`pump`).
"""

from mailing.deliver.pump import recover, unfinished
from mailing.deliver.questions import send_confirmation
from mailing.deliver.turn import send

__all__ = ["recover", "send", "send_confirmation", "unfinished"]
