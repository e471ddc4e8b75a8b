"""What the packages below leave lying about goes too: sessions, half-finished work, uploads, an old banner's log."""

from datetime import timedelta
from typing import Any

import pytest
from cookie_consent.models import CookieGroup, LogItem
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from wagtail.admin.models import EditingSession, FormState
from wagtail.models import APIToken, ModelLogEntry, UploadedFile

from cms.celery import app as celery
from records import retention
from records.models import UploadBegun
from tests import make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def vera() -> User:
    return make.vera()


def of_nothing(user: User) -> dict[str, Any]:
    return {"user": user, "content_type": ContentType.objects.get_for_model(User), "object_id": str(user.pk)}


def a_session(at: Any, vera: User) -> None:
    Session.objects.create(session_key="a", session_data="", expire_date=at)


def an_open_editor(at: Any, vera: User) -> None:
    EditingSession.objects.create(last_seen_at=at, **of_nothing(vera))


def an_unsaved_form(at: Any, vera: User) -> None:
    FormState.objects.create(last_updated_at=at, data="name=Ben", parent_object_id="", **of_nothing(vera))


def a_revoked_token(at: Any, vera: User) -> None:
    APIToken.objects.create(user=vera, name="Old", key_hash="x", prefix="x", revoked_at=at)


def an_act(at: Any, vera: User) -> None:
    ModelLogEntry.objects.create(timestamp=at, action="wagtail.edit", label="vera", **of_nothing(vera))


def a_choice_of_before(at: Any, vera: User) -> None:
    group, _new = CookieGroup.objects.get_or_create(varname="old", name="Old")
    item = LogItem.objects.create(action=1, cookiegroup=group, version="1")
    LogItem.objects.filter(pk=item.pk).update(created=at)


@pytest.mark.parametrize(
    ("write", "model", "days"),
    [
        (a_session, Session, 0),
        (an_open_editor, EditingSession, 1),
        (an_unsaved_form, FormState, 1),
        (a_revoked_token, APIToken, 90),
        (an_act, ModelLogEntry, 1095),
        (a_choice_of_before, LogItem, 365),
    ],
)
@pytest.mark.parametrize(("late", "left"), [(-MICROSECOND, 1), (timedelta(0), 0)])
def test_it_goes_at_the_end_of_its_days(
    vera: User, write: Any, model: Any, days: int, late: timedelta, left: int
) -> None:
    write(make.NOW - days * DAY - late, vera)
    retention.expire(now=make.NOW)
    assert model.objects.count() == left


def test_a_token_in_use_stays(vera: User) -> None:
    a_revoked_token(None, vera)
    retention.expire(now=make.NOW)
    assert APIToken.objects.exists()


def test_who_is_signed_in_stays_signed_in(client: Client, vera: User, clock: Any) -> None:
    client.force_login(vera)
    retention.expire(now=make.NOW)
    assert client.get("/cms/").status_code == 200


def test_an_upload_that_nobody_finished_goes_with_its_file(
    vera: User, clock: Any, django_capture_on_commit_callbacks: Any
) -> None:
    upload = UploadedFile.objects.create(uploaded_by_user=vera, file=ContentFile(b"face", name="face.png"))
    assert UploadBegun.objects.get().at == make.NOW
    with django_capture_on_commit_callbacks(execute=True):
        retention.expire(now=make.NOW + DAY - MICROSECOND)
    assert default_storage.exists(upload.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        retention.expire(now=make.NOW + DAY)
    assert not UploadedFile.objects.exists()
    assert not default_storage.exists(upload.file.name)
    assert not UploadBegun.objects.exists()


def test_an_upload_that_is_finished_leaves_nothing(vera: User, clock: Any) -> None:
    UploadedFile.objects.create(uploaded_by_user=vera, file=ContentFile(b"face", name="face.png")).delete()
    assert not UploadBegun.objects.exists()


def test_no_result_of_a_task_is_stored() -> None:
    assert celery.conf.task_ignore_result
    assert celery.conf.result_backend is None
    assert not [
        name for name in celery.tasks if not celery.tasks[name].ignore_result and not name.startswith("celery.")
    ]


def test_no_package_is_installed_that_stores_what_visitors_type_or_results_of_tasks() -> None:
    """Whoever adds one has to declare its tables: every column of every installed model is checked."""
    for package in ("wagtail.contrib.forms", "django_celery_results", "django_celery_beat"):
        assert not apps.is_installed(package)
