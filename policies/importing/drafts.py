"""Where does an imported text go: to a new draft page, or to a new draft of the policy that is there?"""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page, Site

from policies.models import PolicyPage

SLUG = "privacy"
LARGEST = 1024 * 1024  # bytes of a file; a policy of a hundred pages is a third of it


def at(site: Site, slug: str) -> Page | None:
    """The page at that address below the site's home page."""
    page: Page | None = site.root_page.get_children().filter(slug=slug).first()
    return page


@transaction.atomic
def save(
    title: str, body: list[dict[str, Any]], *, site: Site, slug: str, by: AbstractBaseUser | None = None
) -> PolicyPage:
    """Saves `body`, StreamField data, as a draft that nobody sees before it is published; `by` is put on record.

    Raises ValidationError for a slug that is no address, or is another page's.
    """
    there = at(site, slug)
    if there is None:
        PolicyPage._meta.get_field("slug").clean(slug, None)
        page = PolicyPage(title=title, slug=slug, body=body, live=False, has_unpublished_changes=True, owner=by)
        site.root_page.add_child(instance=page)
    elif isinstance(there.specific, PolicyPage):
        page = there.specific.get_latest_revision_as_object()
        page.title, page.body = title, body
        page.change_note, page.go_live_at = "", None  # they belong to the text before
    else:
        raise ValidationError(_("/%(slug)s/ is another page: choose another address.") % {"slug": slug})
    page.save_revision(user=by, log_action=by is not None)
    return page
