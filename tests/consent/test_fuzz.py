"""Whatever is sent to /consent/decide/: an answer with a sentence, never our own error, never a row from nonsense."""

import io
import json
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consent.catalogue import Published
from consent.models import Decision
from consent.proof import leaves
from policies.models import PolicyPage
from tests.consent import catalogues

pytestmark = pytest.mark.timeout(300)
EXAMPLES = 5_000
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
GROUPS = ("analytics", "maps", "marketing")
SERVICES = ("tally", "streets", "tides", "billboard", "beacon")
KEYS = [str(uuid.UUID(int=number, version=4)) for number in range(1, 40)]
FIELDS = {"choices", "snapshot", "key", "services", "source", "at_once"}
SNAPSHOT = "the snapshot"  # put in place once there is one

odd_text = st.text(st.characters(min_codepoint=0, max_codepoint=0x10FFFF, categories=None), max_size=30)
odd_names = (
    st.sampled_from(["", "\0", "\ud800", "essential", "Analytics", "analytics ", "__proto__", "x" * 300]) | odd_text
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(2**63), 2**64, 0, 1])
    | st.floats()
    | odd_text
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(odd_names, inner, max_size=3), max_leaves=6
)


def answers(names: tuple[str, ...]) -> st.SearchStrategy[Any]:
    clear = st.dictionaries(st.sampled_from(names), st.booleans())
    return (
        clear | clear | st.dictionaries(st.sampled_from(names) | odd_names, st.booleans() | values, max_size=4) | values
    )


bodies = st.fixed_dictionaries(
    {
        "choices": answers(GROUPS),
        "snapshot": st.just(SNAPSHOT) | st.just(SNAPSHOT) | st.just(SNAPSHOT) | values,
        "key": st.uuids(version=4).map(str) | st.sampled_from(KEYS) | st.uuids().map(str).map(str.upper) | values,
    },
    optional={
        "services": answers(SERVICES),
        "source": st.sampled_from(["banner", "panel", "embed", "gpc", "no_js", "import"]) | values,
        "at_once": st.booleans() | values,
        "locale": values,
    },
)
header_text = st.text(st.characters(min_codepoint=1, max_codepoint=255, exclude_characters="\r\n"), max_size=60)
headers = st.fixed_dictionaries(
    {
        "Sec-Fetch-Site": st.just("same-origin") | st.just("same-origin") | header_text,
        "Content-Type": st.just("application/json")
        | st.just("application/json")
        | st.sampled_from(["application/json; charset=utf-8", "application/json; charset=utf-7", "text/plain", ""])
        | header_text,
        # A page is rendered for whoever takes HTML: now and then, for it takes as long as ten other answers.
        "Accept": st.sampled_from(["application/json"] * 9 + ["text/html"]) | header_text.map("text/plain;".__add__),
    },
    optional={
        "Sec-GPC": st.just("1") | header_text,
        "Referer": st.sampled_from(["http://testserver/ru/contact/", "http://[", "http://testserver/%00"])
        | header_text,
        "Cookie": st.just("candor_consent=2.0000001.1.1.1.AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA") | header_text,
        "Accept-Language": header_text,
        "Content-Length": st.sampled_from(["0", "7", "-1", "99999", "１", "9" * 30, "+3"]) | header_text,
        "Origin": header_text,
        "X-Real-Ip": header_text,
    },
)


@st.composite
def broken(draw: Callable[..., Any]) -> bytes:
    """A body somebody has bitten into: bytes taken out, put in, doubled."""
    whole = json.dumps(draw(bodies)).encode()
    for _ in range(draw(st.integers(1, 4))):
        place, length = draw(st.integers(0, len(whole))), draw(st.integers(0, 12))
        other = draw(st.binary(max_size=8) | st.just(whole[place : place + 40]) | st.sampled_from([b'"', b"}", b"\0"]))
        whole = whole[:place] + other + whole[place + length :]
    return whole


sent = st.tuples(bodies.map(json.dumps).map(str.encode) | broken() | st.binary(max_size=200), headers)


@pytest.fixture
def published(policy: PolicyPage) -> Published:
    return catalogues.of_three()


