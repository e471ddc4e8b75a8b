"""Is everything in order for mail to arrive: DNS, the mail server, the return path? Exit status 1 when it is not."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from mailing import setup
from mailing.lookups import DnsResolver, Resolver


class Command(BaseCommand):
    stealth_options = ("resolver",)
    help = (
        "Looks up SPF, DKIM and DMARC of every sender's domain, the return path, the mail server's encryption and "
        "names, as Mailing > Set-up check does, and prints what to publish. Exits 1 when something is missing or wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print JSON for another program")

    def handle(self, *args: Any, resolver: Resolver | None = None, **options: Any) -> None:
        report = setup.check(setup.configured(), resolver=resolver or DnsResolver(), now=timezone.now())
        setup.remember(report)
        if options["json"]:
            self.stdout.write(json.dumps(report.as_json(), indent=2, ensure_ascii=False))
        else:
            self._print(report)
        if not report.is_complete:
            sys.exit(1)

    def _print(self, report: setup.Report) -> None:
        for subject, findings in report.by_subject().items():
            self.stdout.write(self.style.MIGRATE_HEADING(subject))
            for finding in findings:
                self._line(finding)

    def _line(self, finding: setup.Finding) -> None:
        style = {setup.Status.OK: self.style.SUCCESS, setup.Status.UNKNOWN: self.style.WARNING}
        status = style.get(finding.status, self.style.ERROR)(str(setup.STATUSES[finding.status]))
        self.stdout.write(f"  {setup.CHECKS[finding.check][0]}: {status}. {' '.join(setup.sentences(finding))}")
        for seen in finding.seen:
            self.stdout.write(f"    seen: {seen}")
        if finding.record:
            self.stdout.write(f"    add:  {finding.record}")
