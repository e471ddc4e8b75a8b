"""What one subscriber gets and what is known of them, for whoever holds the link from their mailbox."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mailing import audience, suppression
from mailing.audience import Share, Wish
from mailing.forms import ChoicesForm, DetailsForm
from mailing.models import Field, MailingList, Subscriber
from mailing.views import asking, link_again, links, reading
from records.http import BadRequest, guarded

ON_A_PAGE = 50  # messages
SAID = ("saved", "left", "never", "nothing")


@links.private
@guarded(limit=65536, rate="60/m")
def preferences(request: HttpRequest, token: str) -> HttpResponseBase:
    """GET shows, POST changes. Ninety days after the link was made it only offers to send another."""
    subscriber, made = links.subscriber(token)
    if _is_old(made):
        return link_again.offer(request, subscriber)
    if request.method != "POST":
        return _page(request, subscriber, token)
    act = request.POST.get("act", "save")
    if act not in _ACTS:
        raise BadRequest(422, _("This page has no such button."))
    said = _ACTS[act](request, subscriber, token)
    if isinstance(said, HttpResponse):
        return said
    response = redirect(f"{reverse('mailing:preferences', args=[token])}?{said}")
    response.status_code = 303
    return response


@links.private
@guarded(limit=1024, rate="20/m", methods=links.READ)
def preferences_json(request: HttpRequest, token: str) -> HttpResponseBase:
    """Everything about one person's subscriptions, to keep or to take elsewhere (GDPR Art. 15 and 20)."""
    subscriber, made = links.subscriber(token)
    if _is_old(made):
        raise BadRequest(410, _("This link is too old. Open it in a browser, and have another sent to you."))
    said = audience.about(subscriber, at=timezone.now())
    response = JsonResponse(said, json_dumps_params={"indent": 1, "ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="my-mail.json"'
    return response


def _is_old(made: date) -> bool:
    return timezone.now().date() > made + links.PREFERENCES_FOR


def _save(request: HttpRequest, subscriber: Subscriber, token: str) -> HttpResponse | str:
    lists = _lists(request)
    details = DetailsForm(request.POST, declared=Field.objects.all(), subscriber=subscriber)
    shares = _shares(request, subscriber)
    keys = {"keys": [wish.mailing_list.key for wish in lists], "shares": [each.key for each in shares]}
    choices = ChoicesForm(request.POST, **keys)
    if not (details.is_valid() and choices.is_valid()):
        return _page(request, subscriber, token, details=details, choices=choices, status=422)
    if choices.cleaned_data["words"] != _fingerprint(lists, shares):
        return _page(request, subscriber, token, details=details, changed=True, status=409)
    mail, counted = choices.touched("mail"), choices.touched("links")
    audience.describe(
        subscriber=subscriber,
        name=details.cleaned_data["name"],
        locale=details.cleaned_data["locale"],
        time_zone=details.cleaned_data["time_zone"],
        fields=details.values(),
    )
    audience.change(
        subscriber=subscriber,
        wishes=[_wished(wish, mail, counted) for wish in lists],
        locale=asking.language(),
        told=asking.told_now(request),
        now=timezone.now(),
        source_note=asking.page_of(request),
    )
    touched = choices.touched("shares")
    audience.share(
        subscriber=subscriber,
        wishes=[Share(each.recipient, each.statement, touched.get(each.key)) for each in shares],
        locale=asking.language(),
        told=asking.told_now(request),
        now=timezone.now(),
    )
    return "saved"


def _wished(shown: Wish, mail: Any, counted: Any) -> Wish:
    key = shown.mailing_list.key
    return Wish(shown.mailing_list, shown.statement, shown.link_statement, mail.get(key), counted.get(key))


def _leave_all(request: HttpRequest, subscriber: Subscriber, token: str) -> str:
    told = asking.told_now(request)
    return "left" if audience.leave_all(subscriber=subscriber, told=told, now=timezone.now()) else "nothing"


def _never(request: HttpRequest, subscriber: Subscriber, token: str) -> str:
    audience.object_to_mail(subscriber=subscriber, told=asking.told_now(request), now=timezone.now())
    return "never"


_ACTS = {"save": _save, "leave": _leave_all, "never": _never}


def _lists(request: HttpRequest) -> list[Wish]:
    """Every list, and the words beside its ticks."""
    found = MailingList.objects.order_by("name")
    return [Wish(each, asking.statement(request, each), asking.link_statement(request, each)) for each in found]


def _shares(request: HttpRequest, subscriber: Subscriber) -> list[Share]:
    """Whoever else may get this person's data, as it is, and the words beside each tick."""
    found = audience.offered(subscriber, timezone.now())
    return [Share(each, asking.share_statement(request, each), allowed) for each, allowed in found]


def _fingerprint(lists: list[Wish], shares: list[Share]) -> str:
    said = [words for wish in lists for words in (wish.statement, wish.link_statement)]
    return asking.fingerprint([*said, *(each.statement for each in shares)])


def _page(
    request: HttpRequest,
    subscriber: Subscriber,
    token: str,
    *,
    details: DetailsForm | None = None,
    choices: ChoicesForm | None = None,
    changed: bool = False,
    status: int = 200,
) -> HttpResponse:
    lists, shares = _lists(request), _shares(request, subscriber)
    ticked = choices["shares"].value() or [] if choices else [each.key for each in shares if each.allowed]
    sent = list(audience.sent_to(subscriber)[: ON_A_PAGE + 1])
    context = {
        "token": token,
        "address": audience.masked(subscriber.email),
        "form": details or DetailsForm(None, declared=Field.objects.all(), subscriber=subscriber),
        "lists": [_row(subscriber, wish, choices) for wish in lists],
        "shares": [{"share": each, "ticked": each.key in ticked} for each in shares],
        "words": _fingerprint(lists, shares),
        "choices": choices,
        "changed": changed,
        "said": next((name for name in SAID if name in request.GET), ""),
        "not_written_to": suppression.of(subscriber.email),
        "messages_sent": reading.in_brief(sent[:ON_A_PAGE]),
        "there_are_more": len(sent) > ON_A_PAGE,
    }
    return render(request, "mailing/preferences.html", context, status=status)


def _row(subscriber: Subscriber, wish: Wish, choices: ChoicesForm | None) -> dict[str, Any]:
    """One list as the page shows it: as it is, and ticked as somebody has just sent it where that came back."""
    subscriptions = subscriber.subscriptions.select_related("mailing_list", "decision")
    subscription = subscriptions.filter(mailing_list=wish.mailing_list).first()
    on = subscription is not None and subscription.decision is not None and subscription.left_at is None
    counted = subscription is not None and audience.tracking_allowed(subscription, timezone.now())
    key = wish.mailing_list.key
    return {
        "wish": wish,
        "subscription": subscription,
        "on": on,
        "counted": counted,
        "mail": key in (choices["mail"].value() or []) if choices else on,
        "links": key in (choices["links"].value() or []) if choices else counted,
    }
