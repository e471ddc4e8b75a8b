"""A file of addresses on its way in: checked, looked at, then written by a worker."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mailing.models.audience import MailingList


class AudienceImport(models.Model):
    """`report` has counts and, for each line left out, its number and why; addresses are in `content` alone, which
    goes as soon as the import has ended."""

    class State(models.TextChoices):
        CHECKED = "checked", _("waits for your look")
        QUEUED = "queued", _("a worker is writing it")
        DONE = "done", _("done")
        FAILED = "failed", _("nothing was written")

    mailing_list = models.ForeignKey(MailingList, on_delete=models.PROTECT, related_name="+", verbose_name=_("list"))
    filename = models.CharField(_("file"), max_length=100)
    content = models.BinaryField(_("content"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.CHECKED)
    report = models.JSONField(_("report"), default=dict)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"))

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    def __str__(self) -> str:
        return f"Import #{self.pk}"
