"""Which of what the CMS remembers of its own past may go, and how does it go without leaving broken links behind?"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, ForeignKey, Model, OuterRef, Q
from django.db.models.deletion import CASCADE, DO_NOTHING
from wagtail.models import Comment, ModelLogEntry, PageLogEntry, Revision, TaskState, UploadedFile, WorkflowState

from records.models import UploadBegun

ENDED = [WorkflowState.STATUS_APPROVED, WorkflowState.STATUS_CANCELLED]


def unneeded_revisions() -> Q:
    """Revisions that nothing names: not the newest of its object, live, scheduled, under approval or once approved, nor
    the source of a frozen text. Called when every model is loaded."""
    later = Q(created_at__gt=OuterRef("created_at")) | Q(created_at=OuterRef("created_at"), pk__gt=OuterRef("pk"))
    newer = Revision.objects.filter(
        later, base_content_type=OuterRef("base_content_type"), object_id=OuterRef("object_id")
    )
    needed = [Q(Exists(model._base_manager.filter(**{name: OuterRef("pk")}))) for model, name in _holders()]
    unneeded = Q(Exists(newer)) & Q(approved_go_live_at=None)
    for condition in needed:
        unneeded &= ~condition
    return unneeded


def _holders() -> Iterator[tuple[type[Model], str]]:
    """Every column of every model that names a revision it needs. Log entries name what may be gone; a comment moves on
    to the next revision."""
    for relation in Revision._meta.get_fields(include_hidden=True):
        field = getattr(relation, "field", None)
        if not relation.auto_created or not isinstance(field, ForeignKey):
            continue
        rule: Any = field.remote_field.on_delete
        if rule is not DO_NOTHING and (rule is not CASCADE or field.model is TaskState):
            yield field.model, field.name


def erase_revisions(keys: Sequence[int], now: datetime) -> int:
    """Deletes these revisions that nothing needs. What was remarked on one belongs to the next from then on, and the
    log names it no more: its entries would link to nothing."""
    with transaction.atomic():
        gone = list(Revision.objects.select_for_update().filter(unneeded_revisions(), pk__in=keys))
        ids = [revision.pk for revision in gone]
        for remarked in Comment.objects.filter(revision_created__in=ids).select_related("revision_created"):
            _move_on(remarked, leaving=ids)
        for log in (PageLogEntry, ModelLogEntry):
            log.objects.filter(revision__in=ids).update(revision=None)
        Revision.objects.filter(pk__in=ids)._raw_delete(Revision.objects.db)
    return len(ids)


def _move_on(remarked: Comment, *, leaving: list[int]) -> None:
    said_on = remarked.revision_created
    behind = Revision.objects.filter(base_content_type=said_on.base_content_type_id, object_id=said_on.object_id)
    following = behind.filter(pk__gt=said_on.pk).exclude(pk__in=leaving).order_by("pk").first()
    Comment.objects.filter(pk=remarked.pk).update(revision_created=following)


def note_upload(upload: UploadedFile, *, now: datetime) -> None:
    UploadBegun.objects.get_or_create(upload=upload, defaults={"at": now})


def erase_uploads(keys: Sequence[int], now: datetime) -> int:
    """Deletes uploads that nobody finished, and their files once that stands."""
    with transaction.atomic():
        uploads = list(UploadedFile.objects.select_for_update(of=("self",)).filter(pk__in=keys))
        for upload in uploads:
            transaction.on_commit(partial(upload.file.storage.delete, upload.file.name))
        UploadedFile.objects.filter(pk__in=[upload.pk for upload in uploads]).delete()
    return len(uploads)
