"""What does this floor do around every request? Each noun has its module."""

from records.middleware.actions import actions
from records.middleware.readings import Readings

__all__ = ["Readings", "actions"]
