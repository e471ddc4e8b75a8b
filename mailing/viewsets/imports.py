"""How does a file of addresses come in? It is checked, looked at, and written by a worker once somebody says so."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import NullAdminURLFinder
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from mailing import incoming, tasks
from mailing.incoming.reading import REQUIRED
from mailing.models import AudienceImport, Field, MailingList
from mailing.viewsets.asking import Ask, Read
from policies.states import language_name
from policies.wording import instant
from records import retention
from records.tasks import hint

State = AudienceImport.State
IMPORTS = _("Imports")
PER_PAGE = 50
SHOWN = 20  # people in the preview
LOOK_AGAIN = "3"  # seconds until the page of an import in the making loads itself


class ImportIndexView(generic.IndexView):
    """Whoever may import sees what was imported. Files are named, people are not."""

    any_permission_required = ["add"]
    default_ordering = "-uploaded_at"
    is_searchable = False

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("filename", label=_("File"), get_url=_look_url),
            Column("mailing_list", label=_("List")),
            Column("get_state_display", label=_("State")),
            Column("counts", label=_("People"), accessor=lambda job: job.report.get("written", job.report["accepted"])),
            Column("uploaded_by", label=_("By")),
            Column("uploaded_at", label=_("Uploaded"), accessor=lambda job: instant(job.uploaded_at)),
        ]

    def get_base_queryset(self) -> QuerySet[AudienceImport]:
        return _standing().defer("content").select_related("mailing_list", "uploaded_by")

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [HeaderButton(_("Import a file"), url=reverse("imports:add"), icon_name="upload")]

    @cached_property
    def no_results_message(self) -> str:
        return gettext("No file was imported yet. A file has to say of each person where, how and when they agreed.")

    def get_context_data(self, *arguments: Any, **options: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*arguments, **options)
        return context | {"add_url": None, "no_results_message": self.no_results_message}


def _standing() -> QuerySet[AudienceImport]:
    """A file that nobody imported in time is gone, whenever the worker comes by."""
    return retention.unexpired(AudienceImport.objects.all(), timezone.now())


def _look_url(job: AudienceImport) -> str:
    return reverse("imports:look", args=[job.pk])


class ImportForm(forms.Form):
    mailing_list = forms.ModelChoiceField(label=_("List"), queryset=MailingList.objects.order_by("name"))
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV of at most 10 MB and 100,000 lines, in UTF-8 or UTF-16; commas, semicolons or tabs between."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
    )
    words = forms.CharField(
        label=_("Words people agreed to"),
        help_text=_("For lines whose column consent_text is empty or missing. Kept with each consent, as evidence."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    ignore = forms.BooleanField(
        label=_("Ignore columns that this site does not know"),
        help_text=_("Otherwise a file with such a column is refused, so that nothing is lost by a slip."),
        required=False,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > incoming.MOST_BYTES:
            raise ValidationError(_("The file is larger than 10 MB. Split it."))
        return file


class ImportView(Ask):
    """Checks the file, and leads to the look at it. What cannot be read is refused here with its reason."""

    model = AudienceImport
    permission_required = "add"
    list_name, list_label = "imports:index", IMPORTS
    page_title = _("Import a file")
    header_icon = "upload"
    template_name = "mailing/import_form.html"
    submit_label = _("Check the file")
    explanation = _(
        "First the file is only checked. Then you see who would come onto the list and which lines are left out; "
        "nobody is written to the list before you say so."
    )
    form_class = ImportForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(required=REQUIRED, columns=_columns(), **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        asked, now = form.cleaned_data, timezone.now()
        content, how = asked["file"].read(), {"words": asked["words"].strip(), "ignore": asked["ignore"]}
        try:
            checked = incoming.check(content, asked["mailing_list"], now, **how)
        except incoming.Unreadable as error:
            form.add_error("file", str(error))
            return self.form_invalid(form)
        job = AudienceImport.objects.create(
            mailing_list=asked["mailing_list"],
            filename=asked["file"].name.replace("\0", "")[-100:],
            content=content,
            report=checked.report(**how),
            uploaded_by_id=self.request.user.pk,
            uploaded_at=now,
        )
        return redirect(_look_url(job))


def _columns() -> list[tuple[str, Any]]:
    """What each column of a file holds, in words."""
    said = {
        "email": _("the address"),
        "consent_source": _("where and how the person agreed, such as “Trade fair Hamburg, form on paper”"),
        "consent_at": _("when, as 2026-03-01 or 2026-03-01T10:30"),
        "consent_text": _("the words they agreed to, where they differ from those below"),
        "name": _("the name"),
        "locale": _("the code of a language of this site, such as en"),
        "time_zone": _("such as Europe/Berlin"),
    }
    declared = Field.objects.order_by("key").values_list("key", "label")
    return [*said.items(), *((key, label) for key, label in declared if key not in said)]


class LookView(Read):
    """Before: who would be written, and who is left out. Then how far the worker is, and what came of it."""

    model = AudienceImport
    permission_required = "add"
    list_name, list_label = "imports:index", IMPORTS
    header_icon = "upload"
    template_name = "mailing/import.html"

    @cached_property
    def job(self) -> AudienceImport:
        return get_object_or_404(_standing().select_related("mailing_list"), pk=self.kwargs["pk"])

    def get_page_title(self) -> str:
        return f"{gettext('Import')} #{self.job.pk}"

    def get(self, request: HttpRequest, *arguments: Any, **options: Any) -> HttpResponse:
        response = super().get(request, *arguments, **options)
        if self.job.state == State.QUEUED:
            response["Refresh"] = LOOK_AGAIN
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        job, report = self.job, self.job.report
        is_checked = job.state == State.CHECKED
        page = Paginator(report["left_out"], PER_PAGE).get_page(self.request.GET.get("p"))
        counts = incoming.Checked(report["accepted"], [(line, code) for line, code in report["left_out"]]).counts
        return super().get_context_data(
            job=job,
            report=report,
            is_checked=is_checked,
            is_queued=job.state == State.QUEUED,
            is_failed=job.state == State.FAILED,
            uploaded=instant(job.uploaded_at),
            percent=report.get("written", 0) * 100 // max(report["accepted"], 1),
            rows=[(row, language_name(row.locale)) for row in self._first()] if is_checked else [],
            counts=[(incoming.sentence(code), count) for code, count in counts.items()],
            left_out=[(line, incoming.sentence(code)) for line, code in page],
            page=page,
            elided_page_range=page.paginator.get_elided_page_range(page.number),
            import_label=_import_label(report["accepted"]),
            **kwargs,
        )

    def _first(self) -> list[Any]:
        try:
            return incoming.first_rows(self.job, SHOWN, timezone.now())
        except incoming.Unreadable:
            return []


def _import_label(count: int) -> str:
    return ngettext("Import %(count)d person", "Import %(count)d people", count) % {"count": count}


class AnswerView(PermissionCheckedMixin, View):
    """Yes or no to a checked file."""

    model = AudienceImport
    permission_required = "add"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = get_object_or_404(_standing().defer("content"), pk=pk)
        if request.POST.get("answer") != "import":
            return self._forget(job)
        if not incoming.queue(job):
            messages.warning(request, gettext("Nothing was changed: this import was answered already."))
            return redirect(_look_url(job))
        data = {"list": job.mailing_list.key, "people": job.report["accepted"]}
        log(job, "mailing.import", user=request.user, data=data)
        hint(tasks.write_import, job.pk)
        return redirect(_look_url(job))

    def _forget(self, job: AudienceImport) -> HttpResponse:
        if not incoming.discard(job):
            messages.warning(self.request, gettext("Nothing was changed: this import was answered already."))
            return redirect(_look_url(job))
        messages.success(self.request, gettext("The file is forgotten. Nobody was imported."))
        return redirect("imports:index")


class TemplateFile(PermissionCheckedMixin, View):
    model = AudienceImport
    permission_required = "add"

    def get(self, request: HttpRequest) -> HttpResponse:
        response = HttpResponse(incoming.template(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="import.csv"'
        return response


class ImportViewSet(ModelViewSet):
    model = AudienceImport
    name = "imports"
    url_prefix = "mailing/imports"
    icon = "upload"
    menu_label = IMPORTS
    index_view_class = ImportIndexView
    url_finder_class = NullAdminURLFinder
    add_to_reference_index = False
    copy_view_enabled = False
    form_fields: list[str] = []

    def get_permissions_to_register(self) -> Any:
        return super().get_permissions_to_register().filter(codename="add_audienceimport")

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", ImportView.as_view(), name="add"),
            path("template/", TemplateFile.as_view(), name="template"),
            path("<int:pk>/", LookView.as_view(), name="look"),
            path("<int:pk>/answer/", AnswerView.as_view(), name="answer"),
        ]
