"""On which screens of this floor, and of Wagtail's own, does the CMS show personal data?"""

from records.access_log import Act, by_view, declare

declare("readings:index", "readings:results", holding="records.AccessEntry", act=Act.LIST)

declare("subject_requests:index", "subject_requests:index_results", holding="records.SubjectRequest", act=Act.LIST)
declare("subject_requests:inspect", "subject_requests:erase", holding="records.SubjectRequest", act=Act.INSPECT)
declare("subject_requests:answer", holding="records.SubjectRequest", act=Act.ANSWER)
# By number, without saying whose.
by_view(*(f"subject_requests:{act}" for act in ("assign", "copy", "done", "extend", "refuse", "resume", "stop")))

declare("holds:index", "holds:results", holding="records.Hold", act=Act.LIST)
declare("holds:edit", "holds:lift", holding="records.Hold", act=Act.EDIT)
by_view("holds:place")  # the form is empty

declare("disclosures:orders", "disclosures:orders_results", holding="records.DisclosureOrder", act=Act.LIST)

# People who work in the CMS, and what they did. A name beside a page that somebody edited is part of working together,
# and leaves no entry.
for name in ("index", "index_results", "history", "history_results"):
    declare(f"wagtailusers_users:{name}", holding="auth.User", act=Act.LIST)
for name in ("edit", "delete", "copy"):
    declare(f"wagtailusers_users:{name}", holding="auth.User", act=Act.EDIT)
accounts = {"app_label": "auth", "model_name": "user"}
declare("wagtail_bulk_action", holding="auth.User", act=Act.EDIT, key="", where=accounts)
for report, holdings in (
    ("site_history", ("wagtailcore.PageLogEntry", "wagtailcore.ModelLogEntry")),
    ("workflow", ("wagtailcore.WorkflowState",)),
    ("workflow_tasks", ("wagtailcore.TaskState",)),
):
    for holding in holdings:
        names = (f"wagtailadmin_reports:{report}", f"wagtailadmin_reports:{report}_results")
        declare(*names, holding=holding, act=Act.LIST)
