"""What does a person do about their own data: ask by address, choose from the mailbox, see a plan, take a copy?"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from records import tasks
from records.forms import AskForm, ChooseForm
from records.http import BadRequest, guarded
from records.models import SubjectRequest
from records.subject_requests import agreed, copies, erasing, filing, floors, held, links
from records.subject_requests.plan import Plan
from records.tasks import hint

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
MOST = 65_536  # bytes: five thousand letters of any script, as a form sends them


def private(view: View[P]) -> View[P]:
    """Nothing keeps a copy of the page, no index lists it, and no address that it leads to learns its own, which is
    the key. Not no-referrer: browsers without Fetch Metadata would then send a form's Origin as null."""

    @wraps(view)
    def private_view(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Referrer-Policy"] = "strict-origin"
        return response

    return private_view


@never_cache
@guarded(limit=8192, rate="60/m")
def start(request: HttpRequest) -> HttpResponse:
    """GET and POST /my-data/. The work and the answer are the same for every address."""
    form = AskForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        row = filing.ask(email=form.cleaned_data["email"], locale=get_language() or "", now=timezone.now())
        hint(tasks.send_data_link, str(row.pk))
        return _see(reverse("records:my_data") + "?asked")
    context = {"form": form, "asked": "asked" in request.GET, "histories": floors.histories()}
    return render(request, "records/my_data.html", context, status=422 if form.errors else 200)


@private
@guarded(limit=MOST, rate="60/m")
def opened(request: HttpRequest, token: str) -> HttpResponseBase:
    """GET and POST /my-data/<token>/. GET shows and changes nothing: programs that look through mail open links."""
    now = timezone.now()
    try:
        if request.method != "POST":
            row = links.find(token, now=now)
            return _SHOWN[row.link_opens](request, row)
        row = links.lock(token, now=now)
        return _PRESSED[row.link_opens](request, row)
    except links.NoLink as error:
        return _gone(request, HTTPStatus.GONE if isinstance(error, links.TooOld) else HTTPStatus.NOT_FOUND)


def _gone(request: HttpRequest, status: int) -> HttpResponse:
    if not request.accepts("text/html"):
        raise BadRequest(status, _("This link does not work any more."))
    return render(request, "records/my_data_gone.html", status=status)


def _see(address: str) -> HttpResponse:
    response = redirect(address)
    response.status_code = 303
    return response


def _choices(request: HttpRequest, row: SubjectRequest, form: ChooseForm | None = None) -> HttpResponse:
    context = {
        "form": form or ChooseForm(),
        "email": row.email,
        "held": held.about(row, now=timezone.now()),
        "histories": floors.histories(),
    }
    return render(request, "records/my_data_choose.html", context, status=422 if form else 200)


def _choose(request: HttpRequest, row: SubjectRequest) -> HttpResponse:
    form = ChooseForm(request.POST)
    if not form.is_valid():
        return _choices(request, row, form)
    token = filing.choose(row, form.chosen, words=form.cleaned_data["words"], now=timezone.now())
    if token:
        return _see(reverse("records:my_data_link", args=[token]))
    if row.kind == SubjectRequest.Kind.ACCESS:
        hint(tasks.make_copy, str(row.pk))
    return render(request, "records/my_data_chosen.html", {"row": row, "choice": form.chosen})


def _plan(request: HttpRequest, row: SubjectRequest, *, changed: bool = False) -> HttpResponse:
    shown = held.planned(row, now=timezone.now())
    context = _lines(shown) | {"email": row.email, "sha256": shown.sha256, "changed": changed}
    return render(request, "records/my_data_erase.html", context, status=409 if changed else 200)


def _erase(request: HttpRequest, row: SubjectRequest) -> HttpResponse:
    now = timezone.now()
    try:
        shown = agreed.agree(row, plan_sha256=request.POST.get("plan", ""), now=now)
    except erasing.PlanChanged:
        return _plan(request, row, changed=True)
    hint(tasks.erase_subject, str(row.pk))
    return render(request, "records/my_data_erasing.html", _lines(shown) | {"number": str(row.pk)[:8], "at": now})


def _lines(shown: Plan) -> dict[str, Any]:
    return {"goes": held.goes(shown), "stays": held.stays(shown)}


def _offer(request: HttpRequest, row: SubjectRequest) -> HttpResponse:
    return render(request, "records/my_data_download.html", {"until": row.link_until})


def _download(request: HttpRequest, row: SubjectRequest) -> HttpResponse:
    response = HttpResponse(copies.fetch(row, now=timezone.now()), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    return response


_SHOWN: dict[str, Any] = {links.CHOOSE: _choices, links.ERASE: _plan, links.DOWNLOAD: _offer}
_PRESSED: dict[str, Any] = {links.CHOOSE: _choose, links.ERASE: _erase, links.DOWNLOAD: _download}
