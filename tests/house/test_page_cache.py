"""Does nginx keep a page once for each choice, and give nobody a header, a cookie or a page meant for another?"""

import hashlib
import random
import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pytest

from tests.house import stage as stages
from tests.house import visitors
from tests.house.stage import Stage
from tests.house.visitors import Answer, Kind, ask

pytestmark = pytest.mark.timeout(480)
PATHS = ("/", "/privacy/", "/contact/", "/ru/", "/privacy/history/")
VISITORS, AT_ONCE = 1000, 8


@dataclass(frozen=True)
class Got:
    """What a visitor was answered, without the body."""

    kind: Kind
    path: str
    status: int
    csp: str
    cookies: tuple[str, ...]
    told: tuple[str, ...]  # what only nginx is to hear
    body: str


@pytest.fixture(scope="module")
def front() -> Iterator[Stage]:
    """The site behind nginx; pages are kept for longer than this takes."""
    with stages.opened(ALLOWED_HOSTS="candor.example,second.example", PAGE_CACHE_SECONDS="600") as stage:
        stages.prepare(stage)
        stage.shell(visitors.SEED)
        with stages.running(stage, "web", ready="/healthz/"), stages.behind_nginx(stage):
            yield stage


@pytest.fixture(scope="module")
def cookies(front: Stage) -> visitors.Cookies:
    return visitors.come(front)


@pytest.fixture(scope="module")
def kinds(cookies: visitors.Cookies) -> dict[str, Kind]:
    return {kind.name: kind for kind in visitors.kinds(cookies)}


@pytest.fixture(scope="module")
def own(front: Stage, kinds: dict[str, Kind]) -> dict[str, str]:
    """The header that the site itself gives to each kind of visitor, with nothing between."""
    return {name: ask(front.web, "/", kind.headers).csp for name, kind in kinds.items()}


