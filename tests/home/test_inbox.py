"""The inbox: what waits stands in it, for whom it is, and what is done with several at once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.test import Client
from wagtail.models import ModelLogEntry

from home import inquiries
from home.models import Inquiry
from records.models import AccessEntry
from tests import make
from tests.desk import signed_in, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
LIST = "/cms/inquiries/"
State = Inquiry.State


@pytest.fixture
def rows() -> dict[str, Inquiry]:
    """One in each state, a day apart."""
    made = {}
    for day, state in enumerate(State.values):
        row = make.inquiry(now=make.NOW - timedelta(days=day))
        Inquiry.objects.filter(pk=row.pk).update(state=state)
        made[state] = Inquiry.objects.get(pk=row.pk)
    return made


@pytest.fixture
def cms() -> Client:
    return signed_in("view_inquiry", "answer_inquiry")


def shown(page: Any) -> list[int]:
    links = BeautifulSoup(page.content, "html.parser").select("#listing-results .title-wrapper a")
    return [int(str(link["href"]).rstrip("/").rpartition("/")[2]) for link in links]


def states(page: Any) -> list[str]:
    found = {row.pk: row.state for row in Inquiry.objects.all()}
    return [found[pk] for pk in shown(page)]


def colleague(name: str = "otto", *rights: str) -> User:
    user = User.objects.create_user(name, password="secret", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *rights]))
    return User.objects.get(pk=user.pk)


def bulk(cms: Client, act: str, *rows: Inquiry, **fields: Any) -> Any:
    query = "&".join(f"id={row.pk}" for row in rows)
    return cms.post(f"/cms/bulk/home/inquiry/{act}/?{query}&next={LIST}", fields)


def logged(row: Inquiry) -> list[str]:
    found = ModelLogEntry.objects.filter(object_id=str(row.pk), content_type__model="inquiry")
    return [entry.message for entry in found.order_by("pk")]


def test_what_is_settled_is_not_in_the_way(cms: Client, rows: dict[str, Inquiry]) -> None:
    page = cms.get(LIST)
    assert states(page) == ["new", "open", "waiting"]
    words = page.content.decode()
    assert "not closed and no spam" in words
    assert len(re.findall(r">\s*unanswered\s*<", words)) == 2
    assert states(cms.get(f"{LIST}?state=all")) == State.values
    assert states(cms.get(f"{LIST}?state=spam")) == ["spam"]
    assert states(cms.get(f"{LIST}?state=closed")) == ["closed"]


def test_the_list_names_nobody(cms: Client, rows: dict[str, Inquiry]) -> None:
    words = cms.get(f"{LIST}?state=all").content.decode()
    assert "Hello" not in words
    assert make.BEN not in words
    assert "Contact" in words


def test_it_is_narrowed_by_form_by_day_and_by_who_has_it(cms: Client, rows: dict[str, Inquiry]) -> None:
    vera = User.objects.get(username="vera")
    inquiries.assign([rows["open"].pk], to=vera, now=make.NOW)
    assert states(cms.get(f"{LIST}?assigned=me")) == ["open"]
    assert states(cms.get(f"{LIST}?assigned=nobody")) == ["new", "waiting"]
    assert states(cms.get(f"{LIST}?received_at_from=2026-03-01&received_at_to=2026-03-01")) == ["new"]
    assert states(cms.get(f"{LIST}?page={rows['new'].page_id}")) == ["new", "open", "waiting"]
    assert cms.get(f"{LIST}?page=999999").status_code == 200
    assert cms.get(f"{LIST}?state=nonsense").status_code == 200


def test_what_is_looked_for_is_found_in_every_state(cms: Client, rows: dict[str, Inquiry]) -> None:
    where = cms.post(LIST, {"words": make.BEN})["Location"]
    assert sorted(states(cms.get(where))) == sorted(State.values)


def test_an_empty_inbox_says_what_comes_here(cms: Client) -> None:
    make.contact(make.site())
    assert "Nobody waits" in cms.get(LIST).content.decode()
    assert "No inquiry is like this" in cms.get(f"{LIST}?state=spam").content.decode()


def test_several_are_closed_at_once_and_each_is_logged(cms: Client, rows: dict[str, Inquiry]) -> None:
    two = (rows["new"], rows["waiting"])
    page = cms.get(f"/cms/bulk/home/inquiry/close/?id={two[0].pk}&id={two[1].pk}")
    assert f"Inquiry #{two[0].pk}" in page.content.decode()
    assert "2 inquiries were changed" in told(bulk(cms, "close", *two))
    assert Inquiry.objects.filter(state="closed").count() == 3
    assert logged(two[0]) == logged(two[1]) == ["State: closed"]
    assert "0 inquiries were changed" in told(bulk(cms, "close", *two))
    assert len(logged(two[0])) == 1


def test_several_are_given_to_a_colleague_who_may_read_them(cms: Client, rows: dict[str, Inquiry]) -> None:
    otto, nobody = colleague("otto", "view_inquiry"), colleague("nils")
    bulk(cms, "assign", rows["new"], rows["closed"], to=otto.pk)
    assert set(Inquiry.objects.filter(assigned_to=otto).values_list("state", flat=True)) == {"open", "closed"}
    assert logged(rows["new"]) == ["Assigned to otto"]
    answer = bulk(cms, "assign", rows["new"], to=nobody.pk)
    assert answer.status_code == 200
    assert "given to people who may read them" in answer.content.decode()
    assert not Inquiry.objects.filter(assigned_to=nobody).exists()
    with pytest.raises(inquiries.Refused, match="nils may not read inquiries"):
        inquiries.assign([rows["new"].pk], to=nobody, now=make.NOW)
    bulk(cms, "assign", rows["new"], to="")
    assert logged(rows["new"])[-1] == "Assigned to nobody"


def test_spam_goes_sooner_and_what_is_none_stays_as_long_as_the_rest(cms: Client, rows: dict[str, Inquiry]) -> None:
    bulk(cms, "spam", rows["new"])
    row = Inquiry.objects.get(pk=rows["new"].pk)
    assert (row.state, row.keep_until) == ("spam", make.NOW + timedelta(days=30))
    assert inquiries.ending(row, at=make.NOW).at == row.keep_until
    bulk(cms, "not_spam", row)
    again = Inquiry.objects.get(pk=row.pk)
    assert (again.state, again.keep_until) == ("new", None)
    assert logged(row) == ["Marked as spam", "Taken out of the spam"]


def test_deleting_takes_the_right_to_delete(rows: dict[str, Inquiry]) -> None:
    cms = signed_in("view_inquiry", "answer_inquiry")
    page = bulk(cms, "delete", rows["new"])
    assert Inquiry.objects.filter(pk=rows["new"].pk).exists()
    assert page.status_code == 302
    User.objects.get(username="vera").user_permissions.add(Permission.objects.get(codename="delete_inquiry"))
    inquiries.note(inquiry=rows["new"], author=None, text="Called.", now=make.NOW)
    assert "1 inquiry was deleted" in told(bulk(cms, "delete", rows["new"]))
    assert not Inquiry.objects.filter(pk=rows["new"].pk).exists()
    assert logged(rows["new"]) == ["Deleted"]


@pytest.mark.parametrize("act", ["close", "assign", "spam", "not_spam", "delete"])
def test_whoever_may_only_read_does_nothing_to_several(act: str, rows: dict[str, Inquiry]) -> None:
    cms = signed_in("view_inquiry")
    assert "bulk-actions" not in cms.get(LIST).content.decode()
    bulk(cms, act, rows["new"], rows["spam"], to="")
    assert set(Inquiry.objects.values_list("state", flat=True)) == set(State.values)
    assert not logged(rows["new"])


@pytest.mark.parametrize("ids", ["id=all", "id=nonsense", "id=", "", "id=99999999999999999999999"])
def test_numbers_that_the_list_never_showed_find_nothing(cms: Client, rows: dict[str, Inquiry], ids: str) -> None:
    assert cms.post(f"/cms/bulk/home/inquiry/close/?{ids}").status_code == 404
    assert Inquiry.objects.filter(state="closed").count() == 1


def test_looking_at_the_list_leaves_an_entry(cms: Client, rows: dict[str, Inquiry]) -> None:
    cms.get(LIST)
    entry = AccessEntry.objects.get(holding="home.Inquiry")
    assert (entry.act, entry.count) == ("list", 3)
