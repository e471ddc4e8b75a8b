"""What was deleted, by which rule, and what must not be deleted yet?"""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RetentionRun(models.Model):
    """One data set, once looked at: what was due, what was deleted, what is the oldest row left. Append-only."""

    holding = models.CharField(_("data set"), max_length=100)
    period_days = models.PositiveIntegerField(_("kept for (days)"))
    # Copied: evidence must stand without the version. Empty means the period declared in code.
    stated_by = models.CharField(_("stated by"), max_length=300, blank=True, default="")
    cut_off_at = models.DateTimeField(_("rows up to"))
    expired = models.PositiveIntegerField(_("rows deleted"))
    held = models.PositiveIntegerField(_("rows held"), default=0)
    oldest_left_at = models.DateTimeField(_("oldest row left"), null=True)
    ran_at = models.DateTimeField(_("run at"))
    # The version that stated the period, where one did: its policy and number.
    policy = models.UUIDField(_("policy"), null=True)
    version = models.PositiveIntegerField(_("version"), null=True)
    # SHA-256 over the columns above in canonical JSON (RFC 8785) and the hash of the record before. Empty in records
    # of before there were hashes.
    previous = models.CharField(_("hash of the record before"), max_length=64, default="")
    sha256 = models.CharField(_("hash"), max_length=64, default="")

    class Meta:
        verbose_name = _("retention run")
        verbose_name_plural = _("retention runs")
        indexes = [models.Index(fields=["holding", "-ran_at"], name="retention_run_latest")]

    def __str__(self) -> str:
        return f"Retention run #{self.pk}"


class RetentionTally(models.Model):
    """Rows that a run has deleted and not yet recorded: written with each batch, taken over by the record. A worker
    that is killed between the two loses neither."""

    holding = models.CharField(_("data set"), max_length=100, primary_key=True)
    rows = models.PositiveBigIntegerField(_("rows deleted"))

    class Meta:
        verbose_name = _("rows deleted and not yet recorded")
        verbose_name_plural = _("rows deleted and not yet recorded")

    def __str__(self) -> str:
        return self.holding


class ChainEnd(models.Model):
    """How many records a chain of evidence has and the hash of the last: what is cut off its end shows."""

    chain = models.CharField(_("table"), max_length=63, primary_key=True)
    number = models.PositiveBigIntegerField(_("records"))
    sha256 = models.CharField(_("hash of the last record"), max_length=64)

    class Meta:
        verbose_name = _("end of a chain")
        verbose_name_plural = _("ends of chains")

    def __str__(self) -> str:
        return self.chain


class UploadBegun(models.Model):
    """When somebody began an upload that is not finished: Wagtail's own row does not say."""

    upload = models.OneToOneField("wagtailcore.UploadedFile", on_delete=models.CASCADE, related_name="begun")
    at = models.DateTimeField(_("begun at"), db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("begin of an upload")
        verbose_name_plural = _("begins of uploads")

    def __str__(self) -> str:
        return f"Begin of upload #{self.upload_id}"


class HoldQuerySet(models.QuerySet["Hold"]):
    def standing(self, at: datetime) -> "HoldQuerySet":
        """Not lifted, and its day has not come. Whatever is placed counts at once, also for a run that began before."""
        return self.filter(Q(until=None) | Q(until__gt=at), Q(lifted_at=None) | Q(lifted_at__gt=at))


class Hold(models.Model):
    """Rows that must stay although their period ends, or although somebody asks for erasure: a legal hold
    (GDPR Art. 17(3)(e)). It covers a data set, or all; in it one person, or everybody; and an interval."""

    holding = models.CharField(_("data set"), max_length=100, blank=True, help_text=_("Empty: every data set."))
    subject = models.BinaryField(
        max_length=16, null=True
    )  # blind index of the person's e-mail address; null: everybody
    rows_from = models.DateTimeField(_("rows from"), null=True, blank=True)
    rows_to = models.DateTimeField(_("rows up to"), null=True, blank=True)
    reason = models.CharField(
        _("reason"), max_length=300, help_text=_("Such as the number of a case. Name nobody: it is kept as evidence.")
    )
    until = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("Empty: until somebody lifts it."))
    placed_at = models.DateTimeField(_("placed at"))
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("placed by"), related_name="+"
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, verbose_name=_("lifted by"), related_name="+"
    )

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")

    def __str__(self) -> str:
        return f"Legal hold #{self.pk}"
