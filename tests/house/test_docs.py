"""Do the documents and the code name the same commands, addresses, files and targets?"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern

from policies.models import PolicyPage
from tests.house import tree

TEXTS = {tree.name(file): file.read_text(encoding="utf-8") for file in tree.docs()}
ALL = "\n".join(TEXTS.values())
DEVELOPERS = TEXTS["docs/developers.md"]
OUR_APPS = set(tree.FLOORS)
LOCAL_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
NAMED_FILE = re.compile(r"`((?:cms|home|mailing|consent|policies|records|tests|docs|deploy|bench)/[\w./-]*\w)/?`")


def our_commands() -> set[str]:
    return {name for name, app in get_commands().items() if app in OUR_APPS}


def our_addresses() -> set[str]:
    """Every public address below the URLconf's own prefixes, with its parameters left out."""
    found: set[str] = set()
    for entry in _outside_languages(get_resolver().url_patterns):
        if isinstance(entry, URLPattern):
            found.add(str(entry.pattern))
        elif entry.app_name in {"consent", "mailing", "records"}:
            found |= {f"{entry.pattern}{below.pattern}" for below in entry.url_patterns}
    return {plain(address) for address in found if "(?P<path>" not in address and "^((?:" not in address}


def _outside_languages(entries: list[URLPattern | URLResolver]) -> Iterator[URLPattern | URLResolver]:
    """What is below /ru/ is at / in the language of the site."""
    for entry in entries:
        if isinstance(entry.pattern, LocalePrefixPattern):
            yield from entry.url_patterns  # type: ignore[union-attr]
        else:
            yield entry


def plain(pattern: str) -> str:
    """/mail/confirm/<str:token>/ and ^snapshot/(?P<sha256>…)\\.json$ as the documents write them."""
    pattern = re.sub(r"\(\?P<(\w+)>[^)]*\)", "<>", pattern)
    pattern = re.sub(r"<[^>]*>", "<>", pattern)
    return "/" + pattern.replace("^", "").replace("$", "").replace("\\", "")


def _routes() -> set[str]:
    """Those of a policy page, with examples for what varies."""
    patterns = (plain(f"privacy/{route.pattern}") for route in PolicyPage.get_subpage_urls())
    return {pattern.replace("<>-<>", "1-2").replace("<>", "1") for pattern in patterns}


def test_every_command_is_documented() -> None:
    missing = [name for name in our_commands() if f"manage.py {name}" not in ALL]
    assert our_commands()
    assert not missing


def test_every_documented_command_exists() -> None:
    named = set(re.findall(r"manage\.py (?!FILE)([a-z_]{3,})", ALL))
    assert named - set(get_commands()) == set()


def test_every_address_is_documented() -> None:
    documented = {re.sub(r"<[^>]*>", "<>", address) for address in re.findall(r"`(/[^`\s?]*)`", DEVELOPERS)}
    routes = _routes()
    assert (our_addresses() | routes) - documented == set()


def test_every_documented_address_exists() -> None:
    table = DEVELOPERS.split("## Addresses")[1].split("## Commands")[0]
    documented = {re.sub(r"<[^>]*>", "<>", address) for address in re.findall(r"^\| (.*?) \|", table, re.MULTILINE)}
    addresses = {address for cell in documented for address in re.findall(r"`(/[^`?]+)`", cell)}
    routes = _routes()
    assert addresses - our_addresses() - routes - {"/cms/"} == set()


@pytest.mark.parametrize("name", TEXTS)
def test_its_links_lead_somewhere(name: str) -> None:
    folder = (tree.ROOT / name).parent
    broken = [link for link in LOCAL_LINK.findall(TEXTS[name]) if not (folder / link).exists()]
    assert not broken


@pytest.mark.parametrize("name", TEXTS)
def test_the_files_it_names_exist(name: str) -> None:
    gone = [file for file in NAMED_FILE.findall(TEXTS[name]) if "*" not in file and not (tree.ROOT / file).exists()]
    assert not gone


def test_every_make_target_is_explained_and_short() -> None:
    recipes = (tree.ROOT / "Makefile").read_text(encoding="utf-8").split("\n\n")
    for target in ("demo", "test", "lint", "bench", "lock", "shots", "help"):
        [recipe] = [text for text in recipes if re.match(rf"{target}:.*## \w", text)]
        assert 1 <= recipe.count("\n\t") <= 3, target


def test_the_readme_is_short_and_names_its_two_commands() -> None:
    lines = TEXTS["README.md"].splitlines()
    assert len(lines) <= 150
    assert "make demo" in TEXTS["README.md"]
    assert "make test" in TEXTS["README.md"]


def test_decisions_fit_a_screen() -> None:
    long = [
        file.name for file in Path(tree.ROOT, "docs/decisions").glob("*.md") if len(file.read_text().splitlines()) > 40
    ]
    assert not long


def test_the_clauses_are_all_there() -> None:
    rows = re.findall(r"^\| (S\d+) \|", TEXTS["docs/clauses.md"], re.MULTILINE)
    assert rows == [f"S{number}" for number in range(1, 21)]
