"""What did one scan find, and how does it read for programs and the CMS?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consent import findings
from consent.models import Finding
from consent.presets import Preset
from consent.scanning.compare import Problem, Thing
from consent.scanning.seen import Seen, Sight, State

FORMAT = 1
_PAGES = 10  # named of each thing; that it is everywhere, nobody needs to read fifty times


@dataclass(frozen=True)
class Run:
    """One scan. `site` and `configuration` are empty for a site that is not ours, `left` counts pages over the
    limit."""

    origin: str
    site: str
    configuration: int | None
    started_at: datetime
    finished_at: datetime
    seen: Seen
    things: list[Thing]
    left: int = 0

    @property
    def undeclared(self) -> list[Thing]:
        return [thing for thing in self.things if Problem.UNDECLARED in thing.problems]

    @property
    def misplaced(self) -> list[Thing]:
        return [thing for thing in self.things if thing.problems and Problem.UNDECLARED not in thing.problems]

    @property
    def is_clean(self) -> bool:
        return not (self.undeclared or self.misplaced)


def as_json(run: Run) -> dict[str, Any]:
    looks = findings.looks_like([(thing.kind, thing.name) for thing in run.undeclared])
    return {
        "format": FORMAT,
        "origin": run.origin,
        "site": run.site or None,
        "configuration": run.configuration,
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat(),
        "pages": run.seen.pages,
        "pages_left": run.left,
        "unreachable": run.seen.unreachable,
        "skipped": {str(state): why for state, why in run.seen.skipped.items()},
        "clean": run.is_clean if run.site else None,
        "undeclared": len(run.undeclared),
        "misplaced": len(run.misplaced),
        "things": [_thing(thing, looks.get((thing.kind, thing.name))) for thing in run.things],
        "states": {str(state): _by_page(run.seen, state) for state in State},
    }


def _thing(thing: Thing, looks: Preset | None) -> dict[str, Any]:
    return {
        "kind": str(thing.kind),
        "name": thing.name,
        "details": thing.details,
        "groups": thing.groups,
        "services": thing.services,
        "own": thing.own,
        "seconds": thing.seconds,
        "declared": thing.kept,
        "blocked": thing.blocked,
        "problems": [str(problem) for problem in thing.problems],
        "seen": {str(state): len(thing.pages(state)) for state in State},
        "pages": list(dict.fromkeys(sight.page for sight in thing.sights))[:_PAGES],
        "looks_like": {"key": looks.key, "name": looks.name} if looks else None,
    }


def _by_page(seen: Seen, state: State) -> dict[str, dict[str, list[Any]]]:
    """Everything, the site's own included."""
    found: dict[str, dict[str, list[Any]]] = {page: {} for page in seen.pages}
    for sight in seen.sights:
        if sight.state == state:
            page = found.setdefault(sight.page, {})
            page.setdefault(_plural(sight), []).append(_sight(sight))
    return found


def _plural(sight: Sight) -> str:
    return {"local": "local_storage", "session": "session_storage"}.get(sight.kind, f"{sight.kind}s")


def _sight(sight: Sight) -> Any:
    if sight.kind == Finding.Kind.COOKIE:
        domain, slash, path = sight.detail.partition("/")
        row = {"name": sight.name, "domain": domain, "path": slash + path}
        return row | {"seconds": sight.seconds, "http_only": sight.http_only}
    if sight.kind in {Finding.Kind.LOCAL, Finding.Kind.SESSION}:
        return {"name": sight.name, "origin": sight.detail}
    return {"origin": sight.name, "as": sight.detail, "blocked": sight.blocked}
