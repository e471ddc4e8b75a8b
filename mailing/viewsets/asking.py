"""What do the screens about the audience have in common? Each asks in a form of its own, and says where it belongs."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin


class Screen(PermissionCheckedMixin, WagtailAdminTemplateMixin):
    """A page below a list: `list_name` is the list's address, `list_label` what it is called."""

    list_name = ""
    list_label: Any = ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse(self.list_name), "label": self.list_label}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.get_header_title()}]


class Read(Screen, TemplateView):
    """A page that only tells."""


class Ask(Screen, FormView):  # type: ignore[type-arg]
    """A form with its explanation above, one button, and a way back."""

    template_name = "mailing/subscriber_form.html"
    explanation: Any = ""
    submit_label: Any = _("Save")
    is_serious = False  # its button is red: what it does cannot be undone

    def get_back_url(self) -> str:
        return reverse(self.list_name)

    def get_success_url(self) -> str:
        return self.get_back_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        said = {
            "explanation": self.explanation,
            "submit_label": self.submit_label,
            "is_serious": self.is_serious,
            "back_url": self.get_back_url(),
        }
        context = super().get_context_data(**{**said, **kwargs})
        return context | {"media": context["form"].media}

    def form_invalid(self, form: Any) -> HttpResponse:
        messages.validation_error(self.request, _("Nothing was done: the form has errors."), form)
        return super().form_invalid(form)
