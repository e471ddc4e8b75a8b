"""What this floor stores: texts, and the names of the editors who froze or withdrew them."""

from django.utils.translation import gettext_lazy as _

from records.accounts import WHY_KEPT, named_as
from records.registry import Basis, Category, Datum, OnErase, Purpose, Subject, nothing_personal, register

FOR_EVER = _("for as long as the site stands: a published version stays citable")

nothing_personal("policies.PolicyPage", "page_ptr", "body", "change_note", "material", "translates")

TEXT = [
    "id",
    "page",
    "revision",
    "number",
    "language",
    "effective_from",
    "frozen_at",
    "change_note",
    "content",
    "content_sha256",
    "html",
    "text",
    "source",
    "used",
    "previous_sha256",
    "sha256",
]

for label, title, columns in (
    ("policies.PolicyVersion", _("Policy versions"), [*TEXT, "policy", "material", "ends"]),
    ("policies.PolicyRendition", _("Translations of policy versions"), [*TEXT, "version"]),
):
    register(
        label,
        title=title,
        personal={"frozen_by": Datum(Category.NAME), "written_by": Datum(Category.NAME)},
        other=columns,
        subjects=[Subject.STAFF],
        purposes=[Purpose.LEGAL],
        basis=Basis.OBLIGATION,
        until=FOR_EVER,
        find_by=named_as("frozen_by", "written_by"),
        on_erase=OnErase.KEEP,
        why_kept=WHY_KEPT,
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
    find_by=named_as("withdrawn_by"),
    on_erase=OnErase.KEEP,
    why_kept=WHY_KEPT,
)
