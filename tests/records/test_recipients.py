"""Companies that receive data are kept in one list, and stay while something names them."""

import pytest
from django.test import Client

from consent.models import Service
from records.models import Recipient
from tests import make
from tests.desk import signed_in, told

RIGHTS = [f"{act}_recipient" for act in ("add", "change", "delete", "view")]


@pytest.fixture
def cms(db: None) -> Client:
    make.site()
    return signed_in(*RIGHTS)


def test_one_is_added_changed_listed_and_deleted(cms: Client) -> None:
    cms.post("/cms/recipients/new/", {"name": "Map Works", "country": "NL"})
    row = Recipient.objects.get()
    cms.post(f"/cms/recipients/edit/{row.pk}/", {"name": "Road Works", "country": "DE", "address": "1 Quay"})
    assert Recipient.objects.values_list("name", "country", "address").get() == ("Road Works", "DE", "1 Quay")
    assert "Road Works" in cms.get("/cms/recipients/").content.decode()
    cms.post(f"/cms/recipients/delete/{row.pk}/")
    assert not Recipient.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("country", "nl"), ("country", "NLD"), ("url", "javascript:alert(1)"), ("name", "")]
)
def test_what_is_no_country_no_address_and_no_name_is_refused(cms: Client, field: str, value: str) -> None:
    answer = cms.post("/cms/recipients/new/", {"name": "Map Works", field: value})
    assert answer.context["form"].errors.keys() == {field}


def test_the_same_company_twice_is_refused(cms: Client) -> None:
    make.recipient("Map Works")
    answer = cms.post("/cms/recipients/new/", {"name": "Map Works"})
    assert answer.context["form"].errors.keys() == {"name"}


def test_one_that_a_service_names_stays_and_says_so(cms: Client) -> None:
    make.catalogue_of_one()
    vendor = Service.objects.get().vendor
    answer = cms.post(f"/cms/recipients/delete/{vendor.pk}/")
    assert "Tally Works is still used by services: Tally, so it stays." in told(answer)
    assert Recipient.objects.filter(pk=vendor.pk).exists()


def test_one_can_be_chosen_where_it_is_needed(cms: Client) -> None:
    make.recipient("Map Works")
    assert "Map Works" in cms.get("/cms/recipient_chooser/").json()["html"]
    made = cms.post("/cms/recipient_chooser/create/", {"name": "Road Works"}).json()
    assert made["result"]["title"] == "Road Works"


@pytest.mark.parametrize("rights", [[], ["view_snapshot"]])
def test_who_has_no_right_sees_none(db: None, rights: list[str]) -> None:
    make.site()
    stranger = signed_in(*rights)
    assert "do not have permission" in told(stranger.get("/cms/recipients/"))
    assert "/cms/recipients/" not in stranger.get("/cms/").content.decode()
