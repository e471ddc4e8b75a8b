"""Joining, confirming and leaving a list."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from wagtail.models import Site

from consent import told
from consent.told import Told
from mailing import audience, tasks, tokens
from mailing.forms import JoinForm
from mailing.models import MailingList, Subscription
from records.http import BadRequest, guarded
from records.models import Controller
from records.tasks import hint


@never_cache
@guarded(limit=8192, rate="20/m")
def join(request: HttpRequest) -> HttpResponse:
    """GET and POST /mail/join/. The answer is the same for a known address and for a new one."""
    sent = request.POST if request.method == "POST" else None
    form = JoinForm(sent, initial={"mailing_list": request.GET.get("list")})
    if form.is_valid():
        mailing_list = form.cleaned_data["mailing_list"]
        subscription = audience.request(
            email=form.cleaned_data["email"],
            mailing_list=mailing_list,
            statement=statement(request, mailing_list),
            locale=translation.get_language(),
            now=timezone.now(),
        )
        hint(tasks.send_confirmation, subscription.pk)
        response = redirect(reverse("mailing:join") + "?asked")
        response.status_code = 303
        return response
    lists = [(entry, statement(request, entry)) for entry in MailingList.objects.order_by("name")]
    context = {"form": form, "lists": lists, "asked": "asked" in request.GET}
    return render(request, "mailing/join.html", context, status=422 if form.errors else 200)


def statement(request: HttpRequest, mailing_list: MailingList) -> str:
    """The words a person agrees to, kept with their consent."""
    controller = Controller.for_request(request)
    return _("%(owner)s may send me “%(list)s” by e-mail: %(description)s I can leave at any time.") % {
        "owner": controller.name,
        "list": mailing_list.name,
        "description": mailing_list.description,
    }


@never_cache
@guarded(limit=8192, rate="60/m")
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST confirms: a scanner that opens every link in a mail confirms nothing."""
    subscription = _subscription(token, tokens.CONFIRM, within=tokens.CONFIRM_WITHIN)
    if not subscription.asked_since_left:
        raise _too_old()
    if request.method == "POST":
        try:
            audience.confirm(subscription=subscription, told=_told(request), now=timezone.now())
        except audience.NotAsked:
            raise _too_old() from None
    done = request.method == "POST"
    return render(request, "mailing/confirm.html", {"subscription": subscription, "done": done})


# A mailbox provider posts for all its users from a few addresses: its rate is no visitor's.
@never_cache
@guarded(limit=8192, rate="1200/m", from_anywhere=True)
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST leaves: from the page's button, or from a mailbox's own (RFC 8058), which sends no Origin."""
    subscription = _subscription(token, tokens.UNSUBSCRIBE)
    if request.method == "POST":
        audience.leave(subscription=subscription, told=_told(request), now=timezone.now())
    done = request.method == "POST"
    return render(request, "mailing/unsubscribe.html", {"subscription": subscription, "done": done})


def _subscription(token: str, act: str, *, within: timedelta | None = None) -> Subscription:
    try:
        key = tokens.read(token, act, within=within)
    except tokens.ExpiredToken:
        raise _too_old() from None
    except tokens.BadToken:
        raise BadRequest(404, _("This link is not complete. Copy it whole from the mail.")) from None
    subscription = Subscription.objects.select_related("mailing_list").filter(pk=key).first()
    if subscription is None:
        raise BadRequest(410, _("The address this link was sent to is deleted. Nothing is sent to it any more."))
    return subscription


def _too_old() -> BadRequest:
    return BadRequest(410, _("This link is too old. Sign up again and we send you a new one."))


def _told(request: HttpRequest) -> Told:
    """The policy that this person could read when they pressed, in the language of the page."""
    site = Site.find_for_request(request)
    return told.at(site.pk, timezone.now(), translation.get_language() or settings.LANGUAGE_CODE) if site else Told()
