"""Where does the site store something about a person, and what stands there? A mark of its own in every such text."""

import itertools
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import Error, models, transaction
from django.utils import timezone
from wagtail.models import Comment, CommentReply, Page, Site

from cms.two_factor.models import Authenticator
from consent import catalogue
from consent.models import Finding
from home.models import Attachment, IncomingMessage, Inquiry, Note, PublicEntry
from policies import freeze
from policies.models import PolicyPage
from records import access_log, keys
from records.action_log import partitions
from records.disclosures import orders
from records.models import Action, DisclosureOrder, HeldAction, RequestEvent, SubjectRequest
from records.registry import Category, Datum, Holding, holdings
from records.sealed import BlindIndexField, SealedBytesField, SealedField
from tests import make
from tests.filled.site import MARKS
from tests.filled.site import fill as fill_cms
from tests.policies import languages
from tests.records import disclosing

TEXT = (models.CharField, models.TextField, models.JSONField)
# What says nothing of anybody once it stands alone, or stands for something else: a language, a time zone, a state.
CODES = {Category.LANGUAGE, Category.PASSWORD, Category.SOFTWARE, Category.DEVICE, Category.ADDRESS}
COLUMNS_OF_CODES = {
    "mailing.Delivery.domain": "of a mailbox provider, which thousands share",
    "mailing.Subscriber.domain": "of a mailbox provider, which thousands share",
    "mailing.Subscriber.time_zone": "a code",
    "mailing.Return.status": "a code of RFC 3463",
    "mailing.Delivery.provider_id": "the provider's own number",
    "records.Action.signal": "a code",
    "records.Action.screen": "a class of sizes",
    "records.AccessEntry.screen": "the name of a screen of the CMS",
    "wagtailusers.UserProfile.current_time_zone": "a code",
    "wagtailusers.UserProfile.dismissibles": "which hints somebody closed",
    "consent.Decision.choices": "yes and no",
    "consent.Decision.services": "yes and no",
    "sessions.Session.session_key": "is looked for by its own test: no public page sets a cookie",
    "sessions.Session.session_data": "signed, and never read but by its key",
    "wagtailadmin.FormState.data": "a form that an editor left half written; read by that editor alone",
}
_numbers = itertools.count(1)


class Marks(dict[str, str]):
    """By mark: the column that holds it, or the columns."""

    def put(self, mark: str, column: str) -> None:
        self[mark] = " and ".join(sorted({*filter(None, self.get(mark, "").split(" and ")), column}))

    @property
    def columns(self) -> set[str]:
        return {column for columns in self.values() for column in columns.split(" and ")}


def fill() -> tuple[Marks, Marks]:
    """Fills an empty database. Returns all marks, and those that their writer has published."""
    fill_cms()
    _more()
    published = make.entry(make.reviews(slug="praise", at="praised"), email="published@mark.example")
    marks, public = Marks(), Marks()
    for entry in holdings():
        for name, _datum in columns(entry):
            _write(entry, name, marks)
    row = PublicEntry.objects.get(pk=published.pk)
    for each in row.content:
        public[each["said"]] = marks.pop(each["said"])
    catalogue.forget()
    return marks, public


def columns(entry: Holding) -> Iterator[tuple[str, Datum]]:
    """Those in which a text about a person may stand."""
    for name, datum in entry.personal.items():
        column = entry.model._meta.get_field(name)
        is_text = isinstance(column, (*TEXT, SealedField)) and not getattr(column, "choices", None)
        if is_text and datum.category not in CODES and f"{entry.label}.{name}" not in COLUMNS_OF_CODES:
            yield name, datum


def _mark() -> str:
    return f"Zq{next(_numbers):04}mark"


def _write(entry: Holding, name: str, marks: Marks) -> None:
    """Another mark into each row. A table that takes no change keeps what stood there: it is a mark as it is."""
    column = entry.model._meta.get_field(name)
    for row in entry.model._base_manager.order_by("pk"):
        mark = _mark()
        try:
            with transaction.atomic():
                said = _put(row, column, mark)
        except Error:
            said = [each for each in [str(getattr(row, name))] if each.startswith("Zq") or each in MARKS]
        for each in said:
            marks.put(each, f"{entry.label}.{name}")


