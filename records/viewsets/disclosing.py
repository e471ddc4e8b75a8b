"""How does somebody say what is to go to whom? First whose data, then what of it; no address tells about a person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from records import access_log, disclosures
from records.disclosures import contents
from records.disclosures.contents import Held
from records.disclosures.refusals import SECOND_PERSON, Sets
from records.models import Disclosure, Recipient
from records.registry import Ground, holdings
from records.viewsets.permitted import DISCLOSURES

MOST = 100  # people named in one form
FORMS = [("json", _("JSON, by data set")), ("csv", _("CSV, of one data set"))]


class WhoseForm(forms.Form):
    """To whom, on which ground, whose data, and which columns of what is there."""

    recipient = forms.ModelChoiceField(
        label=_("Recipient"),
        queryset=Recipient.objects.order_by("name"),
        help_text=_("One of those under Consent › Recipients. Add it there first."),
    )
    ground = forms.ChoiceField(label=_("Ground"), widget=forms.RadioSelect)
    reference = forms.CharField(
        label=_("Contract, case or document"),
        max_length=200,
        help_text=_("Kept for as long as the register. Name nobody here."),
    )
    emails = forms.CharField(
        label=_("Whose data"),
        help_text=_("E-mail addresses, one a line."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )
    columns = forms.MultipleChoiceField(required=False)

    def __init__(self, *arguments: Any, open_grounds: Iterable[Ground], is_last: bool, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.is_last, self.held = is_last, list[Held]()
        fields: Any = self.fields
        fields["ground"].choices = [(ground.value, ground.label) for ground in open_grounds]

    def clean_emails(self) -> list[str]:
        typed = list(dict.fromkeys(line.strip() for line in self.cleaned_data["emails"].splitlines() if line.strip()))
        if len(typed) > MOST:
            raise ValidationError(_("At most %(most)d people at once.") % {"most": MOST})
        for number, line in enumerate(typed, 1):
            try:
                validate_email(line)
            except ValidationError:
                raise ValidationError(_("Line %(number)d is no e-mail address.") % {"number": number}) from None
        return typed

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        # What may be ticked is what is there: asked once it is known whose.
        self.errors.pop("columns", None)
        if "emails" in said and "ground" in said:
            self.held = self._held(said)
            said["columns"] = self._chosen()
            if self.is_last and not said["columns"] and self.held:
                self.add_error(None, _("Choose at least one column."))
        return said

    def _held(self, said: Mapping[str, Any]) -> list[Held]:
        return contents.held(said["emails"] or None, timezone.now())

    def _chosen(self) -> list[str]:
        sent: Any = self.data
        return [name for name in sent.getlist("columns") if name in {value for value, _label in self._offered()}]

    def _offered(self) -> Iterable[tuple[str, str]]:
        return [(f"{held.entry.label}.{name}", name) for held in self.held for name in held.columns]

    @property
    def sets(self) -> dict[str, list[str]]:
        sets: dict[str, list[str]] = {}
        for name in self.cleaned_data["columns"]:
            label, _dot, column = name.rpartition(".")
            sets.setdefault(label, []).append(column)
        return sets

    @property
    def groups(self) -> list[dict[str, Any]]:
        """Each data set with its columns, ticked as they were sent; none is ticked before."""
        ticked = self.cleaned_data.get("columns", [])
        return [
            {
                "title": held.entry.title,
                "rows": held.rows,
                "columns": [_column(held, name, ticked) for name in held.columns],
            }
            for held in self.held
        ]


def _column(held: Held, name: str, ticked: Iterable[str]) -> dict[str, Any]:
    value = f"{held.entry.label}.{name}"
    return {"value": value, "name": name, "what": held.entry.personal[name].category.label, "on": value in ticked}


@dataclass(frozen=True)
class Line:
    """What goes of one data set, in words."""

    title: str
    columns: str
    rows: int | None


def in_words(sets: Sets, rows: Mapping[str, int] | None = None) -> list[Line]:
    """`sets` for people to read; what the code has forgotten since by its name."""
    titles = {entry.label: str(entry.title) for entry in holdings()}
    return [
        Line(titles.get(label, label), ", ".join(columns), rows.get(label, 0) if rows is not None else None)
        for label, columns in sorted(sets.items())
    ]


def closed(grounds: Iterable[Ground]) -> list[dict[str, str]]:
    """Those of `grounds` that are none now, with why not."""
    now = timezone.now()
    open_now = disclosures.grounds(now)
    return [
        {"ground": str(ground.label), "why": disclosures.why_not(ground, now)}
        for ground in grounds
        if ground not in open_now
    ]


class Steps(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView):  # type: ignore[type-arg]
    """A form in steps over one address: what was said before travels along, and nothing is kept in between."""

    model = Disclosure
    permission_policy = DISCLOSURES
    permission_required = "disclose"
    header_icon = "download"
    template_name = "records/disclosure_new.html"
    form_class = WhoseForm
    grounds: tuple[Ground, ...] = tuple(ground for ground in Ground if ground not in SECOND_PERSON)
    last: tuple[str, ...] = ()  # acts that need all of it

    @property
    def act(self) -> str:
        return str(self.request.POST.get("act", "look"))

    @cached_property
    def open_grounds(self) -> list[Ground]:
        listed = disclosures.grounds(timezone.now())
        return [ground for ground in self.grounds if ground in listed]

    def get_form_kwargs(self) -> dict[str, Any]:
        said = {"open_grounds": self.open_grounds, "is_last": self.act in self.last}
        return super().get_form_kwargs() | said

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("disclosures:index"), "label": gettext("Disclosures")}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        said = {"closed": closed(self.grounds), "step": "ask", "has_recipients": Recipient.objects.exists()}
        context = super().get_context_data(**said | kwargs)
        return context | {"media": context["form"].media}

    def show(self, form: Any, step: str, **more: Any) -> Any:
        note_look(form)
        warnings = disclosures.warnings(form.cleaned_data["recipient"])
        return self.render_to_response(self.get_context_data(form=form, step=step, warnings=warnings, **more))


def note_look(form: WhoseForm) -> None:
    """Finding out what is there about somebody is reading about them."""
    for held in form.held:
        access_log.note(holding=held.entry.label, act=access_log.Act.SEARCH, count=held.rows)
