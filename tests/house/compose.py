"""docker-compose.yml as Compose reads it, for the tests that check and rehearse the deployment."""

import re
from collections.abc import Mapping
from typing import Any

import yaml

from tests.house import tree

FILE = tree.ROOT / "docker-compose.yml"
APP = ("migrate", "static", "web", "worker", "mailer", "beat")
VARIABLE = re.compile(r"(?<!\$)\$\{(?P<name>\w+)(?::(?P<rule>[-?])(?P<rest>[^}]*))?\}")
ENTRY = re.compile(r"^#?([A-Z][A-Z0-9_]*)=", re.MULTILINE)


def text() -> str:
    return FILE.read_text(encoding="utf-8")


def services(values: Mapping[str, str] | None = None) -> dict[str, dict[str, Any]]:
    """The services; with `values`, variables filled in and `$$` written as `$`, as Compose does."""
    found = dict(yaml.safe_load(text())["services"])
    return found if values is None else _filled(found, values)


def _filled(node: Any, values: Mapping[str, str]) -> Any:
    if isinstance(node, dict):
        return {key: _filled(value, values) for key, value in node.items()}
    if isinstance(node, list):
        return [_filled(item, values) for item in node]
    if isinstance(node, str):
        return VARIABLE.sub(lambda found: _value(found, values), node).replace("$$", "$")
    return node


def _value(found: re.Match[str], values: Mapping[str, str]) -> str:
    if found["rule"] == "?":
        return values[found["name"]]
    return values.get(found["name"]) or found["rest"] or ""


def documented() -> list[str]:
    """Names in .env.example, in its order."""
    return ENTRY.findall((tree.ROOT / ".env.example").read_text(encoding="utf-8"))
