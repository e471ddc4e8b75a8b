"""What does it save that nginx keeps pages once for each choice about cookies? Writes its table into
docs/operators.md."""

import random
import re
import statistics
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import chain
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)  # in place of bench/, where other files have the names of apps

from bench.table import here_and_now, own_engines, publish  # noqa: E402

DOCUMENT = ROOT / "docs" / "operators.md"
PATHS = ("/", "/privacy/", "/contact/", "/services/", "/ru/", "/privacy/history/")
ROUNDS, VISITORS, PAGES, AT_ONCE = 5, 200, 4, 8
PROCESSES = 2  # docker-compose.yml's default
Visit = tuple[dict[str, str], list[str]]  # what a visitor sends, and the pages they ask for


@dataclass
class Front:
    """One site behind nginx, and how long its answers took, in seconds."""

    port: int
    log: Path
    rates: list[float] = field(default_factory=list)  # pages a second of each round
    waits: list[float] = field(default_factory=list)

    def uses(self) -> Counter[str]:
        """How nginx came by the answers of its log."""
        return Counter(re.findall(r" GET .* cache=(\S+)", self.log.read_text(encoding="utf-8")))

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    @property
    def median(self) -> float:
        return statistics.median(self.waits) * 1000

    @property
    def slow(self) -> float:
        return statistics.quantiles(self.waits, n=20)[-1] * 1000


def measure() -> tuple[Front, Front, Counter[str], int]:
    """With pages kept and without, how nginx came by the answers, and how many kinds of visitors there were."""
    import django

    django.setup()
    from tests.house import stage as stages
    from tests.house import visitors

    with ExitStack() as running:
        begin = running.enter_context
        kept = begin(stages.opened(ALLOWED_HOSTS="candor.example,second.example"))
        stages.prepare(kept)
        kept.shell(visitors.SEED)
        fronts = []
        for number, site in enumerate((kept, stages.beside(kept, PAGE_CACHE_SECONDS="0"))):
            begin(stages.running(site, "web", ready="/healthz/", log=f"web{number}"))
            begin(stages.behind_nginx(site, f"nginx{number}"))
            fronts.append(Front(site.door, kept.home / f"nginx{number}.log"))
        kinds = visitors.everyday(visitors.come(kept))
        earlier = _measure(*fronts, kinds)
        return fronts[0], fronts[1], fronts[0].uses() - earlier, len(kinds)


def _measure(kept: Front, made: Front, kinds: list[Any]) -> Counter[str]:
    """Rounds in turn, so that what slows the machine slows both alike; the same visitors come to both. The first round
    only warms up: returns how nginx came by its answers."""
    chance, before = random.Random(2026), Counter[str]()
    for turn in range(ROUNDS + 1):
        visits = [_visit(kind, turn, number, chance) for number, kind in enumerate(_come(kinds, chance))]
        for front in (kept, made):
            _round(front, visits, counts=turn > 0)
        before = before or kept.uses()
    return before


def _come(kinds: list[Any], chance: random.Random) -> list[Any]:
    return chance.choices(kinds, [kind.share for kind in kinds], k=VISITORS)


def _visit(kind: Any, turn: int, number: int, chance: random.Random) -> Visit:
    base = {"Host": "candor.example", "X-Forwarded-Proto": "https", "Accept-Encoding": "gzip"}
    by = f"198.18.{turn * 8 + number // 250}.{number % 250 + 1}"
    return {**base, "X-Forwarded-For": by, **dict(kind.headers)}, chance.sample(PATHS, PAGES)


def _round(front: Front, visits: list[Visit], *, counts: bool) -> None:
    started = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        waits = list(chain.from_iterable(pool.map(lambda visit: _walk(front.port, *visit), visits)))
    if counts:
        front.rates.append(len(waits) / (time.perf_counter() - started))
        front.waits += waits


def _walk(port: int, headers: dict[str, str], pages: list[str]) -> list[float]:
    """One visitor, one connection: seconds for each page."""
    waits = []
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        for page in pages:
            started = time.perf_counter()
            connection.request("GET", page, headers=headers)
            answer = connection.getresponse()
            answer.read()
            waits.append(time.perf_counter() - started)
            assert answer.status == 200, (page, answer.status)
    return waits


def table(kept: Front, made: Front, uses: Counter[str], kinds: int) -> str:
    of_all = {name: f"{100 * uses[name] / uses.total():.1f} %" for name in ("HIT", "BYPASS")}
    how = (
        f"{ROUNDS * VISITORS:,} visitors of {kinds} kinds ask for {PAGES} pages each: most of them without a choice, "
        "with everything allowed or everything refused, a few with each other choice, with signals, signed in, and "
        f"with cookies that are forged, too old or broken. {AT_ONCE} at a time, {PROCESSES} gunicorn processes for "
        "each site, one database, the client on the same cores; medians of rounds in turn."
    )
    return (
        "| what | pages kept | made each time | ratio |\n|---|--:|--:|--:|\n"
        f"| pages a second | {kept.rate:,.0f} | {made.rate:,.0f} | × {kept.rate / made.rate:.1f} |\n"
        f"| median ms | {kept.median:.1f} | {made.median:.1f} | × {kept.median / made.median:.3f} |\n"
        f"| 95 of 100 within ms | {kept.slow:.1f} | {made.slow:.1f} | × {kept.slow / made.slow:.3f} |\n"
        f"| answers that were kept ones | {of_all['HIT']} | 0 % |  |\n"
        f"| answers for which nobody looked | {of_all['BYPASS']} | 0 % |  |\n\n"
        f"{how}\n{here_and_now()}.\n"
    )


def main() -> None:
    with own_engines():
        text = table(*measure())
    publish(text, DOCUMENT, "page-cache")


if __name__ == "__main__":
    main()
