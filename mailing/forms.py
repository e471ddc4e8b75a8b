"""The sign-up form: one address, one list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from mailing.models import MailingList


class JoinForm(forms.Form):
    email = forms.EmailField(
        label=_("Your e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    mailing_list = forms.ModelChoiceField(
        label=_("What you want to receive"),
        queryset=MailingList.objects.order_by("name"),
        to_field_name="key",
        empty_label=None,
    )
