"""What asks for consent, what exactly was shown, and who decided what."""

from datetime import datetime

import uuid_utils.compat
from cookie_consent.models import CookieGroup
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from policies.models import PolicyVersion

web_address = URLValidator(schemes=["http", "https"])


class Service(models.Model):
    """A third party's script that runs only for visitors who allowed its group."""

    key = models.SlugField(_("key"), max_length=40, unique=True, help_text=_("Short and lasting, such as visit-count."))
    name = models.CharField(_("name"), max_length=100)
    vendor = models.CharField(_("vendor"), max_length=200, help_text=_("The company that receives the data."))
    group = models.ForeignKey(CookieGroup, on_delete=models.PROTECT, verbose_name=_("group"), related_name="services")
    description = models.TextField(_("what it does"))
    script_url = models.CharField(_("address of its script"), max_length=500, validators=[web_address])
    policy_url = models.CharField(
        _("the vendor's privacy policy"), max_length=500, blank=True, validators=[web_address]
    )

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")

    def __str__(self) -> str:
        return self.name


class Snapshot(models.Model):
    """Everything the banner showed and the gates obeyed, as canonical JSON (RFC 8785). Append-only."""

    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    content = models.TextField(_("canonical JSON"))
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        verbose_name = _("published configuration")
        verbose_name_plural = _("published configurations")

    def __str__(self) -> str:
        return f"Configuration {self.sha256[:12]}"


class Decision(models.Model):
    """One choice, refusals and withdrawals included. No address, no name, no browser. Append-only.

    What the person was told is the snapshot, or `statement` where there was a sentence instead of a banner
    (GDPR Art. 7(1): the controller can demonstrate consent).
    """

    class Source(models.TextChoices):
        BANNER = "banner", _("banner")
        NO_SCRIPT = "no_js", _("page without scripts")
        MAIL = "mail", _("link in a mail")

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    consent_id = models.UUIDField(_("one person's decisions"), db_index=True)
    key = models.UUIDField(_("idempotency key"), unique=True)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, null=True, related_name="decisions")
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, null=True, related_name="+")
    statement = models.TextField(_("words agreed to"), blank=True)
    choices = models.JSONField(_("choices"))
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    locale = models.CharField(_("language shown"), max_length=12)
    decided_at = models.DateTimeField(_("decided at"))
    expires_at = models.DateTimeField(_("asked again at"), null=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.CheckConstraint(
                condition=Q(snapshot__isnull=False) | ~Q(statement=""), name="decision_says_what_was_shown"
            )
        ]

    def __str__(self) -> str:
        return f"Decision {self.id}"

    def allows(self, purpose: str, at: datetime) -> bool:
        """Does this decision cover `purpose` at `at`?"""
        return self.choices.get(purpose) is True and (self.expires_at is None or at < self.expires_at)
