"""What somebody says of themselves: a name, a language, a time zone, and what an editor declared."""

from typing import Any

import pytest
from django.test import Client

from consent.models import Decision
from mailing.models import Field, MailingList, Subscriber
from tests import make
from tests.mailing import reader
from tests.mailing.test_preferences import send, shown

Kind = Field.Kind
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def ana(news: MailingList) -> Subscriber:
    return make.subscriber(make.ANA, news).subscriber


def declare(key: str, kind: Field.Kind) -> Field:
    return Field.objects.create(key=key, label=key.capitalize(), kind=kind, why=f"We ask for {key} to fit our mails.")


def test_name_language_and_time_zone_are_kept(client: Client, ana: Subscriber) -> None:
    said = {"name": "Ana Lund", "locale": "ru", "time_zone": "Europe/Lisbon"}
    assert send(client, ana, shown(client, ana), **said).status_code == 303
    ana.refresh_from_db()
    assert {name: getattr(ana, name) for name in said} == said
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("locale", "xx"), ("locale", ""), ("time_zone", "Mars/Base"), ("name", "<i>"), ("name", "x" * 101)],
)
def test_what_cannot_be_is_marked_and_nothing_is_saved(client: Client, ana: Subscriber, name: str, value: str) -> None:
    answer = send(client, ana, shown(client, ana), **{"name": "Ana", name: value})
    assert (answer.status_code, answer.context["form"].errors.keys()) == (422, {name})
    assert f'id="id_{name}_error"' in answer.content.decode()
    ana.refresh_from_db()
    assert (ana.name, ana.locale) == ("", "en")


def test_a_time_zone_that_came_from_elsewhere_can_stay(client: Client, ana: Subscriber) -> None:
    Subscriber.objects.filter(pk=ana.pk).update(time_zone="Asia/Calcutta2")
    assert send(client, ana, shown(client, ana), time_zone="Asia/Calcutta2").status_code == 303


@pytest.mark.parametrize(
    ("kind", "sent", "kept"),
    [
        (Kind.TEXT, " Porto ", "Porto"),
        (Kind.NUMBER, "12", 12),
        (Kind.NUMBER, "12.50", 12.5),
        (Kind.DATE, "1990-02-28", "1990-02-28"),
        (Kind.YES_NO, "yes", True),
        (Kind.YES_NO, "no", False),
    ],
)
def test_a_declared_field_is_asked_for_with_its_reason_and_kept(
    client: Client, ana: Subscriber, kind: Field.Kind, sent: str, kept: Any
) -> None:
    declare("thing", kind)
    assert "We ask for thing to fit our mails." in client.get(reader.preferences(ana)).content.decode()
    send(client, ana, shown(client, ana), field_thing=sent)
    ana.refresh_from_db()
    assert ana.fields == {"thing": kept}
    assert type(ana.fields["thing"]) is type(kept)


@pytest.mark.parametrize("kind", Kind)
def test_what_is_taken_out_again_is_forgotten(client: Client, ana: Subscriber, kind: Field.Kind) -> None:
    values = {Kind.TEXT: "Porto", Kind.NUMBER: 3, Kind.DATE: "1990-02-28", Kind.YES_NO: False}
    declare("thing", kind)
    Subscriber.objects.filter(pk=ana.pk).update(fields={"thing": values[kind], "older": 1})
    send(client, ana, shown(client, ana), field_thing="")
    ana.refresh_from_db()
    assert ana.fields == {"older": 1}


@pytest.mark.parametrize("kind", Kind)
def test_what_is_known_stands_in_the_form(client: Client, ana: Subscriber, kind: Field.Kind) -> None:
    values = {Kind.TEXT: "Porto", Kind.NUMBER: 3.5, Kind.DATE: "1990-02-28", Kind.YES_NO: False}
    declare("thing", kind)
    Subscriber.objects.filter(pk=ana.pk).update(fields={"thing": values[kind]})
    page = client.get(f"/ru{reader.preferences(ana)}").content.decode()
    seen = '<option value="no" selected>' if kind == Kind.YES_NO else f'value="{values[kind]}"'
    assert seen in page


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        (Kind.NUMBER, "many"),
        (Kind.NUMBER, "NaN"),
        (Kind.NUMBER, "1e999"),
        (Kind.NUMBER, "9" * 40),
        (Kind.DATE, "30.2."),
        (Kind.DATE, "2023-02-30"),
        (Kind.YES_NO, "perhaps"),
        (Kind.TEXT, "x" * 201),
        (Kind.TEXT, "a\0b"),
    ],
)
def test_a_value_of_another_kind_is_refused(client: Client, ana: Subscriber, kind: Field.Kind, sent: str) -> None:
    declare("thing", kind)
    answer = send(client, ana, shown(client, ana), field_thing=sent)
    assert (answer.status_code, answer.context["form"].errors.keys()) == (422, {"field_thing"})
    ana.refresh_from_db()
    assert ana.fields == {}


def test_a_field_that_is_not_declared_is_not_kept(client: Client, ana: Subscriber) -> None:
    send(client, ana, shown(client, ana), field_salary="1")
    ana.refresh_from_db()
    assert ana.fields == {}


def test_a_value_stored_as_something_else_does_not_break_the_page(client: Client, ana: Subscriber) -> None:
    for kind in Kind:
        declare(kind.value, kind)
    Subscriber.objects.filter(pk=ana.pk).update(fields={kind.value: {"odd": ["\\", 1]} for kind in Kind})
    assert client.get(reader.preferences(ana)).status_code == 200
