"""The editor's screens: one form for a group, a cookie, a service with its details and its words in every language."""

from typing import Any

import pytest
from cookie_consent.models import Cookie, CookieGroup
from django.contrib.auth.models import Permission, User
from django.test import Client
from wagtail.models import ModelLogEntry, Site

from consent.catalogue import Published
from consent.models import CookieDetail, Decision, GroupDetail, Service
from records.registry import Basis, Purpose
from tests import make
from tests.desk import signed_in, told

DRAFT = [
    f"{act}_{model}" for model in ("cookiegroup", "cookie", "service") for act in ("add", "change", "delete", "view")
]
CATALOGUE = [*DRAFT, "add_recipient"]


@pytest.fixture
def cms(published: Published) -> Client:
    """Vera with every right to the catalogue and its publication, and no other."""
    return signed_in(*DRAFT, "add_snapshot", "view_snapshot")


def group(**changes: Any) -> dict[str, Any]:
    return {"name": "Maps", "varname": "maps", "description": "Shows the way.", "basis": Basis.CONSENT} | changes


def cookie(**changes: Any) -> dict[str, Any]:
    analytics = CookieGroup.objects.get(varname="analytics").pk
    plain = {"party": "first", "match": "exact", "storage": "cookie", "path": "/"}
    return plain | {"cookiegroup": analytics, "name": "_seen"} | changes


def service(**changes: Any) -> dict[str, Any]:
    fields = {
        "name": "Maps",
        "key": "maps",
        "vendor": make.recipient("Map Works").pk,
        "group": CookieGroup.objects.get(varname="analytics").pk,
        "description": "Shows the way.",
        "script_url": "https://maps.example/map.js",
        "safeguard": "clauses",
        "responsible": "vendor",
    }
    return fields | changes


def refused(answer: Any) -> set[str]:
    assert answer.status_code == 200
    return set(answer.context["form"].errors)


def test_a_group_is_added_changed_listed_and_deleted(cms: Client) -> None:
    cms.post("/cms/consent/groups/new/", group())
    row = CookieGroup.objects.get(varname="maps")
    assert (row.is_required, row.is_deletable, row.ordering) == (False, True, 2)
    changed = group(name="Cards", is_required="on", basis=Basis.INTEREST)
    cms.post(f"/cms/consent/groups/edit/{row.pk}/", changed)
    row.refresh_from_db()
    assert (row.name, row.is_required, row.is_deletable, row.detail.basis) == ("Cards", True, False, Basis.INTEREST)
    assert "Cards" in cms.get("/cms/consent/groups/").content.decode()
    cms.post(f"/cms/consent/groups/delete/{row.pk}/")
    assert not CookieGroup.objects.filter(pk=row.pk).exists()
    acts = ModelLogEntry.objects.filter(object_id=str(row.pk)).values_list("action", flat=True)
    assert set(acts) == {"wagtail.create", "wagtail.edit", "wagtail.delete"}


def test_a_group_has_its_details_and_its_words_in_the_same_form(cms: Client) -> None:
    cms.post("/cms/consent/groups/new/", group(name_ru="Карты", purposes=[Purpose.SERVICE], description_ru=""))
    detail = GroupDetail.objects.get(group__varname="maps")
    assert (detail.purposes, detail.texts) == ([Purpose.SERVICE], {"ru": {"name": "Карты"}})
    page = cms.get(f"/cms/consent/groups/edit/{detail.pk}/").content.decode()
    assert "Translation: Russian" in page
    assert 'value="Карты"' in page


@pytest.mark.parametrize("sites", [1, 2])
def test_a_group_is_given_to_sites_where_there_are_several(cms: Client, sites: int) -> None:
    if sites == 2:
        Site.objects.create(hostname="other.example", root_page=Site.objects.get().root_page)
    chosen = Site.objects.order_by("pk").last()
    assert chosen
    assert ('name="sites"' in cms.get("/cms/consent/groups/new/").content.decode()) is (sites == 2)
    cms.post("/cms/consent/groups/new/", group(sites=[chosen.pk]))
    assert [*GroupDetail.objects.get().sites.all()] == ([chosen] if sites == 2 else [])


def test_what_cannot_be_refused_does_not_rest_on_consent(cms: Client) -> None:
    assert refused(cms.post("/cms/consent/groups/new/", group(is_required="on"))) == {"basis"}
    assert not CookieGroup.objects.filter(varname="maps").exists()


def test_a_group_with_a_name_that_cannot_stand_in_a_page_is_refused(cms: Client) -> None:
    assert refused(cms.post("/cms/consent/groups/new/", group(varname="maps and more"))) == {"varname"}


