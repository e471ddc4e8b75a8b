"""What may the privacy officer do with one request?"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from records import tasks
from records.models import SubjectRequest
from records.subject_requests import agreed, deadlines, erasing, handling, held
from records.subject_requests.events import Act as Event
from records.tasks import hint
from records.viewsets.request_screens import ActView, PlanForm, ReasonForm, TextForm, Way

State, Kind = SubjectRequest.State, SubjectRequest.Kind


class AssignView(ActView):
    name, icon = "assign", "user"
    page_title = _("Assign to me")
    explanation = _("The list shows that you take care of it. Others can still act on it.")
    said = _("The request is yours.")
    logged = _("Took a data request on")

    @classmethod
    def is_possible(cls, row: SubjectRequest, user: Any, now: datetime) -> bool:
        return row.assigned_to_id != user.pk and super().is_possible(row, user, now)

    def does(self, form: Any, now: datetime) -> None:
        handling.assign(self.row.pk, by=self.request.user, now=now)


class AnswerView(ActView):
    name, icon = "answer", "mail"
    page_title = _("Answer by mail")
    explanation = _("A letter to the address the person confirmed. The request stays open.")
    submit_label = _("Send the answer")
    said = _("The answer is on its way.")
    logged = _("Answered a data request")
    form_class = TextForm

    def does(self, form: Any, now: datetime) -> None:
        handling.answer(self.row.pk, text=form.cleaned_data["text"], by=self.request.user, now=now)


class FinishView(ActView):
    name, icon = "done", "check"
    page_title = _("Done")
    explanation = _("Say what was done. The person reads it in a letter, and the request is closed.")
    submit_label = _("Send, and close the request")
    said = _("The request is done, and the letter is on its way.")
    logged = _("Closed a data request as done")
    form_class = TextForm

    def does(self, form: Any, now: datetime) -> None:
        handling.finish(self.row.pk, text=form.cleaned_data["text"], by=self.request.user, now=now)


class ExtendView(ActView):
    name, icon = "extend", "calendar-alt"
    page_title = _("Two months more")
    explanation = _(
        "Only for a request that is complicated, or where there are many (GDPR Art. 12(3)). The person must be told "
        "the reason within the first month: the letter leaves at once."
    )
    submit_label = _("Send the reason, and take two months more")
    said = _("The time is extended, and the letter is on its way.")
    logged = _("Extended the time of a data request")
    form_class = ReasonForm

    @classmethod
    def is_possible(cls, row: SubjectRequest, user: Any, now: datetime) -> bool:
        there_is_time = row.due_at is not None and now <= row.due_at
        extended = row.events.filter(act=Event.EXTENDED).exists()
        return there_is_time and not extended and super().is_possible(row, user, now)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        until = deadlines.extended(self.row) if self.row.due_at else None
        return super().get_context_data(until=until, **kwargs)

    def does(self, form: Any, now: datetime) -> None:
        handling.extend(self.row.pk, reason=form.cleaned_data["reason"], by=self.request.user, now=now)


class StopView(ActView):
    name, icon = "stop", "time"
    page_title = _("Ask the person, and stop the clock")
    explanation = _(
        "Only where the request cannot be answered without it, such as who they are (GDPR Art. 12(6)). The letter "
        "leaves at once; the clock stands until you let it go on."
    )
    submit_label = _("Send the question, and stop the clock")
    said = _("The clock stands, and the letter is on its way.")
    logged = _("Stopped the clock of a data request")
    form_class = ReasonForm
    states = (State.OPEN,)

    def does(self, form: Any, now: datetime) -> None:
        handling.stop(self.row.pk, reason=form.cleaned_data["reason"], by=self.request.user, now=now)


class ResumeView(ActView):
    name, icon = "resume", "time"
    page_title = _("Let the clock go on")
    explanation = _("The person has answered. The day by which the request is due moves by as long as the clock stood.")
    said = _("The clock goes on.")
    logged = _("Let the clock of a data request go on")
    states = (State.STOPPED,)

    def does(self, form: Any, now: datetime) -> None:
        handling.resume(self.row.pk, by=self.request.user, now=now)


class CopyView(ActView):
    name, icon = "copy", "download"
    page_title = _("Make a copy")
    explanation = _(
        "A worker makes a copy of everything that is stored about the person, and sends them a link to it. A copy that "
        "was made before, and its link, are void."
    )
    submit_label = _("Make it, and send the link")
    said = _("A worker makes the copy, and sends the link.")
    logged = _("Had a copy made for a data request")
    states = (State.OPEN, State.STOPPED, State.DONE)

    @classmethod
    def is_possible(cls, row: SubjectRequest, user: Any, now: datetime) -> bool:
        return row.kind == Kind.ACCESS and super().is_possible(row, user, now)

    def does(self, form: Any, now: datetime) -> None:
        if not self.is_possible(self.row, self.request.user, now):
            raise handling.NotNow(gettext("No copy can be made for this request."))
        hint(tasks.make_copy, str(self.row.pk), True)


class EraseView(ActView):
    name, icon = "erase", "bin"
    page_title = _("Show the plan, and erase")
    submit_label = _("Erase it now")
    said = _("The receipt is on its way to the person; then a worker erases the data.")
    logged = _("Started an erasure for a data request")
    template_name = "records/request_erase.html"
    form_class = PlanForm
    is_serious = True
    states = (State.OPEN,)

    @classmethod
    def is_possible(cls, row: SubjectRequest, user: Any, now: datetime) -> bool:
        return row.kind == Kind.ERASURE and not row.plan_sha256 and super().is_possible(row, user, now)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if not self.is_possible(self.row, self.request.user, timezone.now()):
            return super().get_context_data(is_over=True, **kwargs)
        plan = held.planned(self.row, now=timezone.now())
        lines = {"goes": held.goes(plan), "stays": held.stays(plan)}
        return super().get_context_data(form=PlanForm(initial={"plan": plan.sha256}), **lines, **kwargs)

    def does(self, form: Any, now: datetime) -> None:
        with transaction.atomic():
            row = SubjectRequest.objects.select_for_update(no_key=True).get(pk=self.row.pk)
            if not self.is_possible(row, self.request.user, now):
                raise handling.NotNow(gettext("Nothing was erased: by now the request is in another state."))
            try:
                agreed.agree(row, plan_sha256=form.cleaned_data["plan"], now=now, by=self.request.user)
            except erasing.PlanChanged:
                sentence = gettext(
                    "Nothing was erased: what is stored changed since you saw the plan. Look at it again."
                )
                raise handling.NotNow(sentence) from None
        hint(tasks.erase_subject, str(self.row.pk))


class RefuseView(ActView):
    name, icon = "refuse", "cross"
    page_title = _("Refuse")
    explanation = _(
        "The letter says the reason, and that the person can complain to the data protection authority and go to court "
        "(GDPR Art. 12(4))."
    )
    submit_label = _("Send the reason, and refuse")
    said = _("The request is refused, and the letter is on its way.")
    logged = _("Refused a data request")
    form_class = ReasonForm
    is_serious = True

    def does(self, form: Any, now: datetime) -> None:
        handling.refuse(self.row.pk, reason=form.cleaned_data["reason"], by=self.request.user, now=now)


VIEWS: list[Any] = [
    EraseView,
    CopyView,
    ResumeView,
    AnswerView,
    AssignView,
    FinishView,
    ExtendView,
    StopView,
    RefuseView,
]


def possible(row: SubjectRequest, user: Any, now: datetime) -> list[Way]:
    """What can be done with a request as it is."""
    shown = [view for view in VIEWS if view.is_possible(row, user, now)]
    return [Way(view.name, view.page_title, view.icon) for view in shown]
