"""An inquiry is answered by mail: in one's own words, or beginning with those of a template."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import log
from wagtail.models import Site

from home import inquiries
from home.inquiries.answering import NAME, language_of
from home.models import AnswerTemplate, Inquiry
from home.viewsets.inquiry_rights import ForThoseWho
from mailing import tasks
from policies.states import language_name
from records.models import Controller
from records.sealed import Erased
from records.tasks import hint

MOST_DIGITS = 18  # of a number that the database knows


class AnswerForm(forms.Form):
    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(
        label=_("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 12}), help_text=_("As plain text.")
    )
    close = forms.BooleanField(
        label=_("And close the inquiry"),
        required=False,
        help_text=_("Else it waits for the person. A reply opens it again either way."),
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        for name in ("subject", "text"):
            if NAME in said.get(name, ""):
                sentence = _("It still says %(mark)s, for nobody gave a name. Write it yourself, or take it out.")
                self.add_error(name, forms.ValidationError(sentence, params={"mark": NAME}))
        return said


def templates(inquiry: Inquiry) -> list[tuple[str, list[AnswerTemplate]]]:
    """By language, that of the person first."""
    own, groups = language_of(inquiry), dict[str, list[AnswerTemplate]]()
    for each in AnswerTemplate.objects.order_by("title", "pk"):
        groups.setdefault(each.language, []).append(each)
    order = sorted(groups, key=lambda language: (language != own, language))
    return [(language_name(language) or language, groups[language]) for language in order]


class AnswerView(ForThoseWho, WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    page_title = _("Answer")
    header_icon = "mail"
    template_name = "home/inquiry_answer.html"
    form_class = AnswerForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.has_perms(self.rights) and not _can_be_answered(request, self.inquiry):
            return redirect(reverse("inquiries:inspect", args=[self.inquiry.pk]))
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def inquiry(self) -> Inquiry:
        return get_object_or_404(inquiries.standing(timezone.now()), pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return str(self.inquiry)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("inquiries:index"), "label": capfirst(Inquiry._meta.verbose_name_plural)},
            {"url": reverse("inquiries:inspect", args=[self.inquiry.pk]), "label": str(self.inquiry)},
            {"url": "", "label": self.page_title},
        ]

    @cached_property
    def template(self) -> AnswerTemplate | None:
        chosen = self.request.GET.get("template", "")
        is_number = chosen.isascii() and chosen.isdigit() and len(chosen) <= MOST_DIGITS
        return AnswerTemplate.objects.filter(pk=chosen).first() if is_number else None

    def get_initial(self) -> dict[str, Any]:
        subject, text = inquiries.subject_for(self.inquiry, at=timezone.now()), ""
        if self.template:
            filled, text = inquiries.fill(self.template, self.inquiry)
            is_reply = subject[:3].lower() == "re:"  # what is a conversation already keeps its name
            subject = subject if is_reply or not filled else filled
        return {"subject": subject, "text": text}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        turns = inquiries.conversation(self.inquiry, at=timezone.now())
        return super().get_context_data(
            inquiry=self.inquiry,
            last=next((turn for turn in reversed(turns) if turn.kind == "mail"), None),
            language=language_name(language_of(self.inquiry)),
            templates=templates(self.inquiry),
            template=self.template,
            comes_back=bool(settings.INQUIRY_REPLY_ADDRESS),
            **kwargs,
        )

    def form_valid(self, form: AnswerForm) -> HttpResponse:
        site = Site.objects.get(is_default_site=True)
        owner = Controller.for_site(site).email
        inquiries.answer(inquiry=self.inquiry, reply_to=owner, now=timezone.now(), **form.cleaned_data)
        log(self.inquiry, "home.answer", user=self.request.user)
        hint(tasks.send_letters)
        messages.success(self.request, gettext("The answer is on its way. What becomes of it is shown below."))
        return redirect(reverse("inquiries:inspect", args=[self.inquiry.pk]))


def _can_be_answered(request: HttpRequest, inquiry: Inquiry) -> bool:
    if isinstance(inquiry.email, Erased):
        messages.error(request, gettext("Whoever wrote this was erased: there is nobody to answer."))
        return False
    if not inquiry.email:
        messages.error(request, gettext("Nobody left an address here, so there is none to answer to."))
    return bool(inquiry.email)