def test_the_key_of_a_published_group_stays_and_that_of_a_draft_does_not(cms: Client) -> None:
    row = CookieGroup.objects.get(varname="analytics")
    answer = cms.post(f"/cms/consent/groups/edit/{row.pk}/", group(varname="counting"))
    assert refused(answer) == {"varname"}
    assert "people&#x27;s decisions name it" in answer.content.decode()
    cms.post("/cms/consent/groups/new/", group())
    draft = CookieGroup.objects.get(varname="maps")
    cms.post(f"/cms/consent/groups/edit/{draft.pk}/", group(varname="cards"))
    assert CookieGroup.objects.get(pk=draft.pk).varname == "cards"


def test_a_group_with_services_stays_and_says_which(cms: Client) -> None:
    row = CookieGroup.objects.get(varname="analytics")
    assert cms.get(f"/cms/consent/groups/delete/{row.pk}/").status_code == 200
    answer = cms.post(f"/cms/consent/groups/delete/{row.pk}/")
    assert answer.status_code == 302
    assert "Statistics is still used by services: Tally, so it stays." in told(answer)
    assert CookieGroup.objects.filter(pk=row.pk).exists()


def test_deleting_what_was_published_leaves_every_decision_as_it_is(cms: Client, published: Published) -> None:
    made = make.decision(published, "analytics")
    before = Decision.objects.values().get(pk=made.pk)
    row, tally = CookieGroup.objects.get(varname="analytics"), Service.objects.get()
    assert "stays on record" in cms.get(f"/cms/consent/services/delete/{tally.pk}/").content.decode()
    cms.post(f"/cms/consent/services/delete/{tally.pk}/")
    assert "stays on record" in cms.get(f"/cms/consent/groups/delete/{row.pk}/").content.decode()
    cms.post(f"/cms/consent/groups/delete/{row.pk}/")
    assert not CookieGroup.objects.filter(pk=row.pk).exists()
    make.publish()
    assert Decision.objects.values().get(pk=made.pk) == before
    assert Decision.objects.get(pk=made.pk).snapshot.sha256 == published.sha256  # type: ignore[union-attr]


def test_a_cookie_is_added_changed_listed_and_deleted(cms: Client) -> None:
    tally = Service.objects.get()
    cms.post("/cms/consent/cookies/new/", cookie(service=tally.pk, lifetime="P2Y", description_ru="Когда вы были."))
    detail = CookieDetail.objects.get(cookie__name="_seen")
    assert (detail.service, detail.lifetime, detail.texts) == (
        tally,
        "P2Y",
        {"ru": {"description": "Когда вы были."}},
    )
    listed = cms.get("/cms/consent/cookies/").content.decode()
    assert all(words in listed for words in ("_seen", "Tally", "2 years"))
    cms.post(f"/cms/consent/cookies/edit/{detail.pk}/", cookie(description="When you were here.", lifetime="session"))
    assert Cookie.objects.get(pk=detail.pk).description == "When you were here."
    assert CookieDetail.objects.values_list("service", "lifetime", "texts").get(pk=detail.pk) == (None, "session", {})
    cms.post(f"/cms/consent/cookies/delete/{detail.pk}/")
    assert not CookieDetail.objects.filter(pk=detail.pk).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lifetime": "two years"}, "lifetime"),
        ({"lifetime": "P1Y2M"}, "lifetime"),
        ({"storage": "local", "lifetime": "session"}, "lifetime"),
        ({"match": "regex", "name": "_seen("}, "match"),
        ({"party": "somebody"}, "party"),
        ({"name": ""}, "name"),
    ],
)
def test_a_cookie_that_makes_no_sense_is_refused_whole(cms: Client, changes: dict[str, str], field: str) -> None:
    assert field in refused(cms.post("/cms/consent/cookies/new/", cookie(**changes)))
    assert not Cookie.objects.filter(name__startswith="_seen").exists()


def test_a_cookie_stands_in_the_group_of_its_service(cms: Client) -> None:
    essential = CookieGroup.objects.get(varname="essential").pk
    answer = cms.post("/cms/consent/cookies/new/", cookie(service=Service.objects.get().pk, cookiegroup=essential))
    assert refused(answer) == {"cookiegroup"}
    assert "Tally belongs to the group Statistics" in answer.content.decode()


def test_the_same_cookie_twice_is_refused(cms: Client) -> None:
    cms.post("/cms/consent/cookies/new/", cookie())
    assert refused(cms.post("/cms/consent/cookies/new/", cookie()))
    assert Cookie.objects.filter(name="_seen").count() == 1


def test_a_service_is_added_changed_listed_and_deleted(cms: Client) -> None:
    fields = service(data=["page"], countries="NL\n US \n\nNL", description_ru="Показывает дорогу.")
    cms.post("/cms/consent/services/new/", fields)
    row = Service.objects.get(key="maps")
    assert (row.data, row.countries) == (["page"], ["NL", "US"])
    assert row.texts == {"ru": {"description": "Показывает дорогу."}}
    cms.post(f"/cms/consent/services/edit/{row.pk}/", service(vendor=make.recipient("Road Works").pk))
    assert Service.objects.get(pk=row.pk).vendor.name == "Road Works"
    assert "Road Works" in cms.get("/cms/consent/services/").content.decode()
    cms.post(f"/cms/consent/services/delete/{row.pk}/")
    assert not Service.objects.filter(pk=row.pk).exists()


