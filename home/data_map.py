"""What this floor stores: pages, and what visitors write to us."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from home.models import Asked, ContactPage
from records import access_log, cipher
from records.access_log import Act
from records.registry import (
    Basis,
    Category,
    Datum,
    Form,
    Keep,
    Purpose,
    Source,
    Subject,
    declare_forms,
    nothing_personal,
    register,
)
from records.sealed import found_by

nothing_personal("home.HomePage", "page_ptr", "tagline", "body")
nothing_personal("home.StandardPage", "page_ptr", "introduction", "body", "sections")
nothing_personal("home.ContactPage", "page_ptr", "introduction", "thanks", "name_asked", "phone_asked")

register(
    "home.Inquiry",
    title=_("Inquiries from the contact page"),
    personal={
        "name": Datum(Category.NAME, Source.FORM),
        "email": Datum(Category.EMAIL, Source.FORM),
        "phone": Datum(Category.PHONE, Source.FORM, optional=True),
        "message": Datum(Category.MESSAGE, Source.FORM),
    },
    other=["id", "page", "subject_key", "name_index", "email_index", "phone_index", "received_at"],
    subjects=[Subject.VISITOR],
    purposes=[Purpose.COMMUNICATION],
    basis=Basis.CONTRACT,
    keep=Keep(days=365, since="received_at", start=_("from the day they arrive")),
    find_by={**found_by("email_index"), "phone": lambda phone: Q(phone_index=cipher.blind("phone", phone))},
)

access_log.declare("inquiries:index", "inquiries:index_results", holding="home.Inquiry", act=Act.LIST)
access_log.declare("inquiries:inspect", holding="home.Inquiry", act=Act.INSPECT)
access_log.declare("inquiries:answer", holding="home.Inquiry", act=Act.ANSWER)
access_log.declare("inquiries:edit", "inquiries:delete", holding="home.Inquiry", act=Act.EDIT)


def _forms() -> Iterator[Form]:
    """Each contact page that visitors can reach, as its editor set it."""
    for page in ContactPage.objects.live().order_by("title", "pk"):
        asked = {"email": Datum(Category.EMAIL, Source.FORM), "message": Datum(Category.MESSAGE, Source.FORM)}
        settled = {"name": (Category.NAME, page.name_asked), "phone": (Category.PHONE, page.phone_asked)}
        chosen = {
            name: Datum(category, Source.FORM, optional=how == Asked.OPTIONAL)
            for name, (category, how) in settled.items()
            if how != Asked.NOT
        }
        yield Form(page.title, chosen | asked)


declare_forms("home.Inquiry", _forms)
