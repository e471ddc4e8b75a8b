"""How do an answer to one person, and the question whether they asked for our mail, become mails?"""

from datetime import datetime

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from mailing import audience, tokens
from mailing.compose import anew, headers, letterhead, manuscript
from mailing.compose.encoding import one_line
from mailing.compose.manuscript import Content, Manuscript, Values
from mailing.models import Letter, Subscription


def of(letter: Letter, *, now: datetime) -> Manuscript:
    """Nothing in it is filled in: it has one reader."""
    context = {**letterhead.letterhead(), "title": one_line(letter.subject), "letter": letter}

    def write(values: Values) -> Content:
        with translation.override(letter.locale):
            return Content(
                subject=context["title"],
                html=letterhead.html("letter", context),
                text=letterhead.plain("letter", context),
                headers=headers.answering(letter.in_reply_to),
            )

    return Manuscript(write, {}, {}, headers.sender_of(None), now, reply_to=letter.reply_to)


def confirmation(subscription: Subscription) -> EmailMultiAlternatives:
    """The question: did you ask for this? It belongs to no list yet."""
    subscriber = subscription.subscriber
    with translation.override(subscription.locale or subscriber.locale):
        link = manuscript.address("confirm", tokens.for_confirmation(subscription))
        asked = audience.asked_together(subscription) or [subscription]
        names = ", ".join(each.mailing_list.name for each in asked)
        context = {**letterhead.letterhead(), "asked": asked, "names": names, "confirm_url": link}
        subject = one_line(render_to_string("mailing/mail/confirmation_subject.txt", context))
        context["title"] = subject
        content = Content(
            subject=subject,
            html=letterhead.html("confirmation", context),
            text=letterhead.plain("confirmation", context),
            headers=headers.AUTOMATIC,
        )
        sender = headers.sender_of(subscription.mailing_list)
        return anew.message(content, sender=sender, to=headers.reachable(subscriber.email), reply_to="", more={})
