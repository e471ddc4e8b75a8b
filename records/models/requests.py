"""What did somebody ask about their own data, by when is it answered, and what was done?"""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from records.models.keys import SubjectKey
from records.sealed import BlindIndexField, Erased, SealedField


class SubjectRequestQuerySet(models.QuerySet["SubjectRequest"]):
    def open(self) -> "SubjectRequestQuerySet":
        """Verified, and neither done nor refused."""
        return self.filter(state__in=[SubjectRequest.State.OPEN, SubjectRequest.State.STOPPED])

    def late(self, at: datetime) -> "SubjectRequestQuerySet":
        """Open, and past their day at `at` (UTC); the clock of those that wait for the person stands."""
        return self.filter(state=SubjectRequest.State.OPEN, due_at__lt=at)


class SubjectRequest(models.Model):
    """A person's request about their data (GDPR Art. 15-21). It counts from the day they showed that the address is
    theirs (`verified_at`); then `due_at` is one month on, or three where a reason was given (Art. 12(3))."""

    class Kind(models.TextChoices):
        ACCESS = "access", _("access: a copy of my data")
        CORRECTION = "correction", _("correction of what is wrong")
        ERASURE = "erasure", _("erasure of my data")
        OBJECTION = "objection", _("objection to a use of my data")

    class State(models.TextChoices):
        ASKED = "asked", _("waits until the address is confirmed")
        OPEN = "open", _("open")
        STOPPED = "stopped", _("waits for the person")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.ASKED)
    # Gone with the person's key: the request stays, for three years, without its person.
    subject_key = models.ForeignKey(
        SubjectKey, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", verbose_name=_("key")
    )
    email = SealedField(_("e-mail"), most=254)
    subject = BlindIndexField(of="email", kind="email", db_index=True)
    words = SealedField(_("in their words"), blank=True, default=b"", most=5000)
    locale = models.CharField(_("language"), max_length=12)
    asked_at = models.DateTimeField(_("asked at"))
    verified_at = models.DateTimeField(_("address confirmed at"), null=True)
    due_at = models.DateTimeField(_("due at"), null=True, db_index=True)
    stopped_at = models.DateTimeField(_("clock stopped at"), null=True)
    ended_at = models.DateTimeField(_("ended at"), null=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned to"),
    )
    # Each link is used once: the digest of the one that is good now, what it opens, and until when.
    link = models.BinaryField(max_length=32, null=True, unique=True)
    link_opens = models.CharField(max_length=12, blank=True)  # "choose", "erase", "download"
    link_until = models.DateTimeField(null=True)
    plan_sha256 = models.CharField(_("hash of the plan shown"), max_length=64, blank=True)
    receipt = models.JSONField(_("receipt"), null=True)  # counts by data set, what was kept and why; names nobody

    objects = SubjectRequestQuerySet.as_manager()
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("request about a person's data")
        verbose_name_plural = _("requests about people's data")
        permissions = [("handle_subjectrequest", _("Can handle requests about people's data"))]

    def __str__(self) -> str:
        return f"Request {str(self.pk)[:8]}"

    @property
    def is_readable(self) -> bool:
        """Can it still be read who asked? Not once the person is erased, nor a month after the end."""
        return bool(self.email) and not isinstance(self.email, Erased)


class RequestEvent(models.Model):
    """What happened to a request, when, by whom: its states, clock stops and extensions with their reasons."""

    request = models.ForeignKey(SubjectRequest, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(_("at"))
    act = models.CharField(_("what happened"), max_length=20)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("event of a request")
        verbose_name_plural = _("events of requests")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"Event #{self.pk}"


class ExportFile(models.Model):
    """The copy of a person's data that one link may fetch once. Sealed with the person's key; gone after seven days."""

    request = models.OneToOneField(SubjectRequest, on_delete=models.CASCADE, related_name="export")
    sealed = models.BinaryField()
    sha256 = models.CharField(max_length=64)  # of the zip
    made_at = models.DateTimeField(_("made at"))
    fetched_at = models.DateTimeField(_("fetched at"), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("copy of a person's data")
        verbose_name_plural = _("copies of people's data")

    def __str__(self) -> str:
        return f"Copy #{self.pk}"


class Erasure(models.Model):
    """A tombstone: whoever has this blind index was erased. `reapply_erasures` erases them anew after a restore."""

    subject = models.BinaryField(max_length=16, db_index=True)
    erased_at = models.DateTimeField(_("erased at"))
    receipt = models.JSONField(_("receipt"))

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")

    def __str__(self) -> str:
        return f"Erasure #{self.pk}"
