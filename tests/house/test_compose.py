"""Is docker-compose.yml a deployment that can start, keeps its secrets and shows one door?"""

import importlib
import re
import subprocess
import sys

import pytest

from tests.house import compose, tree

SERVICES = compose.services()
REQUIRED = {
    "SECRET_KEY",
    "POSTGRES_PASSWORD",
    "VALKEY_PASSWORD",
    "SITE_URL",
    "ALLOWED_HOSTS",
    "EMAIL_HOST",
    "DEFAULT_FROM_EMAIL",
    "MAIL_SUPPRESSION_KEY",
    "RECORDS_KEYS",
    "RECORDS_INDEX_KEY",
}
WAITS = [(name, *wait) for name, service in SERVICES.items() for wait in service.get("depends_on", {}).items()]


def test_it_follows_the_compose_specification() -> None:
    argv = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", compose.FILE]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_variable_is_in_the_example() -> None:
    used = {found["name"] for found in compose.VARIABLE.finditer(compose.text())}
    assert used <= set(compose.documented())


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_what_has_no_default_stops_compose_with_a_sentence(name: str) -> None:
    uses = [found for found in compose.VARIABLE.finditer(compose.text()) if found["name"] == name]
    assert uses
    assert all(found["rule"] == "?" and found["rest"].endswith(".") for found in uses)


def test_no_secret_has_a_default() -> None:
    secret = re.compile("SECRET|PASSWORD|TOKEN|_KEY")
    defaults = {found["name"]: found["rest"] for found in compose.VARIABLE.finditer(compose.text())}
    given = [name for name, rest in defaults.items() if secret.search(name) and name not in REQUIRED and rest]
    assert not given


@pytest.mark.parametrize(("name", "awaited", "wait"), WAITS, ids=lambda value: str(value))
def test_what_is_waited_for_says_when_it_is_there(name: str, awaited: str, wait: dict[str, str]) -> None:
    if wait["condition"] == "service_completed_successfully":
        assert SERVICES[awaited]["restart"] == "no"
    else:
        assert wait["condition"] == "service_healthy"
        assert "test" in SERVICES[awaited]["healthcheck"]


def test_only_nginx_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["nginx"]


def test_nginx_listens_on_loopback_unless_told_otherwise() -> None:
    [port] = compose.services(dict.fromkeys(compose.documented(), ""))["nginx"]["ports"]
    assert port.startswith("127.0.0.1:")


def test_database_and_broker_stand_in_a_network_without_a_way_out() -> None:
    assert "inside: {internal: true}" in compose.text()
    assert SERVICES["postgres"]["networks"] == SERVICES["valkey"]["networks"] == ["inside"]


@pytest.mark.parametrize("name", compose.APP)
def test_the_image_needs_no_rights(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["environment"]["DJANGO_SETTINGS_MODULE"] == "cms.settings.production"


@pytest.mark.parametrize("name", compose.APP)
def test_the_command_exists(name: str) -> None:
    program, module, *_ = SERVICES[name]["command"]
    if program == "python":
        assert (tree.ROOT / module).is_file()
    else:
        importlib.import_module(program)
        path, _, attribute = module.removeprefix("--app=").partition(":")
        assert hasattr(importlib.import_module(path), attribute or "celery_app")


def test_every_volume_is_named_and_used() -> None:
    text = compose.text()
    named = set(re.findall(r"^  (\w+):$", text.partition("\nvolumes:\n")[2], re.MULTILINE))
    used = {mount.split(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])}
    assert named == {volume for volume in used if not volume.startswith(".")}


def test_the_image_holds_every_floor() -> None:
    allowed = (tree.ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in allowed
    assert {f"!{name}" for name in [*tree.FLOORS, "locale", "manage.py", "requirements.txt"]} <= set(allowed)


def test_the_image_installs_the_lock_alone_and_runs_as_nobody() -> None:
    _, packages, final = (tree.ROOT / "Dockerfile").read_text(encoding="utf-8").split("\nFROM ")
    assert re.findall(r"^COPY .*", packages, re.MULTILINE) == ["COPY requirements.txt ."]
    assert "--require-hashes -r requirements.txt" in packages
    assert re.findall(r"^USER (.*)", final, re.MULTILINE) == ["candor"]
    assert not re.search(r"^(ENV|ARG) .*(SECRET|PASSWORD|_URL)", final, re.MULTILINE)
