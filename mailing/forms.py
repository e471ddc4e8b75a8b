"""What does somebody send who joins a list, or who changes what they get?"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from mailing.models import Field, MailingList, Subscriber

# No address, no markup, nothing that breaks a line: whoever types a name may not be who reads it.
plain_name = RegexValidator(r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029<>@/\\]*$", _("A name alone: no addresses, no markup."))
REGIONS = {
    "Africa": _("Africa"),
    "America": _("America"),
    "Antarctica": _("Antarctica"),
    "Arctic": _("Arctic"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific"),
}
YES_NO = {"": None, "yes": True, "no": False}


class JoinForm(forms.Form):
    """One address, one or several lists, none of them ticked before."""

    email = forms.EmailField(
        label=_("Your e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    name = forms.CharField(
        label=_("Your name"),
        help_text=_("We begin our mails with it, and use it for nothing else unless you say so."),
        max_length=100,
        required=False,
        validators=[plain_name],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    mailing_list = forms.ModelMultipleChoiceField(
        label=_("What you want to receive"),
        queryset=MailingList.objects.order_by("name"),
        to_field_name="key",
        error_messages={"required": _("Tick what you want to receive.")},
    )


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class DetailsForm(forms.Form):
    """What a subscriber says of themselves: a name, a language, a time zone, and every declared field."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("We begin our mails with it, and use it for nothing else unless you say so."),
        max_length=100,
        required=False,
        validators=[plain_name],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    locale = forms.ChoiceField(label=_("Language of the mails"))
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("Some mails are to arrive at a certain hour of your day. Not said: the hour of this site."),
        required=False,
    )

    def __init__(self, sent: Any, *, declared: Iterable[Field], subscriber: Subscriber) -> None:
        self.declared = list(declared)
        super().__init__(sent, initial=self._known(subscriber), prefix=None)
        self.fields["locale"].choices = settings.LANGUAGES  # type: ignore[attr-defined]
        self.fields["time_zone"].choices = zones(subscriber.time_zone)  # type: ignore[attr-defined]
        for field in self.declared:
            self.fields[f"field_{field.key}"] = _input(field)

    def _known(self, subscriber: Subscriber) -> dict[str, Any]:
        spoken = dict(settings.LANGUAGES)
        known = {f"field_{field.key}": _shown(field, subscriber.fields.get(field.key)) for field in self.declared}
        return known | {
            "name": subscriber.name,
            "locale": subscriber.locale if subscriber.locale in spoken else settings.LANGUAGE_CODE,
            "time_zone": subscriber.time_zone,
        }

    def values(self) -> dict[str, Any]:
        """What was written in the declared fields, as plain JSON; None where nothing was."""
        return {field.key: _stored(field, self.cleaned_data[f"field_{field.key}"]) for field in self.declared}


class ChoicesForm(forms.Form):
    """Which ticks somebody set and took back, list by list, and which words stood beside them."""

    words = forms.CharField(max_length=64)
    mail = forms.MultipleChoiceField(required=False)
    mail_was = forms.MultipleChoiceField(required=False)
    links = forms.MultipleChoiceField(required=False)
    links_was = forms.MultipleChoiceField(required=False)
    shares = forms.MultipleChoiceField(required=False)
    shares_was = forms.MultipleChoiceField(required=False)

    def __init__(self, sent: Any, *, keys: Iterable[str], shares: Iterable[str] = ()) -> None:
        super().__init__(sent)
        for known, names in ((keys, ("mail", "links")), (shares, ("shares",))):
            choices = [(key, key) for key in known]
            for name in names:
                self.fields[name].choices = self.fields[f"{name}_was"].choices = choices  # type: ignore[attr-defined]

    def touched(self, name: str) -> Mapping[str, bool]:
        """What differs from what the page showed: a tick that somebody left alone says nothing."""
        now, was = set(self.cleaned_data[name]), set(self.cleaned_data[f"{name}_was"])
        return {key: key in now for key in now ^ was}


def zones(known: str) -> list[tuple[str, Any]]:
    """Time zones by region, as a select has them; `known` too, where it is none of them."""
    groups: list[tuple[str, Any]] = [("", _("not said")), ("UTC", "UTC")]
    if known and known not in _zones() and known != "UTC":
        groups.append((known, known))
    for region, label in REGIONS.items():
        names = [name for name in _zones() if name.partition("/")[0] == region]
        groups.append((str(label), [(name, name.partition("/")[2].replace("_", " ")) for name in names]))
    return groups


@cache
def _zones() -> list[str]:
    return sorted(name for name in available_timezones() if name.partition("/")[0] in REGIONS and "/" in name)


def _input(field: Field) -> forms.Field:
    said: dict[str, Any] = {"label": field.label, "help_text": field.why, "required": False}
    if field.kind == Field.Kind.NUMBER:
        return forms.DecimalField(max_digits=15, decimal_places=6, **said)
    if field.kind == Field.Kind.DATE:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **said)
    if field.kind == Field.Kind.YES_NO:
        return forms.ChoiceField(choices=[("", _("not said")), ("yes", _("yes")), ("no", _("no"))], **said)
    return forms.CharField(max_length=200, **said)


def _shown(field: Field, value: Any) -> Any:
    if field.kind == Field.Kind.YES_NO:
        return {True: "yes", False: "no"}.get(value, "") if isinstance(value, bool) else ""
    return "" if value is None else value


def _stored(field: Field, value: Any) -> Any:
    if field.kind == Field.Kind.YES_NO:
        return YES_NO[value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    return value or None
