"""Who runs the site, what its policies oblige it to, and the evidence of what was expired."""

from datetime import datetime

from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

web_address = URLValidator(schemes=["http", "https"])
# ISO 3166-1
country_code = RegexValidator("^[A-Z]{2}$", _("Write the two capital letters of the country: DE, US, RU."))


@register_setting(icon="user")
class Controller(BaseSiteSetting):
    """The owner of the site, who answers for the data on it (GDPR Art. 4(7), `dpv:DataController`)."""

    name = models.CharField(_("name"), max_length=200, help_text=_("The person or company that owns this site."))
    address = models.CharField(_("postal address"), max_length=300, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), help_text=_("Where visitors reach you about their data."))

    panels = [
        MultiFieldPanel(
            [FieldPanel("name"), FieldPanel("address"), FieldPanel("phone"), FieldPanel("email")],
            heading=_("Shown in the footer of every page and mail"),
        )
    ]

    class Meta:
        verbose_name = _("site owner")

    def __str__(self) -> str:
        return self.name or str(_("site owner"))


class Recipient(models.Model):
    """Somebody other than the owner who receives personal data (GDPR Art. 4(9), `dpv:Recipient`)."""

    name = models.CharField(_("name"), max_length=200, unique=True, help_text=_("The company, as its own papers say."))
    address = models.CharField(_("postal address"), max_length=300, blank=True)
    country = models.CharField(
        _("country"), max_length=2, blank=True, validators=[country_code], help_text=_("Two letters: DE, US, RU.")
    )
    url = models.CharField(_("website"), max_length=500, blank=True, validators=[web_address])
    policy_url = models.CharField(_("its privacy policy"), max_length=500, blank=True, validators=[web_address])

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")

    def __str__(self) -> str:
        return self.name


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


class RetentionRun(models.Model):
    """One data set, once looked at: what was due, what was deleted, what is the oldest row left. Append-only."""

    holding = models.CharField(_("data set"), max_length=100)
    period_days = models.PositiveIntegerField(_("kept for (days)"))
    # Copied: evidence must stand without the version. Empty means the period declared in code.
    stated_by = models.CharField(_("stated by"), max_length=300, blank=True, default="")
    cut_off_at = models.DateTimeField(_("rows up to"))
    expired = models.PositiveIntegerField(_("rows deleted"))
    oldest_left_at = models.DateTimeField(_("oldest row left"), null=True)
    ran_at = models.DateTimeField(_("run at"))

    class Meta:
        verbose_name = _("retention run")
        verbose_name_plural = _("retention runs")
        indexes = [models.Index(fields=["holding", "-ran_at"], name="retention_run_latest")]

    def __str__(self) -> str:
        return f"Retention run #{self.pk}"
