"""Every route to Publish or Schedule in Wagtail ends in these two signals: what nobody declared is refused there."""

import logging
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.models import Page, Revision

from consent.enforce import publishing

logger = logging.getLogger(__name__)


def page_published(sender: Any, instance: Any, revision: Revision | None = None, **kwargs: Any) -> None:
    """Raises ValidationError with the sentences; the transaction around it undoes the publication."""
    if not isinstance(instance, Page) or instance.alias_of_id:  # an alias shows what its original was asked about
        return
    # The instant of a schedule: it was asked about when it was approved, and a refusal would now hold up every other
    # page's schedule. What is declared no longer, the browser blocks.
    was_scheduled = instance.live and revision is not None and revision.approved_go_live_at is not None
    _refuse(instance, only_log=was_scheduled)


def revision_scheduled(
    sender: Any, instance: Revision, created: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    named = created or "approved_go_live_at" in (update_fields or ())
    if named and instance.approved_go_live_at and issubclass(instance.content_type.model_class() or object, Page):
        _refuse(instance.as_object())


def _refuse(page: Page, *, only_log: bool = False) -> None:
    found = publishing.problems(page, page.get_site())
    sentences = list(dict.fromkeys(sentence for field in found.values() for sentence in field))
    if sentences and not only_log:
        raise ValidationError(sentences)
    if sentences:
        logger.warning("page %s was published as scheduled with what is declared no longer", page.pk)
