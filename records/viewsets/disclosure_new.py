"""One person hands out data on a ground that takes no second: asked, shown as it would go, downloaded once."""

import tempfile
import uuid
from typing import IO, Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from records import access_log, disclosures
from records.disclosures import Refused, contents, register
from records.disclosures.contents import Wanted
from records.models import Disclosure
from records.registry import Ground, declared
from records.viewsets.disclosing import FORMS, Steps, WhoseForm, in_words


class Changed(Exception):
    """The rows are not those that were shown."""


class NewForm(WhoseForm):
    form = forms.ChoiceField(label=_("As"), choices=FORMS, initial="json", required=False, widget=forms.RadioSelect)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if self.is_last and said.get("form") == "csv" and len(self.sets if "columns" in said else ()) > 1:
            raise ValidationError(_("CSV holds one data set. Choose columns of one, or take JSON."))
        return said


class NewView(Steps):
    page_title = _("New disclosure")
    form_class = NewForm
    last = ("preview", "hand")

    def form_valid(self, form: Any) -> Any:
        if self.act not in self.last or not form.held:
            return self.show(form, "choose")
        if self.act == "preview":
            return self._preview(form)
        try:
            return self._hand_out(form)
        except Changed:
            return self._preview(form, changed=True)
        except Refused as refused:
            form.add_error(None, str(refused))
            return self.show(form, "choose")

    def _wanted(self, form: Any) -> Wanted:
        return Wanted(form.sets, form.cleaned_data["emails"], timezone.now())

    def _preview(self, form: Any, *, changed: bool = False) -> Any:
        """Writes what would go, to say its hash, and forgets it."""
        with tempfile.TemporaryFile() as file:
            rows = contents.write(self._wanted(form), file, as_csv=form.cleaned_data["form"] == "csv")
            made = register.measured(file)
        lines = in_words(form.sets, rows)
        ground = Ground(form.cleaned_data["ground"]).label
        more = {
            "ground": ground,
            "key": uuid.uuid4(),
            "seen": made.sha256,
            "size": made.size,
            "lines": lines,
            "changed": changed,
        }
        return self.show(form, "preview", **more)

    def _hand_out(self, form: Any) -> FileResponse:
        said, wanted = form.cleaned_data, self._wanted(form)
        as_csv = said["form"] == "csv"

        def content(file: IO[bytes]) -> None:
            contents.write(wanted, file, as_csv=as_csv)
            if register.measured(file).sha256 != said["seen"]:
                raise Changed

        row = disclosures.disclose(
            recipient=said["recipient"],
            ground=said["ground"],
            sets=form.sets,
            people=contents.people(wanted),
            means=contents.MEANS,
            content=content,
            asked_by=self.request.user,
            reference=said["reference"],
            key=said["key"],
            now=wanted.at,
        )
        return handed_out(row, wanted, self.request.user, "csv" if as_csv else "json")


def handed_out(row: Disclosure, wanted: Wanted, user: Any, form: str) -> FileResponse:
    """The file, named after its place in the register; Wagtail's log and the log of readings say so without a name."""
    for label in row.sets:
        if declared()[label].personal:
            keys = wanted.rows(label).values_list("pk", flat=True)[: access_log.MOST_KEYS]
            access_log.note(holding=label, act=access_log.Act.EXPORT, keys=keys, count=wanted.rows(label).count())
    data = {"recipient": row.recipient_name, "ground": row.ground, "people": row.subjects, "sha256": row.sha256_sent}
    log(row, "records.disclose", user=user, data=data)
    name = f"disclosure-{row.number}.{form}"
    kind = "text/csv; charset=utf-8" if form == "csv" else "application/json"
    return FileResponse(row.file, as_attachment=True, filename=name, content_type=kind)
