"""One inquiry on one page: what was written, what followed, until when it is kept, and what may be done."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.log_actions import registry

from home import inquiries
from home.inquiries import Turn
from home.models import Inquiry
from home.viewsets.inquiry_acts import NoteForm
from home.viewsets.inquiry_rights import ANSWER, DELETE
from mailing import addresses
from mailing.models import Subscriber
from policies.states import language_name
from policies.wording import instant
from records import access_log
from records.sealed import Erased

State = Inquiry.State
HISTORY = 50  # acts, the newest
_HOLDINGS = {"answer": "mailing.Letter", "mail": "home.IncomingMessage", "note": "home.Note"}


class InquiryInspectView(generic.InspectView):
    """Reading it is logged, with all that is shown beside it."""

    def get_object(self, queryset: QuerySet[Inquiry] | None = None) -> Inquiry:
        return get_object_or_404(inquiries.standing(timezone.now()), pk=self.pk)

    def get_page_title(self) -> str:
        return str(self.object)

    def get_page_subtitle(self) -> str:
        return ""

    @cached_property
    def may_act(self) -> bool:
        return bool(self.request.user.has_perm(ANSWER))

    @property
    def is_erased(self) -> bool:
        return isinstance(self.object.email, Erased)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.may_act or self.is_erased or not self.object.email:
            return []
        url = reverse("inquiries:answer", args=[self.object.pk])
        return [HeaderButton(_("Answer…"), url=url, icon_name="mail")]

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons = []
        if self.request.user.has_perm(DELETE):
            url = reverse("inquiries:delete", args=[self.object.pk])
            buttons.append(Button(_("Delete…"), url=url, icon_name="bin", priority=30))
        return buttons

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, now = self.object, timezone.now()
        turns = inquiries.conversation(row, at=now)
        files = list(row.attachments.select_related("subject_key"))
        _note(turns, files)
        return super().get_context_data(
            inquiry=row,
            asked=inquiries.lines(row),
            files=files,
            turns=turns,
            is_erased=self.is_erased,
            may_act=self.may_act,
            note_form=NoteForm(),
            language=language_name(row.locale),
            received=instant(row.received_at),
            ending=inquiries.ending(row, at=now),
            states=_states(row),
            is_spam=row.state == State.SPAM,
            readers=inquiries.readers() if self.may_act else [],
            beside=_beside(row, self.request.user),
            history=registry.get_logs_for_instance(row).select_related("user").order_by("-timestamp", "-pk")[:HISTORY],
            **kwargs,
        )


def _note(turns: list[Turn], files: list[Any]) -> None:
    """Reading the inquiry is reading these with it."""
    for kind, holding in _HOLDINGS.items():
        rows = [turn.row for turn in turns if turn.kind == kind]
        keys = [row.letter_id if kind == "answer" else row.pk for row in rows]
        if keys:
            access_log.note(holding=holding, act=access_log.Act.INSPECT, keys=keys)
    if files:
        access_log.note(holding="home.Attachment", act=access_log.Act.INSPECT, keys=[file.pk for file in files])


def _states(row: Inquiry) -> list[tuple[str, Any]]:
    """Those that it may be put into by hand; what is spam is taken out of there first."""
    words = {State.OPEN: _("Handle it"), State.WAITING: _("Wait for the person"), State.CLOSED: _("Close")}
    return [(state.value, label) for state, label in words.items() if state != row.state] if row.state != "spam" else []


def _beside(row: Inquiry, user: Any) -> list[tuple[Any, str]]:
    """Ways to what else the site holds of the same person, as far as this account may read it."""
    found: list[tuple[Any, str]] = []
    if row.email_index:
        index = bytes(row.email_index).hex()
        found.append((_("All inquiries from this address"), f"{reverse('inquiries:index')}?by=email&index={index}"))
    if row.email and not isinstance(row.email, Erased) and user.has_perm("mailing.view_subscriber"):
        digest = addresses.digest(row.email)
        person = Subscriber.objects.filter(digest=digest).values_list("pk", flat=True).first()
        if person:
            found.append((_("What this address is subscribed to"), reverse("subscribers:inspect", args=[person])))
    if user.has_perm("home.view_publicentry"):
        found += [(_("Public entry #%(number)d") % {"number": pk}, url) for pk, url in _entries(row)]
    return found


def _entries(row: Inquiry) -> list[tuple[int, str]]:
    try:
        return [(pk, reverse("entries:inspect", args=[pk])) for pk in row.entries.values_list("pk", flat=True)]
    except NoReverseMatch:  # a site without that screen
        return []


class InquiryDeleteView(generic.DeleteView):
    """With its files, notes and the mails that came in."""

    def get_queryset(self) -> QuerySet[Inquiry]:
        return inquiries.standing(timezone.now())
