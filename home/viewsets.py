"""The editor's side: what came in through the contact page, and what is answered."""

from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
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
from records.models import Controller
from records.tasks import hint

ANSWER = "home.answer_inquiry"


class ReadAndDelete(ModelPermissionPolicy):
    """Nobody rewrites what a visitor wrote."""

    def user_has_permission(self, user: AbstractBaseUser, action: str) -> bool:
        return action not in {"add", "change"} and bool(super().user_has_permission(user, action))


class InquiryInspectView(generic.InspectView):
    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.request.user.has_perm(ANSWER):
            return []
        url = reverse("inquiries:answer", args=[self.object.pk])
        return [HeaderButton(_("Answer…"), url=url, icon_name="mail")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(answers=inquiries.answers(self.object), **kwargs)


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
        self.inquiry = get_object_or_404(Inquiry, pk=kwargs["pk"])
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
    inspect_view_enabled = True
    inspect_view_class = InquiryInspectView
    inspect_template_name = "home/inquiry_inspect.html"
    inspect_view_fields = ["name", "email", "phone", "message", "page", "received_at"]
    list_display = ["__str__", "page", "received_at"]
    ordering = "-received_at"
    form_fields = ["name", "email", "phone", "message"]

    def get_urlpatterns(self) -> list[Any]:
        return [*super().get_urlpatterns(), path("answer/<int:pk>/", AnswerView.as_view(), name="answer")]
