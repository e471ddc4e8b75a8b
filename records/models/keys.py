"""Which key opens what is stored of a person? Without its row, nothing does."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class SubjectKey(models.Model):
    """The data key of one person, wrapped by a master key. Deleting it erases every sealed column of that person."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    subject = models.BinaryField(max_length=16, unique=True)  # blind index of the person's e-mail address
    wrapped = models.BinaryField(max_length=60)  # nonce, data key, tag: AES-256-GCM under the master key
    master = models.CharField(_("master key"), max_length=16)  # its id in RECORDS_KEYS
    created_at = models.DateTimeField(_("created at"))
    wrapped_at = models.DateTimeField(_("wrapped at"))  # under this master key

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("key of a person")
        verbose_name_plural = _("keys of people")
        indexes = [models.Index(fields=["master", "wrapped_at"], name="subject_key_master")]

    def __str__(self) -> str:
        return f"Key {self.pk}"
