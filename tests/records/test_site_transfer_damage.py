"""An archive with one bit changed, with a piece gone, moved or added, or with another passphrase, opens nowhere."""

import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records.management import passphrase
from records.site_transfer import Unreadable, packing, tables, unpacking, vessel
from records.site_transfer.vessel import CHUNK, Opened, Sealing
from tests import make
from tests.records.transferring import WORDS

HEAD = vessel._HEAD + vessel._PROOF
SEALED = CHUNK + vessel._TAG
about = {"site": "http://testserver", "recipient": "New Quay Ltd", "order": 1, "reference": ""}


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vessel, "COST", 4)


def sealed(content: bytes, words: str = WORDS, pieces: int = 1000) -> bytes:
    file = io.BytesIO()
    with Sealing(file, words) as into:
        for start in range(0, len(content), pieces):
            into.write(content[start : start + pieces])
    return file.getvalue()


def opened(archive: bytes, words: str = WORDS) -> bytes:
    found = Opened(io.BytesIO(archive), words)
    found.check()
    return io.BufferedReader(found).read()  # type: ignore[type-var]


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17])
def test_what_was_sealed_opens_whatever_its_size(size: int) -> None:
    content = random.Random(size).randbytes(size)
    archive = sealed(content, pieces=70_001)
    assert opened(archive) == content
    assert size < 100 or content[:100] not in archive


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 3 * CHUNK), st.integers(0, 2 * CHUNK))
def test_any_place_reads_as_it_was(start: int, size: int) -> None:
    content = random.Random(7).randbytes(3 * CHUNK - 5)
    found = Opened(io.BytesIO(sealed(content, pieces=1 << 20)), WORDS)
    reader = io.BufferedReader(found)  # type: ignore[type-var]
    reader.seek(start)
    assert reader.read(size) == content[start : start + size]


def test_two_archives_of_the_same_have_nothing_in_common() -> None:
    first, second = sealed(b"a" * 1000), sealed(b"a" * 1000)
    assert first[HEAD:] != second[HEAD:]


def test_another_passphrase_opens_nothing() -> None:
    with pytest.raises(Unreadable, match="The passphrase is another one"):
        opened(sealed(b"content"), WORDS + " ")


