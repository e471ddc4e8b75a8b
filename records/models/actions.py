"""What did visitors' browsers ask for? Pseudonymous rows in monthly partitions; and how far the stream was drained."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Action(models.Model):
    """One request of a visitor. The table is partitioned by month of `at`; its key there is (id, at), and Django knows
    `id`, which is unique by its sequence."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("time"))
    event = models.UUIDField(_("event"))  # made with the event: the stream may be read twice, the row is written once
    kind = models.CharField(_("kind"), max_length=20)
    method = models.CharField(_("method"), max_length=8, blank=True)
    path = models.CharField(_("page"), max_length=500)
    query = models.CharField(_("query"), max_length=500, blank=True)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    source = models.CharField(_("source"), max_length=300, blank=True)  # origin and path of the referring page
    campaign = models.CharField(_("campaign"), max_length=100, blank=True)  # utm_source and utm_campaign
    visitor = models.BinaryField(_("visitor of that day"), max_length=16, null=True)
    address = models.CharField(_("truncated address"), max_length=45, blank=True)
    browser = models.CharField(_("browser"), max_length=60, blank=True)
    system = models.CharField(_("operating system"), max_length=60, blank=True)
    device = models.CharField(_("device"), max_length=20, blank=True)
    screen = models.CharField(_("screen"), max_length=12, blank=True)
    language = models.CharField(_("language"), max_length=12, blank=True)
    bot = models.BooleanField(_("bot"), default=False)
    signal = models.CharField(_("signal of the browser"), max_length=10, blank=True)  # "gpc", "dnt", "gpc dnt"

    wagtail_reference_index_ignore = True  # 4 ms a deleted row otherwise

    class Meta:
        managed = True
        verbose_name = _("action of a visitor")
        verbose_name_plural = _("actions of visitors")

    def __str__(self) -> str:
        return f"Action #{self.pk}"


class HeldAction(models.Model):
    """A row of the action log that a legal hold kept when its month was dropped."""

    action = models.BigIntegerField(_("action"), unique=True)
    at = models.DateTimeField(_("time"))
    content = models.JSONField(_("content"))
    held_at = models.DateTimeField(_("held at"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("held action")
        verbose_name_plural = _("held actions")
        indexes = [models.Index(fields=["at"], name="held_action_at")]

    def __str__(self) -> str:
        return f"Held action #{self.pk}"


class StreamPosition(models.Model):
    """Up to which entry a stream or a file was drained; written in the transaction that writes the rows."""

    source = models.CharField(_("stream or file"), max_length=200, primary_key=True)
    position = models.CharField(_("position"), max_length=60)
    rows = models.BigIntegerField(_("rows written"), default=0)
    lost = models.BigIntegerField(_("entries that were dropped because the buffer was full"), default=0)
    moved_at = models.DateTimeField(_("moved at"))

    class Meta:
        verbose_name = _("position in a stream")
        verbose_name_plural = _("positions in streams")

    def __str__(self) -> str:
        return self.source


class Salt(models.Model):
    """The random salt of a day, under which visitors get their pseudonyms. Its deletion makes them unlinkable."""

    day = models.DateField(_("day"), primary_key=True)
    value = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = _("salt of a day")
        verbose_name_plural = _("salts of days")

    def __str__(self) -> str:
        return f"Salt of {self.day}"
