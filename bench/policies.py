"""How fast are the policy's pages, comparisons and freezing? Writes its table into docs/operators.md."""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)  # in place of bench/, where this file has the name of an app

from bench.table import here_and_now, own_engines, publish  # noqa: E402

DOCUMENT = ROOT / "docs" / "operators.md"
ROUNDS, WARM = 40, 5
CLAUSES, WORDS, VERSIONS = 60, 93, 1000  # six headings and 54 clauses of 93 words are 5,000 words

Case = Callable[[], object]


def medians(cases: dict[str, Case], *, before: Callable[[], object] = lambda: None) -> dict[str, float]:
    """Milliseconds; the cases take turns, so that what slows the machine slows them alike. `before` is not timed."""
    taken: dict[str, list[float]] = {name: [] for name in cases}
    for turn in range(WARM + ROUNDS):
        for name, case in cases.items():
            before()
            started = time.perf_counter()
            case()
            if turn >= WARM:
                taken[name].append((time.perf_counter() - started) * 1000)
    return {name: statistics.median(values) for name, values in taken.items()}


def prose(seed: int) -> str:
    """`WORDS` words that no other seed gives."""
    words = [
        f"{'abcdefghij'[(seed * 7 + place * 3) % 10]}word{(seed * 31 + place * 17) % 997}" for place in range(WORDS)
    ]
    words[5], words[20] = f"<b>{words[5]}</b>", f'<a href="https://candor.example/{seed}">{words[20]}</a>'
    return " ".join(words) + "."


def clauses() -> list[dict[str, Any]]:
    from tests import make

    titles = [{"type": "section", "value": {"title": f"Part {n}", "numbered": True, "anchor": ""}} for n in range(6)]
    texts = [make.text(prose(seed)) for seed in range(CLAUSES - len(titles))]
    return [row for n, title in enumerate(titles) for row in (title, *texts[n * 9 : n * 9 + 9])]


def edited(body: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """30 words changed, two clauses added, two removed, three moved, one in another format, one link elsewhere."""
    from tests import make

    texts = [row for row in body if row["type"] == "clause"]
    for row in texts[:30]:
        row["value"]["text"] = row["value"]["text"].replace("word", "edited", 1)
    texts[40]["value"]["text"] = texts[40]["value"]["text"].replace("<b>", "<i>").replace("</b>", "</i>")
    texts[41]["value"]["text"] = texts[41]["value"]["text"].replace("candor.example", "candor.test")
    kept = [row for row in body if row not in texts[35:37]]
    for place in (12, 25, 44):
        kept.insert(place - 9, kept.pop(place))
    return [*kept[:50], make.text(prose(901)), make.text(prose(902)), *kept[50:]]


def policy(home: Any, slug: str, versions: int) -> Any:
    """A page with so many versions of `CLAUSES` clauses; all but the first two are copies in the chain."""
    from policies import chain
    from policies.models import PolicyPage, PolicyVersion

    page = PolicyPage(title=slug.capitalize(), slug=slug, body=clauses(), live=False)
    home.add_child(instance=page)
    page.save_revision().publish()
    page = PolicyPage.objects.get(pk=page.pk)
    page.body = edited(page.body.get_prep_value())
    page.save_revision().publish()
    last = page.versions.get(number=2)
    for number in range(3, versions + 1):
        row = PolicyVersion.objects.get(pk=last.pk) if number == 3 else last
        previous = PolicyVersion(sha256=row.sha256)
        row.pk, row.number, row._state.adding = None, number, True
        row.frozen_at = row.effective_from = row.frozen_at + timedelta(microseconds=1)
        chain.seal(row, previous)
        row.save(force_insert=True)
        last = row
    return page


def reading(home: Any) -> list[tuple[str, str, str]]:
    from django.test import Client

    from home.models import StandardPage

    few = policy(home, "few", 3)
    policy(home, "many", VERSIONS)
    html = few.versions.get(number=3).html
    home.add_child(instance=StandardPage(title="Stock", slug="stock", body=html))
    client = Client()
    paths = {"few": "/few/", "many": "/many/", "stock": "/stock/"}
    sizes = {name: len(client.get(path).content) for name, path in paths.items()}
    assert min(sizes.values()) > CLAUSES * WORDS * 6, sizes
    took = medians({name: lambda path=path: client.get(path) for name, path in paths.items()})  # type: ignore[misc]
    return [
        row(f"policy page, {VERSIONS} versions against 3", took["many"], took["few"], 1.2),
        row("policy page against a page of Wagtail's with the same text", took["few"], took["stock"], 1.1),
        *comparing(client, few),
    ]


def row(what: str, one: float, other: float, bar: float) -> tuple[str, str, str]:
    return what, f"{one:.1f} ms against {other:.1f} ms: × {one / other:.2f}", f"× {bar}"


def comparing(client: Any, page: Any) -> list[tuple[str, str, str]]:
    from policies.compare import compare
    from policies.views import comparison

    old, new = (page.versions.get(number=number).content for number in (1, 2))
    words = sum(len(clause["html"].split()) for clause in new["clauses"])
    address = "/few/compare/1-2/"

    def forget() -> None:
        comparison.FORMAT += 1

    cold = medians({"page": lambda: client.get(address), "texts": lambda: compare(old, new)}, before=forget)
    client.get(address)
    kept = medians({"page": lambda: client.get(address)})
    return [
        (f"comparison of two texts of {words} words", f"{cold['texts']:.1f} ms", "50 ms"),
        ("the same as a whole page, made anew", f"{cold['page']:.1f} ms", ""),
        ("the same as a whole page, from the cache", f"{kept['page']:.1f} ms", ""),
    ]


def freezing(home: Any) -> list[tuple[str, str, str]]:
    from django.db import transaction

    from policies import freeze
    from policies.models import PolicyPage

    page = PolicyPage(title="Frozen", slug="frozen", body=clauses(), live=False)
    home.add_child(instance=page)
    ready: list[tuple[Any, Any]] = []

    def write() -> None:
        page.body[1].value["text"].source = f"<p>{prose(time.monotonic_ns() % 10**6)}</p>"
        ready[:] = [(page, page.save_revision())]

    def act() -> None:
        now = datetime.now(UTC)
        with transaction.atomic():
            frozen = freeze.freeze(page=ready[0][0], revision=ready[0][1], effective_from=now, now=now)
        assert frozen

    took = medians({"freeze": act}, before=write)
    return [(f"freezing {CLAUSES} clauses as a version", f"{took['freeze']:.1f} ms", "250 ms")]


def measure() -> list[tuple[str, str, str]]:
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    from tests import make

    home = make.site()
    return [*reading(home), *freezing(home)]


def table(rows: list[tuple[str, str, str]]) -> str:
    lines = "".join(f"| {what} | {found} | {bar} |\n" for what, found, bar in rows)
    how = f"Medians of {ROUNDS} turns through Django's test client, PostgreSQL and Valkey on the same machine."
    when = f"{here_and_now()}."
    return f"| what | measured | at most |\n|---|---|---|\n{lines}\n{how}\n{when}\n"


def main() -> None:
    with own_engines():
        text = table(measure())
    publish(text, DOCUMENT, "policies")


if __name__ == "__main__":
    main()
