"""Is every variable the site reads written down, and does each bad value stop it with a sentence?"""

import ast
import itertools
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from cms import env
from tests.house import compose, tree

READERS = {"text", "secret", "flag", "number", "listing", "origin", "keys", "one_of", "sources", "rates", "mapping"} | {
    "hexadecimal"
}
A_KEY, B_KEY = "0a" * 32, "0b" * 32
URL = "postgresql://candor:hush-hush@db:5432/candor"


def read_by(file: str) -> set[str]:
    """Names passed to the readers of cms.env."""
    calls = [node for node in ast.walk(ast.parse((tree.ROOT / file).read_text("utf-8"))) if isinstance(node, ast.Call)]
    return {
        call.args[0].value  # type: ignore[attr-defined, misc]
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr in READERS and ast.unparse(call.func.value) == "env"
    }


SETTINGS = read_by("cms/settings/base.py") | read_by("cms/settings/production.py")


def test_what_the_settings_read_is_in_the_example() -> None:
    assert {"SECRET_KEY", "EMAIL_HOST_PASSWORD"} <= SETTINGS <= set(compose.documented())


def test_what_is_in_the_example_is_read() -> None:
    filled_in = {found["name"] for found in compose.VARIABLE.finditer(compose.text())}
    assert set(compose.documented()) <= SETTINGS | filled_in


def test_compose_hands_every_setting_on() -> None:
    services = compose.services()
    assert set(services["static"]["environment"]) - {"DJANGO_SETTINGS_MODULE"} == SETTINGS


def test_each_variable_has_one_line_of_explanation() -> None:
    lines = (tree.ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    for before, line in itertools.pairwise(lines):
        if compose.ENTRY.match(line):
            assert before.startswith("# "), f"{line} has no comment"


@pytest.mark.parametrize("name", compose.documented())
def test_operators_can_look_it_up(name: str) -> None:
    assert f"| `{name}` |" in (tree.ROOT / "docs" / "operators.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("read", "value", "sentence"),
    [
        (env.text, "", r"NAME is not set\. Set it in the environment"),
        (env.secret, "", r"NAME is not set"),
        (env.listing, "", r"NAME is not set"),
        (lambda name: env.flag(name, True), "maybe", r"NAME='maybe' is not a flag\. Use 'True' or 'False'"),
        (lambda name: env.number(name, 1), "many", r"NAME='many' is not a whole number"),
        (env.origin, "www.example.org", r"NAME='www.example.org' is not the address of a site\. Write https://"),
        (env.origin, "https://example.org/about", r"without a path"),
        (env.origin, "ftp://example.org", r"is not the address of a site"),
    ],
)
def test_a_bad_value_stops_the_site_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[str], object], value: str, sentence: str
) -> None:
    monkeypatch.setenv("NAME", value)
    with pytest.raises(ImproperlyConfigured, match=sentence):
        read("NAME")


@pytest.mark.parametrize(
    ("read", "value", "meaning"),
    [
        (env.text, "words", "words"),
        (lambda name: env.text(name, "default"), "", "default"),
        (lambda name: env.flag(name, True), "no", False),
        (lambda name: env.flag(name, False), "TRUE", True),
        (lambda name: env.number(name, 587), "", 587),
        (env.listing, "a.example, ,b.example", ["a.example", "b.example"]),
        (env.origin, "https://example.org:8443/", "https://example.org:8443"),
        (env.keys, "", {}),
        (env.keys, f"2026={A_KEY}, old-1={B_KEY},", {"2026": A_KEY, "old-1": B_KEY}),
    ],
)
def test_a_good_value_is_read(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[str], object], value: str, meaning: object
) -> None:
    monkeypatch.setenv("NAME", value)
    assert read("NAME") == meaning


def test_a_secret_is_read_from_the_file_that_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush-hush\n", encoding="utf-8")
    monkeypatch.setenv("NAME_FILE", str(tmp_path / "secret"))
    assert env.secret("NAME") == "hush-hush"


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (A_KEY, "is not a list of keys"),
        (f"2026={A_KEY[1:]}", "is not a list of keys"),
        (f"2026={A_KEY.upper()}", "is not a list of keys"),
        (f"An id of seventeen={A_KEY}", r"Write 2026=<64 hexadecimal digits>.*openssl rand -hex 32"),
        (f"2026={A_KEY},2026={B_KEY}", "has one id for two keys"),
    ],
)
def test_keys_that_cannot_be_read_are_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, value: str, sentence: str
) -> None:
    monkeypatch.setenv("NAME", value)
    with pytest.raises(ImproperlyConfigured, match=sentence) as caught:
        env.keys("NAME")
    assert A_KEY[1:] not in str(caught.value).lower()


def test_keys_in_a_file_may_have_a_line_each(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(f"2026={A_KEY}\n2025={B_KEY}\n", encoding="utf-8")
    monkeypatch.setenv("NAME_FILE", str(tmp_path / "keys"))
    assert list(env.keys("NAME")) == ["2026", "2025"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "cannot be read: No such file"), (b"", "is empty"), (b"\xff\xfe", "cannot be read: it is not text")],
)
def test_a_secret_file_without_a_secret_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("NAME_FILE", str(file))
    with pytest.raises(ImproperlyConfigured, match=rf"NAME_FILE={re.escape(str(file))} {sentence}"):
        env.secret("NAME")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://candor:hush-hush@db/candor", "only PostgreSQL is supported"),
        ("sqlite:///candor.sqlite3", "only PostgreSQL is supported"),
        ("candor:hush-hush@db", "only PostgreSQL is supported"),
        ("postgresql://candor:hush-hush@db", "names no database"),
        ("postgresql://candor:hush-hush@db:port/candor", "cannot be read"),
        ("postgresql://candor:hush-hush/more@db/candor", "cannot be read"),
    ],
)
def test_a_database_that_cannot_be_used_is_refused_without_its_password(url: str, sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=sentence) as caught:
        env.database(url)
    assert "hush" not in str(caught.value)
    assert caught.value.__suppress_context__ or not caught.value.__context__


def test_a_request_stands_or_falls_as_a_whole_and_waits_for_no_lost_database() -> None:
    config = env.database(URL)
    assert config["ATOMIC_REQUESTS"]
    assert config["OPTIONS"] == {"connect_timeout": 5}


def test_options_in_the_url_are_kept() -> None:
    assert env.database(f"{URL}?sslmode=require")["OPTIONS"] == {"connect_timeout": 5, "sslmode": "require"}


@pytest.mark.parametrize("url", ["memcached://:hush-hush@cache:11211", ":hush-hush@cache:6379"])
def test_a_broker_that_cannot_be_used_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="REDIS_URL cannot be read") as caught:
        env.caches(url)
    assert "hush" not in str(caught.value)
