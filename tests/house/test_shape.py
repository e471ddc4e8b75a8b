"""Are functions short, files small, and rooms what they should be?"""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house import tree

FORBIDDEN_ROOMS = {"utils", "helpers", "services", "managers", "common", "core"}


def functions(file: Path) -> Iterator[tuple[str, int]]:
    """Each function's name and the lines from its `def` to its end, docstring left out."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            doc = node.body[0].end_lineno - node.body[0].lineno + 1 if ast.get_docstring(node) else 0  # type: ignore[operator]
            yield f"{tree.name(file)}:{node.name}", node.end_lineno - node.lineno + 1 - doc  # type: ignore[operator]


def test_functions_are_short() -> None:
    lengths = sorted(length for file in tree.code() for _, length in functions(file))
    longest = [
        f"{where} has {length} lines" for file in tree.code() for where, length in functions(file) if length > 50
    ]
    assert not longest
    assert statistics.median(lengths) <= 8
    assert lengths[int(len(lengths) * 0.9)] <= 25


def test_files_are_small() -> None:
    large = {tree.name(file): len(file.read_text(encoding="utf-8").splitlines()) for file in tree.code() + tree.tests()}
    assert {name: lines for name, lines in large.items() if lines > 300} == {}


@pytest.mark.parametrize("app", tree.FLOORS)
def test_no_room_is_a_box_for_anything(app: str) -> None:
    names = {file.stem for file in (tree.ROOT / app).rglob("*") if file.suffix in {"", ".py"}}
    assert not names & FORBIDDEN_ROOMS


def test_every_module_says_what_question_it_answers() -> None:
    quiet_by_nature = {"__init__", "apps", "urls", "wagtail_hooks"}
    silent = [
        tree.name(file)
        for file in tree.code()
        if file.stem not in quiet_by_nature and not ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert not silent


def test_nothing_imports_the_tests() -> None:
    importing = [tree.name(file) for file in tree.code() if "from tests" in file.read_text(encoding="utf-8")]
    assert not importing
