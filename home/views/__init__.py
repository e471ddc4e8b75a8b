"""What this floor answers to visitors."""

from home.views.forms import form

__all__ = ["form"]
