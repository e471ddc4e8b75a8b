"""What stands in every page's head: small, the same for everybody, and named by its hash."""

import base64
import hashlib
import re

import pytest
from django.test import Client

from consent import head
from consent.catalogue import Published
from tests.house import tree

DOCUMENT = (tree.ROOT / "docs" / "developers.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("text", "name"), [(head.SCRIPT, head.SCRIPT_HASH), (head.STYLE, head.STYLE_HASH)])
def test_the_hash_is_that_of_what_is_sent(client: Client, published: Published, text: str, name: str) -> None:
    page = client.get("/").content.decode()
    assert text in page
    assert name == f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_comments_stay_at_home() -> None:
    assert "//" not in head.SCRIPT
    assert "/*" not in head.STYLE
    assert not re.search(r"^\s", head.SCRIPT, re.MULTILINE)


def test_every_property_is_documented_and_there_is_no_other() -> None:
    used = set(re.findall(r"var\((--candor-[a-z-]+)", head.STYLE))
    assert used == set(re.findall(r"`(--candor-[a-z-]+)`", DOCUMENT))


def test_no_button_has_a_look_of_its_own() -> None:
    """One rule for all that stand beside each other: none is made louder by its value or its place."""
    assert not re.search(r"value=|nth-child|first-child|last-child|nth-of", head.STYLE)


def test_it_comes_before_every_style_sheet(client: Client, published: Published) -> None:
    page = client.get("/").content.decode()
    assert page.index("<style>") < page.index(head.SCRIPT) < page.index('<link rel="stylesheet"')


def test_the_catalogues_gates_come_before_the_script_that_opens_them(client: Client, published: Published) -> None:
    page = client.get("/").content.decode()
    assert page.index("<template data-consent-gate") < page.index(head.SCRIPT)
