"""How does somebody get a new link to their preferences? By mail to the address we have, and to no other."""

from datetime import timedelta

from django.db.models import Value
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from mailing import letters, tasks
from mailing.forms import AddressForm
from mailing.models import Letter, Subscriber
from mailing.views import links
from records.http import guarded
from records.models import Controller
from records.tasks import hint

SEND_AGAIN_AFTER = timedelta(minutes=10)  # nobody can be made to flood a stranger's mailbox


@never_cache
@guarded(limit=8192, rate="20/m", reads="120/m")
def ask(request: HttpRequest) -> HttpResponse:
    """GET and POST /mail/preferences/. The answer is the same for a known address and for another."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        known = Subscriber.objects.filter(email__lower=Lower(Value(form.cleaned_data["email"]))).first()
        if known and known.subscriptions.exclude(decision=None).exists():
            _send(request, known)
        return _sent()
    context = {"form": form, "sent": "sent" in request.GET}
    return render(request, "mailing/preferences_ask.html", context, status=422 if form.errors else 200)


def offer(request: HttpRequest, subscriber: Subscriber) -> HttpResponse:
    """For a link that is too old: a button that has another sent."""
    if request.method == "POST" and request.POST.get("act") == "link":
        _send(request, subscriber)
        return _sent()
    return render(request, "mailing/preferences_old.html", status=410)


def _sent() -> HttpResponse:
    response = redirect(reverse("mailing:preferences_ask") + "?sent")
    response.status_code = 303
    return response


def _send(request: HttpRequest, subscriber: Subscriber) -> None:
    now = timezone.now()
    Subscriber.objects.select_for_update(no_key=True).get(pk=subscriber.pk)  # two presses one after the other
    about = f"mailing.Subscriber:{subscriber.pk}"
    if Letter.objects.filter(about=about, written_at__gt=now - SEND_AGAIN_AFTER).exists():
        return
    with translation.override(subscriber.locale):
        address = reverse("mailing:preferences", args=[links.preferences_token(subscriber.pk, now)])
        context = {"address": request.build_absolute_uri(address), "controller": Controller.for_request(request)}
        subject, text = _("Your mail preferences"), render_to_string("mailing/preferences_letter.txt", context)
    letters.write(email=subscriber.email, subject=subject, text=text, locale=subscriber.locale, about=about, now=now)
    hint(tasks.send_letters)
