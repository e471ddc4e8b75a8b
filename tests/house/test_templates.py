"""Do templates include only what is theirs or below, and carry no script or style of their own?"""

import re

import pytest

from tests.house import tree

USED = re.compile(r"{%\s*(?:extends|include)\s+\"([^\"]+)\"")
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<style|\sstyle=", re.IGNORECASE)
HANDLER = re.compile(r"\son[a-z]+=", re.IGNORECASE)
IDS = [tree.name(file) for file in tree.templates()]


def test_there_are_templates() -> None:
    assert len(IDS) > 20


@pytest.mark.parametrize("name", IDS)
def test_it_uses_its_own_floor_or_a_lower_one(name: str) -> None:
    app = name.split("/")[0]
    allowed = {*tree.FLOORS[tree.FLOORS.index(app) :], "wagtailadmin"}
    for used in USED.findall((tree.ROOT / name).read_text(encoding="utf-8")):
        assert used == "base.html" or used.split("/")[0] in allowed, f"{name} uses {used}"


@pytest.mark.parametrize("name", [name for name in IDS if name.endswith(".html")])
def test_it_has_no_inline_script_or_style(name: str) -> None:
    text = (tree.ROOT / name).read_text(encoding="utf-8")
    assert not INLINE_SCRIPT.search(text)
    assert not INLINE_STYLE.search(text)
    assert not HANDLER.search(text)
