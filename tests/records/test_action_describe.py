"""Browsers, systems, devices and programs, by what they say of themselves; of languages the first."""

import pytest

from records.action_log import describe
from records.action_log.describe import Software
from tests.records.acting import FIREFOX, PHONE

CHROME = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 {}Safari/537.36{}"
SAID = [
    (FIREFOX, Software("Firefox 140", "Linux", "computer")),
    (PHONE, Software("Mobile Safari 18", "iOS 18", "phone")),
    (
        CHROME.format("Windows NT 10.0; Win64; x64", "", " Edg/142.0.0.0"),
        Software("Edge 142", "Windows 10", "computer"),
    ),
    (CHROME.format("Linux; Android 10; K", "Mobile ", ""), Software("Chrome Mobile 142", "Android 10", "phone")),
    (CHROME.format("Linux; Android 15; SM-X910", "", ""), Software("Chrome 142", "Android 15", "tablet")),
    (
        CHROME.format("Linux; Android 15; CUBOT X9", "Mobile ", ""),
        Software("Chrome Mobile 142", "Android 15", "phone"),
    ),
    ("", Software(bot=True)),
    ("curl/8.1.2", Software("curl 8", "", "computer", bot=True)),
    ("python-requests/2.32", Software("Python Requests 2", "", "computer", bot=True)),
]
PROGRAMS = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
    "facebookexternalhit/1.1",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36",
    "Go-http-client/2.0",
    "Wget/1.21",
]


@pytest.mark.parametrize(("agent", "said"), SAID)
def test_what_a_browser_says(agent: str, said: Software) -> None:
    assert describe.software(agent) == said


@pytest.mark.parametrize("agent", PROGRAMS)
def test_programs_are_marked(agent: str) -> None:
    assert describe.software(agent).bot


def test_a_browser_that_names_no_language_is_a_program() -> None:
    assert describe.software(FIREFOX, has_language=False).bot
    assert not describe.software(FIREFOX).bot


def test_a_header_says_mobile_where_the_browser_pretends() -> None:
    assert describe.software(FIREFOX, says_mobile=True).device == "phone"


def test_what_nobody_knows_is_empty_and_of_no_length() -> None:
    assert describe.software("Mozilla/5.0 " + "x" * 100_000) == Software()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("de-AT,en;q=0.5", "de"),
        ("EN", "en"),
        (" pt-BR", "pt"),
        ("*", ""),
        ("", ""),
        ("x", ""),
        ("deutsch", ""),
        ("é", ""),
    ],
)
def test_the_first_language_without_its_country(sent: str, kept: str) -> None:
    assert describe.language(sent) == kept
