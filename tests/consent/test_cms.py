"""The editor's screens: groups, cookies and services are a draft, and publishing needs its own right."""

from typing import Any

import pytest
from cookie_consent.models import Cookie, CookieGroup
from django.test import Client

from consent.catalogue import Published
from consent.models import Service, Snapshot
from tests import make
from tests.desk import signed_in, told

DRAFT = [
    f"{act}_{model}" for model in ("cookiegroup", "cookie", "service") for act in ("add", "change", "delete", "view")
]


@pytest.fixture
def cms(published: Published) -> Client:
    """Vera with every right to the catalogue and its publication, and no other."""
    return signed_in(*DRAFT, "add_snapshot", "view_snapshot")


def service(**changes: str) -> dict[str, Any]:
    fields = {
        "name": "Maps",
        "key": "maps",
        "vendor": "Map Works",
        "group": CookieGroup.objects.get(varname="analytics").pk,
        "description": "Shows the way.",
        "script_url": "https://maps.example/map.js",
        "policy_url": "",
    }
    return fields | changes


def test_a_group_is_added_changed_listed_and_deleted(cms: Client) -> None:
    cms.post("/cms/consent/groups/new/", {"name": "Maps", "varname": "maps", "description": "Shows the way."})
    group = CookieGroup.objects.get(varname="maps")
    cms.post(f"/cms/consent/groups/edit/{group.pk}/", {"name": "Cards", "varname": "maps", "is_required": "on"})
    assert CookieGroup.objects.values_list("name", "is_required").get(pk=group.pk) == ("Cards", True)
    assert "Cards" in cms.get("/cms/consent/groups/").content.decode()
    cms.post(f"/cms/consent/groups/delete/{group.pk}/")
    assert not CookieGroup.objects.filter(pk=group.pk).exists()


def test_a_cookie_is_added_changed_listed_and_deleted(cms: Client) -> None:
    form = {"cookiegroup": CookieGroup.objects.get(varname="analytics").pk, "name": "_seen", "path": "/"}
    cms.post("/cms/consent/cookies/new/", form)
    cookie = Cookie.objects.get(name="_seen")
    cms.post(f"/cms/consent/cookies/edit/{cookie.pk}/", form | {"description": "When you were here."})
    assert Cookie.objects.get(pk=cookie.pk).description == "When you were here."
    assert "_seen" in cms.get("/cms/consent/cookies/").content.decode()
    cms.post(f"/cms/consent/cookies/delete/{cookie.pk}/")
    assert not Cookie.objects.filter(pk=cookie.pk).exists()


def test_a_service_is_added_changed_listed_and_deleted(cms: Client) -> None:
    cms.post("/cms/consent/services/new/", service())
    row = Service.objects.get(key="maps")
    cms.post(f"/cms/consent/services/edit/{row.pk}/", service(vendor="Road Works"))
    assert Service.objects.get(pk=row.pk).vendor == "Road Works"
    assert "Road Works" in cms.get("/cms/consent/services/").content.decode()
    cms.post(f"/cms/consent/services/delete/{row.pk}/")
    assert not Service.objects.filter(pk=row.pk).exists()


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
    answer = cms.post("/cms/consent/services/new/", service(**{field: address}))
    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {field}


def test_a_group_with_a_name_that_cannot_stand_in_a_page_is_refused(cms: Client) -> None:
    answer = cms.post("/cms/consent/groups/new/", {"name": "Maps", "varname": "maps and more"})
    assert answer.context["form"].errors.keys() == {"varname"}


def test_a_group_with_services_stays_and_says_why(cms: Client) -> None:
    group = CookieGroup.objects.get(varname="analytics")
    assert cms.get(f"/cms/consent/groups/delete/{group.pk}/").status_code == 200
    answer = cms.post(f"/cms/consent/groups/delete/{group.pk}/")
    assert answer.status_code == 302
    assert "Statistics is still used by services, so it stays." in told(answer)
    assert CookieGroup.objects.filter(pk=group.pk).exists()


def test_publishing_shows_visitors_the_draft(cms: Client, client: Client, published: Published) -> None:
    cms.post("/cms/consent/services/new/", service())
    assert "map.js" not in client.get("/").content.decode()
    assert "Publish the changes" in cms.get("/cms/consent/published/").content.decode()
    answer = cms.post("/cms/consent/published/")
    assert "Visitors who decided about an earlier configuration are asked again." in told(answer)
    assert Snapshot.objects.count() == 2
    page = cms.get("/cms/consent/published/").content.decode()
    assert "Visitors see everything as it is here." in page
    assert page.count("/consent/snapshot/") == 2


def test_publishing_nothing_new_says_so(cms: Client, published: Published) -> None:
    assert "Publish the changes" not in cms.get("/cms/consent/published/").content.decode()
    assert "nobody is asked again" in told(cms.post("/cms/consent/published/"))
    assert Snapshot.objects.count() == 1


def test_an_empty_catalogue_can_be_published(db: None) -> None:
    make.site()
    cms = signed_in("add_snapshot")
    assert "Nothing is published yet" in cms.get("/cms/consent/published/").content.decode()
    assert cms.post("/cms/consent/published/").status_code == 302
    assert Snapshot.objects.count() == 1


def test_who_may_only_look_sees_no_button_and_publishes_nothing(published: Published) -> None:
    looking = signed_in(*DRAFT, "view_snapshot")
    looking.post("/cms/consent/services/new/", service())
    page = looking.get("/cms/consent/published/")
    assert (page.status_code, "Publish the changes" in page.content.decode()) == (200, False)
    assert "do not have permission" in told(looking.post("/cms/consent/published/"))
    assert Snapshot.objects.count() == 1


@pytest.mark.parametrize("screen", ["groups", "cookies", "services", "published"])
def test_who_has_no_right_sees_no_screen_and_no_entry_in_the_menu(published: Published, screen: str) -> None:
    stranger = signed_in()
    assert f"/cms/consent/{screen}/" not in stranger.get("/cms/").content.decode()
    answer = stranger.get(f"/cms/consent/{screen}/")
    assert (answer.status_code, answer["Location"]) == (302, "/cms/")
    assert "do not have permission" in told(answer)
