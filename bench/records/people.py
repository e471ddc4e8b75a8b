"""How long does it take to find, to export and to erase one person over 20 data sets of 50,000 rows?

    python -m bench.records.people [--rows 50000]

Half of the data sets are sealed and searched by blind index, half are plain and searched by lower(email); three point
at another. 50 rows of the person in each. Prints a Markdown table with the bars.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.table import here_and_now, own_engines

SETS, THEIRS, ROUNDS = 20, 50, 7
BARS = {"find": 50, "export": 100, "erase": 500}  # milliseconds
NOW = datetime(2026, 3, 1, tzinfo=UTC)
COLUMNS = ("name", "email", "phone", "message")


def sealed_model(number: int) -> type[Any]:
    from django.db import models

    from records.models import SubjectKey
    from records.sealed import BlindIndexField, RowNumber, SealedField

    columns: dict[str, Any] = {name: SealedField(most=5000) for name in COLUMNS}
    columns |= {
        "id": RowNumber(primary_key=True),
        "email_index": BlindIndexField(of="email", kind="email", db_index=True),
    }
    columns["subject_key"] = models.ForeignKey(
        SubjectKey, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    return made(number, columns)


def plain_model(number: int, parent: type[Any] | None) -> type[Any]:
    from django.db import models
    from django.db.models.functions import Lower

    columns: dict[str, Any] = {name: models.TextField() for name in COLUMNS}
    columns["email"] = models.EmailField()
    if parent:
        columns["parent"] = models.ForeignKey(parent, on_delete=models.CASCADE, related_name="+")
    return made(number, columns, [models.Index(Lower("email"), name=f"bench_{number}_email")])


def made(number: int, columns: dict[str, Any], indexes: list[Any] | None = None) -> type[Any]:
    """A model of the app "records" that no migration knows, with its table."""
    from django.db import connection, models

    meta = type("Meta", (), {"app_label": "records", "indexes": indexes or []})
    columns["received_at"] = models.DateTimeField(db_index=True)
    names = {"__module__": __name__, "Meta": meta, "wagtail_reference_index_ignore": True}
    model: type[Any] = type(f"Bench{number:02}", (models.Model,), columns | names)
    with connection.schema_editor() as editor:
        editor.create_model(model)
    return model


def declare(model: type[Any]) -> None:
    from django.db.models import Q

    from records import registry
    from records.sealed import found_by

    columns = {column.name for column in model._meta.concrete_fields}
    is_sealed = "email_index" in columns
    # A registered look-up of the floor above makes `email__lower` use the index.
    plain = {"email": lambda email: Q(email__lower=email.strip().lower())}
    registry.register(
        model._meta.label,
        title=f"Bench {model._meta.label}",
        personal={name: registry.Datum(registry.Category.MESSAGE) for name in COLUMNS},
        other=sorted(columns - set(COLUMNS)),
        subjects=[registry.Subject.VISITOR],
        purposes=[registry.Purpose.COMMUNICATION],
        basis=registry.Basis.CONTRACT,
        keep=registry.Keep(days=365, since="received_at"),
        find_by=found_by("email_index") if is_sealed else plain,
    )


def email(number: int) -> str:
    return f"person-{number}@mail.example"


def fill(model: type[Any], rows: int, parent: type[Any] | None) -> None:
    """Strangers by COPY, with random bytes where sealed ones would stand, for nobody opens them; then the people."""
    from django.db import connection

    is_sealed = "email_index" in {column.name for column in model._meta.concrete_fields}
    names = [
        *COLUMNS,
        "received_at",
        *(["email_index", "subject_key_id"] if is_sealed else []),
        *(["parent_id"] if parent else []),
    ]
    copied = f"COPY {model._meta.db_table} ({', '.join(names)}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(copied) as copy:
        for values in strangers(is_sealed, rows - ROUNDS * THEIRS, bool(parent)):
            copy.write_row(values)
    for person in range(ROUNDS):
        theirs(model, person, is_sealed, parent)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {model._meta.db_table}")


def strangers(is_sealed: bool, count: int, has_parent: bool) -> Iterator[list[Any]]:
    import uuid

    for number in range(count):
        at = NOW - timedelta(minutes=number)
        if is_sealed:
            yield [*(os.urandom(29 + size) for size in (12, 24, 16, 300)), at, os.urandom(16), uuid.uuid4()]
        else:
            said = ["Somebody Else", f"stranger-{number}@mail.example", "+44 20 7946 0018", "x" * 300, at]
            yield [*said, number + 1] if has_parent else said


def theirs(model: type[Any], person: int, is_sealed: bool, parent: type[Any] | None) -> None:
    from django.db import transaction

    from records import keys

    parents = list(parent.objects.filter(email=email(person)).values_list("pk", flat=True)) if parent else []
    with transaction.atomic():
        more = {"subject_key": keys.of_person(email(person), now=NOW)} if is_sealed else {}
        for number in range(THEIRS):
            said = {
                "name": f"Person {person}",
                "email": email(person),
                "phone": "+44 20 7946 0018",
                "message": "x" * 300,
            }
            above = {"parent_id": parents[number]} if parent else {}
            model.objects.create(**said, received_at=NOW, **more, **above)


def timed(act: Callable[[int], int], person: int) -> tuple[float, float, int]:
    """Milliseconds, those of this process's own work, and rows."""
    start, worked = time.perf_counter(), time.process_time()
    rows = act(person)
    return (time.perf_counter() - start) * 1000, (time.process_time() - worked) * 1000, rows


