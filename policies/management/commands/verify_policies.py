"""Was a published policy altered afterwards? Exit status 1, and which version, when it was."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from policies import chain
from policies.models import FrozenText, PolicyRendition, PolicyVersion


class Command(BaseCommand):
    help = (
        "Recomputes the hash chain of every published policy version and translation, and compares the terms the site "
        "acts on with what the versions say. Exits 1 and names the first altered version of each policy."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON for another program")

    def handle(self, *args: Any, **options: Any) -> None:
        altered = [{"text": _name(fault.row), "what": fault.what} for fault in chain.faults()]
        altered += [
            {"text": str(sheet), "what": "it was deleted, and its terms were left"} for sheet in chain.cut_off()
        ]
        counts = {"versions": PolicyVersion.objects.count(), "translations": PolicyRendition.objects.count()}
        if options["json"]:
            report = {"intact": not altered, **counts, "altered": altered}
            self.stdout.write(json.dumps(report, indent=2, ensure_ascii=False))
        else:
            self._print(altered, counts)
        if altered:
            sys.exit(1)

    def _print(self, altered: list[dict[str, str]], counts: dict[str, int]) -> None:
        for fault in altered:
            self.stdout.write(self.style.ERROR(f"{fault['text']}: {fault['what']}"))
        if not altered:
            self.stdout.write(
                "{versions} versions and {translations} translations are as they were frozen.".format(**counts)
            )


def _name(row: FrozenText) -> str:
    """By the page and not by the row's own title, which may be what was altered."""
    if isinstance(row, PolicyRendition):
        return f"{row.page.title}, version {row.version.number}, {row.language} {row.number}"
    return f"{row.page.title}, version {row.number}"