def test_a_service_takes_its_cookies_along_when_it_moves_and_when_it_goes(cms: Client) -> None:
    cms.post("/cms/consent/services/new/", service())
    row = Service.objects.get(key="maps")
    cms.post("/cms/consent/cookies/new/", cookie(service=row.pk))
    catalogue_group = CookieGroup.objects.create(varname="media", name="Media")
    cms.post(f"/cms/consent/services/edit/{row.pk}/", service(group=catalogue_group.pk))
    assert Cookie.objects.get(name="_seen").cookiegroup == catalogue_group
    page = cms.get(f"/cms/consent/services/delete/{row.pk}/").content.decode()
    assert "The cookie it sets is deleted as well: _seen." in page
    cms.post(f"/cms/consent/services/delete/{row.pk}/")
    assert not Cookie.objects.filter(name="_seen").exists()


def test_a_service_does_not_move_to_where_its_cookie_is_already(cms: Client) -> None:
    cms.post("/cms/consent/services/new/", service())
    row = Service.objects.get(key="maps")
    cms.post("/cms/consent/cookies/new/", cookie(service=row.pk))
    media = CookieGroup.objects.create(varname="media", name="Media")
    Cookie.objects.create(cookiegroup=media, name="_seen", path="/")
    answer = cms.post(f"/cms/consent/services/edit/{row.pk}/", service(group=media.pk))
    assert refused(answer) == {"group"}


def test_the_key_of_a_published_service_stays(cms: Client) -> None:
    row = Service.objects.get()
    assert refused(cms.post(f"/cms/consent/services/edit/{row.pk}/", service(key="count"))) == {"key"}
    assert Service.objects.get().key == "tally"


@pytest.mark.parametrize("field", ["script_url", "policy_url"])
@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/javascript,alert(1)",
        "ftp://maps.example/map.js",
        "//maps.example/map.js",
        "/map.js",
        "maps.example",
        "https://",
        "https://maps.example/a b.js",
        "https://maps.example/\nmap.js",
    ],
)
def test_an_address_that_is_no_web_address_is_refused(cms: Client, field: str, address: str) -> None:
    assert refused(cms.post("/cms/consent/services/new/", service(**{field: address}))) == {field}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("script_origins", "https://maps.example/path"),
        ("img_origins", "*"),
        ("connect_origins", "https://good.example\n'unsafe-inline'"),
        ("frame_origins", "https://a.example;script-src *"),
        ("embeds", "https://maps.example"),
        ("countries", "Netherlands"),
        ("data", "everything"),
        ("integrity", "md5-abc"),
        ("account", "a b"),
    ],
)
def test_what_no_browser_and_no_register_understands_is_refused(cms: Client, field: str, value: str) -> None:
    assert refused(cms.post("/cms/consent/services/new/", service(**{field: value}))) == {field}


def test_the_number_with_the_vendor_is_asked_for_where_it_is_needed(cms: Client) -> None:
    hosted = {"script_url": "https://{account}/m.js", "script_origins": "https://{account}"}
    answer = cms.post("/cms/consent/services/new/", service(**hosted))
    assert refused(answer) == {"account"}
    assert refused(cms.post("/cms/consent/services/new/", service(account="m.quay.example/x", **hosted))) == {
        "script_origins"
    }
    cms.post("/cms/consent/services/new/", service(account="m.quay.example", **hosted))
    assert Service.objects.get(key="maps").script_origins == ["https://{account}"]


def test_without_services_the_list_leads_to_the_well_known_ones(cms: Client, published: Published) -> None:
    Service.objects.all().delete()
    assert "/cms/consent/services/well-known/" not in cms.get("/cms/consent/services/").content.decode()
    everything = signed_in_again("add_recipient")
    assert "/cms/consent/services/well-known/" in everything.get("/cms/consent/services/").content.decode()


def signed_in_again(*more: str) -> Client:
    vera = User.objects.get(username="vera")
    vera.user_permissions.add(*Permission.objects.filter(codename__in=more))
    client = Client()
    client.force_login(User.objects.get(pk=vera.pk))
    return client


@pytest.mark.parametrize("screen", ["groups", "cookies", "services", "published"])
def test_who_has_no_right_sees_no_screen_and_no_entry_in_the_menu(published: Published, screen: str) -> None:
    stranger = signed_in()
    assert f"/cms/consent/{screen}/" not in stranger.get("/cms/").content.decode()
    answer = stranger.get(f"/cms/consent/{screen}/")
    assert (answer.status_code, answer["Location"]) == (302, "/cms/")
    assert "do not have permission" in told(answer)
