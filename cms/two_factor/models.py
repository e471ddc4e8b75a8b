"""What does the site keep of an account's second factor? A secret, sealed, and a digest of each recovery code."""

import hmac
import time
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device, ThrottlingMixin, TimestampMixin
from django_otp.oath import TOTP

from records.models import SubjectKey
from records.sealed import RowNumber, SealedField

TOLERANCE = 1  # steps of half a minute that a telephone's clock may be off, either way (RFC 6238, 5.2)
MOST_FAILURES = 12  # the wait doubles with each wrong code, up to half an hour: nobody locks another out for good


class Authenticator(TimestampMixin, ThrottlingMixin, Device):
    """The app on somebody's telephone that shows a new code every half minute. One for each account."""

    id = RowNumber(primary_key=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="authenticator", verbose_name=_("account")
    )
    subject_key = models.ForeignKey(
        SubjectKey, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+", verbose_name=_("key")
    )
    secret = SealedField(_("secret"), most=80)  # hexadecimal
    last_step = models.BigIntegerField(_("last step used"), default=-1)

    # The reference index would keep a trace of each row.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("authenticator")
        verbose_name_plural = _("authenticators")
        default_permissions = ()

    def __str__(self) -> str:
        return f"Authenticator #{self.pk}"

    def verify_token(self, token: Any) -> bool:
        """Is this the code of now? Each counts once; a wrong one makes the next wait longer. On a locked row."""
        allowed, _data = self.verify_is_allowed()
        if not allowed:
            return False
        step = matching_step(self.secret, str(token), after=self.last_step)
        if step is None:
            self.throttle_increment()
            return False
        self.last_step = step
        self._succeeded()
        return True

    def verify_recovery_code(self, code: str) -> bool:
        """Is this one of the codes on paper? It is gone afterwards. On a locked row."""
        allowed, _data = self.verify_is_allowed()
        if not allowed:
            return False
        gone, _rows = self.recovery_codes.filter(digest=digest(self.secret, code)).delete()
        if not gone:
            self.throttle_increment()
            return False
        self._succeeded()
        return True

    def _succeeded(self) -> None:
        self.throttle_reset(commit=False)
        self.set_last_used_timestamp(commit=False)
        self.save()

    def throttle_increment(self, commit: bool = True) -> None:
        super().throttle_increment(commit=False)
        counted: Any = self  # the library has no types
        counted.throttling_failure_count = min(counted.throttling_failure_count, MOST_FAILURES)
        if commit:
            self.save()

    def get_throttle_factor(self) -> int:
        return 1  # second


class RecoveryCode(models.Model):
    """One way in without the telephone. What is kept tells nobody the code, and goes once it is used."""

    authenticator = models.ForeignKey(Authenticator, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.BinaryField(_("digest"), max_length=32)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        default_permissions = ()

    def __str__(self) -> str:
        return f"Recovery code #{self.pk}"


def matching_step(secret: str, code: str, *, after: int = -1) -> int | None:
    """Which half minute later than `after` has this code? None where it is wrong, or was used."""
    if not (len(code) == 6 and code.isascii() and code.isdigit()):
        return None
    totp = TOTP(bytes.fromhex(secret))
    totp.time = time.time()
    return int(totp.t()) if totp.verify(int(code), TOLERANCE, after + 1) else None


def digest(secret: str, code: str) -> bytes:
    """Under the account's own secret: who has the database alone cannot try codes against it."""
    return hmac.digest(bytes.fromhex(secret), f"recovery:{code}".encode(), "sha256")


def is_on() -> bool:
    return bool(settings.TWO_FACTOR != "off")
