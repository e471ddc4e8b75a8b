"""What Wagtail stores about the people who work in it."""

from django.utils.translation import gettext_lazy as _

from records.registry import Basis, Category, Datum, Purpose, Source, Subject, nothing_personal, register

UNTIL_ACCOUNT = _("until the account is deleted")
UNTIL_CONTENT = _("until the page, file or account it belongs to is deleted")

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
    until=UNTIL_ACCOUNT,
)

register(
    "wagtailadmin.FormState",
    title=_("Unsaved forms of the CMS"),
    personal={
        "user": Datum(Category.ACCOUNT),
    },
    other=["id", "data", "content_type", "object_id", "parent_object_id", "last_updated_at"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.SERVICE],
    basis=Basis.INTEREST,
    until=UNTIL_ACCOUNT,
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
    until=UNTIL_ACCOUNT,
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
    until=UNTIL_CONTENT,
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
    until=UNTIL_CONTENT,
)

nothing_personal("wagtailcore.GroupApprovalTask", "task_ptr")
nothing_personal("wagtailcore.GroupApprovalTask_groups", "id", "groupapprovaltask", "group")
register(
    "wagtailcore.ModelLogEntry",
    title=_("Log of acts in the CMS"),
    personal={
        "user": Datum(Category.ACCOUNT),
        "timestamp": Datum(Category.BEHAVIOUR),
    },
    other=[
        "id",
        "content_type",
        "label",
        "action",
        "data",
        "uuid",
        "revision",
        "content_changed",
        "deleted",
        "object_id",
    ],
    subjects=[Subject.STAFF],
    purposes=[Purpose.ADMINISTRATION],
    basis=Basis.INTEREST,
    until=UNTIL_CONTENT,
)

register(
    "wagtailcore.PageLogEntry",
    title=_("Log of acts on pages"),
    personal={
        "user": Datum(Category.ACCOUNT),
        "timestamp": Datum(Category.BEHAVIOUR),
    },
    other=["id", "content_type", "label", "action", "data", "uuid", "revision", "content_changed", "deleted", "page"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.ADMINISTRATION],
    basis=Basis.INTEREST,
    until=UNTIL_CONTENT,
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
    until=UNTIL_ACCOUNT,
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
    until=UNTIL_CONTENT,
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
    until=UNTIL_CONTENT,
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
)
