"""People's keys while several processes write, rotate and erase at the same moment."""

from threading import Event

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django.fixtures import Settings

from home.models import FormPage, Inquiry
from records import keys, sealed
from records.models import SubjectKey
from tests import make
from tests.committed import together
from tests.records.test_keys import NEW, OLD, _old_key, gone, rotate, taken, write

__all__ = ["_old_key"]


@pytest.fixture
def page(committed: None) -> FormPage:
    return make.contact(make.site())


def test_outside_a_transaction_there_is_no_key(committed: None) -> None:
    with pytest.raises(transaction.TransactionManagementError):
        keys.of_person(make.ANA, now=make.NOW)


def test_everybody_who_writes_at_once_gets_the_same_key(committed: None) -> None:
    assert len({key.pk for key in together(*[taken] * 8)}) == 1
    assert SubjectKey.objects.count() == 1


def test_the_site_writes_while_keys_are_rotated(
    page: FormPage, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "BATCH", 5)
    people = [f"p{number}@mail.example" for number in range(40)]
    for email in people[:30]:
        write(page, email)
    settings.RECORDS_KEYS = NEW | OLD

    def writes(part: int) -> int:
        return len([write(page, email) for email in people[part::3]])

    together(rotate, lambda: writes(0), lambda: writes(1), lambda: writes(2), rotate)
    rotate()
    settings.RECORDS_KEYS = NEW
    assert keys.under() == {"2026": 40}
    rows = list(Inquiry.objects.prefetch_related("subject_key"))
    assert len(rows) == 70
    assert {(row.message, row.name) for row in rows} == {("Hello", "Ana")}
    assert {row.email for row in rows} == set(people)


def test_an_erasure_waits_for_whoever_writes(page: FormPage) -> None:
    write(page)
    taken_it, asked = Event(), Event()

    def writes() -> str:
        with transaction.atomic():
            key = keys.of_person(make.ANA, now=make.NOW)
            taken_it.set()
            assert asked.wait(10)
            waiting_for_lock()
            said = {"name": "Ana", "email": make.ANA, "message": "Once more"}
            Inquiry.objects.create(page=page.page_ptr, subject_key=key, received_at=make.NOW, **said)
        return "written"

    def erases() -> str:
        assert taken_it.wait(10)
        asked.set()
        return f"erased {gone()}"

    assert together(writes, erases) == ["written", "erased 1"]
    assert {row.message for row in Inquiry.objects.all()} == {"(erased)"}
    assert Inquiry.objects.count() == 2


def waiting_for_lock() -> None:
    """Until somebody waits for a lock of ours; fails after ten seconds."""
    with connection.cursor() as cursor:
        for _ in range(1000):
            cursor.execute("SELECT pg_sleep(0.01), count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[1]:
                return
    raise AssertionError("nobody waits")


def test_erasures_and_writers_at_once_leave_no_half_row(page: FormPage) -> None:
    def writes() -> int:
        return len([write(page) for _ in range(20)])

    def erases() -> int:
        return sum(gone() for _ in range(20))

    together(writes, erases, writes, erases, writes)
    assert Inquiry.objects.count() == 60
    for row in Inquiry.objects.all():
        said = (row.name, row.email, row.message)
        assert said in {("Ana", make.ANA, "Hello"), ("(erased)",) * 3}


def test_whoever_is_about_to_write_keeps_the_key(page: FormPage) -> None:
    def writes() -> int:
        return len([write(page) for _ in range(20)])

    def tidies() -> int:
        for _ in range(40):
            Inquiry.objects.filter(pk__in=Inquiry.objects.order_by("pk").values("pk")[:1]).delete()
            keys.drop_unused()
        return 0

    together(writes, tidies, writes, tidies, writes)
    assert {row.message for row in Inquiry.objects.all()} <= {"Hello"}
    Inquiry.objects.all().delete()
    keys.drop_unused()
    assert not SubjectKey.objects.exists()


def test_once_erased_it_reads_so_in_every_connection(page: FormPage) -> None:
    write(page)

    def reads() -> str:
        return Inquiry.objects.get().message

    assert together(reads, reads) == ["Hello", "Hello"]
    gone()
    assert together(reads, reads) == ["(erased)", "(erased)"]


def test_a_row_loaded_before_its_erasure_writes_no_garbage(page: FormPage) -> None:
    write(page)
    row, fresh = Inquiry.objects.get(), Inquiry.objects.select_related("subject_key").get()
    assert fresh.message == "Hello"
    gone()
    row.save()
    row.refresh_from_db()
    row.save()
    assert {row.message, Inquiry.objects.get().message} == {"(erased)"}
    row.message = "More"
    with pytest.raises(sealed.Gone):
        row.save()
    fresh.message = "More"  # its key is in memory: the database refuses
    with pytest.raises(IntegrityError, match="the key of this row of home_inquiry is gone"):
        fresh.save()
    assert Inquiry.objects.get().message == "(erased)"
    row = Inquiry.objects.get()
    row.message = ""
    row.save()
    assert Inquiry.objects.get().message == ""


def test_a_row_that_is_gone_does_not_come_back(page: FormPage) -> None:
    write(page)
    row = Inquiry.objects.get()
    Inquiry.objects.all().delete()
    with pytest.raises(TypeError, match="not copied"):
        row.save()
    assert not Inquiry.objects.exists()
    assert connection.is_usable()


def test_in_one_transaction_the_key_is_there_too(db: None) -> None:
    assert taken().pk == taken().pk
