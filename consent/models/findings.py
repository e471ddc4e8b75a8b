"""What was found on a site that its published configuration does not name, and what each run of the scanner saw."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.models import Site

NAME = 200  # signs of a name or a page; what is longer is cut


class Finding(models.Model):
    """A name that browsers, this site's own answers or the scanner met. Nothing about whoever's browser it was."""

    class Kind(models.TextChoices):
        HOST = "host", _("host")
        COOKIE = "cookie", _("cookie")
        LOCAL = "local", _("local storage")
        SESSION = "session", _("session storage")
        FRAME = "frame", _("frame")
        BEACON = "beacon", _("beacon")

    class Source(models.TextChoices):
        CSP = "csp", _("a browser's report")
        COOKIE = "cookie", _("this site's Set-Cookie header")
        SCAN = "scan", _("the scanner")

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=NAME)
    source = models.CharField(pgettext_lazy("finding", "found by"), max_length=10, choices=Source.choices)
    detail = models.CharField(_("detail"), max_length=100, blank=True)
    page = models.CharField(_("first seen on"), max_length=NAME, blank=True)
    first_seen_at = models.DateTimeField(_("first seen"))
    last_seen_at = models.DateTimeField(_("last seen"))
    count = models.PositiveIntegerField(_("times"), default=1)
    dismissed_at = models.DateTimeField(_("dismissed at"), null=True)
    dismissed_by = models.CharField(_("dismissed by"), max_length=200, blank=True)  # copied: the account may go

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [models.UniqueConstraint(fields=["site", "kind", "name"], name="finding_once")]
        indexes = [models.Index(fields=["site"], condition=Q(dismissed_at=None), name="finding_open")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Scan(models.Model):
    """One run of `manage.py scan_cookies` over this site's own pages."""

    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"))
    pages = models.PositiveIntegerField(_("pages"))
    undeclared = models.PositiveIntegerField(_("undeclared"))
    misplaced = models.PositiveIntegerField(_("declared, but in a state that does not allow it"))
    report = models.JSONField(_("report"))
    by = models.CharField(_("run by"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        indexes = [models.Index(fields=["site", "-started_at"], name="scan_newest")]

    def __str__(self) -> str:
        return f"Scan #{self.pk}"
