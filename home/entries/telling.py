"""What is the writer of an entry told by mail: where it is shown, and how to take it down?"""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Site

from home.entries.links import address
from home.entries.showing import State, pages
from home.models import PublicEntry
from records import post
from records.models import Controller
from records.registry import Purpose


def tell(entry: PublicEntry, *, now: datetime, approved: bool = False) -> None:
    """Puts the letter on its way, in the caller's transaction. Raises post.NoCarrier."""
    owner = Controller.for_site(Site.objects.get(is_default_site=True))
    with translation.override(entry.locale):
        context = {
            "owner": owner.name,
            "waiting": entry.state == State.WAITING,
            "approved": approved,
            "page": _page(entry),
            "address": address(entry),
        }
        text = render_to_string("home/entry_letter.txt", context).strip() + "\n"
        subject = _("It is shown now, and how to take it down") if approved else _("What you publish with us")
    post.write(
        email=entry.email,
        subject=subject,
        text=text,
        locale=entry.locale,
        now=now,
        purpose=Purpose.SERVICE,
        about=f"{entry._meta.label}:{entry.pk}",
    )


def _page(entry: PublicEntry) -> str:
    """Where it is shown: in the language of its writer where there is such a page; "" where there is none yet."""
    found = sorted(pages(entry.form), key=lambda page: page.locale.language_code != entry.locale)
    return str(found[0].full_url or "") if found else ""
