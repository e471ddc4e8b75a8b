"""The whole site on one machine, in one terminal."""

import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms import places
from cms.demo import people, run, tour
from cms.demo.processes import Trouble


class Command(BaseCommand):
    help = "Starts the whole site with its own database, workers and mailbox, until Ctrl-C; prints where to look."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="start on free ports, walk the tour, exit 0 or 1")
        parser.add_argument("--fresh", action="store_true", help="drop the demo's data first")
        parser.add_argument("--empty", action="store_true", help="a new site with one account, to set up by its guide")
        parser.add_argument("--home", type=Path, help=f"where the data is kept ({places.HOME}; with --empty beside it)")
        for name, port in (("web", 8000), ("outbox", 8025), ("smtp", 1025), ("vendor", 8001)):
            parser.add_argument(
                f"--{name}-port", type=int, default=port, help="%(default)s, or the next free one; 0: any"
            )

    def handle(self, *args: Any, **options: Any) -> None:
        # SIGINT too: a shell starts what runs in its background with that one ignored.
        for name in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(name, _interrupt)
        try:
            self._check() if options["check"] else self._serve(options)
        except Trouble as error:
            raise CommandError(str(error)) from error
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")

    def _serve(self, options: dict[str, Any]) -> None:
        started = time.monotonic()
        ports = run.Ports(*(options[f"{name}_port"] for name in ("web", "outbox", "smtp", "vendor")))
        empty = options["empty"]
        home = (options["home"] or (places.EMPTY if empty else places.HOME)).resolve()
        with run.running(home, ports, self._say, fresh=options["fresh"], empty=empty) as demo:
            self._say((_new_site if empty else _welcome)(demo, time.monotonic() - started))
            try:
                run.watch(demo, self._say)
            except KeyboardInterrupt:
                self._say("Stopping…")
                raise

    def _check(self) -> None:
        with tempfile.TemporaryDirectory(prefix="candor-check-") as folder:
            Path(folder).chmod(0o711)
            with run.running(Path(folder) / "demo", run.Ports(0, 0, 0, 0), self._say) as demo:
                try:
                    tour.walk(demo, self._say)
                except tour.Wrong as error:
                    self._say(f"  ✗ {error}")
                    sys.exit(1)
        self._say("The tour works.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _interrupt(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _welcome(demo: run.Demo, seconds: float) -> str:
    return f"""
Candor is up after {seconds:.0f} seconds.

  the site         {demo.site}/
  its policy       {demo.site}/privacy/
  the CMS          {demo.site}/cms/        everybody's password: {people.PASSWORD}
{_accounts()}
  all mail         {demo.outbox}/
  a third party    {demo.vendor}/
  logs             {demo.processes.logs}

In another terminal: manage.py expire --dry-run, manage.py import_policy FILE.
Ctrl-C stops everything; the data stays for the next start (--fresh drops it).
"""


def _new_site(demo: run.Demo, seconds: float) -> str:
    return f"""
A new site is up after {seconds:.0f} seconds. It is empty: the CMS leads through the first steps.

  the site         {demo.site}/
  the CMS          {demo.site}/cms/        name: admin, password: {people.PASSWORD}
  all mail         {demo.outbox}/
  a third party    {demo.vendor}/
  logs             {demo.processes.logs}

In another terminal: DEMO_HOME={demo.home} manage.py scan_cookies.
Ctrl-C stops everything; the data stays for the next start with --empty (--fresh drops it).
"""


def _accounts() -> str:
    return "\n".join(f"{'':19}{line}" for line in people.in_words())
