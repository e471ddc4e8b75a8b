"""What is stored so that people who work here sign in by two steps?"""

from django.utils.translation import gettext_lazy as _

from records.access_log import Act, by_view, declare
from records.accounts import WHY_KEPT, of_account
from records.data_map.django import UNTIL_ACCOUNT
from records.registry import Basis, Category, Datum, OnErase, Purpose, Source, Subject, register

register(
    "two_factor.Authenticator",
    title=_("Second steps of signing in to the CMS"),
    personal={
        "user": Datum(Category.ACCOUNT),
        "secret": Datum(Category.AUTHENTICATION, secret=True),
        "last_used_at": Datum(Category.AUTHENTICATION),
        "throttling_failure_timestamp": Datum(Category.AUTHENTICATION, optional=True),
        "throttling_failure_count": Datum(Category.AUTHENTICATION),
    },
    other=["id", "subject_key", "name", "confirmed", "created_at", "last_step"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.AUTHENTICATION, Purpose.SECURITY],
    basis=Basis.INTEREST,
    until=UNTIL_ACCOUNT,
    find_by=of_account("user"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)
register(
    "two_factor.RecoveryCode",
    title=_("Recovery codes of CMS accounts"),
    personal={"digest": Datum(Category.AUTHENTICATION, Source.FORM, secret=True)},
    other=["id", "authenticator"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.AUTHENTICATION],
    basis=Basis.INTEREST,
    until=UNTIL_ACCOUNT,
    find_by=of_account("authenticator__user"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)

declare("second_steps:index", "second_steps:results", holding="auth.User", act=Act.LIST)
declare("second_steps:reset", holding="auth.User", act=Act.EDIT)
by_view("second_step:own", "second_step:codes", "second_step:remove")  # one's own
