"""What may be done with one inquiry by a button: take it, assign it, set its state, note something, sort out spam."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views import View
from wagtail.admin import messages
from wagtail.log_actions import LogFormatter, log

from home import inquiries
from home.models import Inquiry
from home.viewsets.inquiry_rights import ForThoseWho

State = Inquiry.State
BY_HAND = [State.OPEN, State.WAITING, State.CLOSED]
MOST_NOTE = 5000


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("Note for your colleagues"),
        max_length=MOST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is about a person, who may ask for a copy of it: write what they may read."),
    )


class AssignForm(forms.Form):
    """`to` is an account that may read inquiries, or empty for nobody."""

    to: Any = forms.ModelChoiceField(label=_("Assigned to"), queryset=None, required=False, empty_label=_("nobody"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = inquiries.readers()  # type: ignore[attr-defined]
        self.fields["to"].error_messages["invalid_choice"] = _(
            "Inquiries are given to people who may read them. Choose one of the list, or give them the right first."
        )


class StateForm(forms.Form):
    state = forms.ChoiceField(choices=[(state.value, state.label) for state in BY_HAND])


class SpamForm(forms.Form):
    spam = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])


class Act(ForThoseWho, View):
    """One form that the page of an inquiry shows; back there it says what came of it."""

    http_method_names = ["post"]
    form_class: type[forms.Form] = forms.Form

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(inquiries.standing(timezone.now()), pk=pk)
        form = self.form_class(request.POST)
        if form.is_valid():
            try:
                self.act(row, form.cleaned_data)
            except inquiries.Refused as refused:
                messages.error(request, str(refused))
        else:
            messages.error(request, " ".join(str(each) for errors in form.errors.values() for each in errors))
        return redirect(reverse("inquiries:inspect", args=[row.pk]))

    def act(self, row: Inquiry, said: dict[str, Any]) -> None:
        raise NotImplementedError

    def done(self, row: Inquiry, changed: bool, action: str, sentence: str, **data: Any) -> None:
        if changed:
            log(row, action, user=self.request.user, data=data)
            messages.success(self.request, sentence)
        else:
            messages.info(self.request, gettext("Nothing was changed: it was so already."))


class AssignView(Act):
    form_class = AssignForm

    def act(self, row: Inquiry, said: dict[str, Any]) -> None:
        to = said["to"]
        changed = inquiries.assign([row.pk], to=to, now=timezone.now())
        sentence = gettext("The inquiry is assigned to nobody now.")
        if to is not None:
            sentence = gettext("The inquiry is assigned to %(name)s.") % {"name": to}
            sentence = gettext("The inquiry is yours.") if to == self.request.user else sentence
        self.done(row, bool(changed), "home.assign", sentence, to=to.get_username() if to else "")


class StateView(Act):
    form_class = StateForm

    def act(self, row: Inquiry, said: dict[str, Any]) -> None:
        state = State(said["state"])
        changed = inquiries.set_state([row.pk], state=state, now=timezone.now())
        sentences = {
            State.OPEN: gettext("The inquiry is being handled."),
            State.WAITING: gettext("The inquiry waits for the person. A reply by mail opens it again."),
            State.CLOSED: gettext("The inquiry is closed. A reply by mail opens it again."),
        }
        self.done(row, bool(changed), "home.state", sentences[state], state=state.value)


class NoteView(Act):
    form_class = NoteForm

    def act(self, row: Inquiry, said: dict[str, Any]) -> None:
        inquiries.note(inquiry=row, author=self.request.user, text=said["text"], now=timezone.now())
        self.done(row, True, "home.note", gettext("The note is added."))


class SpamView(Act):
    form_class = SpamForm

    def act(self, row: Inquiry, said: dict[str, Any]) -> None:
        spam = said["spam"] == "yes"
        changed = inquiries.mark_spam([row.pk], spam=spam, now=timezone.now())
        sentence = gettext("The inquiry is with the spam.") if spam else gettext("The inquiry is among the new ones.")
        self.done(row, bool(changed), "home.spam" if spam else "home.not_spam", sentence)


class Assigned(LogFormatter):
    label = _("Assign inquiry")

    def format_message(self, entry: Any) -> str:
        to = entry.data.get("to", "")
        return gettext("Assigned to %(name)s") % {"name": to} if to else gettext("Assigned to nobody")


class Moved(LogFormatter):
    label = _("Set the state of an inquiry")

    def format_message(self, entry: Any) -> str:
        state = entry.data.get("state", "")
        label = State(state).label if state in State.values else state
        return gettext("State: %(state)s") % {"state": label}
