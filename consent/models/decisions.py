"""What was shown and who decided what: rows that are written once and never changed."""

from datetime import datetime

import uuid_utils.compat
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Func, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import Site

from policies.models import PolicyRendition, PolicyVersion


class NextInLedger(Func):
    """One number for decisions and redactions alike, in the order they arrive."""

    function = "nextval"

    def __init__(self) -> None:
        super().__init__(Value("consent_ledger_seq"), output_field=models.BigIntegerField())


class Snapshot(models.Model):
    """Everything that was shown and enforced on one site, in all languages, as canonical JSON (RFC 8785). Append-only.

    `material_sha256` covers what asks people again: purposes, vendors, legal basis, how long data is kept.
    """

    # No constraint: evidence outlives the site in the CMS. The content names its host.
    site = models.ForeignKey(Site, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    number = models.PositiveIntegerField(_("number"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True)
    material_sha256 = models.CharField(_("SHA-256 of what asks again"), max_length=64)
    content = models.TextField(_("canonical JSON"))
    published_at = models.DateTimeField(_("published at"))
    published_by = models.CharField(_("published by"), max_length=200, blank=True)  # copied: the account may go

    class Meta:
        verbose_name = _("published configuration")
        verbose_name_plural = _("published configurations")
        constraints = [models.UniqueConstraint(fields=["site", "number"], name="snapshot_number")]

    def __str__(self) -> str:
        return f"Configuration {self.sha256[:12]}"


class Decision(models.Model):
    """One choice, refusals and withdrawals included. No address, no name, no browser. Append-only.

    What the person was told is the snapshot and the policy version, or `statement` where there was a sentence instead
    of a banner (GDPR Art. 7(1): the controller can demonstrate consent).
    """

    class Source(models.TextChoices):
        BANNER = "banner", _("banner")
        PANEL = "panel", _("preference panel")
        EMBED = "embed", _("beside a video, map or post")
        NO_SCRIPT = "no_js", _("page without scripts")
        GPC = "gpc", _("Global Privacy Control")
        FORM = "form", _("form")
        MAIL = "mail", _("link in a mail")
        API = "api", _("program")
        IMPORT = "import", _("import")

    class Action(models.TextChoices):
        GIVE = "give", pgettext_lazy("decision", "given")
        REFUSE = "refuse", pgettext_lazy("decision", "refused")
        CHANGE = "change", pgettext_lazy("decision", "changed")
        WITHDRAW = "withdraw", pgettext_lazy("decision", "withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    seq = models.BigIntegerField(unique=True, db_default=NextInLedger(), editable=False)
    consent_id = models.UUIDField(_("one person's decisions"), db_index=True)
    key = models.UUIDField(_("idempotency key"), unique=True)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, null=True, related_name="decisions")
    policy_version = models.ForeignKey(PolicyVersion, on_delete=models.PROTECT, null=True, related_name="+")
    rendition = models.ForeignKey(
        PolicyRendition, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    statement = models.TextField(_("words agreed to"), blank=True)
    choices = models.JSONField(_("choices"))
    services = models.JSONField(_("services"), default=dict)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    action = models.CharField(_("action"), max_length=10, choices=Action.choices)
    locale = models.CharField(_("language shown"), max_length=12)
    path = models.CharField(_("page"), max_length=200, blank=True)
    gpc = models.BooleanField(_("Global Privacy Control"), null=True)  # None: nobody's browser was asked
    decided_at = models.DateTimeField(_("decided at"))
    expires_at = models.DateTimeField(_("asked again at"), null=True)
    key_id = models.CharField(_("key of the leaf"), max_length=16)
    leaf = models.BinaryField(_("leaf"), max_length=32)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.CheckConstraint(
                condition=Q(snapshot__isnull=False) | ~Q(statement=""), name="decision_says_what_was_shown"
            )
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="decision_expires"),
            BrinIndex(fields=["decided_at"], name="decision_decided"),
        ]

    def __str__(self) -> str:
        return f"Decision {self.id}"

    def allows(self, purpose: str, at: datetime) -> bool:
        """Does this decision cover `purpose` at `at`?"""
        return self.choices.get(purpose) is True and (self.expires_at is None or at < self.expires_at)


class Redaction(models.Model):
    """The body of a decision was erased, and why. Its leaf stays, so that the ledger still verifies. Append-only."""

    class Why(models.TextChoices):
        RETENTION = "retention", _("its period was over")
        ERASURE = "erasure", _("the person asked for it (GDPR Art. 17)")

    seq = models.BigIntegerField(primary_key=True, db_default=NextInLedger(), editable=False)
    decision = models.UUIDField(_("decision"), unique=True)
    decision_leaf = models.BinaryField(_("leaf of the decision"), max_length=32)
    why = models.CharField(_("why"), max_length=10, choices=Why.choices)
    redacted_at = models.DateTimeField(_("redacted at"))
    key_id = models.CharField(_("key of the leaf"), max_length=16)
    leaf = models.BinaryField(_("leaf"), max_length=32)

    class Meta:
        verbose_name = _("redaction")
        verbose_name_plural = _("redactions")

    def __str__(self) -> str:
        return f"Redaction #{self.seq}"


class Showing(models.Model):
    """How often the banner was shown on a day, in a language. Counts visits, and knows nobody."""

    day = models.DateField(_("day"))
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    locale = models.CharField(_("language"), max_length=12)
    count = models.PositiveIntegerField(_("times"), default=0)

    class Meta:
        verbose_name = _("banner shown")
        verbose_name_plural = _("banner shown")
        constraints = [models.UniqueConstraint(fields=["snapshot", "day", "locale"], name="showing_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.locale}"