@pytest.fixture(scope="module")
def crowd(front: Stage, kinds: dict[str, Kind]) -> list[Got]:
    """Everybody comes, each from an address of their own, to three or four pages."""
    chance = random.Random(2026)
    come = list(kinds.values())
    come += chance.choices(come, [kind.share for kind in come], k=VISITORS - len(come))
    chance.shuffle(come)
    tours = [(number, kind, chance.sample(PATHS, chance.choice((3, 4)))) for number, kind in enumerate(come)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [got for several in pool.map(lambda tour: _visit(front, *tour), tours) for got in several]


def _visit(front: Stage, number: int, kind: Kind, paths: list[str]) -> list[Got]:
    by = f"198.18.{number // 250}.{number % 250 + 1}"
    return [_got(kind, path, ask(front.door, path, kind.headers, by=by)) for path in paths]


def _got(kind: Kind, path: str, answer: Answer) -> Got:
    told = tuple(name for name, _value in answer.headers if name.lower() in {"x-accel-expires", "x-consent-key"})
    body = hashlib.sha256(answer.body).hexdigest()
    return Got(kind, path, answer.status, answer.csp, tuple(answer.all("Set-Cookie")), told, body)


def kept(front: Stage) -> dict[str, str]:
    """The header of each answer on nginx's disk, by its key."""
    files = (file.read_bytes() for file in (front.home / "nginx" / "pages").rglob("*") if file.is_file())
    keys = [
        (re.findall(rb"\nKEY: (.*)\n", raw)[0], re.findall(rb"Content-Security-Policy: (.*)\r\n", raw)) for raw in files
    ]
    return {key.decode(): found[0].decode() if found else "" for key, found in keys}


def used(front: Stage, path: str) -> Counter[str]:
    """How nginx got its answers for a path, by its log."""
    log = (front.home / "nginx.log").read_text(encoding="utf-8")
    return Counter(re.findall(rf" (?:GET|HEAD) {re.escape(path)} .*cache=(\S+)", log))


def test_choices_make_different_headers(own: dict[str, str]) -> None:
    told_apart = ("new", "accept", "refuse", "analytics", "marketing", "media", "one left out", "new, with GPC")
    assert len({own[name] for name in told_apart if name not in {"new", "new, with GPC"}}) == 6
    assert "https://pulse.example" in own["accept"]
    assert "https://pulse.example" not in own["one left out"] + own["refuse"]
    assert own["new"] == own["expired"] == own["forged refusal"] == own["another site's"]


def test_of_a_thousand_visitors_each_gets_the_header_of_their_own_choice(
    crowd: list[Got], own: dict[str, str], kinds: dict[str, Kind]
) -> None:
    assert len({got.kind.name for got in crowd}) == len(kinds)
    assert len(crowd) >= 3 * VISITORS
    # A cookie that does not count may still get what is kept for the mask that it names itself, and nothing else.
    wrong = [
        (got.kind.name, got.path, got.csp)
        for got in crowd
        if got.csp not in {own[got.kind.name], own.get(got.kind.names, own[got.kind.name])}
    ]
    assert not wrong


def test_nobody_is_turned_away_and_nobody_gets_a_cookie(crowd: list[Got]) -> None:
    assert {got.status for got in crowd} == {200}
    assert {got.cookies for got in crowd} == {()}
    assert {got.told for got in crowd} == {()}


def test_a_page_has_the_same_bytes_for_everybody(crowd: list[Got]) -> None:
    assert Counter(path for path, _body in {(got.path, got.body) for got in crowd}) == Counter(PATHS)


def test_a_page_is_kept_once_for_each_choice_that_counts(
    front: Stage, crowd: list[Got], kinds: dict[str, Kind], own: dict[str, str]
) -> None:
    """Forged, expired and rare ones, and those of people who are signed in, never get there."""
    by_key = {kind.kept_by: own[kind.name] for kind in kinds.values() if kind.kept_by}
    wanted = {f"https candor.example {path} {key}": header for path in PATHS for key, header in by_key.items()}
    found = {key: header for key, header in kept(front).items() if key.split()[2] in PATHS and "second" not in key}
    assert found == wanted
    assert len(found) <= len(PATHS) * 4 * (54 + 1)


def test_most_pages_come_from_what_is_kept(front: Stage, crowd: list[Got]) -> None:
    found = sum((used(front, path) for path in PATHS), Counter())
    assert found["HIT"] > 0.75 * (found.total() - found["BYPASS"])
    assert found["HIT"] > 0.6 * found.total()


@pytest.mark.parametrize(
    "attacker",
    [
        "expired",
        "forged",
        "forged refusal",
        "a mask nobody signed",
        "empty",
        "another name",
        "a comma between",
        "a tab before",
        "a space before the sign",
        "yes, then no",
        "no, then yes",
        "two lines",
        "forged, then real",
        "hardly a signal",
        "two signals",
        "hardly DNT",
        "a key of their own",
        "editor, accept",
    ],
)
def test_who_comes_first_leaves_nothing_for_the_others(
    front: Stage, kinds: dict[str, Kind], own: dict[str, str], attacker: str
) -> None:
    page = f"/?{attacker.replace(' ', '-')}"
    for _time in range(2):
        assert ask(front.door, page, kinds[attacker].headers).csp in own.values()
    for name in ("new", "new, with GPC", "new, with DNT", "accept", "refuse", "analytics"):
        for _time in range(2):
            assert ask(front.door, page, kinds[name].headers).csp == own[name], name


@pytest.mark.parametrize(("first", "then"), [("accept", "refuse"), ("refuse", "accept"), ("new", "refuse")])
def test_a_page_of_another_choice_is_not_called_unchanged(
    front: Stage, kinds: dict[str, Kind], own: dict[str, str], first: str, then: str
) -> None:
    for path in PATHS:
        tag = ask(front.door, path, kinds[first].headers)["ETag"]
        again = ask(front.door, path, (*kinds[first].headers, ("If-None-Match", tag)))
        assert (again.status, again.csp, again.body) == (304, own[first], b"")
        changed = ask(front.door, path, (*kinds[then].headers, ("If-None-Match", tag)))
        assert (changed.status, changed.csp) == (200, own[then])


def test_head_and_range_and_post_leave_whole_pages_behind(
    front: Stage, kinds: dict[str, Kind], own: dict[str, str]
) -> None:
    page, refuse = "/?other-ways", kinds["refuse"].headers
    assert ask(front.door, page, refuse, method="HEAD").csp == own["refuse"]
    assert ask(front.door, page, (*refuse, ("Range", "bytes=0-9"))).csp == own["refuse"]
    ask(front.door, page, refuse, method="POST", body="a=1")
    whole = ask(front.door, page, (*refuse, ("Accept-Encoding", "gzip")))
    assert whole["Content-Encoding"] == "gzip"
    plain = ask(front.door, page, refuse)
    assert (plain.status, plain["Content-Encoding"], plain.csp) == (200, "", own["refuse"])
    assert b"</html>" in plain.body


@pytest.mark.parametrize(
    "path", ["/consent/", "/consent/decisions/", "/mail/join/", "/about/", "/nothing/", "/cms/login/", "/contact"]
)
def test_what_is_somebodys_own_or_no_page_is_not_kept(front: Stage, kinds: dict[str, Kind], path: str) -> None:
    for name in ("new", "accept", "new", "accept"):
        ask(front.door, path, kinds[name].headers)
    assert used(front, path).keys() <= {"MISS", "BYPASS", "-"}
    assert not [key for key in kept(front) if key.split()[2] == path]


def test_two_sites_at_one_door_share_nothing(front: Stage, cookies: visitors.Cookies, own: dict[str, str]) -> None:
    there = ("Host", "second.example")
    elsewhere = visitors.sent(cookies["elsewhere"])
    for _time in range(2):
        assert ask(front.door, "/?two-sites", (*elsewhere, there)).csp == own["accept"]
        assert ask(front.door, "/?two-sites", elsewhere).csp == own["another site's"]
    keys = [key for key in kept(front) if "/?two-sites" in key]
    assert keys == [f"https second.example /?two-sites {cookies.kept_by('elsewhere')}"]


def test_who_came_without_tls_is_still_sent_there(front: Stage) -> None:
    page = "/?without-tls"
    assert ask(front.door, page).status == ask(front.door, page).status == 200
    assert ask(front.door, page, (("X-Forwarded-Proto", "http"),)).status == 301


def test_who_asks_for_an_earlier_date_talks_to_the_site(front: Stage) -> None:
    date = ("Accept-Datetime", "Thu, 26 Nov 2026 12:00:00 GMT")
    assert ask(front.door, "/privacy/").status == 200
    assert ask(front.door, "/privacy/", (date,)).status in {302, 404}
    assert ask(front.door, "/privacy/").status == 200


SWITCH = """
from datetime import timedelta
from django.utils import timezone
from policies import freeze
from policies.models import PolicyPage
page = PolicyPage.objects.get(slug="privacy", locale__language_code="en")
now = timezone.now()
for version in page.versions.pending(now):
    freeze.withdraw(version=version, now=now, reason="Sooner.")
page = PolicyPage.objects.get(pk=page.pk)
page.go_live_at = (now + timedelta(seconds=12)).replace(microsecond=300_000)
page.material, page.change_note = False, "Sooner."  # or else nobody's choice counts any more
page.save_revision().publish()
print(page.go_live_at.isoformat())
"""


def test_a_version_that_takes_force_is_seen_at_its_instant(front: Stage, crowd: list[Got]) -> None:
    """No kept page outlives it, neither here nor in a browser that goes by its date. After the crowd: every page says
    what is announced, and those kept before say it as it was."""
    instant = datetime.fromisoformat(front.shell(SWITCH).splitlines()[-1])
    numbers, hits = [], used(front, "/privacy/")["HIT"]
    while (began := datetime.now(UTC)) < instant or len(numbers) < 5:
        answer = ask(front.door, "/privacy/?switch")
        number = re.findall(rb"Version (\d+)", answer.body)[0]
        if began >= instant:
            numbers.append(number)
        if datetime.now(UTC) < instant:
            age = int(re.findall(r"max-age=(\d+)", answer["Cache-Control"])[0])
            assert parsedate_to_datetime(answer["Date"]).timestamp() + age <= instant.timestamp()
        time.sleep(0.06)  # 20 a second are let through
    assert len(set(numbers)) == 1
    assert numbers[0] != b"1"
    assert used(front, "/privacy/")["HIT"] > hits
