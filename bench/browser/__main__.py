"""How light and quick is our banner beside its peers, in a real browser? Writes its tables into docs/browser.md."""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser

from bench.browser import budgets, candor, django_cookie_consent, host, npm, peers, report, variants, visits, weights
from bench.browser.server import FETCHED, Answer, Server, serving
from bench.browser.variants import HTML, Variant
from bench.table import here_and_now, own_engines, publish
from tests import browser as chromium

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "browser.md"
KEPT = npm.FOLDER / "figures.jsonl"
RUNS, TRIES = 7, 3
PEERS = {
    "vanilla-cookieconsent": peers.vanilla_cookieconsent,
    "orejime": peers.orejime,
    "klaro": peers.klaro,
    "tarteaucitronjs": peers.tarteaucitron,
    django_cookie_consent.NAME: django_cookie_consent.variant,
}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.browser", description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS, help="of each page, in turn")
    parser.add_argument("--only", type=lambda text: text.split(","), help="names of pages, separated by commas")
    parser.add_argument("--budgets", action="store_true", help="only how light the site's own pages are; printed")
    parser.add_argument("--resume", action="store_true", help="go on where an earlier measurement was stopped")
    return parser.parse_args()


def chosen(only: list[str] | None) -> list[Variant]:
    """Pages to measure; a peer is fetched only where it is one of them."""
    controls = {variant.name: variant for variant in variants.controls()}
    makers = {candor.NAME: candor.variant, **PEERS}
    unknown = {*(only or [])} - {*controls, *makers}
    if unknown:
        raise SystemExit(f"There is no page {', '.join(sorted(unknown))}; there are {', '.join([*controls, *makers])}.")
    wanted = only or [*controls, *makers]
    found = [variant for name, variant in controls.items() if name in wanted]
    return found + [make() for name, make in makers.items() if name in wanted]


def earlier() -> Iterator[tuple[int, str, dict[str, visits.Figures]]]:
    if KEPT.exists():
        for line in KEPT.read_text(encoding="utf-8").splitlines():
            kept = json.loads(line)
            yield kept["run"], kept["variant"], kept["figures"]


def measure(browser: Browser, server: Server, pages: list[Variant], count: int) -> report.Runs:
    """Each page once a run. Every figure is written down at once, so that nothing is lost where this is stopped."""
    runs: report.Runs = [{} for _run in range(count)]
    for run, name, figures in earlier():
        if run < count:
            runs[run][name] = figures
    for run, found in enumerate(runs):
        for page in pages[run % len(pages) :] + pages[: run % len(pages)]:
            if page.name not in found:
                started = time.monotonic()
                found[page.name] = _patiently(browser, server, page)
                with KEPT.open("a", encoding="utf-8") as file:
                    print(json.dumps({"run": run, "variant": page.name, "figures": found[page.name]}), file=file)
                print(f"run {run + 1}: {page.name}, {time.monotonic() - started:.0f} s", file=sys.stderr)
    return runs


def _patiently(browser: Browser, server: Server, page: Variant) -> dict[str, visits.Figures]:
    for _try in range(TRIES - 1):
        try:
            return visits.measure(browser, server, page)
        except visits.NeverHappened as reason:
            print(f"once more: {reason}", file=sys.stderr)
    return visits.measure(browser, server, page)


def tables(server: Server, pages: list[Variant], runs: report.Runs) -> str:
    """Everything that is written down about a measurement."""
    figures = report.Figures(runs)
    html = {page.name: server.fetched(page.path) for page in pages if page.accept}
    loads = [(page, weights.load(html[page.name], page)) for page in pages if page.accept]
    own = next((weights.own_parts(html[page.name], page) for page in pages if page.name == candor.NAME), {})
    sections = {
        "Targets": report.verdicts(figures, sum(own.values(), weights.Weight()) if own else None),
        "Bytes": report.weights(loads, own),
        "First visit": report.first(figures, pages),
        "Click on “Accept all”": report.accept(figures, pages),
        "Return, nothing cached": report.returning(figures, pages, "cold"),
        "Return, everything cached": report.returning(figures, pages, "warm"),
    }
    text = "".join(f"\n### {title}\n\n{table}" for title, table in sections.items())
    return f"{text}\n{here_and_now()}; medians of {len(runs)} runs.\n"


def main() -> None:
    said = arguments()
    if said.budgets:
        budgets.main()
        return
    npm.FOLDER.mkdir(parents=True, exist_ok=True)
    if not said.resume:
        KEPT.unlink(missing_ok=True)
    try:
        with own_engines():
            text = measured(said)
    except (chromium.NoBrowser, npm.NoPeers, visits.NeverHappened, weights.NoNode) as reason:
        raise SystemExit(str(reason)) from None
    if said.only:
        print(text)
    else:
        publish(text, DOCUMENT, "browser")


def measured(said: argparse.Namespace) -> str:
    with serving() as server:
        server.application, pages = candor.set_up(server.server_port), chosen(said.only)
        server.answers = {path: Answer(kind, body) for path, (kind, body) in host.files().items()}
        for page in pages:
            server.answers |= page.answers(server)
            html = server.fetched(page.path)  # nobody's first visit is the first of all
            if page.one_for_all:
                server.answers[page.path] = Answer(HTML, html, FETCHED)
        with chromium.launched() as browser:
            runs = measure(browser, server, pages, said.runs)
        return tables(server, pages, runs)


if __name__ == "__main__":
    main()
