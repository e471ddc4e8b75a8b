"""Do the site's own pages stay light and still on a slow telephone? Beside each figure stands its budget."""

import os
import statistics
import tempfile
from typing import Any

from playwright.sync_api import Browser

from bench import pages
from bench.browser import host, visits
from bench.browser.server import Server, serving
from bench.table import here_and_now, own_engines
from tests import browser as chromium

RUNS = 3
# Of a first visit with nothing cached: bytes, requests, shift, milliseconds.
BUDGETS = {"bytes": 200_000, "requests": 10, "cls": 0.0, "fcp": 1800, "lcp": 2500}
LARGEST = """() => new Promise((found) => new PerformanceObserver((list) => {
    const { element } = list.getEntries().at(-1);
    found(element ? element.localName + (element.className && "." + element.className.split(" ")[0]) : "gone");
}).observe({ type: "largest-contentful-paint", buffered: true }))"""
Found = dict[str, Any]


def measure(browser: Browser, server: Server, path: str) -> Found:
    runs, element = [], ""
    for _run in range(RUNS):
        with visits.visitor(browser) as visit:
            visit.look(None)
            visit.page.goto(server.home + path, wait_until="networkidle")
            visit.page.wait_for_timeout(visits.QUIET)
            runs.append(visit.figures())
            element = visit.page.evaluate(LARGEST)
    return {name: statistics.median(run[name] for run in runs) for name in BUDGETS} | {"element": element}


def table(found: dict[str, Found]) -> str:
    head = "| page | kB | requests | CLS | first paint, ms | LCP, ms | LCP is |\n|---|--:|--:|--:|--:|--:|---|\n"
    allowed = [BUDGETS["bytes"] / 1000, BUDGETS["requests"], BUDGETS["cls"], BUDGETS["fcp"], BUDGETS["lcp"]]
    rows = "".join(
        f"| {name} | {row['bytes'] / 1000:.0f} | {row['requests']:.0f} | {row['cls']:.3f} | {row['fcp']:.0f} | "
        f"{row['lcp']:.0f} | {row['element']} |\n"
        for name, row in found.items()
    )
    budget = f"| at most | {' | '.join(f'{value:g}' for value in allowed)} | |\n"
    how = f"Medians of {RUNS} first visits, processor slowed {visits.SLOWED} times, 1.6 Mbit/s, 150 ms; each page kept."
    return f"{head}{rows}{budget}\n{how}\n{here_and_now()}.\n"


def application() -> tuple[Any, dict[str, str]]:
    """The whole site with its middleware, and the paths of its pages."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    from bench.browser import candor
    from bench.consent_requests import handler

    django.setup()
    settings.ALLOWED_HOSTS = [host.NAME, "testserver", "127.0.0.1"]
    call_command("migrate", verbosity=0)
    paths = {name: path for name, (path, _bare) in pages.site().items()}
    return candor.kept(handler(settings.MIDDLEWARE)), paths


def main() -> None:
    with own_engines(), tempfile.TemporaryDirectory(prefix="candor-media-") as media:
        os.environ |= {"DJANGO_SETTINGS_MODULE": "cms.settings.dev", "MEDIA_ROOT": media, "ACTION_LOG": "False"}
        with serving() as server:
            server.application, paths = application()
            for path in paths.values():
                server.fetched(path)  # nobody's first visit is the first of all
            with chromium.launched() as browser:
                found = {name: measure(browser, server, path) for name, path in paths.items()}
        print(table(found))


if __name__ == "__main__":
    main()
