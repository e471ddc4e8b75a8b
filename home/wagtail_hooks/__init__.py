"""What this floor tells Wagtail of its screens."""

from home.wagtail_hooks import inquiries

__all__ = ["inquiries"]
