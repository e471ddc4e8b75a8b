"""What does a choice about cookies cost, beside django-cookie-consent's own views? Writes its table into
docs/operators.md."""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)  # in place of bench/, where this file has the name of an app

from bench.consent_requests import BOTH, OURS, Scenario, addresses, call, handler, inventory, ours, theirs  # noqa: E402
from bench.table import here_and_now, own_engines, publish  # noqa: E402

DOCUMENT = ROOT / "docs" / "operators.md"
RUNS, ROUNDS, CALLS, WARM = 3, 7, 300, 20


def count(application: Any, scenario: Scenario) -> None:
    """Queries, INSERTs, what was read of the cache, and every other use of it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from cms.cache import ForgivingCache

    used: list[str] = []
    kept = {name: getattr(ForgivingCache, name) for name in ("get", "get_many", "add", "incr", "set", "has_key")}

    def noted(name: str) -> Callable[..., Any]:
        def use(*args: Any, **options: Any) -> Any:
            used.append(name)
            return kept[name](*args, **options)

        return use

    for name in kept:
        setattr(ForgivingCache, name, noted(name))
    with CaptureQueriesContext(connection) as queries:
        status, _cookies, _body = call(application, scenario.environ(0))
    for name, method in kept.items():
        setattr(ForgivingCache, name, method)
    assert status == scenario.status, (scenario.name, status)
    reads = sum(name.startswith("get") for name in used)
    inserts = sum(query["sql"].startswith("INSERT") for query in queries)
    scenario.counts = {"queries": len(queries), "inserts": inserts, "reads": reads, "others": len(used) - reads}


def measure_once(applications: dict[bool, Any], scenarios: list[Scenario], first: int) -> None:
    """One run: rounds of `CALLS` calls, the scenarios in turn, so that what slows the machine slows them alike."""
    for scenario in scenarios:
        scenario.seconds = []
    for turn in range(ROUNDS):
        for scenario in scenarios:
            calls = [scenario.environ(first + turn * CALLS + number) for number in range(CALLS)]
            started = time.process_time()
            for sent in calls:
                call(applications[scenario.theirs], sent)
            scenario.seconds.append((time.process_time() - started) / CALLS)


def measure() -> list[tuple[dict[str, Any], ...]]:
    """The scenarios of each run as plain rows."""
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections
    from django.urls import clear_url_caches

    django.setup()
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.COOKIE_CONSENT_LOG_ENABLED = True  # the package's own default; our views have no use for it
    connections.settings["default"]["ATOMIC_REQUESTS"] = False  # and Django's
    call_command("migrate", verbosity=0)
    from tests import make

    make.policy(make.site())
    published = inventory()
    settings.ROOT_URLCONF = addresses().__name__
    clear_url_caches()
    applications = {True: handler(BOTH), False: handler(OURS)}
    scenarios = [*theirs(applications[True]), *ours(applications[False], published)]
    for scenario in scenarios:
        for _time in range(WARM):
            call(applications[scenario.theirs], scenario.environ(0))
        count(applications[scenario.theirs], scenario)
    runs = []
    for run in range(RUNS):
        measure_once(applications, scenarios, first=(run + 1) * 100_000)
        runs.append(tuple(row(scenario, scenarios[0]) for scenario in scenarios))
        print(f"run {run + 1} of {RUNS}: {verdicts([runs[-1]])}", file=sys.stderr)
    return runs


def row(scenario: Scenario, ping: Scenario) -> dict[str, Any]:
    middle, best = statistics.median(scenario.seconds), min(scenario.seconds)
    times = {"multiple": middle / statistics.median(ping.seconds), "median": middle * 1000, "best": best * 1000}
    return {"name": scenario.name, **scenario.counts, **times}


def of(runs: list[tuple[dict[str, Any], ...]], name: str, what: str) -> float:
    """The median over the runs."""
    return statistics.median(found[what] for run in runs for found in run if found["name"] == name)


def against(runs: list[tuple[dict[str, Any], ...]], one: str, other: str) -> float:
    ratios = []
    for run in runs:
        median = {found["name"]: found["median"] for found in run}
        ratios.append(median[one] / median[other])
    return statistics.median(ratios)


def verdicts(runs: list[tuple[dict[str, Any], ...]]) -> list[tuple[str, str, str]]:
    """What is asked for, what was found, and the most it may be."""
    status = against(runs, "our status, all decided", "its status, all decided")
    undecided = against(runs, "our status, nothing decided", "its status, nothing decided")
    decision = against(runs, "our decision, 2 yes and 2 no", "its accept, 4 named")
    compatible = against(runs, "our accept at its address, 4 named", "its accept, 4 named")
    page = ("page with our tag", "page with our banner and gates")
    asked = sum(of(runs, name, what) for name in page for what in ("queries", "reads"))
    return [
        ("status, all decided, against its", f"× {status:.3f}", "× 0.15"),
        ("status, nothing decided, against its", f"× {undecided:.3f}", ""),
        ("a decision for each of 4 groups, against its accept of 4", f"× {decision:.2f}", "× 0.5"),
        ("the same through its address", f"× {compatible:.2f}", ""),
        ("INSERTs of a decision", f"{of(runs, 'our decision, 2 yes and 2 no', 'inserts'):.0f}", "1"),
        ("queries and cache reads of pages with our tags", f"{asked:.0f}", "0"),
    ]


def table(runs: list[tuple[dict[str, Any], ...]]) -> str:
    lines = "".join(f"| {what} | {found} | {most} |\n" for what, found, most in verdicts(runs))
    head = "| request | queries | INSERTs | cache reads | other uses of it | CPU, × ping | median ms | best ms |\n"
    rows = ""
    for found in runs[0]:
        name = found["name"]
        counts = " | ".join(str(found[what]) for what in ("queries", "inserts", "reads", "others"))
        best = min(found["best"] for run in runs for found in run if found["name"] == name)
        rows += (
            f"| {name} | {counts} | {of(runs, name, 'multiple'):.1f} | {of(runs, name, 'median'):.2f} | {best:.2f} |\n"
        )
    how = f"CPU time of the process: medians of {ROUNDS} rounds of {CALLS} calls in turn, and of {RUNS} runs."
    how += " Both over one PostgreSQL and one Valkey, with the same groups and cookies, the limit on rates counting."
    how += " The package runs with its own defaults; its queries include BEGIN and COMMIT."
    when = f"{here_and_now()}."
    return (
        f"| what | measured | at most |\n|---|---|---|\n{lines}\n{head}|---|--:|--:|--:|--:|--:|--:|--:|\n{rows}\n"
        f"{how}\n{when}\n"
    )


def main() -> None:
    with own_engines():
        text = table(measure())
    publish(text, DOCUMENT, "consent")


if __name__ == "__main__":
    main()
