"""What is sealed opens whole, where it belongs, under its own key, and nowhere else."""

import uuid
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from records import cipher
from records.cipher import Damaged

PLACE = "home.Inquiry.message:1"


@dataclass
class Key:
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    wrapped: bytes = b""
    master: str = ""

    def __post_init__(self) -> None:
        if not self.wrapped:
            self.wrapped, self.master = cipher.new_key(self.id)


@given(st.binary())
def test_what_is_sealed_opens_as_it_was(value: bytes) -> None:
    key = Key()
    sealed = cipher.seal(value, key, PLACE)
    assert cipher.open_sealed(sealed, key, PLACE) == value
    assert len(sealed) == len(value) + 29


def test_one_value_is_never_sealed_alike() -> None:
    key = Key()
    assert len({cipher.seal(b"Yes.", key, PLACE) for _ in range(1000)}) == 1000


@given(st.binary(max_size=40), st.data())
def test_a_changed_byte_is_found(value: bytes, data: st.DataObject) -> None:
    key = Key()
    sealed = bytearray(cipher.seal(value, key, PLACE))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Damaged):
        cipher.open_sealed(bytes(sealed), key, PLACE)


@given(st.binary(max_size=60))
def test_what_was_never_sealed_does_not_open(junk: bytes) -> None:
    with pytest.raises(Damaged):
        cipher.open_sealed(junk, Key(), PLACE)


@given(st.binary(max_size=40), st.data())
def test_a_part_of_it_does_not_open(value: bytes, data: st.DataObject) -> None:
    key = Key()
    sealed = cipher.seal(value, key, PLACE)
    with pytest.raises(Damaged):
        cipher.open_sealed(sealed[: data.draw(st.integers(0, len(sealed) - 1))], key, PLACE)


@pytest.mark.parametrize("place", ["home.Inquiry.name:1", "home.Inquiry.message:11", "home.Inquiry.message:", ""])
def test_it_opens_in_no_other_place(place: str) -> None:
    key = Key()
    with pytest.raises(Damaged, match="altered, moved"):
        cipher.open_sealed(cipher.seal(b"Yes.", key, PLACE), key, place)


def test_it_opens_under_no_other_key() -> None:
    mine, theirs = Key(), Key()
    sealed = cipher.seal(b"Yes.", mine, PLACE)
    for key in (theirs, Key(id=mine.id), Key(theirs.id, mine.wrapped, mine.master)):
        with pytest.raises(Damaged):
            cipher.open_sealed(sealed, key, PLACE)


def test_a_master_key_that_is_not_configured_is_named(settings: Settings) -> None:
    key = Key()
    settings.RECORDS_KEYS = {"2027": "ab" * 32}
    with pytest.raises(cipher.UnknownKey, match=f"The master key {key.master} is not configured"):
        cipher.seal(b"Yes.", key, PLACE)


def test_a_wrong_master_key_under_the_right_name_opens_nothing(settings: Settings) -> None:
    key = Key()
    sealed = cipher.seal(b"Yes.", key, PLACE)
    settings.RECORDS_KEYS = {key.master: "ab" * 32}
    with pytest.raises(Damaged):
        cipher.open_sealed(sealed, key, PLACE)


SAME = [
    ("email", ["ana@mail.example", " Ana@Mail.Example ", "ANA@MAIL.EXAMPLE", "ana@ｍail.example"]),
    ("email", ["ana@müller.example", "Ana@MÜLLER.example", "ana@mu\u0308ller.example", "ana@xn--mller-kva.example"]),
    ("phone", ["+44 (0)20 7946 0018", "0044 20 79460018", "+442079460018", "+44-20-7946-0018", "+٤٤ ٢٠ ٧٩٤٦ ٠٠١٨"]),
    ("name", ["Ana Öde", "ANA  ÖDE", " ana o\u0308de\n"]),
    ("name", ["Straße", "STRASSE"]),
]


@pytest.mark.parametrize(("kind", "spellings"), SAME)
def test_spellings_of_one_thing_have_one_index(kind: str, spellings: list[str]) -> None:
    found = {cipher.blind(kind, spelling) for spelling in spellings}
    assert len(found) == 1
    assert len(found.pop()) == cipher.INDEX_BYTES


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("email", "ana@mail.example", "ana@mail.example.org"),
        ("email", "ana@mail.example", "an@mail.example"),
        ("email", "a.na@mail.example", "ana@mail.example"),
        ("phone", "+44 20 7946 0018", "+44 20 7946 0019"),
        ("name", "Ana Ode", "Anna Ode"),
        ("name", "Ana Ode", "AnaOde"),
    ],
)
def test_two_things_have_two(kind: str, one: str, other: str) -> None:
    assert cipher.blind(kind, one) != cipher.blind(kind, other)


def test_each_kind_has_an_index_of_its_own() -> None:
    assert len({cipher.blind(kind, "12345") for kind in ("email", "phone", "name")}) == 3


@pytest.mark.parametrize(("kind", "value"), [("email", " "), ("phone", "at the desk"), ("name", "\n"), ("name", "")])
def test_what_says_nothing_has_none(kind: str, value: str) -> None:
    assert cipher.blind(kind, value) == b""


@given(st.sampled_from(["email", "phone", "name"]), st.text())
def test_any_text_has_an_index_or_none(kind: str, value: str) -> None:
    assert len(cipher.blind(kind, value)) in {0, cipher.INDEX_BYTES}


def test_another_index_key_makes_other_indexes(settings: Settings) -> None:
    before = cipher.blind("email", "ana@mail.example")
    settings.RECORDS_INDEX_KEY = "ab" * 32
    assert cipher.blind("email", "ana@mail.example") != before
