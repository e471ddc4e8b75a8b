"""How does a mail look in a real mailbox? A test of the draft goes to the editor's own addresses."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from django_ratelimit.core import get_usage
from wagtail.admin import messages
from wagtail.log_actions import log

from mailing import compose, transport
from mailing.compose.shapes import Edition, Reader
from mailing.models import Campaign, Text
from mailing.transport import Answer, Parcel
from mailing.viewsets.sending import SEND, OfCampaign, text_name

MOST = 5  # addresses at once
RATE = "30/h"  # tests of one editor


def may_try(user: Any) -> bool:
    """Whoever writes campaigns or sends them."""
    return bool(user.has_perm("mailing.change_campaign") or user.has_perm(SEND))


class AddressesField(forms.CharField):
    """Some addresses, with commas or spaces between them."""

    def clean(self, value: Any) -> list[str]:
        found = list(dict.fromkeys(super().clean(value).replace(",", " ").replace(";", " ").split()))
        for address in found:
            validate_email(address)
        if len(found) > MOST:
            raise forms.ValidationError(gettext("Write at most %(most)d addresses.") % {"most": MOST})
        return found


class TestForm(forms.Form):
    addresses = AddressesField(
        label=_("To"), max_length=500, help_text=_("Your own addresses: nobody else has agreed to this mail.")
    )

    def __init__(self, *args: Any, texts: list[Text], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(f"{text.language}:{text.version}", text_name(text)) for text in texts]
        self.fields["text"] = forms.ChoiceField(label=_("Text"), choices=choices)


class Said:
    """Keeps the answers of the mail server. Nothing is written down: a test stands for no row."""

    def __init__(self) -> None:
        self.answers: dict[int, Answer] = {}

    def intent(self, number: int) -> None:
        pass

    def answer(self, answer: Answer) -> None:
        self.answers[answer.number] = answer


class TestView(OfCampaign, FormView):  # type: ignore[type-arg]
    page_title = _("Send a test")
    template_name = "mailing/campaign_test.html"
    form_class = TestForm

    def may_use(self, user: Any) -> bool:
        return may_try(user)

    @cached_property
    def draft(self) -> Campaign:
        """The text as it was last saved, with a mark on each subject."""
        draft: Campaign = self.campaign.get_latest_revision_as_object()
        texts = list(draft.texts.all())
        for text in texts:
            text.subject = gettext("[Test] %(subject)s") % {"subject": text.subject}
        draft.texts.set(texts)
        return draft

    def get_initial(self) -> dict[str, Any]:
        return {"addresses": getattr(self.request.user, "email", "")}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"texts": list(self.draft.texts.all())}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        written = self.campaign.is_promotion and self.draft.texts.all()
        return super().get_context_data(campaign=self.campaign, written=bool(written), **kwargs)

    def form_valid(self, form: TestForm) -> HttpResponse:
        here = redirect(self.request.path)
        if get_usage(self.request, group="mailing.test", key="user", rate=RATE, increment=True)["should_limit"]:
            messages.error(self.request, gettext("You have sent many tests. Wait an hour, and send the next one then."))
            return here
        addresses, (language, version) = form.cleaned_data["addresses"], form.cleaned_data["text"].split(":")
        edition = compose.edition(self.draft, language=language, version=version, now=timezone.now())
        for address, sentence, accepted in _hand_over(edition, addresses, self.campaign):
            say = messages.success if accepted else messages.error
            say(self.request, f"{address}: {sentence}")
        data = {"language": language, "version": version, "addresses": len(addresses)}
        log(self.campaign, "mailing.test", user=self.request.user, data=data)
        return here


def _hand_over(edition: Edition, addresses: list[str], campaign: Campaign) -> Iterator[tuple[str, str, bool]]:
    """What the mail server says about each address."""
    said, lost = Said(), ""
    try:
        with transport.opened() as way:
            way.send((_parcel(edition, place, each, campaign) for place, each in enumerate(addresses)), said)
    except OSError as error:
        lost = gettext("The mail server cannot be reached, or has hung up (%(error)s).") % {"error": error}
    for place, address in enumerate(addresses):
        answer = said.answers.get(-place)
        yield address, _in_words(answer) if answer else lost, bool(answer and answer.accepted)


def _parcel(edition: Edition, place: int, address: str, campaign: Campaign) -> Parcel:
    key, name = (campaign.mailing_list.key, campaign.mailing_list.name) if campaign.mailing_list else ("", "")
    reader = Reader(email=address, list_key=key, list_name=name)
    return Parcel(
        number=-place,  # no row: a transport gives it no token of one
        sender=edition.sender(reader),
        recipient=address,
        wire=partial(edition.wire, reader),
        message=partial(edition.message, reader),
    )


def _in_words(answer: Answer) -> str:
    sentence = gettext("accepted by the mail server (%(code)d %(text)s)")
    if not answer.accepted:
        sentence = gettext("refused by the mail server (%(code)d %(text)s)")
    return sentence % {"code": answer.code, "text": answer.text}
