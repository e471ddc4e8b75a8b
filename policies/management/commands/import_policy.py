"""Turns a policy written elsewhere into a draft policy page."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.text import slugify
from wagtail.models import Site

from policies import importing
from policies.importing import drafts
from policies.importing.markup import FORMS
from policies.importing.parts import Part
from policies.models import PolicyPage

KINDS = {"section": 1, "clause": 2, "retention": 2, "subclause": 3, "text": 2}  # and how far in the outline shows them
FIRST_WORDS = 60  # characters of a block that the outline shows


class Command(BaseCommand):
    help = (
        "Reads a policy in plain text, Markdown or HTML and saves it as a draft page, one clause per paragraph. No "
        "word is dropped or changed; what needs a look is reported by line. A clause that says how long something is "
        "kept becomes a retention clause."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--slug", default="privacy", help="address of the page below the home page (%(default)s)")
        parser.add_argument("--format", choices=FORMS, default="", help="do not tell by the content what the file is")
        parser.add_argument("--dry-run", action="store_true", help="print the outline and the report; save nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        slug = slugify(options["slug"])
        if not slug:
            raise CommandError(f"--slug={options['slug']!r} is no address: use letters, digits and hyphens.")
        draft = self._read(options["file"], options["format"])
        if options["dry_run"]:
            self._show(draft)
        self._report(draft)
        if options["dry_run"]:
            self.stdout.write("Nothing was saved (--dry-run).")
            return
        site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
        if site is None:
            raise CommandError("There is no default site. Make one in the CMS under Settings › Sites.")
        if (there := drafts.at(site, slug)) and there.specific_class is not PolicyPage:
            raise CommandError(f"/{slug}/ is another page. Choose a different --slug.")
        try:
            page = drafts.save(draft.title, draft.body, site=site, slug=slug)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Draft saved: “{page.title}”, /cms/pages/{page.pk}/edit/. Publish or schedule it there.")

    def _read(self, path: Path, form: str) -> importing.Draft:
        try:
            with path.open("rb") as file:
                raw = file.read(drafts.LARGEST + 1)
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
        if len(raw) > drafts.LARGEST:
            raise CommandError(f"{path} is too large: at most {drafts.LARGEST} bytes are read.")
        try:
            return importing.read_file(raw, form=form, name=path.name)
        except ValueError as error:
            raise CommandError(f"{path}: {error}") from error

    def _show(self, draft: importing.Draft) -> None:
        self.stdout.write(draft.title)
        for part, number in zip(draft.parts, draft.numbers, strict=True):
            name = f"{number} {part.kind}".strip()
            self.stdout.write(f"{'  ' * KINDS[part.kind]}{name}: {_first_words(part)}")

    def _report(self, draft: importing.Draft) -> None:
        counts = {kind: draft.count(kind) for kind in KINDS}
        found = ", ".join(f"{number} × {kind}" for kind, number in counts.items())
        self.stdout.write(f"“{draft.title}”: {found}, {draft.bullets} × list item.")
        for line, note in draft.notes:
            self.stdout.write(f"  line {line}: {note}")
        if not draft.notes:
            self.stdout.write("  Everything was placed.")


def _first_words(part: Part) -> str:
    words = part.plain if len(part.plain) <= FIRST_WORDS else f"{part.plain[:FIRST_WORDS].rstrip()}…"
    items = f"[{len(part.bullets)} × list item]" if part.bullets else ""
    period = f"({part.period.words()}, {part.holding or 'no data set'})" if part.period else ""
    return " ".join(word for word in (words, items, period) if word)
