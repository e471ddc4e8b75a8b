"""Nothing of an address that may point at a person is kept: not of the visitor's, the page's or the one before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.action_log import minimal


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("203.0.113.77", "203.0.113.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("::ffff:203.0.113.77", "203.0.113.0"),
        ("fe80::1%eth0", "fe80::"),
        (" 203.0.113.77 ", "203.0.113.0"),
        ("255.255.255.255", "255.255.255.0"),
        ("256.1.1.1", ""),
        ("1.2.3", ""),
        ("٢.1.1.1", ""),
        ("", ""),
        ("unknown", ""),
        ("203.0.113.77, 198.51.100.2", ""),
        ("203.0.113.077", ""),
        ("<script>", ""),
    ],
)
def test_of_an_address_the_network(sent: str, kept: str) -> None:
    assert minimal.address(sent) == kept


@given(st.text())
def test_garbage_is_no_address(sent: str) -> None:
    assert len(minimal.address(sent)) <= 45


QUERIES = [
    ([("utm_source", "newsletter"), ("utm_campaign", "spring sale")], "utm_source=newsletter&utm_campaign=spring+sale"),
    ([("p", "2"), ("on", "2026-03-01")], "on=2026-03-01&p=2"),
    ([("on", "2026-03-01T12:00:00Z")], "on=2026-03-01T12%3A00%3A00Z"),
    ([("p", "2"), ("p", "3")], "p=2"),
    ([("email", "ana@mail.example"), ("name", "Ana"), ("token", "x"), ("q", "my illness")], ""),
    ([("utm_source", "ana@mail.example")], ""),
    ([("utm_term", "+442079460018")], ""),
    ([("utm_term", "call 0018 2079460")], ""),
    ([("utm_campaign", "x" * 100)], ""),
    ([("on", "yesterday"), ("p", "-1"), ("page", "1 OR 1=1")], ""),
    ([("UTM_SOURCE", "newsletter")], ""),
]


@pytest.mark.parametrize(("sent", "kept"), QUERIES)
def test_parameters_that_are_known_stay(sent: list[tuple[str, str]], kept: str) -> None:
    assert minimal.query(minimal.known(sent)) == kept


def test_a_campaign_is_its_source_and_name() -> None:
    sent = [("utm_campaign", "spring"), ("utm_source", "newsletter"), ("utm_term", "tea")]
    assert minimal.campaign(minimal.known(sent)) == "newsletter/spring"
    assert minimal.campaign({"utm_source": "newsletter"}) == "newsletter"
    assert minimal.campaign({}) == ""


@pytest.mark.parametrize(
    ("referrer", "kept"),
    [
        ("https://search.example/", "https://search.example/"),
        ("https://search.example", "https://search.example/"),
        ("https://Search.Example:8443/find?q=my+illness#top", "https://search.example:8443/find"),
        ("https://ana:secret@mail.example/inbox", "https://mail.example/inbox"),
        ("https://mail.example/u/ana@mail.example/inbox", "https://mail.example/u/"),
        ("https://mail.example/u/ana%40mail.example/", "https://mail.example/u/"),
        ("https://mail.example/read/0123456789abcdef0123/more", "https://mail.example/read/"),
        ("https://here.example/contact/", ""),
        ("https://HERE.example/contact/", ""),
        ("android-app://com.example.mail/", "android-app://com.example.mail/"),
        ("javascript:alert(1)", ""),
        ("https://[::1", ""),
        ("https://a:99999/", ""),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_of_the_page_before_origin_and_path(referrer: str, kept: str) -> None:
    assert minimal.source(referrer, host="here.example") == kept


@pytest.mark.parametrize(
    ("route", "shown"),
    [
        ("mail/confirm/<str:token>/", "/mail/confirm/<token>/"),
        ("ru/mail/go/<token>/", "/ru/mail/go/<token>/"),
        (r"consent/^module/(?P<sha256>[0-9a-f]{64})/(?P<key>[-\w]+)\.js$", "/consent/module/<sha256>/<key>.js"),
        (r"^media/(?P<path>.*)$", "/media/<path>"),
        ("documents/^(\\d+)/(.*)$", r"/documents/(\d+)/(.*)"),
    ],
)
def test_a_pattern_is_shown_for_people(route: str, shown: str) -> None:
    assert minimal.pattern(route) == shown
