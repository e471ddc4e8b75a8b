"""An editor writes segments and declares fields; what makes no sense is refused beside the box that says it."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from mailing.models import Campaign, Condition, Field, MailingList, Segment, Subscriber
from tests import make
from tests.consent.numbers import listed
from tests.desk import signed_in, told

RIGHTS = [f"{act}_{model}" for model in ("segment", "field") for act in ("add", "change", "delete")]
NEW, FIELDS = "/cms/mailing/segments/new/", "/cms/mailing/fields/"


@pytest.fixture
def cms(news: MailingList) -> Client:
    return signed_in(*RIGHTS)


@pytest.fixture
def town(news: MailingList) -> Field:
    return Field.objects.create(key="town", label="Home town", why="To tell.")


def form(*conditions: tuple[str, str, str], name: str = "Hamburg", match: str = "all") -> dict[str, Any]:
    data: dict[str, Any] = {"name": name, "match": match, "conditions-INITIAL_FORMS": 0}
    data |= {"conditions-TOTAL_FORMS": len(conditions), "conditions-MIN_NUM_FORMS": 1, "conditions-MAX_NUM_FORMS": 1000}
    for number, condition in enumerate(conditions):
        for field, value in zip(("attribute", "comparison", "value"), condition, strict=True):
            data[f"conditions-{number}-{field}"] = value
    return data


def edit(segment: Segment) -> str:
    return f"/cms/mailing/segments/edit/{segment.pk}/"


def test_a_segment_is_written_with_its_conditions(cms: Client, town: Field) -> None:
    page = cms.get(NEW).content.decode()
    [select] = BeautifulSoup(page, "html.parser").select("select[name=conditions-0-attribute]")
    names = [option["value"] for option in select.select("option")]
    assert names == ["", "language", "time_zone", "domain", "confirmed_at", "field:town"]
    assert "Home town" in select.get_text()
    assert "nobody is chosen by what they opened or followed" in page
    cms.post(NEW, form(("field:town", "is", "Hamburg"), ("language", "is_not", "ru"), match="any"))
    segment = Segment.objects.get()
    assert (segment.name, segment.match) == ("Hamburg", "any")
    asked = segment.conditions.values_list("attribute", "comparison", "value").order_by("pk")
    assert list(asked) == [("field:town", "is", "Hamburg"), ("language", "is_not", "ru")]


def test_the_editor_counts_who_is_in_it_now(cms: Client, news: MailingList, town: Field) -> None:
    MailingList.objects.create(key="offers", name="Offers", description="Prices.")
    for email in (make.ANA, make.BEN, make.CLEO):
        make.subscriber(email, news)
    Subscriber.objects.exclude(email=make.CLEO).update(fields={"town": "Hamburg"})
    segment = Segment.objects.create(name="Hamburg")
    Condition.objects.create(segment=segment, attribute="field:town", comparison="is", value="hamburg")
    assert listed(cms.get(edit(segment)).content.decode()) == [["News", "2", "3"], ["Offers", "0", "0"]]
    assert "is shown once it is saved" in cms.get(NEW).content.decode()


@pytest.mark.parametrize(
    ("condition", "box", "sentence"),
    [
        (("confirmed_at", "before", "last year"), "value", "Write a date"),
        (("language", "contains", "en"), "comparison", "This is compared by one of"),
        (("field:gone", "is", "x"), "attribute", "There is no such field"),
        (("field:town", "is", ""), "value", "Write a value"),
        (("opened", "known", ""), "attribute", "There is no such field"),
        (("field:town", "opens", "x"), "comparison", "not one of the available choices"),
    ],
)
def test_a_condition_that_makes_no_sense_is_refused_beside_its_box(
    cms: Client, town: Field, condition: tuple[str, str, str], box: str, sentence: str
) -> None:
    answer = cms.post(NEW, form(("field:town", "known", ""), condition))
    assert answer.status_code == 200
    errors = answer.context["form"].formsets["conditions"].forms[1].errors
    assert errors.keys() == {box}
    assert sentence in answer.content.decode()
    assert not Segment.objects.exists()


def test_a_segment_has_a_condition_at_least(cms: Client, town: Field) -> None:
    assert cms.post(NEW, form()).status_code == 200
    assert not Segment.objects.exists()


def test_a_condition_whose_field_is_gone_is_still_shown_and_must_be_mended(cms: Client, town: Field) -> None:
    segment = Segment.objects.create(name="Hamburg")
    row = Condition.objects.create(segment=segment, attribute="field:gone", comparison="is", value="x")
    assert "field:gone (gone)" in cms.get(edit(segment)).content.decode()
    data = form(("field:gone", "is", "y")) | {"conditions-INITIAL_FORMS": 1, "conditions-0-id": row.pk}
    assert cms.post(edit(segment), data).status_code == 200
    cms.post(edit(segment), data | {"conditions-0-attribute": "field:town"})
    assert segment.conditions.values_list("attribute", "value").get() == ("field:town", "y")


def test_a_segment_that_a_campaign_is_for_stays(cms: Client, news: MailingList) -> None:
    segment = Segment.objects.create(name="Hamburg")
    Campaign.objects.create(title="Spring", mailing_list=news, segment=segment)
    answer = cms.post(f"/cms/mailing/segments/delete/{segment.pk}/")
    assert "Hamburg is still used by campaigns: Spring, so it stays." in told(answer)
    Campaign.objects.all().delete()
    cms.post(f"/cms/mailing/segments/delete/{segment.pk}/")
    assert not Segment.objects.exists()


def field_form(**changes: str) -> dict[str, str]:
    return {"label": "Home town", "key": "town", "kind": "text", "why": "To tell."} | changes


def test_a_field_is_declared_changed_and_listed(cms: Client, news: MailingList) -> None:
    cms.post(f"{FIELDS}new/", field_form())
    field = Field.objects.get()
    cms.post(f"{FIELDS}edit/{field.pk}/", field_form(key="city", kind="number", label="City"))
    assert Field.objects.values_list("key", "kind", "label").get() == ("city", "number", "City")
    assert "City" in cms.get(FIELDS).content.decode()


@pytest.mark.parametrize("key", ["email", "name", "locale", "time_zone", "consent_source", "consent_at", "a b", "é"])
def test_a_key_is_none_of_the_columns_of_an_import(cms: Client, news: MailingList, key: str) -> None:
    answer = cms.post(f"{FIELDS}new/", field_form(key=key))
    assert answer.context["form"].errors.keys() == {"key"}
    assert not Field.objects.exists()


def test_a_key_that_a_segment_asks_for_stays(cms: Client, town: Field) -> None:
    Condition.objects.create(segment=Segment.objects.create(name="Hamburg"), attribute="field:town", comparison="known")
    answer = cms.post(f"{FIELDS}edit/{town.pk}/", field_form(key="city"))
    assert "These segments ask for it by this key: Hamburg." in answer.content.decode()
    answer = cms.post(f"{FIELDS}delete/{town.pk}/")
    assert "Home town stays: these segments ask for it: Hamburg." in told(answer)
    assert Field.objects.get().key == "town"


def test_a_key_and_a_kind_stay_once_something_is_stored(cms: Client, news: MailingList, town: Field) -> None:
    make.subscriber(make.ANA, news)
    Subscriber.objects.update(fields={"town": None})
    answer = cms.post(f"{FIELDS}edit/{town.pk}/", field_form(key="city", kind="date"))
    assert answer.context["form"].errors.keys() == {"key", "kind"}
    cms.post(f"{FIELDS}edit/{town.pk}/", field_form(label="Where you live"))
    assert Field.objects.get().label == "Where you live"


def test_what_is_stored_goes_with_its_field_and_nothing_else(cms: Client, news: MailingList, town: Field) -> None:
    make.subscriber(make.ANA, news)
    make.subscriber(make.BEN, news)
    Subscriber.objects.filter(email=make.ANA).update(fields={"town": "Hamburg", "born": "2000-01-01"})
    assert "What is stored of 1 person is deleted" in cms.get(f"{FIELDS}delete/{town.pk}/").content.decode()
    cms.post(f"{FIELDS}delete/{town.pk}/")
    assert not Field.objects.exists()
    assert Subscriber.objects.get(email=make.ANA).fields == {"born": "2000-01-01"}


def test_who_has_no_right_sees_neither(news: MailingList) -> None:
    stranger = signed_in("view_subscriber")
    for address in (NEW, FIELDS, f"{FIELDS}new/", "/cms/mailing/segments/"):
        assert stranger.get(address).status_code == 302
