"""The editor's side: what came in through the contact page, and what is answered."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log
from wagtail.models import Site
from wagtail.permission_policies import ModelPermissionPolicy

from home import inquiries
from home.models import Inquiry
from mailing import tasks
from records import access_log, retention
from records.models import Controller
from records.sealed import Erased
from records.tasks import hint

ANSWER = "home.answer_inquiry"


class ReadAndDelete(ModelPermissionPolicy):
    """Nobody rewrites what a visitor wrote."""

    def user_has_permission(self, user: AbstractBaseUser, action: str) -> bool:
        return action not in {"add", "change"} and bool(super().user_has_permission(user, action))


def _inquiries() -> QuerySet[Inquiry]:
    """What has reached its end is gone for whoever looks, whenever the worker comes by."""
    return retention.unexpired(Inquiry.objects.select_related("subject_key"), timezone.now())


class FindForm(forms.Form):
    words = forms.CharField(
        label=_("Find by e-mail address, telephone number or name"),
        max_length=254,
        help_text=_(
            "The whole of it: what visitors wrote is stored encrypted, so no part of it can be searched for. Capital "
            "letters, spaces and the signs in a number make no difference."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class InquiryIndexView(generic.IndexView):
    """What is looked for is posted: addresses of pages are logged, and hold nothing about people."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.find_form = FindForm(request.POST)
        if not self.find_form.is_valid():
            return self.get(request, *args, **kwargs)
        kind, index = inquiries.index_of(self.find_form.cleaned_data["words"])
        return redirect(f"{reverse('inquiries:index')}?{urlencode({'by': kind, 'index': index})}")

    def get_base_queryset(self) -> QuerySet[Inquiry]:
        rows = super().get_base_queryset()
        if self.is_finding:
            try:
                rows = inquiries.found(self.request.GET["by"], self.request.GET.get("index", ""))
            except ValueError as error:
                raise BadRequest(gettext("Look for an inquiry with the form above the list.")) from error
        return retention.unexpired(rows, timezone.now())

    @property
    def is_finding(self) -> bool:
        return "by" in self.request.GET

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = getattr(self, "find_form", FindForm())
        return super().get_context_data(find_form=form, is_finding=self.is_finding, **kwargs)


class InquiryInspectView(generic.InspectView):
    def get_object(self, queryset: QuerySet[Inquiry] | None = None) -> Inquiry:
        return get_object_or_404(_inquiries(), pk=self.pk)

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.request.user.has_perm(ANSWER) or isinstance(self.object.email, Erased):
            return []
        url = reverse("inquiries:answer", args=[self.object.pk])
        return [HeaderButton(_("Answer…"), url=url, icon_name="mail")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        answers = list(inquiries.answers(self.object, at=timezone.now()))
        letters = [answer.letter_id for answer in answers]
        if letters:
            access_log.note(holding="mailing.Letter", act=access_log.Act.INSPECT, keys=letters)
        return super().get_context_data(answers=answers, **kwargs)


class AnswerForm(forms.Form):
    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(
        label=_("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 12}), help_text=_("As plain text.")
    )


class AnswerView(WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    page_title = _("Answer")
    header_icon = "mail"
    template_name = "home/inquiry_answer.html"
    form_class = AnswerForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(ANSWER):
            raise PermissionDenied
        self.inquiry = get_object_or_404(_inquiries(), pk=kwargs["pk"])
        if isinstance(self.inquiry.email, Erased):
            messages.error(request, gettext("Whoever wrote this was erased: there is nobody to answer."))
            return redirect(reverse("inquiries:inspect", args=[self.inquiry.pk]))
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return str(self.inquiry)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("inquiries:index"), "label": capfirst(Inquiry._meta.verbose_name_plural)},
            {"url": reverse("inquiries:inspect", args=[self.inquiry.pk]), "label": str(self.inquiry)},
            {"url": "", "label": self.page_title},
        ]

    def get_initial(self) -> dict[str, Any]:
        return {"subject": gettext("Your message of %(day)s") % {"day": f"{self.inquiry.received_at:%Y-%m-%d}"}}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(inquiry=self.inquiry, **kwargs)

    def form_valid(self, form: AnswerForm) -> HttpResponse:
        site = Site.objects.get(is_default_site=True)
        inquiries.answer(
            inquiry=self.inquiry, reply_to=Controller.for_site(site).email, now=timezone.now(), **form.cleaned_data
        )
        log(self.inquiry, "home.answer", user=self.request.user)
        hint(tasks.send_letters)
        messages.success(self.request, gettext("The answer is on its way. What becomes of it is shown below."))
        return redirect(reverse("inquiries:inspect", args=[self.inquiry.pk]))


class InquiryViewSet(ModelViewSet):
    model = Inquiry
    name = "inquiries"
    url_prefix = "inquiries"
    icon = "comment"
    menu_label = _("Inquiries")
    menu_order = 300
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = InquiryIndexView
    index_template_name = "home/inquiry_index.html"
    inspect_view_enabled = True
    inspect_view_class = InquiryInspectView
    inspect_template_name = "home/inquiry_inspect.html"
    inspect_view_fields = ["name", "email", "phone", "message", "page", "received_at"]
    list_display = ["__str__", "page", "received_at"]
    ordering = "-received_at"
    form_fields = ["page"]  # of forms that ReadAndDelete never shows

    def get_urlpatterns(self) -> list[Any]:
        return [*super().get_urlpatterns(), path("answer/<int:pk>/", AnswerView.as_view(), name="answer")]
