"""Which fields does a new form have?"""

from django.utils.translation import gettext as _

from home.models import Field, FormPage
from records.registry import Category

Kind = Field.Kind


def usual(page: FormPage) -> None:
    """Gives a page, not yet saved, the fields of a contact form in the language that is active."""
    page.fields = [
        Field(key="name", kind=Kind.NAME, label=_("Your name"), required=True, category=Category.NAME),
        Field(
            key="email",
            kind=Kind.EMAIL,
            label=_("Your e-mail address"),
            why=_("We answer to it."),
            required=True,
            category=Category.EMAIL,
        ),
        Field(
            key="phone",
            kind=Kind.PHONE,
            label=_("Your telephone number"),
            why=_("If you would rather be called."),
            category=Category.PHONE,
        ),
        Field(key="message", kind=Kind.MESSAGE, label=_("Your message"), required=True, category=Category.MESSAGE),
    ]
