"""Who runs the site, and the evidence of what was expired."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting


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


class RetentionRun(models.Model):
    """One data set, once looked at: what was due, what was deleted, what is the oldest row left. Append-only."""

    holding = models.CharField(_("data set"), max_length=100)
    period_days = models.PositiveIntegerField(_("kept for (days)"))
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
