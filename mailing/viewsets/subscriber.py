"""What is known of one person, and what may be done for them? Each act asks for its reason, and is logged."""

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.log_actions import log

from consent.told import Told
from mailing import audience, suppression
from mailing.audience.erasing import erase
from mailing.forms import DetailsForm
from mailing.models import Delivery, Field, Subscriber, Subscription, Suppression
from mailing.viewsets import reasons
from mailing.viewsets.asking import Ask, Read
from policies.states import language_name
from policies.wording import instant
from records import access_log

DELIVERIES = 100  # the newest that are shown


class OfPerson:
    """A screen about the subscriber whom the address names by number."""

    model = Subscriber
    list_name = "subscribers:index"
    list_label = _("Subscribers")
    header_icon = "user"

    @cached_property
    def person(self) -> Subscriber:
        return get_object_or_404(audience.people(timezone.now()), pk=self.kwargs["pk"])  # type: ignore[attr-defined]

    def get_page_subtitle(self) -> str:
        return str(self.person)  # by number: titles end up in histories of browsers


class PersonView(OfPerson, Read):
    """Everything about one person on one page. Reading it is logged."""

    permission_required = "view"
    template_name = "mailing/subscriber.html"

    def get_page_title(self) -> str:
        return str(self.person)

    def get_page_subtitle(self) -> str:
        return ""

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.user_has_permission("change"):
            return []
        return [HeaderButton(_("Correct"), url=reverse("subscribers:edit", args=[self.person.pk]), icon_name="edit")]

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        may, listed = self.request.user.has_perm, bool(suppression.of(self.person.email))
        acts = [
            ("leave", _("Take off lists…"), "cross", may("mailing.change_subscriber") and bool(_live(self.person))),
            ("suppress", _("Suppress address…"), "no-view", may("mailing.add_suppression")),
            ("lift", _("Lift suppression…"), "view", may("mailing.delete_suppression") and listed),
            ("history", _("History"), "history", may("mailing.change_subscriber")),
            ("erase", _("Erase…"), "bin", may("mailing.delete_subscriber")),
        ]
        return [
            Button(label, url=reverse(f"subscribers:{name}", args=[self.person.pk]), icon_name=icon, priority=number)
            for number, (name, label, icon, shown) in enumerate(acts, 1)
            if shown
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        log(self.person, "mailing.read", user=self.request.user)
        now = timezone.now()
        theirs = audience.subscriptions(now).filter(subscriber=self.person).order_by("mailing_list__name")
        theirs = theirs.select_related("mailing_list", "decision")
        deliveries = _deliveries(self.person)
        _note(theirs, deliveries)
        return super().get_context_data(
            person=self.person,
            language=language_name(self.person.locale),
            first_asked=instant(self.person.created_at),
            fields=_known(self.person),
            suppressions=[(each, instant(each.since_at)) for each in suppression.of(self.person.email)],
            subscriptions=[_subscription(each, now) for each in theirs],
            deliveries=[(each, instant(each.changed_at)) for each in deliveries],
            most=DELIVERIES,
            may_read_decisions=self.request.user.has_perm("consent.view_decision"),
            **kwargs,
        )


def _note(subscriptions: QuerySet[Subscription], deliveries: QuerySet[Delivery]) -> None:
    """Reading the person is reading these with it."""
    for holding, rows in (("mailing.Subscription", subscriptions), ("mailing.Delivery", deliveries)):
        if keys := [row.pk for row in rows]:
            access_log.note(holding=holding, act=access_log.Act.INSPECT, keys=keys)


def _live(person: Subscriber) -> QuerySet[Subscription]:
    return Subscription.objects.live().filter(subscriber=person).order_by("mailing_list__name")


def _deliveries(person: Subscriber) -> QuerySet[Delivery]:
    rows = Delivery.objects.filter(subscription__subscriber=person).order_by("-pk")
    return rows.select_related("campaign", "policy_version", "subscription__mailing_list")[:DELIVERIES]


def _known(person: Subscriber) -> list[tuple[str, Any]]:
    """What stands in the fields, by their labels; by its key what is declared no more."""
    labels = dict(Field.objects.values_list("key", "label"))
    said = {True: gettext("yes"), False: gettext("no")}
    return [
        (labels.get(key, key), said[value] if isinstance(value, bool) else value)
        for key, value in sorted(person.fields.items())
    ]


def _subscription(row: Subscription, now: datetime) -> dict[str, Any]:
    names = ("requested_at", "confirmation_sent_at", "confirmed_at", "left_at")
    instants = {name: getattr(row, name) for name in names}
    return {
        "row": row,
        "language": language_name(row.locale),
        "decisions": [(each, instant(each.decided_at)) for each in audience.decisions_of(row, at=now)],
        **{name: instant(at) if at else "" for name, at in instants.items()},
    }


class Act(OfPerson, Ask):
    """Something done for a person. `done` says it with Wagtail's log; the page of the person follows."""

    action = ""
    said: Any = ""

    def get_back_url(self) -> str:
        return reverse("subscribers:inspect", args=[self.person.pk])

    def form_valid(self, form: Any) -> HttpResponse:
        back = self.get_success_url()
        data = self.act(form, timezone.now())
        log(self.person, self.action, user=self.request.user, data=data)
        messages.success(self.request, str(self.said))
        return redirect(back)

    def act(self, form: Any, now: datetime) -> dict[str, Any]:
        """Does it, and returns what the log keeps of it."""
        raise NotImplementedError


class CorrectView(Act):
    """GDPR Art. 16. The address is not corrected: whoever has another one confirms it from there."""

    permission_required = "change"
    page_title = _("Correct")
    explanation = _(
        "What the person says of themselves. The address stays: a new one joins by its own mailbox, so that nobody "
        "gets mail for somebody else."
    )
    action = "mailing.correct"
    said = _("The data were corrected.")
    form_class = DetailsForm

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        declared = Field.objects.order_by("label")
        return {"sent": kwargs.get("data"), "declared": declared, "subscriber": self.person}

    def act(self, form: Any, now: datetime) -> dict[str, Any]:
        before = self.person
        said, fields = {name: form.cleaned_data[name] for name in ("name", "locale", "time_zone")}, form.values()
        audience.describe(subscriber=before, fields=fields, **said)
        changed = [name for name, value in said.items() if value != getattr(before, name)]
        return {"changed": changed + [key for key, value in fields.items() if value != before.fields.get(key)]}


class LeaveForm(forms.Form):
    lists = forms.ModelMultipleChoiceField(
        label=_("Lists"), queryset=Subscription.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    reason = reasons.field(reasons.LEAVE)

    def __init__(self, *arguments: Any, person: Subscriber, **options: Any) -> None:
        super().__init__(*arguments, **options)
        lists: Any = self.fields["lists"]
        lists.queryset, lists.label_from_instance = _live(person), lambda row: row.mailing_list.name
        self.initial.setdefault("lists", [row.pk for row in lists.queryset])


class LeaveView(Act):
    permission_required = "change"
    page_title = _("Take off lists")
    explanation = _("Withdraws the consent for these lists at once, as if the person had done it.")
    submit_label = _("Take off these lists")
    action = "mailing.leave"
    said = _("The consent is withdrawn. No further mail of these lists leaves.")
    form_class = LeaveForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"person": self.person}

    def act(self, form: Any, now: datetime) -> dict[str, Any]:
        left = [row for row in form.cleaned_data["lists"] if audience.leave(subscription=row, told=Told(), now=now)]
        return {"lists": [row.mailing_list.key for row in left], "reason": form.cleaned_data["reason"]}


class SuppressForm(forms.Form):
    scope = forms.ChoiceField(label=_("What is not sent"), choices=Suppression.Scope.choices, widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=_("Why"), choices=reasons.SUPPRESS, widget=forms.RadioSelect)


class SuppressView(Act):
    model: Any = Suppression
    permission_required = "add"
    page_title = _("Suppress address")
    explanation = _("No mail of lists is sent to it, whichever it is on or is put on later. No consent changes.")
    submit_label = _("Suppress")
    action = "mailing.suppress"
    said = _("The address is suppressed.")
    form_class = SuppressForm
    initial = {"scope": Suppression.Scope.LISTS, "reason": Suppression.Reason.OBJECTION}

    def act(self, form: Any, now: datetime) -> dict[str, Any]:
        scope, reason = Suppression.Scope(form.cleaned_data["scope"]), Suppression.Reason(form.cleaned_data["reason"])
        suppression.suppress([self.person.email], scope=scope, reason=reason, now=now)
        return {"scope": scope.value, "reason": reason.value}


class LiftForm(forms.Form):
    reason = reasons.field(reasons.LIFT)


class LiftView(Act):
    model: Any = Suppression
    permission_required = "delete"
    page_title = _("Lift suppression")
    explanation = _("Mail that the person agreed to is sent to the address again.")
    submit_label = _("Lift")
    action = "mailing.lift"
    said = _("The address is no longer suppressed.")
    form_class = LiftForm

    def act(self, form: Any, now: datetime) -> dict[str, Any]:
        suppression.lift(self.person.email)
        return {"reason": form.cleaned_data["reason"]}


class EraseForm(forms.Form):
    keep_hash = forms.BooleanField(
        label=_("Keep a hash of the address on the suppression list"),
        help_text=_("It tells nobody the address, and keeps an import from bringing it back. Recommended."),
        required=False,
        initial=True,
    )


class EraseView(Act):
    permission_required = "delete"
    page_title = _("Erase")
    explanation = _(
        "Deletes everything that is stored of this person on this site: the address with all subscriptions, what was "
        "sent to it, and what they wrote. What a legal hold covers stays; decisions stay in the ledger: they name "
        "nobody. This cannot be undone."
    )
    submit_label = _("Erase this person")
    is_serious = True
    action = "mailing.erase"
    said = _("The person is erased.")
    form_class = EraseForm

    def get_success_url(self) -> str:
        return reverse("subscribers:index")

    def act(self, form: Any, now: datetime) -> dict[str, Any]:
        receipt = erase(subscriber=self.person, keep_hash=form.cleaned_data["keep_hash"], now=now)
        if any(each["holding"] == self.model._meta.label and each["kept"] for each in receipt["sets"]):
            self.said = _("All was erased that no legal hold covers. The address stays until the hold is lifted.")
        return {"keep_hash": form.cleaned_data["keep_hash"]}
