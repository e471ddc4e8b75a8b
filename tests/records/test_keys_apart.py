"""A backup without the keys tells nothing of anybody; with the keys, which are kept apart, it tells all."""

import subprocess
from collections.abc import Iterator

import pytest
from django.db import connections

from home import inquiries
from home.models import Inquiry
from tests import make
from tests.policies.test_chain import _program, address

KEYS = "records_subjectkey"
SAID = {"name": "Ana Ode", "email": make.ANA, "phone": "+44 30 5550 123", "message": "When do you open?"}


def dump(*options: str) -> bytes:
    """As docs/operators.md has it."""
    name = connections["default"].settings_dict["NAME"]
    made = subprocess.run([*_program("pg_dump"), *options, address(name)], check=True, capture_output=True)
    return made.stdout


def restore(database: str, said: bytes) -> None:
    command = [*_program("psql"), "-qX", "-v", "ON_ERROR_STOP=1", address(database)]
    subprocess.run(command, check=True, input=said, stdout=subprocess.DEVNULL)


@pytest.fixture
def another(committed: None) -> Iterator[str]:
    """The name of an empty database; whatever is stored there is read by the default connection once it goes there."""
    default = connections["default"]
    original = default.settings_dict["NAME"]
    name = f"{original}_restored"
    run(f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        yield name
    finally:
        default.close()
        default.settings_dict["NAME"] = original
        run(f"DROP DATABASE {name} WITH (FORCE)")


def run(statement: str) -> None:
    with connections["default"]._nodb_cursor() as cursor:
        cursor.execute(statement)


def read() -> dict[str, str]:
    row = Inquiry.objects.get()
    return {name: getattr(row, name) for name in SAID}


def test_the_keys_are_dumped_apart(another: str) -> None:
    inquiries.receive(page=make.contact(make.site()), now=make.NOW, **SAID)
    rest, keys = dump(f"--exclude-table-data={KEYS}"), dump("--data-only", f"--table={KEYS}")
    for word in (b"Ana Ode", make.ANA.encode(), b"5550 123", b"do you open"):
        assert word not in rest
        assert word not in keys
    restore(another, rest)
    default = connections["default"]
    default.close()
    default.settings_dict["NAME"] = another
    assert read() == dict.fromkeys(SAID, "(erased)")
    restore(another, keys)
    assert read() == SAID


def test_the_table_of_the_keys_is_called_so(db: None) -> None:
    assert KEYS in connections["default"].introspection.table_names()
