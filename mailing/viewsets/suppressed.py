"""Which addresses are never written to? Known by hashes: one is asked about, put there, or taken off by typing it."""

from typing import Any

from django import forms
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import NullAdminURLFinder
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from mailing import addresses, suppression
from mailing.incoming.values import spellings
from mailing.models import Suppression
from mailing.viewsets import reasons
from mailing.viewsets.asking import Ask
from policies.wording import instant
from records import access_log

MOST = 1000  # addresses typed at once
LIST = _("Suppressed addresses")


class RemoveColumn(Column):
    """The way to take an address off the list."""

    cell_template_name = "mailing/suppressed_cell.html"


class SuppressedIndexView(generic.IndexView):
    template_name = "mailing/suppressed.html"
    results_template_name = "mailing/suppressed_results.html"
    list_filter = ["scope", "reason"]
    default_ordering = "-since_at"
    is_searchable = False

    @cached_property
    def columns(self) -> list[Column]:
        columns = [
            Column("hash", label=_("Hash"), accessor=shortened),
            Column("get_scope_display", label=_("Scope"), sort_key="scope"),
            Column("get_reason_display", label=_("Reason"), sort_key="reason"),
            Column("since_at", label=_("Since"), accessor=lambda row: instant(row.since_at), sort_key="since_at"),
        ]
        if self.user_has_permission("delete"):
            columns.append(RemoveColumn("remove", label=_("Remove"), accessor=_remove_url))
        return columns

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.user_has_permission("add"):
            return []
        return [HeaderButton(_("Add addresses"), url=reverse("suppressions:add"), icon_name="plus")]

    @cached_property
    def no_results_message(self) -> str:
        if self.is_filtering:
            return gettext("No entry is like this.")
        return gettext("No address is suppressed. Bounces, complaints and objections fill this list by themselves.")

    def get_context_data(self, *arguments: Any, **options: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*arguments, **options)
        return context | {"no_results_message": self.no_results_message}


def shortened(row: Suppression) -> str:
    return bytes(row.digest).hex()[:12] + "…"


def _remove_url(row: Suppression) -> str:
    return reverse("suppressions:remove", args=[row.pk])


class CheckView(PermissionCheckedMixin, View):
    """Is this address suppressed? Asked by POST: no address in a URL."""

    model = Suppression
    any_permission_required = ["add", "delete", "view"]
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        typed = request.POST.get("email", "").replace("\0", "").strip()[:300]
        found = [row for email in sorted(spellings(typed)) for row in suppression.of(email)]
        access_log.note(holding="mailing.Suppression", act=access_log.Act.SEARCH, keys=[row.pk for row in found])
        for row in found:
            words = {"scope": row.get_scope_display(), "why": row.get_reason_display(), "when": instant(row.since_at)}
            messages.warning(request, gettext("Yes: %(scope)s. %(why)s, since %(when)s.") % _capitals(words))
        if not found:
            messages.info(request, gettext("No, this address is not suppressed."))
        return redirect("suppressions:index")


def _capitals(words: dict[str, str]) -> dict[str, str]:
    return words | {"why": capfirst(words["why"])}


class AddForm(forms.Form):
    emails = forms.CharField(
        label=_("Addresses"),
        help_text=_("One a line. Only their hashes are kept."),
        widget=forms.Textarea(attrs={"rows": 8, "autocomplete": "off", "spellcheck": "false"}),
    )
    scope = forms.ChoiceField(label=_("What is not sent"), choices=Suppression.Scope.choices, widget=forms.RadioSelect)
    reason = forms.ChoiceField(label=_("Why"), choices=reasons.SUPPRESS, widget=forms.RadioSelect)

    def clean_emails(self) -> list[str]:
        lines = [(number, line.strip()) for number, line in enumerate(self.cleaned_data["emails"].splitlines(), 1)]
        typed = [(number, line) for number, line in lines if line]
        if len(typed) > MOST:
            raise ValidationError(_("At most %(most)d addresses at once.") % {"most": MOST})
        wrong = [str(number) for number, line in typed if not _is_email(line)]
        if wrong:
            sentence = _("No addresses stand on these lines: %(lines)s. Nothing was added.")
            raise ValidationError(sentence % {"lines": ", ".join(wrong[:20])})
        return [line for _number, line in typed]


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


class AddView(Ask):
    model = Suppression
    permission_required = "add"
    list_name, list_label = "suppressions:index", LIST
    page_title = _("Add addresses")
    header_icon = "no-view"
    explanation = _("No mail of lists is sent to these addresses, whichever they are on or are put on later.")
    submit_label = _("Suppress them")
    form_class = AddForm
    initial = {"scope": Suppression.Scope.LISTS, "reason": Suppression.Reason.EDITOR}

    def form_valid(self, form: Any) -> HttpResponse:
        asked, now = form.cleaned_data, timezone.now()
        scope, reason = Suppression.Scope(asked["scope"]), Suppression.Reason(asked["reason"])
        emails = sorted({each for email in asked["emails"] for each in spellings(email.lower())})
        listed = Suppression.objects.filter(digest__in=[addresses.digest(email) for email in emails])
        before = set(listed.values_list("pk", flat=True))
        count = suppression.suppress(emails, scope=scope, reason=reason, now=now)
        for row in listed.exclude(pk__in=before):
            log(row, "mailing.suppress", user=self.request.user, data={"scope": scope.value, "reason": reason.value})
        sentence = ngettext("%(count)d address was added.", "%(count)d addresses were added.", count)
        messages.success(self.request, sentence % {"count": count})
        return redirect(self.get_success_url())


class RemoveForm(forms.Form):
    reason = reasons.field(reasons.LIFT)


class RemoveView(Ask):
    model = Suppression
    permission_required = "delete"
    list_name, list_label = "suppressions:index", LIST
    page_title = _("Remove")
    header_icon = "no-view"
    explanation = _("Mail that the person agreed to is sent to the address again.")
    submit_label = _("Remove from the list")
    form_class = RemoveForm

    @cached_property
    def entry(self) -> Suppression:
        return get_object_or_404(Suppression, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return shortened(self.entry)

    def form_valid(self, form: Any) -> HttpResponse:
        log(self.entry, "mailing.lift", user=self.request.user, data={"reason": form.cleaned_data["reason"]})
        self.entry.delete()
        messages.success(self.request, gettext("The address is no longer suppressed."))
        return redirect(self.get_success_url())


class SuppressionViewSet(ModelViewSet):
    model = Suppression
    name = "suppressions"
    url_prefix = "mailing/suppressed"
    icon = "no-view"
    menu_label = LIST
    index_view_class = SuppressedIndexView
    index_template_name = "mailing/suppressed.html"
    index_results_template_name = "mailing/suppressed_results.html"
    url_finder_class = NullAdminURLFinder
    add_to_reference_index = False
    copy_view_enabled = False
    list_filter = ["scope", "reason"]
    list_per_page = 50
    form_fields: list[str] = []

    def get_permissions_to_register(self) -> Any:
        named = [f"{act}_suppression" for act in ("add", "delete", "view")]
        return Permission.objects.filter(content_type__app_label="mailing", codename__in=named)

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("check/", CheckView.as_view(), name="check"),
            path("add/", AddView.as_view(), name="add"),
            path("remove/<int:pk>/", RemoveView.as_view(), name="remove"),
        ]
