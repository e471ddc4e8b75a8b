"""The record of processing activities, for an authority, a spreadsheet or a program."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string
from django.utils import timezone, translation
from wagtail.models import Site

from records import ropa


class Command(BaseCommand):
    help = (
        "Prints the record of processing activities (GDPR Art. 30) of the site: every data set of the data map, with "
        "the periods that the policy versions in force state."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--format", default="html", choices=["html", "json", "csv"], help="html unless told")
        parser.add_argument("--language", default="", help="such as ru; the site's own unless told")
        parser.add_argument("--site", default="", metavar="HOST", help="host name of one of several sites")
        parser.add_argument("--out", default="", metavar="FILE", help="write into a file instead")

    def handle(self, *args: Any, **options: Any) -> None:
        sites = Site.objects.filter(hostname=options["site"]) if options["site"] else Site.objects.all()
        site = sites.order_by("-is_default_site").first()
        if site is None:
            raise CommandError(f"--site {options['site']}: there is no site of this name. See Settings › Sites.")
        with translation.override(options["language"] or translation.get_language()):
            said = _written(ropa.record(site=site, now=timezone.now()), options["format"])
        if not options["out"]:
            self.stdout.write(said, ending="")
            return
        try:
            Path(options["out"]).write_text(said, encoding="utf-8")
        except OSError as error:
            raise CommandError(f"--out {options['out']} cannot be written: {error.strerror}.") from error
        self.stderr.write(f"Written to {options['out']}.")


def _written(found: dict[str, Any], form: str) -> str:
    if form == "json":
        return json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    if form == "csv":
        return ropa.as_csv(found)
    return render_to_string("records/ropa.html", {"record": found})
