"""The scanner over the demo's own pages, and over pages to which somebody has added what nobody declared."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from cms.places import CHECKOUT
from tests.journeys.demo import NOT_INHERITED, Demo
from tests.journeys.planting import planted

pytestmark = pytest.mark.timeout(300)
STATES = ["none", "refused", "accepted"]


def run(demo: Demo, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command beside the running demo, as from a second terminal."""
    kept = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    return subprocess.run(
        [sys.executable, "manage.py", "scan_cookies", *arguments],
        cwd=CHECKOUT,
        env=kept | {"DEMO_HOME": str(demo.home)} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )


def scanned(demo: Demo, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = run(demo, "--json", *arguments)
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def thing(report: dict[str, Any], name: str) -> dict[str, Any]:
    [found] = [row for row in report["things"] if row["name"] == name]
    return found


def test_the_demo_is_clean_in_all_three_states(demo: Demo) -> None:
    status, report = scanned(demo, f"{demo.site}/", f"{demo.site}/contact/")
    assert (status, report["clean"], report["skipped"], report["unreachable"]) == (0, True, {}, {})
    assert list(report["states"]) == STATES
    vendor = thing(report, demo.vendor)
    assert vendor["seen"] == {"none": 0, "refused": 0, "accepted": 2}
    assert "tally" in vendor["services"]
    choice = thing(report, "candor_consent")
    assert choice["seen"] == {"none": 0, "refused": 2, "accepted": 2}
    assert thing(report, "visit_count")["seen"]["refused"] == 0


def test_what_nobody_declared_is_named_with_what_to_do_about_it(demo: Demo) -> None:
    with planted(demo.site) as (copy, stranger):
        done = run(demo, f"{copy}/", "--site=localhost", "--no-save")
    assert done.returncode == 1, done.stderr
    assert f"Undeclared host: {stranger}, first on /." in done.stdout
    assert f"Scripts from: {stranger}" in done.stdout
    assert "Undeclared cookie: planted_by_nobody, first on /." in done.stdout
    assert "Kept for: P35D" in done.stdout
    assert "who=ana" not in done.stdout


def test_what_was_found_stands_in_the_cms(demo: Demo, vera: Any) -> None:
    with planted(demo.site) as (copy, stranger):
        status, report = scanned(demo, f"{copy}/", "--site=localhost", "--by=Vera")
    assert (status, report["undeclared"]) == (1, 2)
    assert thing(report, stranger)["seen"] == dict.fromkeys(STATES, 1)
    vera.goto(f"{demo.site}/cms/consent/found/")
    assert stranger in vera.content()
    assert "planted_by_nobody" in vera.content()
    vera.goto(f"{demo.site}/cms/consent/found/scan/")
    assert "Vera" in vera.content()


def test_another_site_is_looked_at_without_a_verdict(demo: Demo) -> None:
    status, report = scanned(demo, f"{demo.outbox}/")
    assert (status, report["clean"], report["site"], report["configuration"]) == (0, None, None, None)
    assert set(report["skipped"]) == {"refused", "accepted"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["http://127.0.0.1:1/"], "/ could not be scanned: net::ERR_UNSAFE_PORT"),
        (["{site}/no-such-page/"], "/no-such-page/ could not be scanned: it answers 404."),
        (["file:///etc/passwd"], "is no address of a page"),
        (["{site}/", "https://elsewhere.example/"], "more than one origin"),
        (["{site}/", "--limit=0"], "more than 0"),
        (["{site}/", "--site=nowhere.example"], "The CMS has no site nowhere.example"),
    ],
)
def test_what_cannot_be_scanned_is_said(demo: Demo, arguments: list[str], said: str) -> None:
    done = run(demo, "--no-save", "--timeout=5", *[argument.format(site=demo.site) for argument in arguments])
    assert done.returncode == 2, done.stdout
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_browser_it_says_how_to_get_one(demo: Demo) -> None:
    done = run(demo, f"{demo.site}/", CHROMIUM="/nowhere/chromium")
    assert done.returncode == 2
    assert "CHROMIUM=/nowhere/chromium is not a program" in done.stderr
