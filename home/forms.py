"""The form that a page asks, from the fields that its editor put together."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from home import uploads
from home.models import Field, FormPage

Kind = Field.Kind
PUBLIC = "public-"  # before the key: the tick beside a field that may be shown
LINES, LINE = 5000, 200  # characters


@dataclass(frozen=True)
class Words:
    """What a visitor may agree to on this page, word for word: by the key of a field, and about the newsletter."""

    public: Mapping[str, str] = field(default_factory=dict)
    newsletter: str = ""

    @property
    def fingerprint(self) -> str:
        """The same while the words stay the same: who agrees has read these, and no earlier ones."""
        said = [*(f"{key}\n{words}" for key, words in self.public.items()), self.newsletter]
        return hashlib.sha256("\0".join(said).encode()).hexdigest()[:32]


def words(page: FormPage, *, owner: str, place: str, newsletter: str) -> Words:
    """`place` is the title of the page that shows what is published, "" where there is none. Where no address must be
    given nobody can be told how to take something down: nothing is shown publicly then."""
    public = {each.key: _statement(each, owner, place) for each in page.asks if each.shown_publicly}
    return Words(public if page.can_publish else {}, newsletter)


def _statement(asked: Field, owner: str, place: str) -> str:
    said = {"owner": owner, "field": asked.label, "page": place}
    if place:
        words = _(
            "%(owner)s may show what I write under “%(field)s” to everybody, on the page “%(page)s”, until I take it "
            "down."
        )
    else:
        words = _("%(owner)s may show what I write under “%(field)s” to everybody here, until I take it down.")
    return words % said


class Text(forms.CharField):
    """Browsers count a new line as one character and send two."""

    def to_python(self, value: Any) -> str:
        said = super().to_python(value)
        return str(said).replace("\r\n", "\n")


class Phone(Text):
    """Judged by its form alone; whether it rings is not looked up."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and sum(map(str.isdigit, value)) < 3:  # the shortest numbers that are dialled have three
            raise ValidationError(_("Write a telephone number: its digits, with + and the country's number in front."))


class Pick(forms.ClearableFileInput):
    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def use_required_attribute(self, initial: Any) -> bool:
        return False  # what was chosen is gone after an error; the form says so itself


class Files(forms.FileField):
    """One file or several, each judged by its bytes."""

    def clean(self, data: Any, initial: Any = None) -> list[uploads.File]:
        sent = [each for each in (data if isinstance(data, list) else [data]) if isinstance(each, UploadedFile)]
        if not sent and self.required:
            raise ValidationError(self.error_messages["required"])
        found, problems = [], []
        for each in sent:
            try:
                found.append(uploads.taken(each))
            except uploads.Refused as refused:
                problems.append(str(refused))
        if problems:
            raise ValidationError(problems)
        return found


def _line(most: int = LINE, **attributes: Any) -> Callable[[Field], forms.Field]:
    return lambda _field: Text(max_length=most, widget=forms.TextInput(attrs=attributes))


def _lines(rows: int) -> Callable[[Field], forms.Field]:
    return lambda _field: Text(max_length=LINES, widget=forms.Textarea(attrs={"rows": rows}))


def _number(_field: Field) -> forms.Field:
    widget = forms.NumberInput(attrs={"inputmode": "decimal", "step": "any"})
    return forms.DecimalField(max_digits=20, decimal_places=6, widget=widget)


def _select(asked: Field) -> forms.Field:
    return forms.ChoiceField(choices=[("", _("Choose one")), *((each, each) for each in asked.choices)])


def _radio(asked: Field) -> forms.Field:
    return forms.ChoiceField(choices=[(each, each) for each in asked.choices], widget=forms.RadioSelect)


def _checks(asked: Field) -> forms.Field:
    return forms.MultipleChoiceField(
        choices=[(each, each) for each in asked.choices], widget=forms.CheckboxSelectMultiple
    )


def _url(_field: Field) -> forms.Field:
    widget = forms.URLInput(attrs={"autocomplete": "url", "placeholder": "https://"})
    made = forms.URLField(max_length=500, assume_scheme="https", widget=widget)
    made.validators = [each for each in made.validators if not isinstance(each, URLValidator)]
    made.validators.append(URLValidator(schemes=["http", "https"]))
    return made


def _phone(_field: Field) -> forms.Field:
    widget = forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"})
    widget.input_type = "tel"
    return Phone(max_length=40, widget=widget)


def _email(_field: Field) -> forms.Field:
    widget = forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"})
    return forms.EmailField(max_length=254, widget=widget)


def _date(_field: Field) -> forms.Field:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


