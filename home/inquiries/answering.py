"""How is an inquiry answered by mail, and how does the person's reply find its way back to it?"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext

from home.models import AnswerTemplate, IncomingMessage, Inquiry
from mailing import compose, letters, tokens
from mailing.models import Delivery, Letter
from mailing.returns import whose
from records.sealed import Erased

REPLY = "reply"  # what the token in an address for replies allows: to write to one inquiry
NAME = "{name}"  # in templates
_MOST_SUBJECT = 200
_MOST_NAMED = 300  # letters of Message-IDs that an answer refers to


def answer(*, inquiry: Inquiry, subject: str, text: str, reply_to: str, now: datetime, close: bool = False) -> Letter:
    """Puts an answer on its way: through the queue of all mail, under its own purpose. It needs no consent to
    promotional mail, for the person wrote first; where nobody knows whether it arrived, it is sent again. Then the
    inquiry waits for the person, or is closed. Replies go to `reply_to` where the site has no address for them."""
    state = Inquiry.State.CLOSED if close else Inquiry.State.WAITING
    with transaction.atomic():
        letter = letters.write(
            email=inquiry.email,
            subject=subject,
            text=text,
            locale=language_of(inquiry),
            about=reference(inquiry),
            reply_to=reply_address(inquiry) or reply_to,
            in_reply_to=above(inquiry, at=now),
            now=now,
        )
        Inquiry.objects.filter(pk=inquiry.pk).update(state=state, changed_at=now)
    return letter


def answers(inquiry: Inquiry, *, at: datetime) -> QuerySet[Delivery]:
    """What was answered, and what became of it; without answers that have reached their end at `at` (UTC)."""
    return letters.about(reference(inquiry), at=at)


def reference(inquiry: Inquiry) -> str:
    return f"{inquiry._meta.label}:{inquiry.pk}"


def language_of(inquiry: Inquiry) -> str:
    """In which language the person wrote, as far as the form knew."""
    if inquiry.locale:
        return inquiry.locale
    return inquiry.page.locale.language_code if inquiry.page else translation.get_language()


def above(inquiry: Inquiry, *, at: datetime) -> str:
    """The Message-IDs below which an answer belongs (RFC 5322, 3.6.4): of our answer before, if any, and then of the
    person's last mail."""
    mail = _last_mail(inquiry)
    ours = answers(inquiry, at=at).first()
    named = [compose.message_id(ours.pk)] if ours else []
    if mail and mail.message_id and not isinstance(mail.message_id, Erased):
        named.append(mail.message_id)
    line = " ".join(named)
    return line if len(line) <= _MOST_NAMED else named[-1][:_MOST_NAMED]


def subject_for(inquiry: Inquiry, *, at: datetime) -> str:
    """ "Re: " and what the mail before was called; for the first answer, which day they wrote. In their language."""
    mail = _last_mail(inquiry)
    before = mail.subject if mail else ""
    ours = answers(inquiry, at=at).first()
    if not before and ours and ours.letter:
        before = ours.letter.subject
    if before and not isinstance(before, Erased):
        return before if before[:3].lower() == "re:" else f"Re: {before}"[:_MOST_SUBJECT]
    with translation.override(language_of(inquiry)):
        return gettext("Your message of %(day)s") % {"day": f"{inquiry.received_at:%Y-%m-%d}"}


def fill(template: AnswerTemplate, inquiry: Inquiry) -> tuple[str, str]:
    """Subject and text of a template. A name that nobody gave stays open, for whoever answers to see."""
    name = "" if isinstance(inquiry.name, Erased) else inquiry.name
    said = (template.subject, template.text)
    subject, text = (words.replace(NAME, name) for words in said) if name else said
    return " ".join(subject.split())[:_MOST_SUBJECT], text


def reply_address(inquiry: Inquiry) -> str:
    """replies+<token>@example.org, where settings.INQUIRY_REPLY_ADDRESS is replies@example.org; else "". The token says
    which inquiry, to us alone, and is the only thing that lets a mail in."""
    local, at, domain = settings.INQUIRY_REPLY_ADDRESS.rpartition("@")
    return f"{local}+{tokens.make_lower(REPLY, inquiry.pk)}@{domain}" if at else ""


def reply_to_whom(addresses: Iterable[str]) -> set[int]:
    """The inquiries that the tokens in these addresses name. They are opened by their key and authenticated (AES-SIV),
    in the same time whatever is wrong with them."""
    return whose.opened(addresses, REPLY)


def _last_mail(inquiry: Inquiry) -> IncomingMessage | None:
    return inquiry.messages.select_related("subject_key").order_by("-received_at", "-pk").first()
