"""What this floor stores: pages, and what visitors write to us."""

from django.utils.translation import gettext_lazy as _

from records.registry import Basis, Category, Datum, Keep, Purpose, Source, Subject, nothing_personal, register

nothing_personal("home.HomePage", "page_ptr", "tagline", "body")
nothing_personal("home.StandardPage", "page_ptr", "introduction", "body", "sections")
nothing_personal("home.ContactPage", "page_ptr", "introduction", "thanks")

register(
    "home.Inquiry",
    title=_("Inquiries from the contact page"),
    personal={
        "name": Datum(Category.NAME, Source.FORM),
        "email": Datum(Category.EMAIL, Source.FORM),
        "phone": Datum(Category.PHONE, Source.FORM, optional=True),
        "message": Datum(Category.MESSAGE, Source.FORM),
    },
    other=["id", "page", "received_at"],
    subjects=[Subject.VISITOR],
    purposes=[Purpose.COMMUNICATION],
    basis=Basis.CONTRACT,
    keep=Keep(days=365, since="received_at", start=_("from the day they arrive")),
)