def is_clear(body: bytes, head: dict[str, str], published: Published) -> bool:
    """Does this request say what somebody chose? Told by the words of the contract, apart from the code behind it."""
    kind, _semicolon, charset = head["Content-Type"].partition(";")
    if head["Sec-Fetch-Site"] != "same-origin" or kind.strip().lower() != "application/json":
        return False
    if charset.strip().lower().replace('"', "") not in {"", "charset=utf-8"} or len(body) > 8192:
        return False
    try:
        said = json.loads(body, object_pairs_hook=once)
    except (ValueError, RecursionError):
        return False
    if not isinstance(said, dict) or not said.keys() <= FIELDS:
        return False
    if type(said.get("at_once", True)) is not bool and said.get("source", "banner") in ("banner", "panel"):
        return False
    choices, services, source = said.get("choices"), said.get("services", {}), said.get("source", "banner")
    clear = is_answer(choices, GROUPS) and is_answer(services, SERVICES) and said.get("snapshot") == published.sha256
    key = said.get("key")
    if not clear or not isinstance(key, str) or not UUID.fullmatch(key):
        return False
    if source == "embed":
        return bool(services) and not choices
    return source in ("banner", "panel") or (
        source == "gpc" and not choices and not services and head.get("Sec-GPC") == "1"
    )


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _value in pairs}) < len(pairs):
        raise ValueError
    return dict(pairs)


def is_answer(said: Any, names: tuple[str, ...]) -> bool:
    return (
        isinstance(said, dict)
        and said.keys() <= set(names)
        and all(value in (True, False) and type(value) is bool for value in said.values())
    )


def is_sound(decision: Decision, published: Published) -> bool:
    """Is every column what it may be, and the leaf that of this very row?"""
    row = Decision.objects.values().get(pk=decision.pk)
    version, rendition = decision.policy_version, decision.rendition
    shown = {
        "snapshot": published.sha256,
        "policy_version": version and version.sha256,
        "rendition": rendition and rendition.sha256,
    }
    return (
        set(decision.choices) <= set(GROUPS)
        and (set(decision.services) == set(SERVICES) or decision.source in {"embed", "gpc"})
        and set(decision.services) <= set(SERVICES)
        and all(type(yes) is bool for yes in [*decision.choices.values(), *decision.services.values()])
        and decision.source in {"banner", "panel", "embed", "gpc"}
        and decision.path in {"", "/ru/contact/"}
        and decision.snapshot_id == published.pk
        and leaves.of_decision(row | shown) == bytes(decision.leaf)
    )


def is_a_sentence(answer: Any) -> bool:
    text = answer.content.decode()
    if answer["Content-Type"] == "application/json":
        return bool(json.loads(text)["error"].endswith("."))
    return text.endswith(".\n") or "<p>" in text


@override_settings(RATELIMIT_ENABLE=False)
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(request=sent)
def test_nothing_that_is_sent_upsets_it(
    published: Published, client: Client, caplog: pytest.LogCaptureFixture, request: tuple[bytes, dict[str, str]]
) -> None:
    caplog.clear()
    client.cookies.clear()
    body, head = request[0].replace(SNAPSHOT.encode(), published.sha256.encode()), request[1]
    before = newest()
    environ = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in head.items()}
    environ |= {"CONTENT_TYPE": environ.pop("HTTP_CONTENT_TYPE")}
    length = environ.pop("HTTP_CONTENT_LENGTH", None)
    environ |= {"CONTENT_LENGTH": length} if length is not None else {}
    environ["wsgi.input"] = io.BytesIO(body)  # as a server gives it: short where less arrived than was announced
    answer = client.generic("POST", "/consent/decide/", body, environ["CONTENT_TYPE"], **environ)
    if answer.status_code == 201:
        assert newest() > before
        assert is_clear(read(body, length), head, published)
        assert is_sound(Decision.objects.get(seq=newest()), published)
        return
    assert newest() == before
    if answer.status_code == 200:
        assert is_clear(read(body, length), head, published)
        return
    assert 400 <= answer.status_code < 500
    assert is_a_sentence(answer)
    assert not answer.cookies
    if is_clear(body, head, published) and length is None:
        assert "key" in answer.json()["error"]  # it was used for another choice


def newest() -> int:
    return Decision.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


def read(body: bytes, length: str | None) -> bytes:
    """As much as the sender said there is."""
    return body if length is None else body[: int(length or 0)]
