"""The second step of signing in: the code, the first set-up, and what an account does with its second factor later."""

from typing import Any
from urllib.parse import quote

import segno
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django.views.generic import FormView
from django_otp import login as prove
from wagtail.admin import messages

from cms.two_factor import accounts
from cms.two_factor.forms import CodeForm, SetUpForm, opened
from cms.two_factor.middleware import PROVEN_AT, Step, step
from cms.two_factor.models import Authenticator

OWN = "second_step:own"


def onward(request: HttpRequest) -> str:
    """Where somebody wanted to go, if that is here."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else reverse("wagtailadmin_home")


def let_in(request: Any, authenticator: Authenticator) -> None:
    """The session is another from here on: who had the number of the one before has nothing."""
    request.user = request.signing_in
    request.session.cycle_key()
    prove(request, authenticator)
    request.session[PROVEN_AT] = timezone.now().isoformat()


def wrong(found: Authenticator | None) -> ValidationError:
    """What is told about a code that did not count."""
    seconds = accounts.waits(found, timezone.now()) if found else 0
    sentence = _("This code is wrong, or was used before.")
    if seconds:
        sentence += " " + ngettext(
            "Wait %(count)d second, then type the code that is shown then.",
            "Wait %(count)d seconds, then type the code that is shown then.",
            seconds,
        ) % {"count": seconds}
    return ValidationError(sentence, code="wrong")


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class DoorView(FormView):  # type: ignore[type-arg]
    """A page for whoever has given a password and is not in yet. `for_step` is what they have left to do."""

    for_step = Step.CODE

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.account = getattr(request, "signing_in", None)
        if not (self.account or request.user).is_authenticated:
            return redirect("wagtailadmin_login")
        if self.account is None:  # it is switched off
            return redirect("wagtailadmin_home")
        if not self.is_due():
            return redirect(onward(request))
        with override(accounts.language_of(self.account)):  # they are a stranger yet, to whom the CMS speaks its own
            answer = super().dispatch(request, *args, **kwargs)
            return answer.render() if isinstance(answer, TemplateResponse) else answer

    def is_due(self) -> bool:
        return step(self.request) is self.for_step

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        left = step(self.request)
        return super().get_context_data(
            next=onward(self.request), account=self.account, is_inside=left is Step.NONE, **kwargs
        )


class CodeView(DoorView):
    """Asks for the code at each sign-in, and after some hours."""

    form_class = CodeForm
    template_name = "cms/two_factor/code.html"

    def form_valid(self, form: CodeForm) -> HttpResponse:
        found = accounts.verify(self.account, form.cleaned_data["code"], now=timezone.now())
        if found is None:
            form.add_error("code", wrong(accounts.of(self.account)))
            return self.form_invalid(form)
        let_in(self.request, found)
        _warn_of_few(self.request, found)
        return redirect(onward(self.request))


def _warn_of_few(request: HttpRequest, found: Authenticator) -> None:
    left = found.recovery_codes.count()
    if left < 3:
        sentence = ngettext(
            "You have %(count)d recovery code left. Make new ones in your account settings.",
            "You have %(count)d recovery codes left. Make new ones in your account settings.",
            left,
        )
        messages.warning(request, sentence % {"count": left})


class SetUpView(DoorView):
    """The QR code, the same secret as text, and the first code. Writes nothing before that one is right."""

    form_class = SetUpForm
    template_name = "cms/two_factor/set_up.html"

    def is_due(self) -> bool:
        left = step(self.request)
        return left is Step.SET_UP or (left is Step.NONE and accounts.of(self.account) is None)

    def get_initial(self) -> dict[str, Any]:
        return {**SetUpForm.fresh(self.account).initial}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        secret = opened(self.account, context["form"]["secret"].value() or "")
        if not secret:  # the page lay open for more than an hour
            context["form"] = SetUpForm.fresh(self.account)
            secret = opened(self.account, context["form"]["secret"].value())
        username = self.account.get_username() if self.account else ""
        drawn = segno.make(accounts.address(secret, username), error="m", micro=False)
        return context | {
            "spelled": accounts.spelled(secret),
            "qr": drawn.svg_data_uri(scale=5, border=4, dark="#000", light="#fff"),
            "must": accounts.must_have(self.account),
        }

    def form_valid(self, form: SetUpForm) -> HttpResponse:
        secret = opened(self.account, form.cleaned_data["secret"])
        made = secret and accounts.set_up(self.account, secret, form.cleaned_data["code"], now=timezone.now())
        if not made:
            sentence = _("This is not the code of now. Look at the app again; is your telephone's clock right?")
            form.add_error("code", ValidationError(sentence))
            return self.form_invalid(form)
        authenticator, codes = made
        let_in(self.request, authenticator)
        return show_codes(self.request, codes, onward(self.request))


def show_codes(request: HttpRequest, codes: list[str], onward_to: str) -> HttpResponse:
    """Answers the post itself: to lead to another page, the codes would have to be kept somewhere."""
    text = "\n".join([_("Recovery codes of %(site)s") % {"site": request.get_host()}, "", *codes, ""])
    told = {"codes": codes, "file": f"data:text/plain;charset=utf-8,{quote(text)}", "next": onward_to}
    answer = render(request, "cms/two_factor/codes.html", told)
    answer["Cache-Control"] = "no-store"
    return answer


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("wagtailadmin_login")


class OwnActView(DoorView):
    """What an account does with its second factor, which a code must prove: a session alone may be somebody else's."""

    form_class = CodeForm
    template_name = "cms/two_factor/act.html"
    title: Any = ""
    explanation: Any = ""
    button: Any = ""

    def is_due(self) -> bool:
        return accounts.of(self.account) is not None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(view=self, back=reverse(OWN), **kwargs)

    def form_valid(self, form: CodeForm) -> HttpResponse:
        found = accounts.verify(self.account, form.cleaned_data["code"], now=timezone.now())
        if found is None:
            form.add_error("code", wrong(accounts.of(self.account)))
            return self.form_invalid(form)
        return self.does(found)

    def does(self, found: Authenticator) -> HttpResponse:
        raise NotImplementedError


class NewCodesView(OwnActView):
    title = gettext_lazy("New recovery codes")
    explanation = gettext_lazy("You get ten new codes. Those you had before count no more.")
    button = gettext_lazy("Make new codes")

    def does(self, found: Authenticator) -> HttpResponse:
        return show_codes(self.request, accounts.new_codes(found), reverse(OWN))


class RemoveView(OwnActView):
    title = gettext_lazy("Switch off the second step")
    explanation = gettext_lazy(
        "For a new telephone: switch it off here, then set it up again. Your recovery codes count no more."
    )
    button = gettext_lazy("Switch it off")

    def does(self, found: Authenticator) -> HttpResponse:
        accounts.remove(self.account, by=self.account, now=timezone.now())
        messages.success(self.request, _("The second step is off. Forget this site in the app on your telephone."))
        return redirect(OWN)
