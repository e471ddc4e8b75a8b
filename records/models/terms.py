"""What do the frozen versions of policies oblige the site to?"""

from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _


class TermSheetQuerySet(models.QuerySet["TermSheet"]):
    def standing(self, at: datetime) -> "TermSheetQuerySet":
        """Whose instant has come, and that were not taken back."""
        taken_back = TermSheetWithdrawal.objects.filter(sheet=OuterRef("pk"))
        return self.filter(~Exists(taken_back), effective_from__lte=at)


class TermSheet(models.Model):
    """All that one frozen version of a policy obliges the site to, from an instant on. Append-only.

    A sheet supersedes the earlier ones of its policy whole: what the newest one does not state is no longer promised.
    """

    policy = models.UUIDField(_("policy"))
    number = models.PositiveIntegerField(_("version"))
    label = models.CharField(_("name"), max_length=300)
    effective_from = models.DateTimeField(_("in force from"))

    objects = TermSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("terms of a policy version")
        constraints = [models.UniqueConstraint(fields=["policy", "number"], name="term_sheet_number")]
        indexes = [models.Index(fields=["policy", "-effective_from", "-number"], name="term_sheet_in_force")]

    def __str__(self) -> str:
        return self.label


class TermSheetWithdrawal(models.Model):
    """The version was taken back before its instant came. Append-only."""

    sheet = models.OneToOneField(TermSheet, on_delete=models.PROTECT, related_name="withdrawal")
    withdrawn_at = models.DateTimeField(_("withdrawn at"))

    class Meta:
        verbose_name = _("withdrawn terms")

    def __str__(self) -> str:
        return f"Withdrawn terms #{self.pk}"


class TermQuerySet(models.QuerySet["Term"]):
    def in_force(self, at: datetime) -> "TermQuerySet":
        """Those of the newest standing sheet of each policy at `at`, the newest first."""
        newer = Q(effective_from__gt=OuterRef("sheet__effective_from")) | Q(
            effective_from=OuterRef("sheet__effective_from"), number__gt=OuterRef("sheet__number")
        )
        superseding = TermSheet.objects.standing(at).filter(newer, policy=OuterRef("sheet__policy"))
        # Not `sheet__withdrawal=None`: PostgreSQL misjudges how many rows such a join leaves, and takes another index.
        taken_back = TermSheetWithdrawal.objects.filter(sheet=OuterRef("sheet"))
        return self.filter(~Exists(taken_back), ~Exists(superseding), effective_from__lte=at).order_by(
            "-effective_from", "-pk"
        )


class Term(models.Model):
    """One thing a policy version obliges the site to, in a form the site acts on. Append-only."""

    class Kind(models.TextChoices):
        RETENTION = "retention", _("retention period")
        PURPOSE = "purpose", _("purpose")
        DATA = "data", _("data set")
        SERVICE = "service", _("service")
        GROUND = "ground", _("ground of disclosure")
        CONTACT = "contact", _("contact")
        DEFINITION = "definition", _("definition")

    sheet = models.ForeignKey(TermSheet, on_delete=models.PROTECT, related_name="terms")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    key = models.CharField(_("key"), max_length=100)
    value = models.JSONField(_("value"))
    effective_from = models.DateTimeField(_("in force from"))  # the sheet's, so that one index answers

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = [models.UniqueConstraint(fields=["sheet", "kind", "key"], name="term_once")]
        indexes = [models.Index(fields=["kind", "key", "-effective_from", "-id"], name="term_in_force")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
