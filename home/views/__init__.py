"""What this floor answers to visitors."""

from home.views.forms import form, token

__all__ = ["form", "token"]
