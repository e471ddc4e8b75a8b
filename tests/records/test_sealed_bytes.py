"""A sealed file is bytes to code and nothing to whoever reads the database."""

import json
from base64 import b64encode

import pytest
from django.core import serializers
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from home.models import Attachment
from records import cipher, keys
from records.sealed import SealedBytesField
from tests import make

pytestmark = pytest.mark.django_db
CONTENT = b"\x00\x01 the kingfisher \xff"


@pytest.fixture
def row() -> Attachment:
    inquiry = make.inquiry(make.ANA)
    said = {"name": "plan.pdf", "content": CONTENT, "media_type": "application/pdf", "size": len(CONTENT)}
    return Attachment.objects.create(inquiry=inquiry, subject_key=inquiry.subject_key, key="plan", **said)


def stored(row: Attachment) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM home_attachment WHERE id = %s", [row.pk])
        return bytes(cursor.fetchone()[0])


def test_it_opens_as_it_came_and_is_stored_as_nothing_like_it(row: Attachment) -> None:
    assert row.content == CONTENT
    assert Attachment.objects.get().content == CONTENT
    assert b"kingfisher" not in stored(row)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=5000))
def test_any_bytes_come_back(row: Attachment, content: bytes) -> None:
    row.content = content
    row.save()
    assert Attachment.objects.get(pk=row.pk).content == content


def test_saving_a_row_leaves_the_file_as_it_is_stored(row: Attachment) -> None:
    before = stored(row)
    again = Attachment.objects.get()
    again.key = "other"
    again.save()
    assert stored(row) == before


def test_text_is_no_file_and_a_file_is_no_text(row: Attachment) -> None:
    row.content = "text"
    with pytest.raises(TypeError, match="takes bytes, not str"):
        row.save()
    row.content, row.name = b"x", b"bytes"
    with pytest.raises(TypeError, match="takes text, not bytes"):
        row.save()


def test_nothing_plain_gets_past_the_row(row: Attachment) -> None:
    with pytest.raises(TypeError, match="save it through its row"):
        Attachment.objects.update(content=b"plain")
    with pytest.raises(TypeError, match="save it through its row"):
        Attachment.objects.filter(content=b"plain").exists()


def test_it_opens_in_its_own_row_alone(row: Attachment) -> None:
    other = Attachment.objects.create(
        inquiry=row.inquiry, subject_key=row.subject_key, key="b", name="b", content=b"b", media_type="x", size=1
    )
    with connection.cursor() as cursor:
        cursor.execute("UPDATE home_attachment SET content = %s WHERE id = %s", [stored(row), other.pk])
    with pytest.raises(cipher.Damaged):
        assert Attachment.objects.get(pk=other.pk).content


def test_without_its_key_nothing_is_left(row: Attachment) -> None:
    keys.shred(cipher.blind("email", make.ANA))
    erased = Attachment.objects.get()
    assert (erased.content, erased.name) == (b"", "(erased)")
    erased.key = "other"
    erased.save()
    assert Attachment.objects.get().key == "other"


@pytest.mark.parametrize("fresh", [True, False])
def test_a_dump_of_the_models_tells_nothing(row: Attachment, fresh: bool) -> None:
    dumped = serializers.serialize("json", [row if fresh else Attachment.objects.get()])
    assert json.loads(dumped)[0]["fields"]["content"]
    assert "kingfisher" not in dumped
    assert CONTENT.hex() not in dumped

    assert b64encode(CONTENT).decode() not in dumped


def test_a_migration_names_what_the_column_needs() -> None:
    field = Attachment._meta.get_field("content")
    assert isinstance(field, SealedBytesField)
    assert field.deconstruct()[1:] == ("records.sealed.SealedBytesField", [], field.deconstruct()[3])
    assert field.deconstruct()[3]["named"] == "name"
