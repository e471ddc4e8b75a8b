"""What did visitors' browsers ask for? Noted without knowing who they are, written by a worker, kept to the day."""

from records.action_log.events import Event
from records.action_log.recording import Sender, is_left_out, leave_out, note, record

__all__ = ["Event", "Sender", "is_left_out", "leave_out", "note", "record"]
