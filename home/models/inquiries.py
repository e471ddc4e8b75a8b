"""What somebody wrote through a form, what came with it, and what was said about it."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from home.models.pages import languages, own_language
from records.models import SubjectKey
from records.sealed import BlindIndexField, RowNumber, SealedBytesField, SealedField


def key_of_person() -> "models.ForeignKey[SubjectKey | None, SubjectKey | None]":
    return models.ForeignKey(
        SubjectKey, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+", verbose_name=_("key")
    )


class Inquiry(models.Model):
    """What somebody wrote through a form. Nobody checked that it is true, or theirs."""

    class State(models.TextChoices):
        NEW = "new", _("new")
        OPEN = "open", _("being handled")
        WAITING = "waiting", _("waiting for the person")
        CLOSED = "closed", _("closed")
        SPAM = "spam", _("spam")

    id = RowNumber(primary_key=True)
    page = models.ForeignKey(Page, on_delete=models.SET_NULL, null=True, verbose_name=_("page"), related_name="+")
    subject_key = key_of_person()
    name = SealedField(_("name"), most=100, blank=True, default=b"")
    email = SealedField(_("e-mail"), most=254, blank=True, default=b"")
    phone = SealedField(_("telephone"), most=40, blank=True, default=b"")
    message = SealedField(_("message"), most=5000, blank=True, default=b"")
    # What the form asked beside these: JSON, a list of {"key", "label", "kind", "said"}, as it was asked then.
    answers = SealedField(_("answers"), blank=True, default=b"")
    name_index = BlindIndexField(of="name", kind="name", db_index=True)
    email_index = BlindIndexField(of="email", kind="email", db_index=True)
    phone_index = BlindIndexField(of="phone", kind="phone", db_index=True)
    locale = models.CharField(_("language"), max_length=12, blank=True)
    received_at = models.DateTimeField(_("received at"), db_index=True)
    keep_until = models.DateTimeField(_("deleted at the latest"), null=True, blank=True, db_index=True)
    # A keyed hash of the page and all answers: the same form sent twice in a row is one inquiry.
    digest = models.BinaryField(_("hash of what was sent"), max_length=32, null=True, db_index=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.NEW)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned to"),
    )
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)

    # The reference index would keep a trace of each row, and makes deleting many of them slow.
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        permissions = [
            ("answer_inquiry", _("Can answer inquiries")),
            ("export_inquiry", _("Can take inquiries out as a file")),
        ]
        indexes = [models.Index(fields=["state", "-received_at"], name="inquiry_state")]

    def __str__(self) -> str:
        return f"Inquiry #{self.pk}"


class Attachment(models.Model):
    """A file that came with an inquiry. It is sealed in the database, never below an address that a browser asks."""

    id = RowNumber(primary_key=True)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="attachments")
    subject_key = key_of_person()
    key = models.SlugField(_("field"), max_length=50)
    name = SealedField(_("file name"), most=200)
    content = SealedBytesField(_("content"), named="name")
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("bytes"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("file of an inquiry")
        verbose_name_plural = _("files of inquiries")

    def __str__(self) -> str:
        return f"File #{self.pk}"


class Note(models.Model):
    """What one of the staff remarked about an inquiry, for the others. The person may read it: it is about them."""

    id = RowNumber(primary_key=True)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="notes")
    subject_key = key_of_person()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    text = SealedField(_("text"), most=5000)
    written_at = models.DateTimeField(_("written at"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("note on an inquiry")
        verbose_name_plural = _("notes on inquiries")

    def __str__(self) -> str:
        return f"Note #{self.pk}"


class IncomingMessage(models.Model):
    """What the person wrote back, by mail."""

    id = RowNumber(primary_key=True)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.CASCADE, related_name="messages")
    subject_key = key_of_person()
    sender = SealedField(_("sender"), most=254)
    subject = SealedField(_("subject"), most=200, blank=True, default=b"")
    text = SealedField(_("text"), most=100_000, blank=True, default=b"")
    message_id = SealedField(_("Message-ID"), most=300, blank=True, default=b"")  # our answer goes below it
    # Of the message as it came (RFC 5322 Message-ID, hashed: it may name its writer). The same is taken in once.
    digest = models.BinaryField(_("hash of its number"), max_length=32, unique=True)
    received_at = models.DateTimeField(_("received at"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("answer by mail")
        verbose_name_plural = _("answers by mail")

    def __str__(self) -> str:
        return f"Mail #{self.pk}"


class AnswerTemplate(models.Model):
    """Words that many answers begin with."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=100, help_text=_("Seen by your colleagues only."))
    language = models.CharField(_("language"), max_length=12, choices=languages, default=own_language)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"), max_length=20_000)

    panels = [FieldPanel("title"), FieldPanel("language"), FieldPanel("subject"), FieldPanel("text")]

    class Meta:
        verbose_name = _("answer template")
        verbose_name_plural = _("answer templates")

    def __str__(self) -> str:
        return self.title
