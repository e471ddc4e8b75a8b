"""What Wagtail stores about the people who work in it."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records import cms_history
from records.accounts import WHY_KEPT, of_account
from records.registry import Basis, Category, Datum, Keep, OnErase, Purpose, Source, Subject, nothing_personal, register

UNTIL_ACCOUNT = _("until the account is deleted")
ON_THE_DAY = _("from the day of the act")
# As long as somebody may have to show who changed what: the time in which most claims lapse, and in which consents are
# proven.
THREE_YEARS = 3 * 365

nothing_personal("wagtailadmin.Admin", "id")
register(
    "wagtailadmin.EditingSession",
    title=_("Who has which editor open"),
    personal={
        "user": Datum(Category.ACCOUNT),
        "last_seen_at": Datum(Category.BEHAVIOUR),
    },
    other=["id", "content_type", "object_id", "is_editing"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.SERVICE],
    basis=Basis.INTEREST,
    keep=Keep(days=1, since="last_seen_at", start=_("from when the editor was last open")),
    find_by=of_account("user"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)

register(
    "wagtailadmin.FormState",
    title=_("Unsaved forms of the CMS"),
    personal={
        "user": Datum(Category.ACCOUNT),
        "data": Datum(Category.MESSAGE, Source.FORM, secret=True),
    },
    other=["id", "content_type", "object_id", "parent_object_id", "last_updated_at"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.SERVICE],
    basis=Basis.INTEREST,
    keep=Keep(days=1, since="last_updated_at", start=_("from the last key press")),
    find_by=of_account("user"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)

register(
    "wagtailcore.APIToken",
    title=_("API tokens"),
    personal={
        "user": Datum(Category.ACCOUNT),
        "last_used_at": Datum(Category.AUTHENTICATION),
    },
    other=["id", "name", "key_hash", "prefix", "created", "revoked_at"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.AUTHENTICATION],
    basis=Basis.INTEREST,
    keep=Keep(
        days=90,
        since="revoked_at",
        rows=_("API tokens that were revoked"),
        start=_("from the day they are revoked"),
    ),
    until=_("until it is revoked, or the account is deleted"),
    find_by=of_account("user"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)

register(
    "wagtailcore.Comment",
    title=_("Comments of editors"),
    personal={
        "user": Datum(Category.ACCOUNT),
        "text": Datum(Category.MESSAGE, Source.FORM),
        "resolved_by": Datum(Category.ACCOUNT),
    },
    other=["id", "page", "contentpath", "position", "created_at", "updated_at", "revision_created", "resolved_at"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.ADMINISTRATION],
    basis=Basis.INTEREST,
    keep=Keep(
        days=365,
        since="resolved_at",
        rows=_("Comments of editors that were resolved"),
        start=_("from the day they are resolved"),
    ),
    until=_("until it is resolved, or the page or the account is deleted"),
    find_by=of_account("user", "resolved_by"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)

register(
    "wagtailcore.CommentReply",
    title=_("Replies of editors to comments"),
    personal={
        "user": Datum(Category.ACCOUNT),
        "text": Datum(Category.MESSAGE, Source.FORM),
    },
    other=["id", "comment", "created_at", "updated_at"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.ADMINISTRATION],
    basis=Basis.INTEREST,
    until=_("as long as the comment it answers"),
    find_by=of_account("user"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)

nothing_personal("wagtailcore.GroupApprovalTask", "task_ptr")
nothing_personal("wagtailcore.GroupApprovalTask_groups", "id", "groupapprovaltask", "group")
register(
    "wagtailcore.ModelLogEntry",
    title=_("Log of acts in the CMS"),
    personal={
        "user": Datum(Category.ACCOUNT),
        "label": Datum(Category.ACCOUNT),  # of an account: its name
        "data": Datum(Category.BEHAVIOUR),
        "timestamp": Datum(Category.BEHAVIOUR),
    },
    other=[
        "id",
        "content_type",
        "action",
        "uuid",
        "revision",
        "content_changed",
        "deleted",
        "object_id",
    ],
    subjects=[Subject.STAFF],
    purposes=[Purpose.ADMINISTRATION],
    basis=Basis.INTEREST,
    keep=Keep(days=THREE_YEARS, since="timestamp", start=ON_THE_DAY),
    find_by=of_account("user"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)

register(
    "wagtailcore.PageLogEntry",
    title=_("Log of acts on pages"),
    personal={
        "user": Datum(Category.ACCOUNT),
        "data": Datum(Category.BEHAVIOUR),
        "timestamp": Datum(Category.BEHAVIOUR),
    },
    other=["id", "content_type", "label", "action", "uuid", "revision", "content_changed", "deleted", "page"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.ADMINISTRATION],
    basis=Basis.INTEREST,
    keep=Keep(days=THREE_YEARS, since="timestamp", start=ON_THE_DAY),
    also=[
        Keep(
            name="comments",
            days=365,
            since="timestamp",
            only=Q(action__startswith="wagtail.comments"),  # its `data` holds what was remarked
            rows=_("Log of comments on pages"),
            start=ON_THE_DAY,
        )
    ],
    find_by=of_account("user"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)

register(
    "wagtailcore.PageSubscription",
    title=_("Pages that editors follow"),
    personal={
        "user": Datum(Category.ACCOUNT),
        "comment_notifications": Datum(Category.PREFERENCE),
    },
    other=["id", "page"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.SERVICE],
    basis=Basis.INTEREST,
    until=_("until they follow it no more, or the page or the account is deleted"),
    find_by=of_account("user"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)

nothing_personal("wagtailcore.Task", "id", "name", "content_type", "active")
register(
    "wagtailcore.TaskState",
    title=_("Approvals given"),
    personal={
        "finished_by": Datum(Category.ACCOUNT),
        "comment": Datum(Category.MESSAGE),
    },
    other=["id", "workflow_state", "revision", "task", "status", "started_at", "finished_at", "content_type"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.ADMINISTRATION],
    basis=Basis.INTEREST,
    until=_("as long as the approval it is a step of"),
    find_by=of_account("finished_by"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)

nothing_personal("wagtailcore.Workflow", "id", "name", "active")
nothing_personal("wagtailcore.WorkflowContentType", "content_type", "workflow")
nothing_personal("wagtailcore.WorkflowPage", "page", "workflow")
register(
    "wagtailcore.WorkflowState",
    title=_("Approvals asked for"),
    personal={
        "requested_by": Datum(Category.ACCOUNT),
    },
    other=[
        "id",
        "content_type",
        "base_content_type",
        "object_id",
        "workflow",
        "status",
        "created_at",
        "current_task_state",
    ],
    subjects=[Subject.STAFF],
    purposes=[Purpose.ADMINISTRATION],
    basis=Basis.INTEREST,
    keep=Keep(
        days=THREE_YEARS,
        since="created_at",
        only=Q(status__in=cms_history.ENDED),
        rows=_("Approvals that were given or called off"),
        start=_("from the day they were asked for"),
    ),
    until=_("until it is given or called off, or the page is deleted"),
    find_by=of_account("requested_by"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)

nothing_personal("wagtailcore.WorkflowTask", "id", "sort_order", "workflow", "task")
register(
    "wagtailusers.UserProfile",
    title=_("Settings of the CMS accounts"),
    personal={
        "user": Datum(Category.ACCOUNT),
        "avatar": Datum(Category.PICTURE, Source.FORM, optional=True),
        "preferred_language": Datum(Category.LANGUAGE, Source.FORM, optional=True),
        "current_time_zone": Datum(Category.PREFERENCE, Source.FORM, optional=True),
        "submitted_notifications": Datum(Category.PREFERENCE, Source.FORM, optional=True),
        "approved_notifications": Datum(Category.PREFERENCE, Source.FORM, optional=True),
        "rejected_notifications": Datum(Category.PREFERENCE, Source.FORM, optional=True),
        "updated_comments_notifications": Datum(Category.PREFERENCE, Source.FORM, optional=True),
        "theme": Datum(Category.PREFERENCE, Source.FORM, optional=True),
        "contrast": Datum(Category.PREFERENCE, Source.FORM, optional=True),
        "density": Datum(Category.PREFERENCE, Source.FORM, optional=True),
        "keyboard_shortcuts": Datum(Category.PREFERENCE, Source.FORM, optional=True),
        "dismissibles": Datum(Category.PREFERENCE, Source.FORM, optional=True),
    },
    other=["id"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.SERVICE],
    basis=Basis.INTEREST,
    until=UNTIL_ACCOUNT,
    find_by=of_account("user"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)