ARCHIVE = b"0123456789" * (CHUNK // 3)  # a little over three chunks


@pytest.mark.parametrize("seed", range(50))
def test_one_changed_bit_anywhere_is_found(seed: int) -> None:
    archive = bytearray(sealed(ARCHIVE))
    chosen = random.Random(seed)
    place = chosen.randrange(len(archive)) if seed else 0
    archive[place] ^= 1 << chosen.randrange(8)
    with pytest.raises(Unreadable):
        opened(bytes(archive))


def pieces(archive: bytes) -> list[bytes]:
    return [archive[start : start + SEALED] for start in range(HEAD, len(archive), SEALED)]


@pytest.mark.parametrize(
    "act",
    [
        lambda head, parts: head + b"".join(parts[:-1]),
        lambda head, parts: head + b"".join(parts)[:-1],
        lambda head, parts: head + b"".join(parts)[:-SEALED],
        lambda head, parts: head + b"".join([parts[1], parts[0], *parts[2:]]),
        lambda head, parts: head + b"".join([parts[0], *parts[2:]]),
        lambda head, parts: head + b"".join([*parts[:2], parts[1], *parts[2:]]),
        lambda head, parts: head + b"".join([*parts, parts[-1]]),
        lambda head, parts: head + b"".join(parts) + b"\0",
        lambda head, parts: head + parts[-1],
        lambda head, parts: head,
        lambda head, parts: head[:-1],
        lambda head, parts: b"",
        lambda head, parts: b"PK\x03\x04" + b"".join(parts),
        lambda head, parts: sealed(ARCHIVE)[:HEAD] + b"".join(parts),
        lambda head, parts: head[: len(vessel.MAGIC)] + b"\xff" + head[len(vessel.MAGIC) + 1 :] + b"".join(parts),
    ],
    ids=[
        *("last chunk gone", "last byte gone", "cut anywhere", "two swapped", "one left out", "one twice"),
        *("end twice", "one byte more", "the end alone", "head alone", "half a head", "empty", "a zip", "other head"),
        "costly",
    ],
)
def test_what_was_cut_moved_or_put_together_anew_is_found(act: Callable[[bytes, list[bytes]], bytes]) -> None:
    archive = sealed(ARCHIVE)
    with pytest.raises(Unreadable):
        opened(act(archive[:HEAD], pieces(archive)))


@pytest.fixture
def archive(db: None) -> bytes:
    """Of a site that was only migrated: the connection that packs sees what is committed."""
    file = io.BytesIO()
    packing.pack(file, passphrase=WORDS, about=about, now=make.NOW)
    return file.getvalue()


def whole(archive: bytes) -> None:
    with unpacking.opened(io.BytesIO(archive), passphrase=WORDS):
        pass


def repacked(archive: bytes, change: Callable[[ZipFile, str], bytes | None]) -> bytes:
    """Sealed again by somebody who knows the passphrase, with parts that are other than listed."""
    inside = ZipFile(io.BytesIO(opened(archive)))
    packed = io.BytesIO()
    with ZipFile(packed, "w") as other:
        for name in inside.namelist():
            if (content := change(inside, name)) is not None:
                other.writestr(name, content)
    return sealed(packed.getvalue(), pieces=1 << 20)


PART = "tables/wagtailcore_locale.copy"


@pytest.mark.parametrize(
    "change",
    [
        lambda inside, name: None if name == PART else inside.read(name),
        lambda inside, name: inside.read(name) + b"2\tde\n" if name == PART else inside.read(name),
        lambda inside, name: b"{}" if name == "keys.json" else inside.read(name),
        lambda inside, name: None if name == "manifest.json" else inside.read(name),
        lambda inside, name: b"[" if name == "manifest.json" else inside.read(name),
    ],
    ids=["table gone", "row more", "other keys", "no list", "no JSON"],
)
def test_an_archive_that_does_not_hold_what_it_lists_is_found(archive: bytes, change: Any) -> None:
    whole(archive)
    with pytest.raises(Unreadable, match="list says"):
        whole(repacked(archive, change))


def test_what_is_sealed_and_no_archive_is_found() -> None:
    with pytest.raises(Unreadable, match="list says"):
        whole(sealed(b"no zip at all"))


def test_the_list_names_every_table_but_sessions_and_its_own_migrations(archive: bytes) -> None:
    with unpacking.opened(io.BytesIO(archive), passphrase=WORDS) as found:
        listed = found.manifest["tables"].keys()
        assert found.manifest["versions"].keys() == {"python", "django", "wagtail", "postgresql"}
    assert {"auth_user", "records_disclosure", "records_action", "home_inquiry"} <= listed
    assert not listed & tables.LEFT_OUT


@pytest.mark.django_db
def test_the_command_refuses_with_a_sentence_and_says_nothing_of_the_passphrase(tmp_path: Path) -> None:
    (tmp_path / "words").write_text(WORDS + "\nsecond line")
    (tmp_path / "site").write_bytes(sealed(ARCHIVE)[:-1])
    options = {"passphrase_file": str(tmp_path / "words"), "verify_only": True}
    with pytest.raises(CommandError, match="does not open") as raised:
        call_command("restore_transfer", str(tmp_path / "site"), **options)
    assert WORDS not in str(raised.value)
    with pytest.raises(CommandError, match="No such file"):
        call_command("restore_transfer", str(tmp_path / "nothing"), **options)


def test_a_passphrase_comes_from_a_file_or_a_prompt_and_is_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "short").write_text("short")
    for file, sentence in [("short", "too short: 16"), ("none", "cannot be read")]:
        with pytest.raises(CommandError, match=sentence):
            passphrase.read(str(tmp_path / file), twice=False)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    with pytest.raises(CommandError, match="no terminal"):
        passphrase.read("", twice=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    typed = iter([WORDS, WORDS, WORDS, "another"])
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(typed))
    assert passphrase.read("", twice=True) == WORDS
    with pytest.raises(CommandError, match="not the same"):
        passphrase.read("", twice=True)
