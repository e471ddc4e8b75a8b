"""Asking for a list's mail, and confirming it from the mailbox."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from mailing import audience, tasks
from mailing.forms import JoinForm
from mailing.models import Campaign, MailingList, Subscription
from mailing.views import asking, links
from mailing.views.archive import in_archive
from records.http import BadRequest, guarded
from records.tasks import hint


@never_cache
@guarded(limit=8192, rate="20/m", reads="120/m")
def join(request: HttpRequest) -> HttpResponse:
    """GET and POST /mail/join/. The answer is the same for a known address and for a new one."""
    form = JoinForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        _ask(request, form)
        response = redirect(reverse("mailing:join") + "?asked")
        response.status_code = 303
        return response
    lists = [(entry, asking.statement(request, entry)) for entry in MailingList.objects.order_by("name")]
    context = {
        "form": form,
        "lists": lists,
        "ticked": form["mailing_list"].value() or [],
        "asked": "asked" in request.GET,
        "has_archive": in_archive(Campaign.objects.all()).exists(),
    }
    return render(request, "mailing/join.html", context, status=422 if form.errors else 200)


def _ask(request: HttpRequest, form: JoinForm) -> None:
    now = timezone.now()
    # In the order in which every other change of somebody's subscriptions takes them: none waits for another in a ring.
    for mailing_list in form.cleaned_data["mailing_list"].order_by("pk"):
        try:
            subscription = audience.request(
                email=form.cleaned_data["email"],
                name=form.cleaned_data["name"],
                mailing_list=mailing_list,
                statement=asking.statement(request, mailing_list),
                locale=asking.language(),
                source_note=asking.page_of(request),
                now=now,
            )
        except audience.Suppressed:
            continue
        hint(tasks.send_confirmation, subscription.pk)


@links.private
@guarded(limit=8192, rate="60/m")
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET asks, POST confirms: a scanner that opens every link in a mail confirms nothing."""
    subscription = links.asked_for(token)
    together = audience.asked_together(subscription)
    if not together:
        raise links.too_old()
    done = _confirmed(request, together) if request.method == "POST" else []
    return render(request, "mailing/confirm.html", {"subscriptions": together, "done": done})


def _confirmed(request: HttpRequest, together: list[Subscription]) -> list[Subscription]:
    """Those that the pressed button is about: all that was asked in one form, or one of it."""
    only = request.POST.get("only", "")
    chosen = [each for each in together if not only or each.mailing_list.key == only]
    if not chosen:
        raise BadRequest(422, str(JoinForm.base_fields["mailing_list"].error_messages["required"]))
    for each in chosen:
        try:
            audience.confirm(subscription=each, told=asking.told_now(request), now=timezone.now())
        except audience.NotAsked:
            raise links.too_old() from None
    return chosen
