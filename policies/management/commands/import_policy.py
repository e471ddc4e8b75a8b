"""Turns a policy written elsewhere into a draft policy page."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.text import slugify
from wagtail.models import Site

from policies import importing
from policies.models import PolicyPage

LARGEST = 1024 * 1024  # bytes; a policy of a hundred pages is a third of it


class Command(BaseCommand):
    help = (
        "Reads a plain-text or Markdown policy with numbered clauses and saves it as a draft page, one clause per "
        "paragraph. Nothing is dropped; what needs a look is reported by line."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--slug", default="privacy", help="address of the page below the home page (%(default)s)")
        parser.add_argument("--dry-run", action="store_true", help="report only; save nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = slugify(options["slug"])
        if not slug:
            raise CommandError(f"--slug={options['slug']!r} is no address: use letters, digits and hyphens.")
        draft = self._read(options["file"])
        self._report(draft)
        if options["dry_run"]:
            self.stdout.write("Nothing was saved (--dry-run).")
            return
        try:
            page = _save(draft, slug)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Draft saved: “{page.title}”, /cms/pages/{page.pk}/edit/. Publish or schedule it there.")

    def _read(self, path: Path) -> importing.Draft:
        try:
            with path.open("rb") as file:
                raw = file.read(LARGEST + 1)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        if len(raw) > LARGEST:
            raise CommandError(f"{path} is too large: at most {LARGEST} bytes are read.")
        try:
            return importing.read(raw.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise CommandError(f"{path} is not UTF-8 (byte {error.start}). Save it as UTF-8 text.") from error
        except ValueError as error:
            raise CommandError(f"{path}: {error}") from error

    def _report(self, draft: importing.Draft) -> None:
        counts = {kind: draft.count(kind) for kind in ("section", "clause", "subclause", "text")}
        found = ", ".join(f"{number} × {kind}" for kind, number in counts.items())
        self.stdout.write(f"“{draft.title}”: {found}, {draft.bullets} × list item.")
        for line, note in draft.notes:
            self.stdout.write(f"  line {line}: {note}")
        if not draft.notes:
            self.stdout.write("  Everything was placed.")


@transaction.atomic
def _save(draft: importing.Draft, slug: str) -> PolicyPage:
    """A new draft page, or a new draft of the policy page that is already there."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        raise CommandError("There is no default site. Make one in the CMS under Settings › Sites.")
    there = site.root_page.get_children().filter(slug=slug).first()
    if there is None:
        PolicyPage._meta.get_field("slug").clean(slug, None)
        page = PolicyPage(title=draft.title, slug=slug, body=draft.body, live=False, has_unpublished_changes=True)
        site.root_page.add_child(instance=page)
    elif isinstance(there.specific, PolicyPage):
        page = there.specific.get_latest_revision_as_object()
        page.title, page.body = draft.title, draft.body
        page.change_note, page.go_live_at = "", None  # they belong to the text before
    else:
        raise CommandError(f"/{slug}/ is another page. Choose a different --slug.")
    page.save_revision()
    return page
