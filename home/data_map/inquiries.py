"""What visitors write to us, what comes with it, and what is said about it."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from home.models import Field, FormPage
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
    register,
)
from records.sealed import found_by

register(
    "home.Inquiry",
    title=_("Inquiries from forms"),
    personal={
        "name": Datum(Category.NAME, Source.FORM),
        "email": Datum(Category.EMAIL, Source.FORM),
        "phone": Datum(Category.PHONE, Source.FORM, optional=True),
        "message": Datum(Category.MESSAGE, Source.FORM),
        "answers": Datum(Category.MESSAGE, Source.FORM, optional=True),
        "locale": Datum(Category.LANGUAGE),
    },
    other=[
        *("id", "page", "subject_key", "name_index", "email_index", "phone_index", "received_at", "keep_until"),
        *("digest", "state", "assigned_to", "changed_at"),
    ],
    subjects=[Subject.VISITOR],
    purposes=[Purpose.COMMUNICATION],
    basis=Basis.CONTRACT,
    keep=Keep(days=365, since="received_at", start=_("from the day they arrive")),
    also=[
        Keep(
            name="sooner",
            days=0,
            since="keep_until",
            only=Q(keep_until__isnull=False),
            rows=_("Inquiries whose form keeps them for a shorter time"),
            start=_("longer than the form says"),
        )
    ],
    find_by={**found_by("email_index"), "phone": lambda phone: Q(phone_index=cipher.blind("phone", phone))},
)

access_log.declare("inquiries:index", "inquiries:index_results", holding="home.Inquiry", act=Act.LIST)
access_log.declare("inquiries:inspect", holding="home.Inquiry", act=Act.INSPECT)
access_log.declare("inquiries:answer", holding="home.Inquiry", act=Act.ANSWER)
access_log.declare("inquiries:edit", "inquiries:delete", holding="home.Inquiry", act=Act.EDIT)
access_log.declare("inquiries:file", holding="home.Attachment", act=Act.EXPORT)
access_log.declare(
    "wagtail_bulk_action",
    holding="home.Inquiry",
    act=Act.EDIT,
    key="",
    where={"app_label": "home", "model_name": "inquiry"},
)
# By number, without saying whose; the form of the export is empty, and the file notes itself.
access_log.by_view(*(f"inquiries:{act}" for act in ("assign", "state", "note", "spam", "export")))


_COLUMNS = {
    Field.Kind.NAME: "name",
    Field.Kind.EMAIL: "email",
    Field.Kind.PHONE: "phone",
    Field.Kind.MESSAGE: "message",
}


def _forms() -> Iterator[Form]:
    """Each form that visitors can reach, as its editor built it, in the words of the language that is active. A
    translation is told beside it only where it asks something else."""
    pages = FormPage.objects.live().select_related("locale").prefetch_related("fields").order_by("title", "pk")
    languages = [translation.get_language(), settings.LANGUAGE_CODE]
    told: dict[UUID, list[FormPage]] = {}
    for page in sorted(pages, key=lambda page: _place(page.locale.language_code, languages)):
        same = told.setdefault(page.translation_key, [])
        if all(_asked(page) != _asked(other) for other in same):
            same.append(page)
    shown = [page for same in told.values() for page in same]
    for page in sorted(shown, key=lambda page: (page.title, page.pk)):
        yield Form(page.title, _asked(page), page.all_purposes)


def _place(language: str, languages: Sequence[str | None]) -> int:
    return languages.index(language) if language in languages else len(languages)


def _asked(page: FormPage) -> dict[str, Datum]:
    """What has no column of its own is in `answers`."""
    asked: dict[str, Datum] = {}
    for field in page.fields.all():
        column = _COLUMNS.get(Field.Kind(field.kind), f"answers:{field.key}")
        optional, public = not field.required, field.shown_publicly
        asked[column] = Datum(Category(field.category), Source.FORM, optional=optional, public=public)
    return asked


declare_forms("home.Inquiry", _forms)

_OF_INQUIRY: dict[str, Any] = {
    "subjects": [Subject.VISITOR],
    "purposes": [Purpose.COMMUNICATION],
    "basis": Basis.CONTRACT,
}
_UNTIL = _("as long as the inquiry")
_FOUND = {
    "email": lambda email: Q(inquiry__email_index=cipher.blind("email", email)),
    "subject": lambda index: Q(inquiry__email_index=bytes.fromhex(index)),
}

register(
    "home.Attachment",
    title=_("Files that come with an inquiry"),
    personal={
        "name": Datum(Category.MESSAGE, Source.FORM, optional=True),
        "content": Datum(Category.MESSAGE, Source.FORM, optional=True),
    },
    other=["id", "inquiry", "subject_key", "key", "media_type", "size"],
    until=_UNTIL,
    find_by=_FOUND,
    written="inquiry__received_at",
    **_OF_INQUIRY,
)
register(
    "home.Note",
    title=_("Notes of the staff on an inquiry"),
    personal={"text": Datum(Category.MESSAGE), "author": Datum(Category.ACCOUNT)},
    other=["id", "inquiry", "subject_key", "written_at"],
    until=_UNTIL,
    find_by=_FOUND,
    written="written_at",
    **_OF_INQUIRY,
)
register(
    "home.IncomingMessage",
    title=_("Answers by mail to an inquiry"),
    personal={
        "sender": Datum(Category.EMAIL, Source.FORM),
        "subject": Datum(Category.MESSAGE, Source.FORM, optional=True),
        "text": Datum(Category.MESSAGE, Source.FORM),
        "message_id": Datum(Category.METADATA, Source.FORM, optional=True),
    },
    other=["id", "inquiry", "subject_key", "digest", "received_at"],
    until=_UNTIL,
    find_by=_FOUND,
    written="received_at",
    **_OF_INQUIRY,
)
