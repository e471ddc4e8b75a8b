"""What is typed to sign in: a password, of which nobody may try many, and a code."""

from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_ratelimit.core import get_usage
from wagtail.admin.forms.auth import LoginForm

from cms.two_factor import accounts

# Wrong passwords in five minutes: from one network address, and for one account, whoever types them. Short enough that
# nobody is kept out for long because of somebody else.
FROM_ONE_ADDRESS, FOR_ONE_ACCOUNT = "10/5m", "30/5m"
SECRET_LASTS = 3600  # seconds, to set up an app
_SALT = "two-factor set-up"


class SignInForm(LoginForm):
    """Wagtail's, which counts failures."""

    error_messages = {
        **LoginForm.error_messages,
        "too_many": _("Too many wrong passwords. Wait five minutes and try again, or ask for a new password by mail."),
    }

    def clean(self) -> Any:
        if self.request is None:
            return super().clean()
        if any(self._usage(*limit, count=False) for limit in self._limits()):
            raise ValidationError(self.error_messages["too_many"], code="too_many")
        try:
            return super().clean()
        except ValidationError:
            for limit in self._limits():
                self._usage(*limit, count=True)
            raise

    def _limits(self) -> list[tuple[str, Any, str]]:
        account = str(self.cleaned_data.get("username", "")).casefold()
        return [
            ("cms.sign-in.address", "ip", FROM_ONE_ADDRESS),
            ("cms.sign-in.account", lambda group, request: account, FOR_ONE_ACCOUNT),
        ]

    def _usage(self, group: str, key: Any, rate: str, *, count: bool) -> bool:
        """Is it used up? Without Valkey nothing is: people get to their work."""
        usage = get_usage(self.request, group=group, key=key, rate=rate, increment=count)
        return bool(usage and usage["count"] >= usage["limit"])


class CodeForm(forms.Form):
    """The six digits of now, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}),
        help_text=_("The six digits that the app on your telephone shows, or one of your recovery codes."),
    )


class SetUpForm(forms.Form):
    """The first code shows that the app has the secret, which this page carries, signed, until then."""

    secret = forms.CharField(widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("The six digits that the app shows"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    @staticmethod
    def fresh(user: Any) -> "SetUpForm":
        return SetUpForm(initial={"secret": signed(user, accounts.new_secret())})

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split())


def signed(user: Any, secret: str) -> str:
    return signing.dumps([user.pk, secret], salt=_SALT)


def opened(user: Any, value: str) -> str:
    """The secret that was signed for this account within the hour, or ""."""
    try:
        pk, secret = signing.loads(value, salt=_SALT, max_age=SECRET_LASTS)
    except signing.BadSignature:
        return ""
    return str(secret) if pk == user.pk else ""
