"""What a scan saw, compared with a configuration: no browser, no database, and the words it comes out in."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from consent.scanning import compare, pages, report, terminal
from consent.scanning.compare import Problem, Thing
from consent.scanning.report import Run
from consent.scanning.seen import Seen, Sight, State, label
from tests import make

HERE = "https://quay.example"
DAY = 86_400


def cookie_row(name: str, **said: str) -> dict[str, Any]:
    return {"name": name, "match": "exact", "storage": "cookie", "lifetime": "P1D", "service": ""} | said


def service(key: str, origin: str) -> dict[str, Any]:
    return {"key": key, "origins": {"script": [origin]}, "script_url": "", "embeds": []}


CONTENT: dict[str, Any] = {
    "groups": [
        {
            "key": "essential",
            "required": True,
            "services": [service("till", "https://till.example")],
            "cookies": [cookie_row("basket", lifetime="P2D"), cookie_row("candor_consent", lifetime="P6M")],
        },
        {
            "key": "analytics",
            "required": False,
            "services": [service("tally", "https://*.tally.example")],
            "cookies": [
                cookie_row("_tally", match="prefix", service="tally"),
                cookie_row("tally-queue", storage="local", lifetime="unlimited"),
                cookie_row("visit", lifetime="session"),
                cookie_row("unstated", lifetime=""),
            ],
        },
    ]
}


def sight(kind: str, name: str, state: State = State.ACCEPTED, **said: Any) -> Sight:
    return Sight(state, said.pop("page", "/"), kind, name, **said)


def judged(*sights: Sight, content: dict[str, Any] | None = CONTENT) -> list[Thing]:
    return compare.things(sights, content, {HERE})


def problems(*sights: Sight) -> list[Problem]:
    [thing] = judged(*sights)
    return thing.problems


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("host", "https://nobody.example"),
        ("host", "https://tally.example"),  # a wildcard stands for one label or more
        ("host", "http://www.tally.example"),
        ("frame", "https://nobody.example"),
        ("beacon", "https://nobody.example"),
        ("cookie", "nobody"),
        ("cookie", "tally-queue"),
        ("local", "_tally"),
        ("session", "tally-queue"),
    ],
)
def test_what_no_group_names_is_undeclared_in_every_state(kind: str, name: str, state: State) -> None:
    assert problems(sight(kind, name, state)) == [Problem.UNDECLARED]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("host", "https://www.tally.example"),
        ("frame", "https://www.tally.example"),
        ("beacon", "https://eu.www.tally.example"),
        ("cookie", "_tally_1"),
        ("cookie", "visit"),
        ("local", "tally-queue"),
    ],
)
def test_what_needs_permission_has_no_place_before_it(kind: str, name: str) -> None:
    assert problems(sight(kind, name)) == []
    assert problems(sight(kind, name, State.NONE)) == [Problem.EARLY]
    assert problems(sight(kind, name, State.REFUSED), sight(kind, name)) == [Problem.REFUSED]
    everywhere = [sight(kind, name, state) for state in State]
    assert problems(*everywhere) == [Problem.EARLY, Problem.REFUSED]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize(
    ("kind", "name"),
    [("host", "https://till.example"), ("cookie", "basket"), ("cookie", "candor_consent"), ("cookie", "csrftoken")],
)
def test_what_cannot_be_refused_may_always_be_there(kind: str, name: str, state: State) -> None:
    assert problems(sight(kind, name, state)) == []


def test_the_sites_own_origin_is_nothing_to_speak_of() -> None:
    assert judged(sight("host", HERE), sight("beacon", HERE), sight("frame", HERE)) == []


@pytest.mark.parametrize(
    ("name", "seconds", "expected"),
    [
        ("_tally", DAY, []),
        ("_tally", DAY + 60, []),
        ("_tally", DAY + 61, [Problem.LONGER]),
        ("_tally", None, []),
        ("visit", None, []),
        ("visit", 3600, [Problem.LONGER]),
        ("unstated", 400 * DAY, []),
        ("basket", 3 * DAY, [Problem.LONGER]),
        ("csrftoken", 400 * DAY, []),
    ],
)
def test_a_cookie_lives_no_longer_than_declared(name: str, seconds: int | None, expected: list[Problem]) -> None:
    assert problems(sight("cookie", name, seconds=seconds)) == expected


def test_the_longest_life_counts_whichever_page_gave_it() -> None:
    short, long = (sight("cookie", "_tally", seconds=seconds) for seconds in (60, 9 * DAY))
    assert problems(short, replace(long, page="/b/")) == [Problem.LONGER]


def test_without_a_configuration_to_compare_with_nothing_is_wrong() -> None:
    [thing] = judged(sight("cookie", "nobody", State.NONE), content=None)
    assert (thing.problems, thing.groups) == ([], [])


def test_a_thing_is_blocked_only_if_it_always_was() -> None:
    one = sight("host", "https://nobody.example", State.NONE, blocked=True)
    assert judged(one)[0].blocked
    assert not judged(one, replace(one, state=State.ACCEPTED, blocked=False))[0].blocked


def run(*sights: Sight, **said: Any) -> Run:
    usual: dict[str, Any] = {
        "origin": HERE,
        "site": "quay.example",
        "configuration": 4,
        "started_at": make.NOW,
        "finished_at": make.NOW + timedelta(seconds=7),
        "seen": Seen(["/", "/b/"], list(sights)),
        "things": judged(*sights),
    }
    return Run(**usual | said)


SEEN = [
    sight("cookie", "_ga", State.NONE, detail="quay.example/", seconds=399 * DAY + 1, http_only=True),
    sight("cookie", "_mine", State.NONE, detail="quay.example/", seconds=90 * DAY),
    sight("host", "https://nobody.example", page="/b/", detail="image", blocked=True),
    sight("host", "https://nobody.example", page="/b/", detail="script", blocked=True),
    sight("host", "https://www.tally.example", State.REFUSED, detail="script"),
    sight("local", "queue", detail=HERE),
    sight("cookie", "visit", seconds=3600),
]


def test_the_report_is_json_and_says_everything_once() -> None:
    said = json.loads(json.dumps(report.as_json(run(*SEEN))))
    assert (said["clean"], said["undeclared"], said["misplaced"], said["configuration"]) == (False, 4, 2, 4)
    things = {row["name"]: row for row in said["things"]}
    assert things["_ga"]["looks_like"] == {"key": "google-analytics", "name": "Google Analytics 4"}
    assert things["_ga"]["seen"] == {"none": 1, "refused": 0, "accepted": 0}
    assert things["https://nobody.example"]["pages"] == ["/b/"]
    assert things["https://www.tally.example"]["problems"] == ["after-refusal"]
    assert things["visit"]["problems"] == ["too-long"]
    jar = said["states"]["none"]["/"]["cookies"]
    assert jar[0] == {"name": "_ga", "domain": "quay.example", "path": "/", "seconds": 399 * DAY + 1, "http_only": True}
    assert said["states"]["accepted"]["/"]["local_storage"] == [{"name": "queue", "origin": HERE}]
    asked = said["states"]["accepted"]["/b/"]["hosts"]
    assert asked == [{"origin": "https://nobody.example", "as": kind, "blocked": True} for kind in ("image", "script")]
    assert things["https://nobody.example"]["seen"] == {"none": 0, "refused": 0, "accepted": 1}


@pytest.mark.parametrize(
    "line",
    [
        "https://quay.example: 2 pages, states seen: 3 of 3, 7 s, compared with quay.example: configuration 4.",
        "Undeclared cookie: _ga, first on /.",
        "  It looks like Google Analytics 4: Consent › Services › Add a well-known service › Google Analytics 4.",
        "    Name: _mine",
        "    Kept for: P90D",
        "Undeclared host: https://nobody.example, first on /b/. The browser blocked it.",
        "    Images from: https://nobody.example",
        "    Scripts from: https://nobody.example",
        "    Kind: local storage",
        "Seen after refusal: host https://www.tally.example, which needs analytics; first on /.",
        "Kept longer than declared: visit for PT60M, declared session.",
    ],
)
def test_the_terminal_says_what_an_editor_does_about_it(line: str) -> None:
    assert line in [text for text, _wrong in terminal.lines(run(*SEEN))]


def test_a_clean_scan_says_so_and_an_unfinished_one_does_not() -> None:
    clean = "Everything that was seen is declared, and nothing came before it was allowed."
    assert clean in [text for text, _wrong in terminal.lines(run())]
    gone = Seen(["/"], unreachable={"/": "it answers 500"}, skipped={State.ACCEPTED: "no banner"})
    said = dict(terminal.lines(run(seen=gone, left=3)))
    assert clean not in said
    assert said["/ could not be scanned: it answers 500."] is True
    assert {"Not seen, accepted: no banner.", "3 further pages were not opened: --limit."} <= set(said)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "session"),
        (0, "PT1M"),
        (1800, "PT30M"),
        (DAY, "P1D"),
        (DAY + 1, "P2D"),
        (729 * DAY, "P729D"),
        (730 * DAY, "P2Y"),
    ],
)
def test_a_lifetime_is_said_as_the_form_of_a_cookie_wants_it(seconds: int | None, words: str) -> None:
    assert terminal.lifetime(seconds) == words


def test_pages_are_labelled_without_what_may_tell_of_a_person() -> None:
    assert label("https://quay.example/a/?email=ana@mail.example#b", HERE) == "/a/"
    assert label("https://quay.example", HERE) == "/"
    assert label("https://ana:secret@elsewhere.example/a?b", HERE) == "https://elsewhere.example/a"


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "javascript:alert(1)", "quay.example", "https://", "http://["]
)
def test_only_pages_of_the_network_are_opened(address: str) -> None:
    with pytest.raises(pages.NoPage, match="no address of a page"):
        pages.given([address])


def test_pages_are_opened_once_and_of_one_site_only() -> None:
    assert pages.given([f"{HERE}/a", f"{HERE}/", f"{HERE}/a"]) == [f"{HERE}/a", f"{HERE}/"]
    with pytest.raises(pages.NoPage, match="more than one origin"):
        pages.given([f"{HERE}/", "https://elsewhere.example/"])
