"""The contact form: what is asked, and which of it must be given."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from home.models import Asked, ContactPage


class ContactForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("We answer to it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Your telephone number"),
        max_length=40,
        required=False,
        help_text=_("If you would rather be called."),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    message = forms.CharField(label=_("Your message"), max_length=5000, widget=forms.Textarea(attrs={"rows": 8}))

    def __init__(self, *args: Any, page: ContactPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, asked in (("name", page.name_asked), ("phone", page.phone_asked)):
            self.fields[name].required = asked == Asked.REQUIRED
            if asked == Asked.NOT:
                del self.fields[name]
