"""What is left of the action log when its rows are gone: numbers of days, of groups that are large enough."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tally(models.Model):
    """How many visits and page views of one day (UTC) fall under one value of one question. Tells nothing of a person:
    a value that fewer than five visitors share is not written down (`home.statistics`)."""

    class Of(models.TextChoices):
        ALL = "all", _("all")
        PAGE = "page", _("page")
        ENTRY = "entry", _("first page")
        SOURCE = "source", _("source")
        CAMPAIGN = "campaign", _("campaign")
        DEVICE = "device", _("device")
        BROWSER = "browser", _("browser")
        SYSTEM = "system", _("operating system")
        LANGUAGE = "language", _("language")

    day = models.DateField(_("day"))
    of = models.CharField(_("question"), max_length=10, choices=Of.choices)
    value = models.CharField(_("value"), max_length=300, blank=True)
    # Empty: fewer than five visitors came on that day.
    visitors = models.PositiveIntegerField(_("visitors"), null=True)
    views = models.PositiveIntegerField(_("page views"), null=True)
    final = models.BooleanField(_("all rows of the day were there"), default=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("count of a day")
        verbose_name_plural = _("counts of days")
        constraints = [models.UniqueConstraint(fields=["of", "day", "value"], name="tally_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.of} {self.value}"