FIELDS: dict[str, Callable[[Field], forms.Field]] = {
    Kind.NAME: _line(100, autocomplete="name"),
    Kind.EMAIL: _email,
    Kind.PHONE: _phone,
    Kind.MESSAGE: _lines(8),
    Kind.LINE: _line(),
    Kind.LINES: _lines(5),
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.URL: _url,
    Kind.CHOICE: _select,
    Kind.RADIO: _radio,
    Kind.CHECKS: _checks,
    Kind.TICK: lambda _field: forms.BooleanField(),
    Kind.FILE: lambda _field: Files(widget=Pick(attrs={"accept": uploads.ACCEPT})),
}


class Asked(forms.BoundField):
    """One field as the template draws it."""

    form: "VisitorForm"

    @property
    def shape(self) -> str:
        """ "group" of ticks, one "tick", "files", or one "line" of whatever else."""
        widget = self.field.widget
        if isinstance(widget, forms.CheckboxInput):
            return "tick"
        if isinstance(widget, Pick):
            return "files"
        return "group" if widget.use_fieldset else "line"

    @property
    def public(self) -> "forms.BoundField | None":
        return self.form[PUBLIC + self.name] if PUBLIC + self.name in self.form.fields else None

    @property
    def aria_describedby(self) -> str:
        ids = [super().aria_describedby or ""]
        ids += [f"{self.auto_id}_public"] if self.public else []
        ids += [f"{self.auto_id}_files"] if self.shape == "files" else []
        return " ".join(filter(None, ids))

    @property
    def place(self) -> str:
        """The id to which the summary of what is wrong leads."""
        return self.auto_id if self.shape != "group" else f"{self.auto_id}_0"


class VisitorForm(forms.Form):
    """What an editor's page asks, and after it: the ticks of consent, and what keeps programs out."""

    bound_field_class = Asked
    homepage = Text(required=False, max_length=LINE)  # nobody sees it; who fills it in is a program
    token = forms.CharField(required=False, max_length=200)
    words = forms.CharField(required=False, max_length=64)

    def __init__(self, *args: Any, page: FormPage, words: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page, self.statements = page, words
        self.asked = page.asks
        for each in self.asked:
            made = FIELDS[each.kind](each)
            made.label, made.help_text, made.required = each.label, each.why, each.required
            made.widget.is_required = each.required
            self.fields[each.key] = made
            if each.key in words.public:
                tick = forms.BooleanField(required=False, label=words.public[each.key])
                self.fields[PUBLIC + each.key] = tick
        if words.newsletter:
            self.fields["newsletter"] = forms.BooleanField(required=False, label=words.newsletter)

    def shown(self) -> Iterable[forms.BoundField]:
        """The editor's fields, in their order."""
        return [self[each.key] for each in self.asked]

    def wrong(self) -> list[forms.BoundField]:
        """What has to be mended, in the order of the page."""
        return [self[name] for name in self.fields if name in self.errors]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self._count_files(cleaned)
        ticked = [name for name in self.fields if name.startswith((PUBLIC, "newsletter")) and cleaned.get(name)]
        if cleaned.get("words") != self.statements.fingerprint:
            for name in ticked:
                said = _("These words have changed since you opened the page. Read them, and tick again.")
                self.add_error(name, said)
        if cleaned.get("newsletter") and "email" not in self.errors and not cleaned.get("email"):
            self.add_error("email", _("Write where the newsletter is to go."))
        return cleaned

    def _count_files(self, cleaned: Mapping[str, Any]) -> None:
        names = [each.key for each in self.asked if each.kind == Kind.FILE]
        if sum(len(cleaned.get(name) or []) for name in names) > uploads.MOST_FILES:
            most = uploads.MOST_FILES
            said = ngettext("Send %(most)d file at most.", "Send %(most)d files at most.", most) % {"most": most}
            self.add_error(next(name for name in names if cleaned.get(name)), said)

    @property
    def is_trapped(self) -> bool:
        """Was something written where no person writes?"""
        sent: Any = self.data  # of a request: it may name the field twice
        return any(sent.getlist("homepage"))

    def answers(self) -> list[dict[str, str]]:
        """What was given, in words and in the order in which it was asked; what was left out is not among it."""
        said = ((each, plain(self.cleaned_data[each.key])) for each in self.asked)
        return [
            {"key": each.key, "label": each.label, "kind": each.kind, "said": words} for each, words in said if words
        ]

    def attached(self) -> list[tuple[str, uploads.File]]:
        """Each with the key of its field."""
        asked = (each.key for each in self.asked if each.kind == Kind.FILE)
        return [(key, file) for key in asked for file in self.cleaned_data[key]]

    def agreed(self) -> dict[str, str]:
        """By key: the words under which something of what was given may be shown."""
        ticked = {key: said for key, said in self.statements.public.items() if self.cleaned_data.get(PUBLIC + key)}
        return {key: said for key, said in ticked.items() if plain(self.cleaned_data[key])}


YES = gettext_lazy("yes")


def plain(value: Any) -> str:
    """What was given, as text."""
    if value is True:
        return str(YES)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(each.name if isinstance(each, uploads.File) else each for each in value)
    return value or ""
