"""What this floor stores: texts, and the names of the editors who froze or withdrew them."""

from django.utils.translation import gettext_lazy as _

from records.registry import Basis, Category, Datum, Purpose, Subject, nothing_personal, register

FOR_EVER = _("for as long as the site stands: a published version stays citable")

nothing_personal("policies.PolicyPage", "page_ptr", "body", "change_note")

register(
    "policies.PolicyVersion",
    title=_("Policy versions"),
    personal={"frozen_by": Datum(Category.NAME)},
    other=[
        "id",
        "page",
        "revision",
        "number",
        "effective_from",
        "frozen_at",
        "change_note",
        "content",
        "content_sha256",
        "html",
        "text",
    ],
    subjects=[Subject.STAFF],
    purposes=[Purpose.LEGAL],
    basis=Basis.OBLIGATION,
    until=FOR_EVER,
)

register(
    "policies.PolicyWithdrawal",
    title=_("Withdrawn policy versions"),
    personal={"withdrawn_by": Datum(Category.NAME)},
    other=["id", "version", "withdrawn_at", "reason"],
    subjects=[Subject.STAFF],
    purposes=[Purpose.LEGAL],
    basis=Basis.OBLIGATION,
    until=FOR_EVER,
)
