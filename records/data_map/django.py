"""What Django itself stores."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from records.accounts import WHY_KEPT, by_email, of_account
from records.registry import Basis, Category, Datum, Keep, OnErase, Purpose, Source, Subject, nothing_personal, register

UNTIL_ACCOUNT = _("until the account is deleted")

nothing_personal("auth.Group", "id", "name")
nothing_personal("auth.Group_permissions", "id", "group", "permission")
nothing_personal("auth.Permission", "id", "name", "content_type", "codename")
register(
    "auth.User",
    title=_("Accounts of the CMS"),
    personal={
        "password": Datum(Category.PASSWORD, Source.FORM, secret=True),
        "last_login": Datum(Category.AUTHENTICATION),
        "username": Datum(Category.ACCOUNT, Source.FORM),
        "first_name": Datum(Category.NAME, Source.FORM, optional=True),
        "last_name": Datum(Category.NAME, Source.FORM, optional=True),
        "email": Datum(Category.EMAIL, Source.FORM),
        "date_joined": Datum(Category.AUTHENTICATION),
    },
    other=["id", "is_superuser", "is_staff", "is_active"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.AUTHENTICATION],
    basis=Basis.INTEREST,
    until=UNTIL_ACCOUNT,
    find_by={"email": lambda email: Q(pk__in=by_email(email).values("pk"))},
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)

register(
    "auth.User_groups",
    title=_("Roles of the CMS accounts"),
    personal={
        "user": Datum(Category.ACCOUNT),
    },
    other=["id", "group"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.AUTHENTICATION],
    basis=Basis.INTEREST,
    until=UNTIL_ACCOUNT,
    find_by=of_account("user"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)

register(
    "auth.User_user_permissions",
    title=_("Permissions of the CMS accounts"),
    personal={
        "user": Datum(Category.ACCOUNT),
    },
    other=["id", "permission"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.AUTHENTICATION],
    basis=Basis.INTEREST,
    until=UNTIL_ACCOUNT,
    find_by=of_account("user"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)

nothing_personal("contenttypes.ContentType", "id", "app_label", "model")
register(
    "sessions.Session",
    title=_("Sessions of signed-in editors"),
    personal={
        "session_key": Datum(Category.AUTHENTICATION, secret=True),
        "session_data": Datum(Category.AUTHENTICATION, secret=True),
    },
    other=["expire_date"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.AUTHENTICATION],
    basis=Basis.INTEREST,
    keep=Keep(days=0, since="expire_date", start=_("from the moment they expire")),
)
