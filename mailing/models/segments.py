"""A part of a list, by what is declared of its people. What they do with their mail is no condition."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel


class Segment(ClusterableModel):
    class Match(models.TextChoices):
        ALL = "all", _("all conditions hold")
        ANY = "any", _("one condition holds")

    name = models.CharField(_("name"), max_length=100, unique=True)
    match = models.CharField(_("people for whom"), max_length=3, choices=Match.choices, default=Match.ALL)

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Condition(models.Model):
    """One condition of a segment. `attribute` is "language", "time_zone", "domain", "confirmed_at" or "field:<key>"."""

    class Comparison(models.TextChoices):
        IS = "is", _("is")
        IS_NOT = "is_not", _("is not")
        CONTAINS = "contains", _("contains")
        BEFORE = "before", _("is before, or less than")
        AFTER = "after", _("is after, or more than")
        KNOWN = "known", _("is known")
        UNKNOWN = "unknown", _("is not known")

    segment = ParentalKey(Segment, on_delete=models.CASCADE, related_name="conditions")
    attribute = models.CharField(_("what"), max_length=60)
    comparison = models.CharField(_("how"), max_length=10, choices=Comparison.choices, default=Comparison.IS)
    value = models.CharField(_("value"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")

    def __str__(self) -> str:
        return f"{self.attribute} {self.comparison} {self.value}"
