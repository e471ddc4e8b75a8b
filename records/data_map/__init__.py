"""What this floor and the packages below it store: Django's and Wagtail's own models, and ours.

Celery installs no model here: results are not kept and the schedule is in the settings, so only ids of rows pass
through its broker.
"""

from records.data_map import django, wagtail_admin, wagtail_content
from records.registry import nothing_personal

__all__ = ["django", "wagtail_admin", "wagtail_content"]

nothing_personal("records.Controller", "id", "site", "name", "address", "phone", "email")
nothing_personal("records.Recipient", "id", "name", "address", "country", "url", "policy_url")
nothing_personal("records.TermSheet", "id", "policy", "number", "label", "effective_from")
nothing_personal("records.TermSheetWithdrawal", "id", "sheet", "withdrawn_at")
nothing_personal("records.Term", "id", "sheet", "kind", "key", "value", "effective_from")
nothing_personal(
    "records.RetentionRun",
    "id",
    "holding",
    "period_days",
    "stated_by",
    "cut_off_at",
    "expired",
    "oldest_left_at",
    "ran_at",
)
