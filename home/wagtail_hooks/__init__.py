"""What this floor tells Wagtail of its screens."""

from home.wagtail_hooks import entries, first_run, inquiries, promotions, statistics

__all__ = ["entries", "first_run", "inquiries", "promotions", "statistics"]
