"""How does a scan read on a terminal, and what does an editor do about what it found?"""

from collections.abc import Iterator

from consent import findings
from consent.models import Finding
from consent.presets import Preset
from consent.scanning.compare import Problem, Thing
from consent.scanning.report import Run
from consent.scanning.seen import State

_FIELDS = {  # as what a browser asked for it, and the field of a service that allows that
    "script": "scripts from",
    "image": "images from",
    "media": "images from",
    "iframe": "frames from",
    "document": "frames from",
    "stylesheet": "style sheets from",
    "font": "fonts from",
}
_HEADS = {State.NONE: "no choice", State.REFUSED: "refused", State.ACCEPTED: "accepted"}
_WHEN = {Problem.EARLY: "before a choice", Problem.REFUSED: "after refusal"}
_ONE_DAY, _ONE_YEAR = 86_400, 365


def lines(run: Run) -> Iterator[tuple[str, bool]]:
    """For a terminal; True marks what is wrong."""
    yield _head(run), False
    for state, why in run.seen.skipped.items():
        yield f"Not seen, {_HEADS[state]}: {why}.", False
    for page, why in run.seen.unreachable.items():
        yield f"{page} could not be scanned: {why}.", True
    if run.left:
        yield f"{run.left} further pages were not opened: --limit.", False
    yield from _table(run)
    looks = findings.looks_like([(thing.kind, thing.name) for thing in run.undeclared])
    for thing in (*run.undeclared, *run.misplaced):
        yield from ((line, True) for line in _problem(thing))
        if Problem.UNDECLARED in thing.problems:
            yield from ((line, False) for line in _advice(thing, looks.get((thing.kind, thing.name))))
    if run.site and run.is_clean and not run.seen.unreachable:
        yield "Everything that was seen is declared, and nothing came before it was allowed.", False


def _head(run: Run) -> str:
    compared = "; nothing to compare with"
    if run.site:
        what = f"configuration {run.configuration}" if run.configuration else "nothing published yet"
        compared = f", compared with {run.site}: {what}"
    took = (run.finished_at - run.started_at).total_seconds()
    states = len(State) - len(run.seen.skipped)
    pages = "1 page" if len(run.seen.pages) == 1 else f"{len(run.seen.pages)} pages"
    return f"{run.origin}: {pages}, states seen: {states} of {len(State)}, {took:.0f} s{compared}."


def _table(run: Run) -> Iterator[tuple[str, bool]]:
    """The numbers are of pages."""
    if not run.things:
        yield "No cookie, no storage and no other host.", False
        return
    width = max(len(thing.name) for thing in run.things)
    declared = {id(thing): _declared(thing, run) for thing in run.things}
    wide = max(len(said) for said in declared.values())
    yield "", False
    yield f"{'':8} {'':{width}}  {'declared':{wide}}  {'  '.join(_HEADS.values())}", False
    for thing in run.things:
        counts = "  ".join(f"{len(thing.pages(state)) or '–':>{len(head)}}" for state, head in _HEADS.items())
        line = f"{thing.kind:8} {thing.name:{width}}  {declared[id(thing)]:{wide}}  {counts}"
        yield line, bool(thing.problems)
    yield "", False


def _declared(thing: Thing, run: Run) -> str:
    if not run.site:
        return ""
    if thing.groups:
        return ", ".join(thing.groups) + (f" ({', '.join(thing.services)})" if thing.services else "")
    return "this site's own" if thing.own else "nowhere"


def _problem(thing: Thing) -> Iterator[str]:
    blocked = " The browser blocked it." if thing.blocked else ""
    page = thing.sights[0].page
    for problem in thing.problems:
        if problem == Problem.UNDECLARED:
            yield f"Undeclared {thing.kind}: {thing.name}, first on {page}.{blocked}"
        elif problem == Problem.LONGER:
            kept = ", ".join(thing.kept)
            yield f"Kept longer than declared: {thing.name} for {lifetime(thing.seconds)}, declared {kept}."
        else:
            needs = ", ".join(thing.groups)
            yield f"Seen {_WHEN[problem]}: {thing.kind} {thing.name}, which needs {needs}; first on {page}.{blocked}"


def _advice(thing: Thing, looks: Preset | None) -> Iterator[str]:
    """What an editor does about it, in the words of the CMS's forms."""
    if looks:
        yield f"  It looks like {looks.name}: Consent › Services › Add a well-known service › {looks.name}."
    elif thing.kind == Finding.Kind.COOKIE:
        domains = dict.fromkeys(detail.partition("/")[0] for detail in thing.details)
        yield "  Consent › Cookies › Add:"
        yield f"    Name: {thing.name}"
        yield f"    Kept for: {lifetime(thing.seconds)}"
        yield f"    It lay at: {', '.join(domains)}"
    elif thing.kind in {Finding.Kind.LOCAL, Finding.Kind.SESSION}:
        yield "  Consent › Cookies › Add:"
        yield f"    Name: {thing.name}"
        yield f"    Kind: {Finding.Kind(thing.kind).label}"
    else:
        yield "  Consent › Services › Add, or in the service that it belongs to:"
        for field in dict.fromkeys(_FIELDS.get(detail, "connects to") for detail in thing.details):
            yield f"    {field.capitalize()}: {thing.name}"


def lifetime(seconds: int | None) -> str:
    """As the form of a cookie wants it, rounded up: "session", "PT30M", "P90D", "P2Y"."""
    if seconds is None:
        return "session"
    if seconds < _ONE_DAY:
        return f"PT{max(1, -(-seconds // 60))}M"
    days = -(-seconds // _ONE_DAY)
    return f"P{days}D" if days < 2 * _ONE_YEAR else f"P{-(-days // _ONE_YEAR)}Y"
