"""What follows when an entry comes, changes or goes, by whichever act: an editor, its writer, an erasure, a period?
And what is remembered when a page or the site's look changes?"""

from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.contrib.frontend_cache.utils import PurgeBatch
from wagtail.models import Page

from home import appearance, entries, navigation, tasks
from home.models import FormPage, PublicEntry
from policies import notices
from records.tasks import hint


def entry_changed(sender: Any, instance: PublicEntry, **kwargs: Any) -> None:
    """The pages that show entries tell every cache to keep no copy; one that keeps them all the same is told to forget,
    once what changed is committed: a visitor before that brings the old page back."""
    transaction.on_commit(partial(_purge, instance.form_id), robust=True)


def _purge(form: int) -> None:
    found, batch = FormPage.objects.filter(pk=form).first(), PurgeBatch()
    most = entries.leaves(found, at=timezone.now()).num_pages + 1  # the last one may have just become empty
    for page in entries.pages(found) if found else []:
        batch.add_page(page)
        batch.add_urls(f"{page.full_url}?page={number}" for number in range(1, most + 1))
    batch.purge()


def page_changed(sender: Any, **kwargs: Any) -> None:
    if isinstance(sender, type) and issubclass(sender, Page):
        navigation.forget()
        notices.forget()


def page_published(sender: Any, instance: Page, **kwargs: Any) -> None:
    """Its pictures are drawn meanwhile."""
    if getattr(instance, "picture_id", None):
        hint(tasks.draw_pictures, instance.pk)


def look_changed(sender: Any, **kwargs: Any) -> None:
    appearance.forget()
