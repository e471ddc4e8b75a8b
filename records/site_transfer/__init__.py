"""How does the whole site pass to a new owner, and is what arrives what was handed over?"""

from records.site_transfer.passing import hand_over
from records.site_transfer.secrets import as_environment
from records.site_transfer.unpacking import Archive, Unfit, opened, restore
from records.site_transfer.vessel import Unreadable

__all__ = ["Archive", "Unfit", "Unreadable", "as_environment", "hand_over", "opened", "restore"]
