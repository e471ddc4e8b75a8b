"""The form that a page asks, from the fields that its editor put together."""

from collections.abc import Callable
from typing import Any

from django import forms

from home.models import Field, FormPage

Kind = Field.Kind


def _text(**attributes: str) -> Callable[[Field], forms.Field]:
    return lambda _field: forms.CharField(max_length=200, widget=forms.TextInput(attrs=attributes))


def _chosen(kind: type[forms.ChoiceField], widget: type[forms.Select]) -> Callable[[Field], forms.Field]:
    return lambda field: kind(choices=[(each, each) for each in field.choices], widget=widget)


FIELDS: dict[str, Callable[[Field], forms.Field]] = {
    Kind.NAME: lambda _f: forms.CharField(max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})),
    Kind.EMAIL: lambda _f: forms.EmailField(max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})),
    Kind.PHONE: lambda _f: forms.CharField(
        max_length=40, widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"})
    ),
    Kind.MESSAGE: lambda _f: forms.CharField(max_length=5000, widget=forms.Textarea(attrs={"rows": 8})),
    Kind.LINE: _text(),
    Kind.LINES: lambda _f: forms.CharField(max_length=5000, widget=forms.Textarea(attrs={"rows": 5})),
}


class PageForm(forms.Form):
    def __init__(self, *args: Any, page: FormPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in page.fields.all():
            made = FIELDS[each.kind](each)
            made.label, made.help_text, made.required = each.label, each.why, each.required
            self.fields[each.key] = made
