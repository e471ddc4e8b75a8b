"""A sealed column is text to code and nothing to whoever reads the database; it opens in its own row alone."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import FieldError, ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.template import Context, Template
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from home import inquiries
from home.models import FormPage, Inquiry
from mailing.models import Letter
from records import cipher, keys
from records.models import DisclosureOrder, SubjectRequest
from records.sealed import SealedField
from tests import make

pytestmark = pytest.mark.django_db
SAID = {"name": "Ana Ode", "email": make.ANA, "phone": "+44 20 7946 0018", "message": "When do you open?"}
SEALED = sorted(SAID)
INDEXES = ["name_index", "email_index", "phone_index"]


@pytest.fixture
def page() -> FormPage:
    return make.contact(make.site())


@pytest.fixture
def write(page: FormPage) -> Callable[..., Inquiry]:
    return lambda **said: inquiries.receive(page=page, now=make.NOW, **SAID | said)


def said(row: Inquiry) -> dict[str, str]:
    return {name: getattr(row, name) for name in SAID}


def stored(name: str, pk: int) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM home_inquiry WHERE id = %s", [pk])  # noqa: S608 - a column of ours
        return bytes(cursor.fetchone()[0])


def put(name: str, pk: int, value: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE home_inquiry SET {name} = %s WHERE id = %s", [value, pk])  # noqa: S608


def test_what_was_written_is_read(write: Callable[..., Inquiry]) -> None:
    row = write()
    assert said(row) == SAID
    assert said(Inquiry.objects.get()) == SAID


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=5000), st.text(max_size=100))
def test_any_text_comes_back(write: Callable[..., Inquiry], message: str, name: str) -> None:
    row = Inquiry.objects.get(pk=write(message=message, name=name).pk)
    assert (row.message, row.name) == (message, name)


def test_a_dump_tells_nothing_of_it(write: Callable[..., Inquiry]) -> None:
    row = write()
    with connection.cursor() as cursor, cursor.copy("COPY home_inquiry TO STDOUT") as copy:
        dump = b"".join(bytes(part) for part in copy)
    assert str(row.pk).encode() in dump
    for word in ("Ana", "Ode", "ana", "mail.example", "7946", "open"):
        assert word.encode() not in dump
        assert word.encode().hex().encode() not in dump


def test_equal_values_are_sealed_differently_and_found_together(write: Callable[..., Inquiry]) -> None:
    one, other = write(), write(email=make.ANA.upper(), phone="0044 20 79460018")
    assert stored("message", one.pk) != stored("message", other.pk)
    for kind in ("email", "phone", "name"):
        index = cipher.blind(kind, SAID[kind])
        assert set(Inquiry.objects.filter(**{f"{kind}_index": index})) == {one, other}


def test_what_was_left_out_is_stored_as_nothing(write: Callable[..., Inquiry]) -> None:
    row = Inquiry.objects.get(pk=write(phone="").pk)
    assert (row.phone, row.phone_index, stored("phone", row.pk)) == ("", None, b"")


@pytest.mark.parametrize("name", SEALED)
@pytest.mark.parametrize("where", ["another column", "another row", "another person"])
def test_what_was_moved_does_not_open(write: Callable[..., Inquiry], name: str, where: str) -> None:
    row, other, ben = write(), write(), write(email=make.BEN)
    target, column = {
        "another column": (row, next(each for each in SEALED if each != name)),
        "another row": (other, name),
        "another person": (ben, name),
    }[where]
    put(column, target.pk, stored(name, row.pk))
    with pytest.raises(cipher.Damaged):
        getattr(Inquiry.objects.get(pk=target.pk), column)


def test_a_row_under_another_persons_key_does_not_open(write: Callable[..., Inquiry]) -> None:
    row, ben = write(), write(email=make.BEN)
    Inquiry.objects.filter(pk=row.pk).update(subject_key=ben.subject_key)
    with pytest.raises(cipher.Damaged):
        assert Inquiry.objects.get(pk=row.pk).message


def test_a_changed_byte_is_found(write: Callable[..., Inquiry]) -> None:
    row = write()
    there = bytearray(stored("message", row.pk))
    for place in range(len(there)):
        there[place] ^= 1
        put("message", row.pk, bytes(there))
        with pytest.raises(cipher.Damaged):
            assert Inquiry.objects.get(pk=row.pk).message
        there[place] ^= 1


def test_without_the_key_every_column_says_so(write: Callable[..., Inquiry]) -> None:
    write(), write(phone=""), write(email=make.BEN)
    assert keys.shred(cipher.blind("email", make.ANA)) == 1
    for way in (Inquiry.objects.all(), Inquiry.objects.select_related("subject_key")):
        rows = [said(row) for row in way.prefetch_related("subject_key").order_by("pk")]
        assert rows[0] == dict.fromkeys(SAID, "(erased)")
        assert rows[1] == dict.fromkeys(SAID, "(erased)") | {"phone": ""}
        assert rows[2] == SAID | {"email": make.BEN}


def test_deferred_columns_are_read_when_asked_for(write: Callable[..., Inquiry]) -> None:
    write()
    for row in (Inquiry.objects.only("pk").get(), Inquiry.objects.defer(*SEALED, "subject_key").get()):
        assert said(row) == SAID
    Inquiry.objects.only("email").get().save()
    assert said(Inquiry.objects.get()) == SAID


def test_a_row_is_read_anew(write: Callable[..., Inquiry]) -> None:
    row = write()
    other = Inquiry.objects.get()
    other.message = "Never mind."
    other.save()
    row.refresh_from_db()
    assert row.message == "Never mind."
    assert said(Inquiry.objects.get()) == SAID | {"message": "Never mind."}


def test_saving_leaves_what_was_not_changed_as_it_is(write: Callable[..., Inquiry]) -> None:
    pk = write().pk
    before = {name: stored(name, pk) for name in SEALED}
    row = Inquiry.objects.get()
    row.phone = "+44 20 7946 0019"
    row.save()
    after = {name: stored(name, pk) for name in SEALED}
    assert [name for name in SEALED if before[name] != after[name]] == ["phone"]
    assert Inquiry.objects.get(phone_index=cipher.blind("phone", "+442079460019")).phone == "+44 20 7946 0019"


def test_a_column_saved_alone_takes_its_index_along(write: Callable[..., Inquiry]) -> None:
    row = write()
    row.email = make.BEN
    with pytest.raises(TypeError, match="email_index"):
        row.save(update_fields=["email"])
    row.save(update_fields=["email", "email_index"])
    assert Inquiry.objects.get(email_index=cipher.blind("email", make.BEN)).email == make.BEN
    row.received_at = make.NOW
    row.save(update_fields=["received_at"])


def test_many_rows_at_once(write: Callable[..., Inquiry], page: FormPage) -> None:
    key = write().subject_key
    rows = [Inquiry(page=page.page_ptr, subject_key=key, received_at=make.NOW, **SAID) for _ in range(3)]
    Inquiry.objects.bulk_create(rows)
    assert [said(row) for row in Inquiry.objects.all()] == [SAID] * 4
    assert Inquiry.objects.filter(email_index=cipher.blind("email", make.ANA)).count() == 4


@pytest.mark.parametrize(
    "act",
    [
        lambda row: Inquiry.objects.update(name="Ben"),
        lambda row: Inquiry.objects.bulk_update([row], ["name"]),
        lambda row: Inquiry.objects.filter(email=make.ANA).exists(),
        lambda row: Inquiry.objects.exclude(email=make.ANA).exists(),
        lambda row: Inquiry.objects.filter(email_index=make.ANA).exists(),
        lambda row: str(Inquiry.objects.values("name").get()["name"]),
        lambda row: Template("{{ name }}").render(Context(Inquiry.objects.values("name").get())),
        lambda row: Inquiry.objects.create(subject_key=row.subject_key, received_at=make.NOW, name=b"Ben"),
        lambda row: copied(Inquiry.objects.get()),
    ],
)
def test_what_would_go_round_the_seal_is_refused(write: Callable[..., Inquiry], act: Callable[[Inquiry], Any]) -> None:
    row = write()
    with pytest.raises(TypeError), transaction.atomic():
        act(row)
    assert said(Inquiry.objects.get()) == SAID


def copied(row: Inquiry) -> None:
    row.pk, row._state.adding = None, True
    row.save()


@pytest.mark.parametrize("lookup", ["contains", "iexact", "startswith", "in", "gt", "regex"])
def test_no_look_up_pretends_to_search(db: None, lookup: str) -> None:
    with pytest.raises(FieldError):
        Inquiry.objects.filter(**{f"name__{lookup}": "Ana"})


def test_a_column_put_in_place_of_another_does_not_open(write: Callable[..., Inquiry]) -> None:
    write()
    Inquiry.objects.update(name=F("message"))
    with pytest.raises(cipher.Damaged):
        assert Inquiry.objects.get().name


def test_longer_than_allowed_is_refused(write: Callable[..., Inquiry]) -> None:
    write(name="n" * 100)
    with pytest.raises(ValueError, match="takes 100 characters, not 101"):
        write(name="n" * 101)


def test_checking_a_row_changes_nothing(write: Callable[..., Inquiry]) -> None:
    row = write()
    row.full_clean()
    assert said(row) == SAID
    row.email = "n" * 255
    with pytest.raises(ValidationError, match="at most 254"):
        row.full_clean()


def test_a_dump_of_rows_holds_no_text(write: Callable[..., Inquiry]) -> None:
    row = write()
    for rows in ([row], [Inquiry.objects.get()]):
        dump = serializers.serialize("json", rows)
        assert "Ana" not in dump
        assert '"phone": "' in dump


def sealing_models() -> list[Any]:
    from django.apps import apps

    return [model for model in apps.get_models() if any(isinstance(each, SealedField) for each in model._meta.fields)]


def test_every_sealed_table_refuses_what_has_no_key(db: None) -> None:
    assert {Inquiry, Letter, SubjectRequest, DisclosureOrder} <= set(sealing_models())
    with connection.cursor() as cursor:
        for model in sealing_models():
            names = [field.column for field in model._meta.fields if isinstance(field, SealedField)]
            cursor.execute(
                "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
                [model._meta.db_table],
            )
            rules = [rule for (rule,) in cursor.fetchall() if "candor_require_key" in rule]
            assert len(rules) == 2, model
            assert all(f"new.{name}" in rule.lower() for rule in rules for name in names), model
