"""What do the figures say: the targets first, then everything beside the peers?"""

import statistics
from collections.abc import Callable
from typing import Any

from bench.browser.candor import NAME as OURS
from bench.browser.variants import Variant
from bench.browser.weights import Load, Weight

Runs = list[dict[str, dict[str, dict[str, Any]]]]  # of each run: variant, part of the visit, figure
OFF, ON = "control-off", "control-on"
MOST_BYTES = 7 * 1024


class Figures:
    """Medians over the runs, and over the runs' differences between two variants."""

    def __init__(self, runs: Runs) -> None:
        self.runs = runs

    def of(self, variant: str, part: str, name: str) -> float | None:
        return _median([run[variant].get(part, {}).get(name) for run in self.runs if variant in run])

    def less(self, variant: str, part: str, name: str, control: str, of: str = "") -> float | None:
        """Against a control of the same run: what slows the machine slows both."""
        both = [
            (run[variant].get(part, {}).get(name), run[control].get(of or part, {}).get(name))
            for run in self.runs
            if variant in run and control in run
        ]
        return _median([one - other if None not in (one, other) else None for one, other in both])


def _median(values: list[Any]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def verdicts(figures: Figures, ours: Weight | None) -> str:
    """The targets, each with the most it may be, what was measured, and whether that is within it."""
    of, less = figures.of, figures.less
    rows = [
        ("bytes of everything, brotli", MOST_BYTES, ours.brotli if ours else None),
        ("requests of a first visit, more than without", 1, less(OURS, "first", "requests", OFF)),
        ("banner seen after the first paint, ms", 50, of(OURS, "first", "lag")),
        ("layout shift, first visit", 0, of(OURS, "first", "cls")),
        ("layout shift, return", 0, of(OURS, "cold", "cls")),
        ("first paint against none, ms", 20, less(OURS, "first", "fcp", OFF)),
        ("largest paint against none, ms", 20, less(OURS, "first", "lcp", OFF)),
        ("script time of a first visit, ms", 30, of(OURS, "first", "script")),
        ("accept: next paint after the click, ms", 40, of(OURS, "accept", "inp")),
        ("accept: next paint, processor not slowed, ms", 16, of(OURS, "quick", "inp")),
        ("accept: banner gone, ms", 40, of(OURS, "accept", "gone")),
        ("accept: all five gates have run, ms", 480, of(OURS, "accept", "all")),
        ("return, nothing cached: inline gate against none, ms", 40, less(OURS, "cold", "inline", ON)),
        ("return, nothing cached: all five against none, ms", 60, less(OURS, "cold", "all", ON)),
    ]
    lines = [f"| {what} | {most:,} | {_shown(found)} | {_met(found, most)} |" for what, most, found in rows]
    return _table("| what | at most | measured | met |", "|---|--:|--:|---|", lines)


def _met(found: float | None, most: float) -> str:
    return "" if found is None else "yes" if found <= most else "**no**"


def _shown(found: float | None) -> str:
    return "-" if found is None else f"{found:,.3f}" if 0 < abs(found) < 1 else f"{found:,.0f}"


def _table(head: str, rule: str, lines: list[str]) -> str:
    return "\n".join([head, rule, *lines]) + "\n"


def weights(loads: list[tuple[Variant, Load]], parts: dict[str, Weight]) -> str:
    """Scripts, style sheets and what the page grows by; then our own parts."""
    lines = [
        f"| {variant.title} | {load.scripts} | {load.styles} | {load.page.brotli:,} | {load.all.gzip:,} "
        f"| {load.all.brotli:,} |"
        for variant, load in loads
    ]
    head = "| page | scripts: plain / gzip / brotli | style sheets | in the page, brotli | all, gzip | all, brotli |"
    peers = _table(head, "|---|--:|--:|--:|--:|--:|", lines)
    own = [f"| {name} | {weight} |" for name, weight in parts.items()]
    own.append(f"| all | {sum(parts.values(), Weight())} |")
    return peers + ("\n" + _table("| part of ours | plain / gzip / brotli |", "|---|--:|", own) if parts else "")


def first(figures: Figures, variants: list[Variant]) -> str:
    columns = ("fcp", "lcp", "cls", "seen", "lag", "tbt", "tasks", "script", "requests", "bytes")
    titles = "FCP | LCP | CLS | banner seen | after FCP | TBT | long tasks | script | requests | bytes"
    return _rows(figures, variants, titles, [("first", name) for name in columns])


def accept(figures: Figures, variants: list[Variant]) -> str:
    columns = ("inp", "handler", "gone", "inline", "external", "frame", "all")
    titles = "INP | handler | banner gone | inline gate | first external | frame | all five | INP, not slowed"
    wanted = [*(("accept", name) for name in columns), ("quick", "inp")]
    return _rows(figures, [variant for variant in variants if variant.accept], titles, wanted)


def returning(figures: Figures, variants: list[Variant], part: str) -> str:
    columns = ("fcp", "lcp", "inline", "external", "all", "requests")
    titles = "FCP | LCP | inline gate | first external | all five | requests | inline, against none | all, against none"
    wanted = [(part, name) for name in columns]
    against: list[Callable[[str], float | None]] = [
        lambda variant: figures.less(variant, part, "inline", ON),
        lambda variant: figures.less(variant, part, "all", ON),
    ]
    return _rows(figures, [variant for variant in variants if variant.gates], titles, wanted, against)


def _rows(
    figures: Figures,
    variants: list[Variant],
    titles: str,
    wanted: list[tuple[str, str]],
    more: list[Callable[[str], float | None]] | None = None,
) -> str:
    lines = []
    for variant in variants:
        found = [figures.of(variant.name, part, name) for part, name in wanted]
        found += [asked(variant.name) for asked in more or []]
        lines.append(f"| {variant.title} | {' | '.join(map(_shown, found))} |")
    return _table(f"| page | {titles} |", f"|---|{'--:|' * (titles.count('|') + 1)}", lines)