def _put(row: Any, column: Any, mark: str) -> list[str]:
    if isinstance(column, models.JSONField):
        return _put_json(row, column, mark)
    if isinstance(column, models.CharField) and column.max_length:
        mark = mark[: column.max_length]
    if isinstance(column, SealedField):
        if row.subject_key_id is None:
            return []
        setattr(row, column.attname, mark.encode() if isinstance(column, SealedBytesField) else mark)
        indexes = [each for each in row._meta.concrete_fields if isinstance(each, BlindIndexField)]
        row.save(update_fields=[column.attname, *(each.attname for each in indexes if each.of == column.attname)])
        return [mark]
    type(row)._base_manager.filter(pk=row.pk).update(**{column.attname: mark})
    return [mark]


def _put_json(row: Any, column: Any, mark: str) -> list[str]:
    value, said = getattr(row, column.attname), [mark]
    if isinstance(value, list):
        value = [each | {"said": f"{mark}n{number}"} for number, each in enumerate(value)]
        said = [each["said"] for each in value]
    else:
        value = dict(value or {}) | {"marked": mark}
    type(row)._base_manager.filter(pk=row.pk).update(**{column.attname: value})
    return said


def _more() -> None:
    """What no screen of the CMS shows, or several rows are needed of."""
    now, colleague = timezone.now(), User.objects.get(username="colleague")
    comment = Comment.objects.create(page=Page.objects.get(slug="quay"), user=colleague, text="x", contentpath="body")
    CommentReply.objects.create(comment=comment, user=colleague, text="x")
    _of_inquiry(Inquiry.objects.order_by("pk")[0], colleague, now)
    RequestEvent.objects.create(request=SubjectRequest.objects.order_by("asked_at")[0], act="x", by=colleague, at=now)
    reading = access_log.Reading(holding="home.Inquiry", act=access_log.Act.INSPECT, keys=["1"], count=1, why=_mark())
    access_log.record([reading], user=colleague.pk, username=_mark(), screen="inquiries:inspect", at=now)
    partitions.ensure(now=now)
    Action.objects.create(at=now, event=uuid.uuid4(), kind="page", path="/x/")
    HeldAction.objects.create(action=1, at=now, content={}, held_at=now)
    _handed_out(now)
    Finding.objects.create(site=Site.objects.get(), kind="cookie", name="x", first_seen_at=now, last_seen_at=now)
    with transaction.atomic():
        key = keys.of_person(colleague.email, now=now)
        Authenticator.objects.create(user=colleague, subject_key=key, secret="x")
    _by_name(colleague)


def _handed_out(now: datetime) -> None:
    """By one, with another's word."""
    clerk = disclosing.account(_mark(), "disclose", "view_disclosure")
    disclosing.disclose(clerk, people=[MARKS[10]], now=now)
    second = disclosing.account(_mark(), "disclose", "view_disclosure", "approve_disclosureorder")
    disclosing.asked(MARKS[12])
    order = DisclosureOrder.objects.get()
    orders.approve(order=order, by=second, now=now)
    order.refresh_from_db()
    orders.hand_out(order=order, by=order.proposed_by, now=now).file.close()


def _of_inquiry(inquiry: Inquiry, colleague: User, now: datetime) -> None:
    of = {"inquiry": inquiry, "subject_key": inquiry.subject_key}
    Attachment.objects.create(key="file", name="x", content=b"x", media_type="text/plain", size=1, **of)
    Note.objects.create(author=colleague, text="x", written_at=now, **of)
    IncomingMessage.objects.create(sender="x", digest=b"x", received_at=now, **of)


def _by_name(colleague: User) -> None:
    """Frozen and published by somebody whose name stands there: nobody changes those rows."""
    User.objects.filter(pk=colleague.pk).update(first_name=_mark(), last_name="")
    colleague.refresh_from_db()
    page = PolicyPage.objects.get()
    page.body[0].value["text"].source = "<p>We keep even less.</p>"
    page.save_revision(user=colleague).publish(user=colleague, skip_permission_checks=True)
    translated = languages.translate(page, "Мы храним ещё меньше.")
    translated.save_revision(user=colleague).publish(user=colleague, skip_permission_checks=True)
    later = make.revise(page, "Nothing.", at=timezone.now() + timedelta(days=9)).versions.order_by("-number")[0]
    freeze.withdraw(version=later, now=timezone.now(), reason="A mistake.", by=_mark())
    catalogue.add_group(key="more", name="More", description="More of it.")
    catalogue.publish(site=Site.objects.get(), now=timezone.now(), by=_mark())
