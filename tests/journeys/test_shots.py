"""Does the program that looks at every page see what a person would?"""

import pytest
from playwright.sync_api import Page

from bench.shots import judge
from bench.shots.modes import Mode
from bench.shots.public import name_of

STYLE = "<style>body { font-family: sans-serif; margin: 0 } button { position: absolute }</style>"
LIGHT = Mode("ru", "light", "phone")
FAULTS = {
    "wider than its window": "<p>Слово</p><div style='inline-size: 3000px'>Слово</div>",
    "overlaps another control": "<button style='left: 10px'>Один</button><button style='left: 20px'>Два</button>",
    "cut off": "<p style='inline-size: 50px; overflow: hidden; white-space: nowrap'>Очень длинное предложение</p>",
    "no sign of a button": "<button style='all: unset'>Один</button>",
    "not translated": "<p>Nobody has translated this sentence yet</p>",
}


def said(page: Page, html: str, *, style: str = STYLE) -> list[str]:
    page.set_content(f"<!doctype html><html lang='ru'>{style}<body>{html}</body></html>")
    return judge.judged(page, LIGHT, public=True)


@pytest.mark.parametrize("fault", FAULTS)
def test_it_names_what_is_wrong(visitor: Page, fault: str) -> None:
    assert any(fault in line for line in said(visitor, FAULTS[fault]))


def test_a_page_without_its_stylesheet_is_named(visitor: Page) -> None:
    assert "no stylesheet is loaded" in said(visitor, "<p>Слово</p>", style="")


def test_a_sound_page_is_left_alone(visitor: Page) -> None:
    words = "<p>Слово и <code>manage.py scan cookies</code></p><button>Один</button><p lang='en'>Words of a guest</p>"
    assert said(visitor, words) == []


def test_what_a_browser_complains_of_is_heard(visitor: Page) -> None:
    with judge.listening(visitor) as heard:
        visitor.set_content("<script>throw Error('broken')</script>")
        visitor.wait_for_timeout(100)
    assert any("broken" in line for line in heard)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("http://here.example/", "home"),
        ("http://here.example/privacy/v/2/", "privacy-v-n"),
        ("http://here.example/privacy/compare/1-2/", "privacy-compare-n"),
        ("http://here.example/consent/receipt/0b1f7f4e-3c1e-4a37-a3a5-9d8a3f7b2a11/", "consent-receipt-n"),
    ],
)
def test_pages_of_one_kind_have_one_name(url: str, name: str) -> None:
    assert name_of(url) == name