def find(person: int) -> int:
    from records import people

    found = people.find(at=NOW, email=email(person))
    return sum(len(each.rows.values_list("pk", flat=True)) for each in found)


def export(person: int) -> int:
    from records.subject_requests import exporting

    with tempfile.TemporaryFile("w+b") as file:
        return sum(exporting.write(file, email=email(person), now=NOW).rows.values())


def erase(person: int) -> int:
    from records.subject_requests import erasing, plan

    shown = plan.of(email(person), now=NOW)
    receipt = erasing.carry_out(email(person), plan_sha256=shown.sha256, now=NOW)
    return sum(each["rows"] for each in receipt["sets"])


def measured(rows: int) -> None:
    from django.core.management import call_command

    from records.registry import declarations

    call_command("migrate", verbosity=0)
    declarations._holdings.clear()  # of the site: only what is made here is searched
    models: list[type[Any]] = []
    for number in range(SETS):
        # Of the plain ones three point at the one before: children go before parents.
        parent = models[-1] if number in {12, 15, 18} else None
        models.append(sealed_model(number) if number < SETS // 2 else plain_model(number, parent))
        declare(models[-1])
        fill(models[-1], rows, parent)
    report(rows)


def report(rows: int) -> None:
    load = f"{os.getloadavg()[0]:.1f} processes at work"
    sets = f"{SETS} data sets of {rows:,} rows, {THEIRS} of the person in each"
    print(f"{here_and_now()}, {load}; {sets}, {ROUNDS} rounds.\n")
    print("| step | median ms | quickest | slowest | own CPU ms | rows | bar ms | |\n|---|---|---|---|---|---|---|---|")
    for name, act in (("find", find), ("export", export), ("erase", erase)):
        took, worked, counts = zip(*(timed(act, person) for person in range(ROUNDS)), strict=True)
        assert set(counts) == {SETS * THEIRS}, counts
        middle, verdict = statistics.median(took), "kept" if statistics.median(took) <= BARS[name] else "MISSED"
        spread = f"{middle:.1f} | {min(took):.1f} | {max(took):.1f} | {statistics.median(worked):.1f}"
        print(f"| {name} | {spread} | {counts[0]:,} | {BARS[name]} | {verdict} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rows", type=int, default=50_000, help="in each data set")
    rows = parser.parse_args().rows
    with own_engines():
        import django

        django.setup()
        measured(rows)


if __name__ == "__main__":
    main()
