"""What may be done with several inquiries of the list at once? Each is logged for itself."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import Http404
from django.shortcuts import get_list_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.log_actions import log

from home import inquiries
from home.models import Inquiry
from home.viewsets.inquiry_acts import AssignForm
from home.viewsets.inquiry_rights import ANSWER, DELETE, READ

MOST_DIGITS = 18  # of a number that the database knows


class Bulk(BulkAction):
    """Only rows that the list showed: never "all" of them, which would take in what no filter let through."""

    models: ClassVar[list[Any]] = [Inquiry]
    template_name = "home/inquiry_bulk.html"
    right = ANSWER
    question: Any = ""
    action = ""

    @classmethod
    def get_queryset(cls, model: Any, object_ids: Sequence[Any]) -> list[Inquiry]:
        numbers = [int(each) for each in object_ids if _is_number(str(each))]
        rows: list[Inquiry] = get_list_or_404(inquiries.standing(timezone.now()), pk__in=numbers)
        return rows

    def get_all_objects_in_listing_query(self, parent_id: Any) -> Any:
        raise Http404

    def check_perm(self, obj: Inquiry) -> bool:
        return bool(self.request.user.has_perms([READ, self.right]))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            question=self.question, title=self.display_name, is_serious="serious" in self.classes, **kwargs
        )

    def get_execution_context(self) -> dict[str, Any]:
        return {"act": self}

    @classmethod
    def execute_action(cls, objects: list[Inquiry], act: Any = None, **kwargs: Any) -> tuple[int, int]:
        changed = act.does([row.pk for row in objects])
        for row in objects:
            if row.pk in changed:
                log(row, act.action, user=act.request.user, data=act.data())
        return len(changed), 0

    def does(self, keys: list[int]) -> list[int]:
        raise NotImplementedError

    def data(self) -> dict[str, Any]:
        return {}

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        sentence = ngettext("%(count)d inquiry was changed.", "%(count)d inquiries were changed.", num_parent_objects)
        return sentence % {"count": num_parent_objects}


def _is_number(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) <= MOST_DIGITS


class CloseAction(Bulk):
    display_name = _("Close")
    aria_label = _("Close the selected inquiries")
    action_type = "close"
    action_priority = 10
    question = _("They leave the inbox; a reply by mail opens an inquiry again.")
    action = "home.state"

    def does(self, keys: list[int]) -> list[int]:
        return inquiries.set_state(keys, state=Inquiry.State.CLOSED, now=timezone.now())

    def data(self) -> dict[str, Any]:
        return {"state": Inquiry.State.CLOSED.value}


class AssignAction(Bulk):
    display_name = _("Assign")
    aria_label = _("Assign the selected inquiries")
    action_type = "assign"
    action_priority = 20
    question = _("To whom? Only people who may read inquiries can be given one.")
    action = "home.assign"
    form_class = AssignForm

    @property
    def to(self) -> Any:
        return self.cleaned_form.cleaned_data["to"]

    def does(self, keys: list[int]) -> list[int]:
        return inquiries.assign(keys, to=self.to, now=timezone.now())

    def data(self) -> dict[str, Any]:
        return {"to": self.to.get_username() if self.to else ""}


class SpamAction(Bulk):
    display_name = _("Mark as spam")
    aria_label = _("Mark the selected inquiries as spam")
    action_type = "spam"
    action_priority = 30
    question = _("They leave the inbox, and stay among the spam until their period is over.")
    action = "home.spam"

    def does(self, keys: list[int]) -> list[int]:
        return inquiries.mark_spam(keys, spam=True, now=timezone.now())


class NotSpamAction(Bulk):
    display_name = _("No spam")
    aria_label = _("Take the selected inquiries out of the spam")
    action_type = "not_spam"
    action_priority = 40
    question = _("Those that are spam are among the new ones again.")
    action = "home.not_spam"

    def does(self, keys: list[int]) -> list[int]:
        return inquiries.mark_spam(keys, spam=False, now=timezone.now())


class DeleteAction(Bulk):
    display_name = _("Delete")
    aria_label = _("Delete the selected inquiries")
    action_type = "delete"
    action_priority = 90
    classes: ClassVar[set[str]] = {"serious"}
    right = DELETE
    question = _("With their files, notes and the mails that came in. This cannot be undone.")
    action = "wagtail.delete"

    def does(self, keys: list[int]) -> list[int]:
        return inquiries.delete(keys)

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        sentence = ngettext("%(count)d inquiry was deleted.", "%(count)d inquiries were deleted.", num_parent_objects)
        return sentence % {"count": num_parent_objects}


ACTIONS = [CloseAction, AssignAction, SpamAction, NotSpamAction, DeleteAction]
