"""Promotions and how often they were seen: nobody is counted by name."""

from records.registry import nothing_personal

nothing_personal(
    "home.Promotion",
    *("id", "title", "slot", "language", "text", "image", "link_page", "link_url", "label"),
    *("starts_at", "ends_at", "weight", "cap", "rules", "by_place"),
)
nothing_personal("home.PromotionCount", "id", "promotion", "day", "act", "targeted", "number")
