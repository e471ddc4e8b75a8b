"""What do a site's pages keep and ask for in a browser, and is all of it declared? Exit status 1 when it is not."""

import getpass
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from wagtail.models import Site

from consent import catalogue, findings, origins
from consent.scanning import browser, compare, keep, pages, report, states, terminal
from consent.scanning.report import Run


class Command(BaseCommand):
    help = (
        "Opens pages in a headless browser in three states (no choice, all refused, all accepted) and compares the "
        "cookies, the storage, the hosts, the beacons and the frames it sees with the published configuration. Exits 0 "
        "when all is declared and nothing comes before it is allowed, 1 when not, 2 when a page or the browser is out "
        "of reach. Of a site that is not ours it says what it saw. Without a URL: every page of the default site."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("urls", nargs="*", metavar="URL", help="pages to open, all of one site")
        parser.add_argument(
            "--sitemap",
            action="store_true",
            help="open what the site's sitemap names; without one, all live pages of the CMS",
        )
        parser.add_argument(
            "--site", default="", metavar="HOST", help="compare with this site of the CMS, such as for a staging copy"
        )
        parser.add_argument("--timeout", type=float, default=20, metavar="SECONDS", help="for a page; 20")
        parser.add_argument("--limit", type=int, default=50, metavar="PAGES", help="open no more than these; 50")
        parser.add_argument("--json", action="store_true", help="print JSON for another program")
        parser.add_argument("--no-save", action="store_true", help="write nothing to the database")
        parser.add_argument("--by", default="", metavar="NAME", help="who runs it, for the CMS; your account's name")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["timeout"] <= 0 or options["limit"] < 1:
            raise CommandError("--timeout and --limit are more than 0.", returncode=2)
        try:
            run, site = self._scan(options)
        except (pages.NoPage, browser.NoBrowser) as problem:
            raise CommandError(str(problem), returncode=2) from None
        if site and not options["no_save"]:
            keep.keep(run, site, by=options["by"] or _account())
        self._print(run, as_json=options["json"])
        if run.seen.unreachable or (run.configuration and run.seen.skipped):
            sys.exit(2)
        if not run.is_clean:
            sys.exit(1)

    def _scan(self, options: dict[str, Any]) -> tuple[Run, Site | None]:
        """The database is asked before the browser runs: Playwright's event loop keeps Django's database layer out."""
        addresses = pages.given(options["urls"] or [_default()])
        origin = origins.of(addresses[0])
        site = pages.site_at(origin, options["site"])
        if options["sitemap"] or not options["urls"]:
            addresses = pages.in_sitemap(origin, options["timeout"]) or (pages.of_tree(site, origin) if site else [])
        if not addresses:
            raise pages.NoPage(f"{origin} has no sitemap, and the CMS has no site there: name the pages.")
        published = catalogue.current(site.pk) if site else None
        content = (published.content if published else {"groups": []}) if site else None
        own = {origin, *(findings.own_origins(site.pk) if site else ())}
        started, opened = timezone.now(), addresses[: options["limit"]]
        preferences = pages.preferences(origin) if site else None
        with browser.launched() as chromium:
            seen = states.visit(chromium, opened, origin=origin, preferences=preferences, timeout=options["timeout"])
        return Run(
            origin=origin,
            site=site.hostname if site else "",
            configuration=published.number if published else None,
            started_at=started,
            finished_at=timezone.now(),
            seen=seen,
            things=compare.things(seen.sights, content, own),
            left=len(addresses) - len(opened),
        ), site

    def _print(self, run: Run, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report.as_json(run), indent=2, ensure_ascii=False))
            return
        for line, wrong in terminal.lines(run):
            self.stdout.write(self.style.ERROR(line) if wrong else line)


def _default() -> str:
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        raise pages.NoPage("The CMS has no default site: name the pages.")
    return str(site.root_url)


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in containers
        return ""
