"""A published configuration never changes, has one successor, and is read from memory."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cookie_consent.models import Cookie, CookieGroup
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import Model
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from wagtail.models import Site

from consent import catalogue
from consent.catalogue import Published
from consent.models import Decision, GroupDetail, Service, Snapshot
from records import memory
from tests import make
from tests.committed import together


def here() -> Site:
    return Site.objects.get(is_default_site=True)


def publish() -> tuple[Snapshot, list[str]]:
    return catalogue.publish(site=here(), now=make.NOW)


def content(snapshot: Snapshot) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(snapshot.content)
    return value


def test_publishing_what_nobody_changed_makes_nothing_new(published: Published) -> None:
    assert catalogue.unpublished_changes(here()) is False
    snapshot, asked = publish()
    assert (snapshot.sha256, asked) == (published.sha256, [])
    assert Snapshot.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda: Service.objects.update(script_url="http://127.0.0.1:9/other.js"),
        lambda: Cookie.objects.update(description="Something else."),
        lambda: CookieGroup.objects.filter(varname="analytics").update(is_required=True),
        lambda: Service.objects.all().delete(),
        lambda: catalogue.add_group(key="maps", name="Maps", description=""),
    ],
)
def test_publishing_a_change_makes_a_new_one(published: Published, change: Callable[[], object]) -> None:
    change()
    assert catalogue.unpublished_changes(here()) is True
    snapshot, _asked = publish()
    assert snapshot.number == published.number + 1
    assert content(snapshot)["previous"] == published.sha256
    assert catalogue.unpublished_changes(here()) is False


def test_earlier_content_published_again_is_a_configuration_of_its_own(published: Published) -> None:
    for name in ("Counting", "Statistics"):
        CookieGroup.objects.filter(varname="analytics").update(name=name)
        publish()
    first, _second, third = Snapshot.objects.order_by("pk")
    assert content(first)["groups"] == content(third)["groups"]
    assert first.sha256 != third.sha256


def test_its_hash_is_that_of_the_bytes_anyone_can_fetch(client: Client, published: Published) -> None:
    answer = client.get(f"/consent/snapshot/{published.sha256}.json")
    assert hashlib.sha256(answer.content).hexdigest() == published.sha256
    assert answer["Content-Type"] == "application/json"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


def test_it_holds_everything_that_was_shown(published: Published) -> None:
    essential, statistics = published.groups
    cookie = essential["cookies"][0]
    assert (cookie["name"], cookie["texts"]["en"]) == ("candor_consent", {"description": "Your choice."})
    assert statistics["services"][0]["vendor"]["name"] == "Tally Works"
    assert published.optional == ("analytics",)


@pytest.mark.parametrize("name", ["0" * 64, "A" * 64, "latest", "0" * 63])
def test_a_configuration_nobody_published_is_not_found(client: Client, published: Published, name: str) -> None:
    assert client.get(f"/consent/snapshot/{name}.json").status_code == 404


def test_an_empty_catalogue_is_published_and_asks_nothing(client: Client, db: None) -> None:
    make.site()
    published = make.publish()
    assert (published.groups, published.optional) == ([], ())
    page = client.get("/").content.decode()
    assert "<candor-consent" not in page


def test_pages_ask_the_database_once_until_what_they_know_is_old(
    published: Published, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = published.site_id
    with django_assert_num_queries(0):
        assert catalogue.current(site) == published
    monkeypatch.setattr(memory, "FRESH_FOR", -1.0)
    with django_assert_num_queries(1):
        assert catalogue.current(site) == published


def test_that_nothing_is_published_is_remembered_as_well(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    site = here().pk
    assert catalogue.current(site) is None
    with django_assert_num_queries(0):
        assert catalogue.current(site) is None


def test_the_newest_one_counts_even_where_a_clock_was_late(published: Published) -> None:
    catalogue.add_group(key="maps", name="Maps", description="")
    newer = make.publish(make.NOW - timedelta(hours=1))
    assert newer.optional == ("analytics", "maps")


@pytest.mark.parametrize("rows", [Snapshot, Decision])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_it_cannot_be_changed_or_deleted(
    published: Published, post: Callable[..., object], rows: type[Model], statement: str
) -> None:
    post()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # PostgreSQL truncates nothing that waits for a check
        with pytest.raises(DatabaseError, match="append-only"):
            cursor.execute(statement.format(rows._meta.db_table))


def test_two_sites_have_their_own_numbers_groups_and_configurations(published: Published) -> None:
    home = here().root_page
    other = Site.objects.create(hostname="other.example", root_page=home)
    maps = catalogue.add_group(key="maps", name="Maps", description="Shows the way.")
    GroupDetail.objects.create(group=maps).sites.set([other])
    assert not catalogue.unpublished_changes(here())
    theirs, _asked = catalogue.publish(site=other, now=make.NOW)
    assert theirs.number == 1
    assert [group["key"] for group in content(theirs)["groups"]] == ["essential", "analytics", "maps"]
    assert content(theirs)["host"] == "other.example"
    assert content(theirs)["series"] != published.series
    catalogue.forget()
    assert catalogue.find(theirs.sha256, here().pk) is None
    assert catalogue.current(here().pk) == published


def test_more_choices_than_a_cookie_has_room_for_are_refused_and_nothing_is_written(published: Published) -> None:
    for number in range(47):
        catalogue.add_group(key=f"group-{number}", name="Group", description="")
    with pytest.raises(ValidationError, match="at most 95"):
        publish()
    assert Snapshot.objects.count() == 1


def test_a_publication_is_seen_as_soon_as_it_is_committed(committed: None) -> None:
    """Not sooner: what another thread reads meanwhile is the old one, and must not stay."""
    site = here().pk
    with transaction.atomic():
        snapshot, _asked = publish()
        assert together(lambda: catalogue.current(site)) == [None]
    published = catalogue.current(site)
    assert published
    assert published.pk == snapshot.pk


def test_two_editors_who_publish_the_same_make_one(committed: None) -> None:
    catalogue.add_group(key="maps", name="Maps", description="")
    answers = together(publish, publish, publish)
    assert sorted(asked for _snapshot, asked in answers) == [[], [], ["maps"]]
    assert Snapshot.objects.count() == 1


def test_two_editors_who_publish_different_changes_make_one_chain(committed: None) -> None:
    def change_and_publish(number: int) -> Snapshot:
        catalogue.add_group(key=f"group-{number}", name="Maps", description="")
        return publish()[0]

    publish()
    together(*(lambda number=number: change_and_publish(number) for number in range(4)))  # type: ignore[misc]
    rows = list(Snapshot.objects.order_by("pk"))
    assert [content(row)["previous"] for row in rows[1:]] == [row.sha256 for row in rows[:-1]]
    assert len(content(rows[-1])["groups"]) == 4
