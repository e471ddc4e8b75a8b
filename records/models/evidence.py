"""Who read personal data in the CMS, and what did the last check of each promise say?"""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class AccessEntry(models.Model):
    """One reading of personal data in the CMS by a person: who, what, when, and why where that was asked. Append-only;
    it outlives the account of whoever read, so it holds their name of that day."""

    class Act(models.TextChoices):
        LIST = "list", _("saw in a list")
        INSPECT = "inspect", _("read")
        SEARCH = "search", _("searched")
        EXPORT = "export", _("took out as a file")
        ANSWER = "answer", _("answered")
        EDIT = "edit", _("opened to change")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,  # anything else would change rows that nobody changes
        db_constraint=False,
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    username = models.CharField(_("user name"), max_length=150)
    holding = models.CharField(_("data set"), max_length=100)
    act = models.CharField(_("act"), max_length=12, choices=Act.choices)
    keys = models.JSONField(_("rows"), default=list)  # primary keys, as text; of a list those that were shown
    count = models.PositiveIntegerField(_("number of rows"), null=True)  # None: a file of Wagtail's own, not counted
    screen = models.CharField(_("screen"), max_length=120)
    why = models.CharField(_("why"), max_length=200, blank=True)
    at = models.DateTimeField(_("when"), db_index=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("reading of personal data")
        verbose_name_plural = _("readings of personal data")
        indexes = [models.Index(fields=["holding", "-at"], name="access_entry_holding")]

    def __str__(self) -> str:
        return f"Reading #{self.pk}"


class PromiseCheck(models.Model):
    """The last check of one promise, and since when it says so; an owner is told once of each that breaks."""

    key = models.CharField(_("promise"), max_length=200, primary_key=True)
    checked_by = models.CharField(_("check"), max_length=100, default="")
    place = models.PositiveIntegerField(_("place"), default=0)  # among those of its check
    state = models.CharField(_("state"), max_length=10)
    since_at = models.DateTimeField(_("since"))
    checked_at = models.DateTimeField(_("checked at"))
    seconds = models.FloatField(_("seconds"), default=0)  # of the whole check
    said = models.JSONField(_("in words"), default=dict)  # by language; names nobody
    measured = models.JSONField(_("measured"), default=dict, encoder=DjangoJSONEncoder)
    mend = models.CharField(_("where it is mended"), max_length=100, blank=True)  # the name of a screen of the CMS
    told_at = models.DateTimeField(_("owner told at"), null=True)  # that it is broken; null while they believe it kept

    class Meta:
        verbose_name = _("check of a promise")
        verbose_name_plural = _("checks of promises")

    def __str__(self) -> str:
        return self.key


class Backup(models.Model):
    """A backup was made, or restored for a test: `manage.py note_backup` says so after the program that did it."""

    class Act(models.TextChoices):
        MADE = "made", _("made")
        RESTORED = "restored", _("restored for a test")

    act = models.CharField(_("act"), max_length=10, choices=Act.choices)
    at = models.DateTimeField(_("at"), db_index=True)
    oldest_at = models.DateTimeField(_("oldest backup that is kept"), null=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("backup")
        verbose_name_plural = _("backups")

    def __str__(self) -> str:
        return f"Backup #{self.pk}"
