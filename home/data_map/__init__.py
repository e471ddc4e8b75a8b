"""What this floor stores."""

from home.data_map import entries, inquiries, pages, promotions, statistics

__all__ = ["entries", "inquiries", "pages", "promotions", "statistics"]
