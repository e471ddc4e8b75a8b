"""What is a person told by letter about their request? Plain text, in the language of the page they asked on."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from records import post
from records.models import Controller, SubjectRequest
from records.registry import Purpose


class Letter(StrEnum):
    """Each has a template of its name in records/mail/."""

    LINK = "link"
    COPY = "copy"
    ERASING = "erasing"
    CHANGED = "changed"
    STOPPED_MAIL = "stopped_mail"
    EXTENDED = "extended"
    QUESTION = "question"
    ANSWER = "answer"
    DONE = "done"
    REFUSED = "refused"


SUBJECTS = {
    Letter.LINK: _("Your data: confirm that you asked"),
    Letter.COPY: _("Your data: the copy is ready"),
    Letter.ERASING: _("Your data: the erasure begins"),
    Letter.CHANGED: _("Your data: look at the erasure once more"),
    Letter.STOPPED_MAIL: _("Your data: no more promotional mail"),
    Letter.EXTENDED: _("Your data: we need longer"),
    Letter.QUESTION: _("Your data: a question to you"),
    Letter.ANSWER: _("Your data: an answer"),
    Letter.DONE: _("Your data: your request is done"),
    Letter.REFUSED: _("Your data: your request is refused"),
}
# Letters with a link go earlier than answers: whoever reads them can use it (mailing/data_map.py).
_WITH_LINK = {Letter.LINK: "records.link", Letter.COPY: "records.copy", Letter.CHANGED: "records.link"}


def tell(row: SubjectRequest, letter: Letter, *, now: datetime, **said: Any) -> None:
    """Puts a letter on its way, in the caller's transaction. Raises post.NoCarrier."""
    owner = Controller.for_site(Site.objects.get(is_default_site=True))
    day = timezone.localtime(row.due_at).date() if row.due_at else None
    with translation.override(row.locale):
        context = {"owner": owner.name, "contact": owner.email, "kind": row.get_kind_display(), "due": day, **said}
        text = render_to_string(f"records/mail/{letter}.txt", context).strip() + "\n"
        subject = str(SUBJECTS[letter])
    post.write(
        email=row.email,
        subject=subject,
        text=text,
        locale=row.locale,
        now=now,
        purpose=Purpose.LEGAL,
        about=reference(row, letter),
    )


def reference(row: SubjectRequest, letter: Letter) -> str:
    """What a letter is about, such as "records.SubjectRequest:<id>"."""
    return f"{_WITH_LINK.get(letter, row._meta.label)}:{row.pk}"


def references(row: SubjectRequest) -> set[str]:
    """What every letter about a request is about."""
    return {reference(row, letter) for letter in Letter}
