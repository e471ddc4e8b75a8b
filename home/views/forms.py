"""What a form page answers, and the token that its script asks for."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django_ratelimit.core import get_usage
from wagtail.models import Site

from home import appearance, entries, spam, submissions, uploads
from home.forms import Kind, VisitorForm, Words, words
from home.models import FormPage
from home.submissions import Said
from mailing import tasks
from mailing.views import asking
from records import terms
from records.http import BadRequest, guarded
from records.tasks import hint

TEXT = 512 * 1024  # bytes; a letter that is not Latin takes six to twelve of them on its way


def form(request: HttpRequest, page: FormPage) -> HttpResponse:
    """GET shows the form, or with ?sent the thanks; POST stores one inquiry and answers 303."""
    if request.method == "POST":
        return (_send_with_files if page.takes_files else _send)(request, page)  # type: ignore[return-value]
    return _show(request, page, VisitorForm(page=page, words=_words(request, page)))


@never_cache
@guarded(limit=0, rate="30/m", methods=("GET", "HEAD"), atomic=False)
def token(request: HttpRequest) -> HttpResponse:
    """GET /forms/token/: says later when somebody began to write. Pages are the same for everybody and cannot."""
    return JsonResponse({"token": spam.token(now=timezone.now())})


@guarded(limit=TEXT, rate="20/m")
def _send(request: HttpRequest, page: FormPage) -> HttpResponse:
    return _take(request, page)


@guarded(limit=uploads.LIMIT, rate="20/m")
def _send_with_files(request: HttpRequest, page: FormPage) -> HttpResponse:
    request.upload_handlers = [uploads.InMemory(request)]
    return _take(request, page)


def _take(request: HttpRequest, page: FormPage) -> HttpResponse:
    _read(request)
    filled = VisitorForm(request.POST, request.FILES, page=page, words=_words(request, page))
    if filled.is_trapped:
        return _sent(request, page)  # stored nowhere; what filled it in learns nothing
    if not filled.is_valid():
        return _show(request, page, filled, status=422)
    said = Said(
        answers=filled.answers(),
        files=filled.attached(),
        agreed=filled.agreed(),
        newsletter=filled.statements.newsletter if filled.cleaned_data.get("newsletter") else "",
    )
    taken = submissions.take(
        page=page,
        said=said,
        locale=asking.language(),
        told=asking.told_now(request),
        path=request.path,
        now=timezone.now(),
        suspected=_is_suspected(request, said, filled.cleaned_data["token"]),
    )
    if taken.letters:
        hint(tasks.send_letters)
    if taken.subscription:
        hint(tasks.send_confirmation, taken.subscription.pk)
    return _sent(request, page)


def _read(request: HttpRequest) -> None:
    """Reads the body. Raises BadRequest (400, 413) with what is wrong with it."""
    try:
        request.POST, request.FILES  # noqa: B018
    except RequestDataTooBig as error:
        raise BadRequest(413, _("The request is too large.")) from error
    except UnreadablePostError as error:
        raise BadRequest(400, _("The request ended too early.")) from error
    except (MultiPartParserError, TooManyFieldsSent, TooManyFilesSent) as error:
        raise BadRequest(400, _("The request is not what a form sends. Open the page anew and try again.")) from error


def _is_suspected(request: HttpRequest, said: Said, token: str) -> bool:
    """A token counts for itself, so that a whole office may write through one address."""
    age = spam.age(token, now=timezone.now())
    who = token.rpartition(":")[0] if age is not None else str(request.META.get("REMOTE_ADDR"))
    usage = get_usage(request, group="home.forms", key=lambda *_: who, rate=spam.OFTEN, increment=True)
    # In a web address field an address is no sign.
    texts = [each["said"] for each in said.answers if each["kind"] != Kind.URL]
    often = bool(usage and usage["should_limit"])
    return spam.is_suspected(texts, name=said.value("name"), age=age, often=often)


def _words(request: HttpRequest, page: FormPage) -> Words:
    offered, newsletter = page.mailing_list, ""
    asks_address = any(each.kind == Kind.EMAIL for each in page.asks)
    if offered and asks_address and terms.in_force(terms.Kind.PURPOSE, offered.policy_purpose, timezone.now()):
        newsletter = asking.statement(request, offered)
    place = _place(page) if page.can_publish else ""
    owner = appearance.of(Site.find_for_request(request)).owner
    return words(page, owner=owner.name, place=place, newsletter=newsletter)


def _place(page: FormPage) -> str:
    """Where it is shown: in the language of the form where there is such a page."""
    found = sorted(entries.pages(page), key=lambda each: each.locale_id != page.locale_id)
    return str(found[0].title) if found else ""


def _show(request: HttpRequest, page: FormPage, filled: VisitorForm, *, status: int = 200) -> HttpResponse:
    context = {
        **page.get_context(request),
        "form": filled,
        "sent": "sent" in request.GET,
        "most_files": uploads.MOST_FILES,
        "most_megabytes": uploads.MOST_BYTES // 1024 // 1024,
    }
    return TemplateResponse(request, "home/form_page.html", context, status=status)


def _sent(request: HttpRequest, page: FormPage) -> HttpResponse:
    response = redirect(f"{page.get_url(request)}?sent")
    response.status_code = 303
    return response
